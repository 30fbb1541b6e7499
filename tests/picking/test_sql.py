from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from app import picking
from app.kit import sql
from app.kit.database import SYSTEM, driver
from app.kit.trips import Line
from app.picking import queries
from app.picking.queries import send_pick
from tests.picking.conftest import BREAD, SHELF1, Floor

FOLDER = Path(picking.__file__).parent
FILES = ("queries.sql", "making.sql", "views.sql", "verify.sql")
NAMED = [(file, name) for file in FILES for name in sql.Queries(FOLDER / file).texts]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_statement_fits_the_migrated_database(database, file: str, name: str) -> None:
    import re

    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    text = re.sub(r"%\((\w+)\)s", numbered, sql.Queries(FOLDER / file).texts[name])
    with database.session(SYSTEM) as session:
        driver(session).execute(f"prepare statement as {text.replace('%%', '%')}".encode())


def _counted(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[int]]:
    """Statements, and waits for answers."""
    statements: list[str] = []
    waits: list[int] = []
    execute, travel = psycopg.Cursor.execute, Line.travel

    def counting(cursor, query, *args, **more):
        statements.append(str(query)[:60])
        waits.append(1)
        return execute(cursor, query, *args, **more)

    def counting_trip(line, asked):
        statements.extend(one.text[:60] for one in asked)
        waits.append(1)
        return travel(line, asked)

    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    monkeypatch.setattr(Line, "travel", counting_trip)
    return statements, waits


def test_a_scan_stays_within_its_budget(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.stock("bread", "100")
    floor.begin(floor.order(("BREAD", "50")).order_id)
    floor.scan(SHELF1, BREAD)
    statements, waits = _counted(monkeypatch)
    floor.scan(BREAD)
    assert len(statements) <= 12, statements
    assert len(waits) <= 2, "one trip to read, one to write"


def test_a_page_takes_as_many_queries_for_many_stops(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.stock("bread", "100")
    floor.begin(floor.order(*[("BREAD", "1")] * 30).order_id)
    statements, _ = _counted(monkeypatch)
    with floor.database.reading(floor.caller) as session:
        view = queries.pick(session, floor.pick_id)
    assert (view.head.stops, len(view.rows)) == (30, 1)
    assert len(statements) <= 4, statements
    assert send_pick
