"""Typed reading of customer returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.web import Cursor, Listing
from app.quality import problems
from app.quality.returning import QUERIES, ReturnPlace


@dataclass(frozen=True)
class ReturnRow:
    id: int
    number: str
    store_id: int
    store_name: str
    state: str
    note: str
    order_id: int | None
    order_number: str | None
    customer: str
    user_name: str | None
    created_at: datetime
    closed_at: datetime | None
    lines: int


@dataclass(frozen=True)
class Returnable:
    """What was shipped of an order line in one lot, in base units, and what of it came back."""

    order_line_id: int
    position: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    lot_id: int | None
    lot_code: str | None
    shipped: Decimal
    returned: Decimal

    @property
    def left(self) -> Decimal:
        return self.shipped - self.returned

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class ReturnLine:
    id: int
    order_line_id: int | None
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    lot_id: int | None
    lot_code: str | None
    location_code: str
    quantity: Decimal
    status: str
    reason: str
    note: str
    photo_id: int | None
    move_id: int | None
    user_name: str | None
    created_at: datetime
    is_undone: bool


@dataclass(frozen=True)
class ReturnView:
    """A return: what can come back, and its entries (newest first)."""

    head: ReturnRow
    returnable: list[Returnable]
    lines: list[ReturnLine]

    def chosen(self, order_line_id: int | None, lot_id: int | None) -> Returnable | None:
        """The row of this line and lot."""
        for row in self.returnable:
            if (row.order_line_id, row.lot_id) == (order_line_id, lot_id):
                return row
        return None


def returns(session: Session, cursor: Cursor) -> Listing[ReturnRow]:
    """Newest first."""
    before = cursor.after[0] if cursor.after else None
    asked = {"before": before, "return_id": None, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, ReturnRow, QUERIES["returns"], asked), "id")


def a_return(session: Session, return_id: int) -> ReturnView:
    """Raises ReturnUnknown for one of another store."""
    asked = {"before": None, "return_id": return_id, "limit": 1}
    head = sql.one(session, ReturnRow, QUERIES["returns"], asked)
    if head is None:
        raise problems.ReturnUnknown
    of_order = {"order_id": head.order_id}
    return ReturnView(
        head,
        sql.rows(session, Returnable, QUERIES["returnable"], of_order),
        sql.rows(session, ReturnLine, QUERIES["lines_of_return"], {"return_id": return_id}),
    )


def place(session: Session, store_id: int, location_id: int | None) -> ReturnPlace | None:
    """The place that was scanned, or where goods that come back are usually put."""
    name = "place" if location_id is not None else "usual_place"
    asked = {"location_id": location_id, "store_id": store_id}
    return sql.one(session, ReturnPlace, QUERIES[name], asked)
