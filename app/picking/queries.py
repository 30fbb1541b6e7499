"""What the screens of picking show: typed views of ``views.sql``."""

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
from app.picking import refusals
from app.picking.state import State

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
SHOWN_ROWS = 8


@dataclass(frozen=True)
class PickHead:
    """``order_number`` and ``customer`` are of one of the ``orders``."""

    id: int
    number: str
    store_id: int
    kind: str
    state: str
    step: dict[str, Any]
    version: int
    priority: int
    due_at: datetime | None
    held_by: int | None
    created_at: datetime
    closed_at: datetime | None
    holder: str | None
    staging: str
    zone: str | None
    stops: int
    done: int
    orders: int
    order_number: str | None
    customer: str | None
    has_lines: bool


@dataclass(frozen=True)
class Row:
    """One stop; ``task_id`` is one of its open parts, None where all is done."""

    task_id: int | None
    location_id: int
    location: str
    balance_id: int
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    decimals: int
    tracking: str
    lot: str | None
    expires_on: date | None
    sscc: str | None
    cart: str | None
    order_number: str
    parts: int
    quantity: Decimal
    picked: Decimal
    is_done: bool
    short_reason: str | None

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()

    @property
    def open(self) -> Decimal:
        return self.quantity - self.picked


@dataclass(frozen=True)
class PickView:
    """The whole screen of one pick; ``more`` stops are not among ``rows``."""

    head: PickHead
    kept: State
    rows: list[Row]

    @property
    def current(self) -> Row | None:
        """The stop to do now."""
        return next((row for row in self.rows if not row.is_done), None)

    @property
    def state(self) -> State:
        """The step as it is now: stops may have come or gone since the last scan."""
        if self.kept.step == "scan_staging" and self.current:
            return State()
        if self.kept.step in ("scan_location", "scan_item", "confirm_location"):
            return self.kept if self.current else State("scan_staging")
        return self.kept

    @property
    def more(self) -> int:
        shown = sum(row.parts for row in self.rows)
        return max(self.head.stops - shown, 0)


def pick(session: Session, pick_id: int, *, rows: int = SHOWN_ROWS) -> PickView:
    """Everything that the screen shows, in one round trip.

    Raises:
        NoSuchPick: or it is another store's.
    """
    with together(session) as trip:
        read = send_pick(trip, pick_id, rows)
    return read()


def send_pick(trip: Trip, pick_id: int, rows: int = SHOWN_ROWS) -> Callable[[], PickView]:
    """Ask for the screen on a trip; the answers are read by what it returns."""
    head = trip.ask(PickHead, VIEWS["pick"], {"pick_id": pick_id})
    stops = trip.ask(Row, VIEWS["rows"], {"pick_id": pick_id, "limit": rows})

    def read() -> PickView:
        found = head.first()
        if found is None:
            raise refusals.NoSuchPick
        state = msgspec.convert(found.step, State, strict=False)
        return PickView(found, state, stops.all())

    return read


@dataclass(frozen=True)
class OrderInPick:
    """An order that goods were taken for."""

    id: int
    number: str
    state: str
    quantity: Decimal


def taken_orders(session: Session, pick_id: int) -> list[OrderInPick]:
    """Orders whose goods this pick holds; cancelled ones first."""
    return sql.rows(session, OrderInPick, VIEWS["cancelled_orders"], {"pick_id": pick_id})


@dataclass(frozen=True)
class PickRow:
    id: int
    number: str
    kind: str
    state: str
    priority: int
    due_at: datetime | None
    held_by: int | None
    holder: str | None
    zone: str | None
    created_at: datetime
    closed_at: datetime | None
    stops: int
    done: int
    orders: str | None


def own_picks(session: Session, store_id: int, user_id: int | None) -> list[PickRow]:
    """One's own work, and what waits for anybody."""
    who = {"store_id": store_id, "user_id": user_id}
    return sql.rows(session, PickRow, VIEWS["own_picks"], who)


@dataclass(frozen=True)
class Counts:
    """``orders`` are those that no pick was made of yet."""

    waiting: int
    going_on: int
    orders: int
    late: int


def counts(session: Session, store_id: int, user_id: int | None) -> Counts:
    given = {"store_id": store_id, "user_id": user_id}
    return sql.one(session, Counts, VIEWS["counts"], given) or Counts(0, 0, 0, 0)


def picks(
    session: Session, store_id: int, query: Mapping[str, str], cursor: Cursor
) -> Listing[PickRow]:
    """Newest first; ``query`` may hold ``state`` (or ``open``)."""
    page = {"after": _after(cursor), "limit": cursor.limit + 1}
    whole = every_pick(store_id, query)
    return cursor.cut(sql.rows(session, PickRow, whole.text, {**whole.parameters, **page}), "id")


def every_pick(store_id: int, query: Mapping[str, str]) -> sql.Select[PickRow]:
    """All of that list."""
    given = {"store_id": store_id, "state": query.get("state", "")}
    return sql.Select(PickRow, VIEWS["picks"], {**given, "after": None, "limit": None})


def _after(cursor: Cursor) -> int | None:
    key = cursor.after
    return key[0] if key and isinstance(key[0], int) else None


@dataclass(frozen=True)
class ReadyOrder:
    id: int
    number: str
    customer: str
    priority: int
    due_at: datetime | None
    lines: int
    places: int


def ready_orders(session: Session, store_id: int) -> list[ReadyOrder]:
    """Orders that a pick can be made of, the most urgent first."""
    return sql.rows(session, ReadyOrder, VIEWS["ready_orders"], {"store_id": store_id})


@dataclass(frozen=True)
class Named:
    id: int
    name: str


def zones(session: Session, store_id: int) -> list[Named]:
    return sql.rows(session, Named, VIEWS["zones"], {"store_id": store_id})


def people(session: Session, store_id: int) -> list[Named]:
    return sql.rows(session, Named, VIEWS["people"], {"store_id": store_id})


def pick_of_order(session: Session, order_id: int) -> int | None:
    """The pick that is made of an order and not at its end."""
    return sql.value(session, VIEWS["open_pick_of_order"], {"order_id": order_id})
