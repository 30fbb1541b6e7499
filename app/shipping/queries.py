"""What the screens of packing and shipping show: typed views of ``views.sql``."""

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
from app.scanning.meanings import DocumentMeaning, LocationMeaning, Meaning, UnknownMeaning
from app.shipping import problems
from app.shipping.state import State

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
MOST_TO_PACK = 200


@dataclass(frozen=True)
class ToPack:
    """An order with goods that wait to leave; ``is_whole`` where all of it is picked."""

    order_id: int
    number: str
    customer: str
    due_at: datetime | None
    priority: int
    lines: int
    is_whole: bool
    shipment_id: int | None
    shipment: str | None
    packer: str | None


@dataclass(frozen=True)
class Head:
    id: int
    number: str
    store_id: int
    store: str
    state: str
    step: dict[str, Any]
    version: int
    order_id: int
    order_number: str
    order_state: str
    partial_policy: str
    customer: str
    address: str
    contact: str
    phone: str
    note: str
    carrier: str
    tracking_number: str
    created_at: datetime
    shipped_at: datetime | None
    time_zone: str
    company: str
    packer: str | None


@dataclass(frozen=True)
class Row:
    """Goods of one line and lot; quantities in ``unit``."""

    order_line_id: int
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    lot: str | None
    last_day: date | None
    picked: Decimal
    checked: Decimal
    newest: int

    @property
    def is_done(self) -> bool:
        return self.checked >= self.picked


@dataclass(frozen=True)
class Carton:
    id: int
    sscc: str
    items: int
    first: int


@dataclass(frozen=True)
class Missing:
    order_line_id: int
    code: str
    name: str
    unit: str
    quantity: Decimal


@dataclass(frozen=True)
class ShipmentView:
    """The whole screen of one shipment."""

    head: Head
    state: State
    rows: list[Row]
    cartons: list[Carton]

    @property
    def done(self) -> int:
        return sum(row.is_done for row in self.rows)

    @property
    def last(self) -> Row | None:
        return next((row for row in self.rows if row.newest), None)


@dataclass(frozen=True)
class Content:
    """Goods in one carton, or loose where ``sscc`` is None."""

    code: str
    name: str
    specification: str
    unit: str
    lot: str | None
    last_day: date | None
    quantity: Decimal
    sscc: str | None
    position: int
    ordered: Decimal
    shipped: Decimal


@dataclass(frozen=True)
class ShipmentRow:
    id: int
    number: str
    state: str
    store: str
    order_number: str
    order_id: int
    customer: str
    carrier: str
    tracking_number: str
    created_at: datetime
    shipped_at: datetime | None


def to_pack(session: Session, store_id: int) -> list[ToPack]:
    return sql.rows(
        session, ToPack, VIEWS["to_pack"], {"store_id": store_id, "limit": MOST_TO_PACK}
    )


def count_to_pack(session: Session, store_id: int) -> int:
    return sql.value(session, VIEWS["count_to_pack"], {"store_id": store_id})


def shipment(session: Session, shipment_id: int) -> ShipmentView:
    """Raises NoSuchShipment: or it is another store's."""
    with together(session) as trip:
        read = send_shipment(trip, shipment_id)
    return read()


def send_shipment(trip: Trip, shipment_id: int) -> Callable[[], ShipmentView]:
    """Ask for the screen of a shipment on a trip; the answers are read by what it returns."""
    asked = {"shipment_id": shipment_id}
    head = trip.ask(Head, VIEWS["shipment"], asked)
    rows = trip.ask(Row, VIEWS["rows"], asked)
    cartons = trip.ask(Carton, VIEWS["cartons"], asked)

    def read() -> ShipmentView:
        found = head.first()
        if found is None:
            raise problems.NoSuchShipment
        state = msgspec.convert(found.step, State, strict=False)
        return ShipmentView(found, state, rows.all(), cartons.all())

    return read


def head_of(session: Session, shipment_id: int) -> Head:
    """Raises NoSuchShipment."""
    head = sql.one(session, Head, VIEWS["shipment"], {"shipment_id": shipment_id})
    if head is None:
        raise problems.NoSuchShipment
    return head


def missing(session: Session, head: Head) -> list[Missing]:
    """What of the order stays behind."""
    asked = {"shipment_id": head.id, "order_id": head.order_id}
    return sql.rows(session, Missing, VIEWS["missing"], asked)


def contents(session: Session, shipment_id: int) -> list[Content]:
    return sql.rows(session, Content, VIEWS["contents"], {"shipment_id": shipment_id})


def order_of(session: Session, meaning: Meaning) -> int | None:
    """The order that a scanned document, cart position or number stands for."""
    match meaning:
        case DocumentMeaning(kind="sales_order", id=order_id):
            return order_id
        case LocationMeaning(id=location_id):
            return sql.value(session, VIEWS["order_of_place"], {"location_id": location_id})
        case DocumentMeaning(number=number) | UnknownMeaning(text=number):
            asked = {"number": number.strip().upper()}
            found = sql.value(session, VIEWS["order_of_number"], asked)
            return found or sql.value(session, VIEWS["order_of_pick"], asked)
        case _:
            return None


def shipment_of(session: Session, number: str) -> int | None:
    return sql.value(session, VIEWS["shipment_of_number"], {"number": number.strip().upper()})


def shipments(session: Session, wanted: Mapping[str, str], cursor: Cursor) -> Listing[ShipmentRow]:
    """Newest first.  ``wanted``: state, search."""
    select = every_shipment(wanted)
    given = {
        **select.parameters,
        "after": cursor.after[0] if cursor.after else None,
        "limit": cursor.limit + 1,
    }
    return cursor.cut(sql.rows(session, ShipmentRow, select.text, given), "id")


def every_shipment(wanted: Mapping[str, str]) -> sql.Select[ShipmentRow]:
    """The list without its pages, for a file."""
    search = wanted.get("search", "").strip()[:80]
    given = {
        "state": wanted.get("state", ""),
        "search": search,
        "part": f"%{search}%",
        "after": None,
        "limit": None,
    }
    return sql.Select(ShipmentRow, VIEWS["shipments"], given)
