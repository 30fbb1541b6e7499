"""Every named statement fits the migrated database; a scan stays within its budget."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from app.kit import sql
from app.kit.database import SYSTEM, Database, driver
from app.receiving import commands, loading, queries
from app.receiving.commands import OrderLine
from app.scanning import queries as lookups
from tests.receiving.conftest import BREAD, MILK, Dock

VERIFY = sql.Queries(Path(commands.__file__).with_name("verify.sql"))
STATEMENTS = [
    (source, name)
    for source in (loading.QUERIES, queries.VIEWS, lookups.QUERIES, VERIFY)
    for name in source.texts
]


@pytest.mark.parametrize(("source", "name"), STATEMENTS, ids=[name for _, name in STATEMENTS])
def test_the_statement_can_be_prepared(database: Database, source, name) -> None:
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    text = re.sub(r"%\((\w+)\)s", numbered, source.texts[name]).replace("%%", "%")
    with database.session(SYSTEM) as session:
        driver(session).execute(f"prepare statement as {text}".encode())


class Counted:
    """Statements and round trips (syncs of the protocol) on any connection meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        self.trips = 0
        execute = psycopg.Cursor.execute

        def counting(cursor, query, *args, **more):
            self.statements.append(str(query)[:60])
            return execute(cursor, query, *args, **more)

        monkeypatch.setattr(psycopg.Cursor, "execute", counting)


def test_a_scan_stays_within_its_budget(dock: Dock, monkeypatch) -> None:
    dock.open(dock.order(OrderLine("BREAD", Decimal(100), Decimal(1))))
    dock.scan(BREAD)
    counted = Counted(monkeypatch)
    dock.scan(BREAD)
    assert len(counted.statements) <= 10, counted.statements


def test_a_page_takes_as_many_queries_for_many_lines(dock: Dock, monkeypatch) -> None:
    dock.open(
        dock.order(
            *(OrderLine("BREAD", Decimal(5), Decimal(1)) for _ in range(40)),
            OrderLine("MILK", Decimal(5), Decimal(1)),
        )
    )
    dock.scan(BREAD)
    counted = Counted(monkeypatch)
    with dock.database.reading(dock.caller) as session:
        view = queries.receipt(session, dock.receipt_id)
    assert view.rows[0].received == 1
    assert view.more == 41 - queries.SHOWN_ROWS
    assert len(counted.statements) <= 5, counted.statements
    assert MILK
