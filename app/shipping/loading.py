"""Reading what packing needs, locked: the shipment, the goods that wait, what was checked last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.kit import sql
from app.kit.database import together
from app.kit.transactions import Envelope
from app.scanning.meanings import ItemFacts
from app.scanning.queries import LookupKey, LookupRow, send_lookup
from app.shipping import problems
from app.shipping.state import Facts, Goods, LastCheck, State

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class LockedShipment:
    """The shipment's row is ours until the commit."""

    id: int
    number: str
    store_id: int
    order_id: int
    state: str
    step: dict[str, Any]
    shipped_at: datetime | None
    order_number: str
    order_state: str
    partial_policy: str
    time_zone: str
    role: str | None
    customer_id: int

    @property
    def flow_state(self) -> State:
        return msgspec.convert(self.step, State, strict=False)

    def require(self, capability: str) -> None:
        """Raises CapabilityMissing for who may not do it."""
        if self.role is None or not may(self.role, capability):
            raise CapabilityMissing(capability=capability)


@dataclass(frozen=True)
class _GoodsRow:
    order_line_id: int
    balance_id: int
    item: dict[str, Any]
    quantity: Decimal
    lot_id: int | None
    lot: str | None
    sscc: str | None
    checked: Decimal


@dataclass(frozen=True)
class _LastRow:
    item: dict[str, Any]
    quantity: Decimal
    lot_id: int | None


@dataclass(frozen=True)
class Loaded:
    """What a scan is stepped with, and what the scanned code means."""

    shipment: LockedShipment
    facts: Facts
    found: Sequence[LookupRow] = ()


def load(
    session: Session, shipment_id: int, envelope: Envelope, key: LookupKey | None = None
) -> Loaded:
    """A shipment that is being packed, with its goods, in one round trip.

    Raises:
        NoSuchShipment, NobodyPacks, CapabilityMissing, ShipmentClosed, OrderCancelledInPacking.
    """
    asked = {"shipment_id": shipment_id, "user_id": envelope.caller.user_id}
    with together(session) as trip:
        locked = trip.ask(LockedShipment, QUERIES["lock_shipment"], asked)
        goods = trip.ask(_GoodsRow, QUERIES["goods"], asked)
        last = trip.ask(_LastRow, QUERIES["last_check"], asked)
        found = send_lookup(trip, key) if key else None
    shipment = _permitted(locked.first())
    if shipment.state != "in_progress":
        raise problems.ShipmentClosed(number=shipment.number)
    if shipment.order_state == "cancelled":
        raise problems.OrderCancelledInPacking(number=shipment.order_number)
    lying = tuple(_goods(row) for row in goods.all())
    facts = Facts(shipment.order_number, lying, _last(last.first()))
    return Loaded(shipment, facts, found.all() if found else ())


def any_shipment(session: Session, shipment_id: int, envelope: Envelope) -> LockedShipment:
    """A shipment, whatever its state.

    Raises:
        NoSuchShipment, NobodyPacks, CapabilityMissing.
    """
    asked = {"shipment_id": shipment_id, "user_id": envelope.caller.user_id}
    return _permitted(sql.one(session, LockedShipment, QUERIES["lock_shipment"], asked))


def _permitted(found: LockedShipment | None) -> LockedShipment:
    if found is None:
        raise problems.NoSuchShipment
    if found.role is None:
        raise problems.NobodyPacks
    found.require("pack")
    return found


def _goods(row: _GoodsRow) -> Goods:
    return Goods(
        order_line_id=row.order_line_id,
        balance_id=row.balance_id,
        item=msgspec.convert(row.item, ItemFacts),
        quantity=row.quantity,
        checked=row.checked,
        lot_id=row.lot_id,
        lot=row.lot,
        sscc=row.sscc,
    )


def _last(row: _LastRow | None) -> LastCheck | None:
    if row is None:
        return None
    return LastCheck(msgspec.convert(row.item, ItemFacts), row.quantity, row.lot_id)
