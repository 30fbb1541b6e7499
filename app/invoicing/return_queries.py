"""What the screens of returns to suppliers show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.invoicing.problems import ReturnUnknown
from app.invoicing.queries import VIEWS, after
from app.kit import sql
from app.kit.web import Cursor, Listing


@dataclass(frozen=True)
class ReturnRow:
    """A return; ``amount`` left stock, ``credit`` is expected, ``variance`` lies between."""

    id: int
    number: str
    store_id: int
    store: str
    state: str
    receipt_id: int
    receipt: str
    supplier: str
    note: str
    user_name: str | None
    created_at: datetime
    closed_at: datetime | None
    decimals: int
    lines: int
    amount: Decimal
    credit: Decimal
    variance: Decimal


@dataclass(frozen=True)
class ReturnLine:
    """An entry; of its quantity ``open_quantity`` was not billed, so no credit is due for it."""

    id: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    lot_code: str | None
    location_code: str
    status: str
    quantity: Decimal
    reason: str
    credit: Decimal
    amount: Decimal
    variance: Decimal
    open_quantity: Decimal
    move_id: int
    user_name: str | None
    created_at: datetime
    is_undone: bool

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class Returnable:
    """A balance of goods that came with the receipt; ``left`` of it may go back."""

    balance_id: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    lot_id: int | None
    lot_code: str | None
    location_id: int
    location_code: str
    status: str
    left: Decimal

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class ReturnView:
    head: ReturnRow
    lines: list[ReturnLine]
    returnable: list[Returnable]

    def chosen(self, balance_id: int | None) -> Returnable | None:
        return next((row for row in self.returnable if row.balance_id == balance_id), None)


def returns(session: Session, cursor: Cursor) -> Listing[ReturnRow]:
    """Newest first."""
    given = {"return_id": None, "after": after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, ReturnRow, VIEWS["returns"], given), "id")


EVERY_RETURN = sql.Select(
    ReturnRow, VIEWS["returns"], {"return_id": None, "after": None, "limit": None}
)


def a_return(session: Session, return_id: int) -> ReturnView:
    """Raises ReturnUnknown."""
    given = {"return_id": return_id, "after": None, "limit": 1}
    head = sql.one(session, ReturnRow, VIEWS["returns"], given)
    if head is None:
        raise ReturnUnknown
    lines = sql.rows(session, ReturnLine, VIEWS["return_lines"], {"return_id": return_id})
    rows = sql.rows(session, Returnable, VIEWS["returnable"], {"receipt_id": head.receipt_id})
    return ReturnView(head, lines, rows if head.state == "in_progress" else [])


def lines_of(session: Session, return_id: int) -> sql.Select[ReturnLine]:
    """Raises ReturnUnknown."""
    a_return(session, return_id)
    return sql.Select(ReturnLine, VIEWS["return_lines"], {"return_id": return_id})
