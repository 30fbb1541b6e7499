"""Reading what packing needs, locked: the shipment, the goods that wait, what was checked last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.kit import sql
from app.kit.transactions import Envelope
from app.scanning.meanings import ItemFacts
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


def open_shipment(session: Session, shipment_id: int, envelope: Envelope) -> LockedShipment:
    """A shipment that is being packed.

    Raises:
        NoSuchShipment, NobodyPacks, CapabilityMissing, ShipmentClosed, OrderCancelledInPacking.
    """
    found = any_shipment(session, shipment_id, envelope)
    if found.state != "in_progress":
        raise problems.ShipmentClosed(number=found.number)
    if found.order_state == "cancelled":
        raise problems.OrderCancelledInPacking(number=found.order_number)
    return found


def any_shipment(session: Session, shipment_id: int, envelope: Envelope) -> LockedShipment:
    """As ``open_shipment``, whatever its state."""
    asked = {"shipment_id": shipment_id, "user_id": envelope.caller.user_id}
    found = sql.one(session, LockedShipment, QUERIES["lock_shipment"], asked)
    if found is None:
        raise problems.NoSuchShipment
    if found.role is None:
        raise problems.NobodyPacks
    found.require("pack")
    return found


def facts_of(session: Session, shipment: LockedShipment) -> Facts:
    """The goods and the last check, as the flow is stepped with them."""
    asked = {"shipment_id": shipment.id, "order_id": shipment.order_id}
    goods = sql.rows(session, _GoodsRow, QUERIES["goods"], asked)
    last = sql.one(session, _LastRow, QUERIES["last_check"], asked)
    return Facts(shipment.order_number, tuple(_goods(row) for row in goods), _last(last))


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
