"""What the screens of receiving show: typed views of ``views.sql``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.kit import sql
from app.kit.database import together
from app.kit.trips import Trip
from app.kit.web import Cursor, Listing
from app.receiving import order_problems, problems
from app.receiving.state import State

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
SHOWN_ROWS = 8


@dataclass(frozen=True)
class ReceiptHead:
    id: int
    number: str
    store_id: int
    state: str
    step: dict[str, Any]
    version: int
    order_id: int | None
    order_number: str | None
    order_state: str | None
    held_by: int | None
    holder: str | None
    supplier: str | None
    delivery_note: str
    created_at: datetime
    closed_at: datetime | None
    lines: int
    done: int
    has_waiting: bool
    has_lines: bool


@dataclass(frozen=True)
class Row:
    """One line of the order, or one item that came beside it; quantities in ``unit``."""

    order_line_id: int | None
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    expected: Decimal | None
    received: Decimal
    damaged: Decimal
    short_reason: str | None
    newest: int

    @property
    def is_done(self) -> bool:
        return self.short_reason is not None or (
            self.expected is not None and self.received >= self.expected
        )


@dataclass(frozen=True)
class Entry:
    """One accepted scan or typed value."""

    id: int
    kind: str
    item_id: int
    name: str
    specification: str
    code: str
    unit: str
    decimals: int
    tracking: str
    lot_id: int | None
    lot: str | None
    expires_on: date | None
    quantity: Decimal
    status: str
    entered_quantity: Decimal
    packaging: str | None
    pack: Decimal | None
    put_away: Decimal
    reason: str | None
    expected: Decimal | None
    received: Decimal | None
    created_at: datetime


@dataclass(frozen=True)
class ReceiptView:
    """The whole screen of one receipt; ``more`` order lines are not among ``rows``."""

    head: ReceiptHead
    state: State
    rows: list[Row]
    entries: list[Entry]

    @property
    def last(self) -> Entry | None:
        return next((entry for entry in self.entries if entry.kind != "short"), None)

    @property
    def more(self) -> int:
        shown = sum(1 for row in self.rows if row.order_line_id is not None)
        return max(self.head.lines - shown, 0)


def receipt(session: Session, receipt_id: int, *, rows: int = SHOWN_ROWS) -> ReceiptView:
    """Everything that the screen shows, in one round trip.

    Raises:
        NoSuchReceipt: or it is another store's.
    """
    with together(session) as trip:
        read = send_receipt(trip, receipt_id, rows)
    return read()


def send_receipt(trip: Trip, receipt_id: int, rows: int = SHOWN_ROWS) -> Callable[[], ReceiptView]:
    """Ask for the screen on a trip; the answers are read by what it returns."""
    given = {"receipt_id": receipt_id}
    head = trip.ask(ReceiptHead, VIEWS["receipt"], given)
    lines = trip.ask(Row, VIEWS["rows"], given | {"limit": rows})
    entries = trip.ask(Entry, VIEWS["entries"], given)

    def read() -> ReceiptView:
        found = head.first()
        if found is None:
            raise problems.NoSuchReceipt
        state = msgspec.convert(found.step, State, strict=False)
        return ReceiptView(found, state, lines.all(), entries.all())

    return read


@dataclass(frozen=True)
class WaitingRow:
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    lot: str | None
    status: str
    quantity: Decimal


def waiting(session: Session, receipt_id: int) -> list[WaitingRow]:
    return sql.rows(session, WaitingRow, VIEWS["waiting"], {"receipt_id": receipt_id})


@dataclass(frozen=True)
class OpenReceiptRow:
    id: int
    number: str
    state: str
    order_number: str | None
    supplier: str | None
    held_by: int | None
    holder: str | None
    created_at: datetime
    store: str
    entries: int


@dataclass(frozen=True)
class OpenOrderRow:
    id: int
    number: str
    state: str
    supplier: str
    expected_on: date | None
    lines: int
    done: int


@dataclass(frozen=True)
class OpenWork:
    receipts: list[OpenReceiptRow]
    orders: list[OpenOrderRow]


def open_work(
    session: Session,
    store_id: int,
    user_id: int | None,
    *,
    item_id: int | None = None,
    partner_id: int | None = None,
) -> OpenWork:
    """What can be received in the store; narrowed to orders of an item or of a supplier."""
    who = {"store_id": store_id, "user_id": user_id}
    narrowed = {"store_id": store_id, "item_id": item_id, "partner_id": partner_id}
    return OpenWork(
        sql.rows(session, OpenReceiptRow, VIEWS["open_receipts"], who),
        sql.rows(session, OpenOrderRow, VIEWS["open_orders"], narrowed),
    )


@dataclass(frozen=True)
class Counts:
    receipts: int
    orders: int
    late: int


def counts(session: Session, store_id: int, today: date) -> Counts:
    given = {"store_id": store_id, "today": today}
    return sql.one(session, Counts, VIEWS["counts"], given) or Counts(0, 0, 0)


@dataclass(frozen=True)
class OrderRow:
    id: int
    number: str
    state: str
    supplier: str
    store: str
    expected_on: date | None
    created_at: datetime
    currency: str
    lines: int
    done: int


def orders(session: Session, query: Mapping[str, str], cursor: Cursor) -> Listing[OrderRow]:
    """Newest first; ``query`` may hold ``state`` (or ``open``) and ``text``."""
    whole = every_order(query)
    page = {"after": _after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, OrderRow, whole.text, {**whole.parameters, **page}), "id")


def every_order(query: Mapping[str, str]) -> sql.Select[OrderRow]:
    """All of that list."""
    text = query.get("text", "").strip()[:100]
    given = {"state": query.get("state", ""), "text": text, "inside": f"%{text}%"}
    return sql.Select(OrderRow, VIEWS["orders"], {**given, "after": None, "limit": None})


def _after(cursor: Cursor) -> int | None:
    key = cursor.after
    return key[0] if key and isinstance(key[0], int) else None


@dataclass(frozen=True)
class OrderHead:
    id: int
    number: str
    state: str
    store_id: int
    store: str
    supplier_id: int
    supplier: str
    supplier_code: str
    currency: str
    exchange_rate: Decimal
    prices_include_tax: bool
    expected_on: date | None
    note: str
    created_at: datetime
    currency_decimals: int
    company_currency: str


@dataclass(frozen=True)
class OrderLineView:
    """``entered_quantity`` and ``unit_price`` in the ordered unit, the other quantities in
    ``unit``.  ``ordered_code`` is what orders that unit: the item's code, or the pack's barcode.
    ``received_value`` contains the share of ``landed_estimate``, the charges that are expected.
    """

    id: int
    position: int
    item_id: int
    code: str
    name: str
    specification: str
    ordered_code: str
    unit: str
    packaging: str | None
    entered_quantity: Decimal
    factor: Decimal
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    net_amount: Decimal
    over_receipt_tolerance: Decimal
    received: Decimal
    received_value: Decimal
    short_reason: str | None
    landed_estimate: Decimal = Decimal(0)

    @property
    def missing(self) -> Decimal:
        return max(self.quantity - self.received, Decimal(0))


@dataclass(frozen=True)
class ReceiptOfOrder:
    id: int
    number: str
    state: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class OrderView:
    head: OrderHead
    lines: list[OrderLineView]
    receipts: list[ReceiptOfOrder]


def order(session: Session, order_id: int) -> OrderView:
    """Raises NoSuchOrder."""
    given = {"order_id": order_id}
    return OrderView(
        order_head(session, order_id),
        sql.rows(session, OrderLineView, VIEWS["order_lines"], given),
        sql.rows(session, ReceiptOfOrder, VIEWS["receipts_of_order"], given),
    )


def order_head(session: Session, order_id: int) -> OrderHead:
    """Raises NoSuchOrder."""
    head = sql.one(session, OrderHead, VIEWS["order"], {"order_id": order_id})
    if head is None:
        raise order_problems.NoSuchOrder
    return head


def every_line(order_id: int) -> sql.Select[OrderLineView]:
    """The lines of an order."""
    return sql.Select(OrderLineView, VIEWS["order_lines"], {"order_id": order_id})


@dataclass(frozen=True)
class ReceiptRow:
    id: int
    number: str
    state: str
    order_id: int | None
    order_number: str | None
    held_by: int | None
    created_at: datetime
    closed_at: datetime | None


def receipts(session: Session, state: str, cursor: Cursor) -> Listing[ReceiptRow]:
    given = {"state": state, "after": _after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, ReceiptRow, VIEWS["receipts"], given), "id")


@dataclass(frozen=True)
class LinkTarget:
    """An item (or a pack of it) of the order that a barcode could belong to."""

    item_id: int
    code: str
    name: str
    specification: str
    packaging_id: int | None
    packaging: str | None
    pack: Decimal | None
    unit: str


def link_targets(session: Session, receipt_id: int) -> list[LinkTarget]:
    return sql.rows(session, LinkTarget, VIEWS["items_of_order"], {"receipt_id": receipt_id})


@dataclass(frozen=True)
class Choice:
    code: str
    name: str


def suppliers(session: Session) -> list[Choice]:
    return sql.rows(session, Choice, VIEWS["suppliers"])
