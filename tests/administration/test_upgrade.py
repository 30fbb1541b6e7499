"""An upgrade from the release before: its data, its statements, and what a migration may do.

``release-0.1.0/data.txt`` was written by pg_dump from a database that release 0.1.0 made and
filled by its own commands: orders, receipts with lots, serial numbers and damaged goods, a step
taken back, a refusal, an import.  ``statements.txt`` holds every named statement of that release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import create_engine

from app.kit import migrate
from app.kit.database import SYSTEM, Caller, Database, driver, sqlalchemy_url
from app.ledger.verify import verify
from app.receiving import commands
from tests import harness
from tests.harness import Runner
from tests.kit.test_schema import numbered

BEFORE = Path(__file__).with_name("release-0.1.0")
RELEASED = "0004"
MIGRATIONS = sorted((migrate.MIGRATIONS / "versions").glob("[0-9]*.sql"))

# What would break the release that still runs, or that an upgrade is taken back to.
CONTRACTS = re.compile(
    r"\bdrop\s+(?:table|column|function|index|constraint|type|view|trigger|policy)\b"
    r"|\brename\b|\balter\s+column\b|\bset\s+not\s+null\b",
    re.IGNORECASE,
)
NEW_COLUMN = re.compile(r"\badd\s+column\b[^,;]*", re.IGNORECASE)
NEW_CHECK = re.compile(r"\balter\s+table\b[^;]*\badd\s+constraint\b[^;]*", re.IGNORECASE)


# Made anew under their names to let more in; and checks of columns that the same file adds, which
# the release before leaves at their defaults.
WIDENED = {
    "0022_count_causes": {"count_plan_kind_known", "count_plan_every_days"},
    "0008_orders": {
        "location_kind_known",
        "location_virtual_has_no_warehouse",
        "location_virtual_once_per_store",
        "item_picking_rule_known",
        "company_allocation_hours",
    },
    "0013_costing": {
        "location_consigned_is_real",
        "item_fallback_unit_cost_not_negative",
        "stock_move_amends_id_fkey",
        "cost_pool_quantity_not_negative",
        "cost_layer_remaining_not_negative",
        "cost_layer_open",
        "cost_entry_of_pool",
    },
    "0014_landing": {
        "item_weight_not_negative",
        "purchase_order_line_estimate_not_negative",
    },
    # Of tables that no release had before.
    "0018_counting": {"count_task_round", "count_task_once"},
    "0020_count_plans": {"stock_count_plan_id_fkey"},
}


def without_widened(text: str, names: set[str]) -> str:
    """The statements that do not name one of these constraints or indexes."""
    return ";".join(
        statement
        for statement in text.split(";")
        if not any(re.search(rf"\b{name}\b", statement) for name in names)
    )


def later_migrations() -> list[Path]:
    return [path for path in MIGRATIONS if path.name[:4] > RELEASED]


@pytest.mark.parametrize("path", later_migrations(), ids=lambda path: path.stem)
def test_migrations_only_expand(path: Path) -> None:
    text = without_widened(
        re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")), WIDENED.get(path.stem, set())
    )
    assert CONTRACTS.findall(text) == []
    for column in NEW_COLUMN.findall(text):
        needs_value = "not null" in column.lower() and "default" not in column.lower()
        assert not needs_value, column
    assert NEW_CHECK.findall(text) == []


@pytest.fixture(scope="module")
def upgraded(postgres: harness.Server) -> Iterator[str]:
    """The name of a database of release 0.1.0, filled by it and brought to this release."""
    name, place = "saoku_upgrade_test", postgres.url("postgres")
    harness.execute(place, sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
    harness.execute(place, sql.SQL("create database {}").format(sql.Identifier(name)))
    to_revision(postgres.url(name), RELEASED)
    with psycopg.connect(postgres.url(name)) as connection:
        connection.execute((BEFORE / "data.txt").read_text(encoding="utf-8").encode())
    assert migrate.state(postgres.url(name))[0] == RELEASED
    migrate.upgrade(postgres.url(name))
    yield name
    harness.execute(place, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def to_revision(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    engine = create_engine(sqlalchemy_url(url))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


@pytest.fixture
def database(postgres: harness.Server, upgraded: str) -> Iterator[Database]:
    opened = postgres.database(upgraded)
    yield opened
    opened.close()


def rows(database: Database, text: str) -> list[tuple]:
    with database.reading(SYSTEM) as session:
        return driver(session).execute(text).fetchall()


def test_everything_still_adds_up(postgres: harness.Server, upgraded: str, database) -> None:
    current, newest = migrate.state(postgres.url(upgraded))
    assert current == newest
    assert verify(database) == []
    assert rows(database, "select count(*) from stock_move")[0][0] >= 8
    assert rows(database, "select count(*) from command where outcome = 'refused'")[0][0] >= 1


def test_work_that_was_begun_goes_on(database: Database) -> None:
    """A receipt that the old release left open is received and closed by this one."""
    [(order, receipt, user)] = rows(
        database,
        "select purchase_order.id, receipt.id, receipt.held_by from receipt join purchase_order"
        " on purchase_order.id = receipt.order_id where purchase_order.number = 'PO-HALF'",
    )
    store = rows(database, f"select store_id from receipt where id = {receipt}")[0][0]
    run = Runner(database, Caller(user_id=user, stores=str(store)))
    assert run(commands.press_button, commands.PressButton(receipt, "UNDO")).tone == "accepted"
    code = "01069012345000041770123110M2"
    assert run(commands.scan, commands.scan_of(receipt, code)).tone == "accepted"
    run(commands.close_receipt, commands.CloseReceipt(receipt, "open"))
    received = rows(database, f"select received from purchase_order_line where order_id = {order}")
    assert received == [(Decimal(1),)]
    assert verify(database) == []


def test_the_old_releases_statements_fit_the_new_tables(
    postgres: harness.Server, upgraded: str
) -> None:
    texts = old_statements()
    assert len(texts) > 100
    failed = {}
    with psycopg.connect(postgres.url(upgraded), autocommit=True) as connection:
        for name, text in texts.items():
            try:
                connection.execute(f"prepare old as {numbered(text)}".encode())
                connection.execute("deallocate old")
            except psycopg.Error as error:
                failed[name] = str(error)
    assert failed == {}


def old_statements() -> dict[str, str]:
    text = (BEFORE / "statements.txt").read_text(encoding="utf-8")
    parts = re.split(r"^-- name: ([\w.]+)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def test_the_old_releases_rows_go_into_the_new_tables(
    owner_url: str, database_name, postgres
) -> None:
    """Its inserts name only its columns: whatever is new fills itself."""
    with psycopg.connect(owner_url) as connection:
        connection.execute((BEFORE / "data.txt").read_text(encoding="utf-8").encode())
    opened = postgres.database(database_name)
    try:
        assert verify(opened) == []
    finally:
        opened.close()
