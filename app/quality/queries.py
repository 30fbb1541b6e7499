"""Typed reading for the screens and the API of quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.database import driver
from app.kit.web import Cursor, Listing
from app.quality import problems
from app.quality.stock import QUERIES, Aim

MOST_ROWS = 200


@dataclass(frozen=True)
class KeptRow:
    """Stock that does not ship.  ``cause`` is its status, else ``held`` or ``expired``."""

    id: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    location_id: int
    location_code: str
    lot_id: int | None
    lot_code: str | None
    status: str
    on_hand: Decimal
    changed_at: datetime
    cause: str
    last_day: date | None


@dataclass(frozen=True)
class CauseCount:
    cause: str
    places: int


@dataclass(frozen=True)
class HoldRow:
    """A hold in force; ``on_hand`` in ``places`` of the stores that the caller sees."""

    id: int
    lot_id: int
    lot_code: str
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    reason: str
    placed_at: datetime
    placed_by: str | None
    on_hand: Decimal
    places: int


@dataclass(frozen=True)
class ChangeRow:
    """A status change; ``item_name`` is the first of its ``items``."""

    id: int
    number: str
    store_id: int
    store_name: str
    to_status: str
    reason: str
    note: str
    photo_id: int | None
    approval_request_id: int | None
    created_at: datetime
    user_name: str | None
    lines: int
    item_name: str | None
    items: int


@dataclass(frozen=True)
class ChangeLine:
    id: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    lot_id: int | None
    lot_code: str | None
    location_id: int
    location_code: str
    sscc: str | None
    from_status: str
    quantity: Decimal
    move_id: int | None


@dataclass(frozen=True)
class ChangeView:
    head: ChangeRow
    lines: list[ChangeLine]


@dataclass(frozen=True)
class HoldOfLot:
    id: int
    reason: str
    placed_by: str | None
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


@dataclass(frozen=True)
class LotHead:
    id: int
    code: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    produced_on: date | None
    last_day: date | None
    is_expired: bool


@dataclass(frozen=True)
class LotLying:
    id: int
    store_name: str
    location_code: str
    status: str
    sscc: str | None
    on_hand: Decimal
    allocated: Decimal


@dataclass(frozen=True)
class LotShipped:
    """Whom the lot went to, in base units, and what of it came back."""

    shipment_id: int
    shipment_number: str
    shipped_at: datetime | None
    store_name: str
    order_id: int
    order_number: str
    customer: str
    phone: str
    address: str
    contact: str
    order_phone: str
    quantity: Decimal
    returned: Decimal


@dataclass(frozen=True)
class LotReceived:
    receipt_id: int
    receipt_number: str
    created_at: datetime
    store_name: str
    supplier: str
    quantity: Decimal


@dataclass(frozen=True)
class LotTrace:
    """A lot, its holds (newest first), where it came from, where it lies, where it went."""

    lot: LotHead
    holds: list[HoldOfLot]
    lying: list[LotLying]
    shipped: list[LotShipped]
    received: list[LotReceived]
    waiting: list[int] = field(default_factory=list[int])

    @property
    def hold(self) -> HoldOfLot | None:
        """The hold in force."""
        return next((hold for hold in self.holds if hold.lifted_at is None), None)


@dataclass(frozen=True)
class Title:
    code: str
    name: str = ""
    specification: str = ""

    @property
    def text(self) -> str:
        return f"{self.name} {self.specification}".strip() or self.code


def kept_back(session: Session, store_id: int, today: date, cause: str | None) -> list[KeptRow]:
    """What does not ship of a store for its quality, longest kept first, and one row more."""
    asked = {"store_id": store_id, "today": today, "cause": cause, "limit": MOST_ROWS + 1}
    return sql.rows(session, KeptRow, QUERIES["kept_back"], asked)


def counts(session: Session, store_id: int, today: date) -> list[CauseCount]:
    asked = {"store_id": store_id, "today": today}
    return sql.rows(session, CauseCount, QUERIES["kept_back_counts"], asked)


def holds_in_force(session: Session) -> list[HoldRow]:
    return sql.rows(session, HoldRow, QUERIES["holds_in_force"])


def changes(session: Session, cursor: Cursor) -> Listing[ChangeRow]:
    """Newest first."""
    before = cursor.after[0] if cursor.after else None
    asked = {"before": before, "change_id": None, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, ChangeRow, QUERIES["changes"], asked), "id")


def change(session: Session, change_id: int) -> ChangeView:
    """Raises StatusChangeUnknown for one of another store."""
    asked = {"before": None, "change_id": change_id, "limit": 1}
    head = sql.one(session, ChangeRow, QUERIES["changes"], asked)
    if head is None:
        raise problems.StatusChangeUnknown
    lines = sql.rows(session, ChangeLine, QUERIES["change_lines"], {"change_id": change_id})
    return ChangeView(head, lines)


def trace(session: Session, lot_id: int, today: date) -> LotTrace:
    """Raises LotUnknown where there is none."""
    asked = {"lot_id": lot_id, "today": today}
    lot = sql.one(session, LotHead, QUERIES["lot_head"], asked)
    if lot is None:
        raise problems.LotUnknown
    waiting = driver(session).execute(QUERIES["waiting_of_lot"], asked).fetchall()
    return LotTrace(
        lot,
        sql.rows(session, HoldOfLot, QUERIES["holds_of_lot"], asked),
        sql.rows(session, LotLying, QUERIES["lot_lying"], asked),
        sql.rows(session, LotShipped, QUERIES["lot_shipped"], asked),
        sql.rows(session, LotReceived, QUERIES["lot_received"], asked),
        [int(row[0]) for row in waiting],
    )


def titles(session: Session, aim: Aim) -> Sequence[Title]:
    """What was scanned, in words."""
    asked = (
        ("location_title", aim.location_id),
        ("item_title", aim.item_id),
        ("lot_title", aim.lot_id),
        ("unit_title", aim.logistic_unit_id),
    )
    found = [
        sql.one(session, Title, QUERIES[name], {"id": given}) for name, given in asked if given
    ]
    return [title for title in found if title is not None]
