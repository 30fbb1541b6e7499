"""Drill-down: the order lines behind a figure, and the moves and cost entries behind a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit import sql
from app.kit.web import BadCursor, Cursor, Listing
from app.reporting.figures import Figures
from app.reporting.pivot import QUERIES, SETTINGS, filled
from app.reporting.problems import LineNotSold
from app.reporting.question import Question


@dataclass(frozen=True)
class LineRow:
    """One order line with its figures of the period asked for."""

    id: int
    order_id: int
    number: str
    position: int
    booked_on: date
    store_name: str
    customer: str
    salesperson: str
    region: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    quantity: Decimal
    gross: Decimal
    revenue: Decimal
    returned: Decimal
    cost: Decimal
    corrected: Decimal

    @property
    def figures(self) -> Figures:
        return Figures(
            self.quantity, self.gross, self.revenue, self.returned, self.cost, self.corrected
        )


@dataclass(frozen=True)
class LineHead:
    """The order line itself, with its figures of all time."""

    id: int
    order_id: int
    number: str
    position: int
    store_name: str
    customer: str
    salesperson: str
    region: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    ordered: Decimal
    unit_price: Decimal
    discount_rate: Decimal
    tax_rate: Decimal
    currency: str
    exchange_rate: Decimal
    net_amount: Decimal
    decimals: int


@dataclass(frozen=True)
class MoveRow:
    """What was booked on one day on one movement of the line."""

    move_id: int
    booked_on: date
    occurred_at: datetime
    is_return: bool
    is_reversal: bool
    lot_code: str
    quantity: Decimal
    gross: Decimal
    revenue: Decimal
    returned: Decimal
    cost: Decimal
    corrected: Decimal

    @property
    def figures(self) -> Figures:
        return Figures(
            self.quantity, self.gross, self.revenue, self.returned, self.cost, self.corrected
        )


@dataclass(frozen=True)
class EntryRow:
    """One cost entry of a movement; ``cost`` as the sale sees it."""

    id: int
    move_id: int
    kind: str
    cost: Decimal
    occurred_at: datetime
    recorded_at: datetime
    is_later: bool
    command_id: UUID


@dataclass(frozen=True)
class LineDetail:
    head: LineHead
    moves: list[MoveRow]
    entries: list[EntryRow]
    as_of: datetime | None


def lines(session: Session, question: Question, cursor: Cursor) -> Listing[LineRow]:
    """One page of them."""
    (after,) = cursor.after or (None,)
    if after is not None and not isinstance(after, int):
        raise BadCursor
    sql.value(session, SETTINGS)
    select = every_line(question, after=after, limit=cursor.limit + 1)
    return cursor.cut(sql.rows(session, select.row, select.text, select.parameters), "id")


def every_line(question: Question, **page: Any) -> sql.Select[LineRow]:
    """All of them."""
    parameters = question.parameters | {"after": None, "limit": None} | page
    return sql.Select(LineRow, filled("lines", question), parameters)


def whole(session: Session, question: Question) -> Figures:
    """Their sum: the figure that was asked about."""
    found = sql.one(session, Figures, filled("whole", question), question.parameters)
    assert found is not None, "a sum without a row"
    return found


def line_detail(session: Session, line_id: int) -> LineDetail:
    """Everything that was booked on an order line.

    Raises:
        LineNotSold: there is none that the caller sees.
    """
    asked = {"line_id": line_id}
    head = sql.one(session, LineHead, QUERIES["line"], asked)
    moves = sql.rows(session, MoveRow, QUERIES["moves_of_line"], asked)
    if head is None or not moves:
        raise LineNotSold
    entries = sql.rows(session, EntryRow, QUERIES["entries_of_line"], asked)
    return LineDetail(head, moves, entries, sql.value(session, QUERIES["as_of"]))
