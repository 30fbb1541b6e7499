"""Named SQL: each slice keeps its set queries in ``queries.sql``, pasteable into psql.

A statement starts at a line ``-- name: some_name`` and takes ``%(parameter)s``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, LiteralString, TypeVar, cast

from psycopg.rows import class_row
from sqlmodel import Session

from app.kit.database import driver, is_traveling, together
from app.kit.trips import Answer

Row = TypeVar("Row")
ROWS_AT_ONCE = 2000
UNKNOWN = -1
_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


class Queries:
    """The named statements of one ``queries.sql``; an unknown name fails at once."""

    def __init__(self, path: Path) -> None:
        parts = _NAME.split(path.read_text(encoding="utf-8"))
        self.texts = {
            name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)
        }

    @classmethod
    def beside(cls, module_file: str) -> Queries:
        """The ``queries.sql`` in the folder of the module that asks (pass ``__file__``)."""
        return cls(Path(module_file).with_name("queries.sql"))

    def __getitem__(self, name: str) -> LiteralString:
        return cast("LiteralString", self.texts[name])


Parameters = Mapping[str, Any] | None


def rows(
    session: Session, row: type[Row], sql: LiteralString, parameters: Parameters = None
) -> list[Row]:
    """All rows as dataclasses: the columns' names are the fields' names."""
    return send(session, row, sql, parameters).all()


def one(
    session: Session, row: type[Row], sql: LiteralString, parameters: Parameters = None
) -> Row | None:
    """The only row as a dataclass, or None."""
    found: Sequence[Row] = rows(session, row, sql, parameters)
    return found[0] if found else None


def value(session: Session, sql: LiteralString, parameters: Parameters = None) -> Any:
    """The first column of the first row, or None."""
    found = send(session, tuple[Any, ...], sql, parameters).first()
    return found[0] if found else None


def execute(session: Session, sql: LiteralString, parameters: Parameters = None) -> int:
    """Run it; the number of rows it touched (unknown, -1, where it travels with others)."""
    on_the_way = is_traveling(session)
    answer = send(session, tuple[Any, ...], sql, parameters)
    return UNKNOWN if on_the_way else answer.touched()


def send(
    session: Session, row: type[Row], sql: LiteralString, parameters: Parameters = None
) -> Answer[Row]:
    """The rows when they are asked for: with those of the other statements that travel now."""
    with together(session) as trip:
        return trip.ask(row, sql, parameters)


# ---- Many rows --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Select(Generic[Row]):
    """A whole list before it is read: the statement, what fills it, and what its rows become."""

    row: type[Row]
    text: LiteralString
    parameters: Mapping[str, Any]


def stream(session: Session, select: Select[Row]) -> Iterator[Row]:
    """Every row through a cursor of the server: memory stays the same however many there are."""
    connection = driver(session)
    # All of them are wanted, so the plan that ends first is better than the one that begins first.
    connection.execute("set local cursor_tuple_fraction = 1")
    with connection.cursor("every_row", row_factory=class_row(select.row)) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(select.text, select.parameters)
        yield from cursor


def count(session: Session, select: Select[Any]) -> int:
    """How many rows it has."""
    whole = select.text.rstrip("; \n")
    counting = "select count(*) from (" + whole + ") as listed"  # noqa: S608 - a statement of ours
    return value(session, counting, select.parameters)
