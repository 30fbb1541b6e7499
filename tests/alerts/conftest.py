from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.alerts.watching import watch
from app.kit.database import SYSTEM, Database, driver
from tests.harness import SampleCompany


@pytest.fixture
def sql(database: Database) -> Callable[..., list[tuple[Any, ...]]]:
    """Runs a statement as the system and commits it; its rows."""

    def execute(text: str, *values: Any) -> list[tuple[Any, ...]]:
        with database.session(SYSTEM) as session:
            done = driver(session).execute(text, list(values))
            rows = done.fetchall() if done.description else []
            session.commit()
        return rows

    return execute


@pytest.fixture
def stock(sql, company: SampleCompany) -> Callable[..., int]:
    """Puts so much of an item on a shelf of store A; the balance's id."""

    def put(
        item: str, quantity: str, *, lot: int | None = None, place: str = "shelf1", **more
    ) -> int:
        return sql(
            "insert into balance (store_id, location_id, item_id, lot_id, status, on_hand,"
            " may_be_negative, changed_at) values (%s, %s, %s, %s, %s, %s, %s,"
            " now() - %s::interval) returning id",
            company.a.store_id, company.a.locations[place], company.items[item], lot,
            more.get("status", "available"), quantity, quantity.startswith("-"),
            more.get("age", "0 days"),
        )[0][0]  # fmt: skip

    return put


@pytest.fixture
def look(database: Database, sql) -> Callable[..., list[tuple[str, str]]]:
    """A round of watching; what is open then: (kind, cause)."""

    def go_round(*kinds: str) -> list[tuple[str, str]]:
        watch(database, kinds) if kinds else watch(database)
        return sql("select kind, cause from alert where closed_at is null order by kind, cause")

    return go_round


@pytest.fixture
def told(sql) -> Callable[[], list[tuple[Any, ...]]]:
    """(kind, title, facts, roles, people) of each event so far."""

    def read() -> list[tuple[Any, ...]]:
        return sql("select kind, title, facts, roles, people from notification_event order by id")

    return read
