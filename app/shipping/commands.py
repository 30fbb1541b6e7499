"""Commands on a whole shipment: open, ship, cancel, take back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Issue, Promise
from app.ledger.posting import reverse
from app.orders import progress
from app.orders.commands import CloseOrderShort, close_order_short
from app.orders.problems import NoSuchSalesOrder, NotReleased
from app.shipping import problems
from app.shipping.checking import check
from app.shipping.loading import (
    QUERIES,
    LockedShipment,
    any_shipment,
    load,
)

LINE = "sales_order_line"
LONGEST = 200


@dataclass(frozen=True)
class OpenShipment:
    """Start packing what was picked for an order, or go on where it was left."""

    order_id: int


@dataclass(frozen=True)
class ShipmentOpened:
    shipment_id: int
    number: str
    is_new: bool


@dataclass(frozen=True)
class Ship:
    """What was checked leaves.

    ``rest`` of the order stays ``open``, or is given up (``short``) with a ``reason``.
    ``unchecked`` ships what was picked without scanning it again.
    """

    shipment_id: int
    carrier: str = ""
    tracking_number: str = ""
    rest: Literal["open", "short"] = "open"
    reason: str = ""
    unchecked: bool = False


@dataclass(frozen=True)
class CancelShipment:
    """Nothing of it leaves; the goods stay picked."""

    shipment_id: int


@dataclass(frozen=True)
class TakeBack:
    """What left comes back to where it waited, promised to its order again."""

    shipment_id: int
    reason: str


@dataclass(frozen=True)
class ShipmentChanged:
    shipment_id: int
    state: str
    order_state: str = ""


@dataclass(frozen=True)
class _Order:
    id: int
    store_id: int
    number: str
    state: str
    partial_policy: str
    role: str | None
    time_zone: str
    shipment_id: int | None


@dataclass(frozen=True)
class _Checked:
    id: int
    order_line_id: int
    balance_id: int
    quantity: Decimal


@dataclass(frozen=True)
class _Missing:
    id: int
    missing: Decimal
    item: str
    unit: str
    is_here: bool


@dataclass(frozen=True)
class _Shipped:
    id: int
    order_line_id: int
    balance_id: int
    quantity: Decimal
    move_id: int
    store_id: int


def start_shipment(session: Session, command: OpenShipment, envelope: Envelope) -> ShipmentOpened:
    """Of two people who open the same order at once, the second joins the first.

    Raises:
        NoSuchSalesOrder, NotReleased, NothingPicked, NobodyPacks, CapabilityMissing.
    """
    asked = {"order_id": command.order_id, "user_id": envelope.caller.user_id}
    order = sql.one(session, _Order, QUERIES["lock_order"], asked)
    if order is None:
        raise NoSuchSalesOrder
    _require_packer(order.role)
    if order.shipment_id is not None:
        found = any_shipment(session, order.shipment_id, envelope)
        return ShipmentOpened(found.id, found.number, is_new=False)
    if order.state not in ("confirmed", "in_progress"):
        raise NotReleased(number=order.number, state=order.state)
    if not sql.value(session, QUERIES["waiting"], asked):
        raise problems.NothingPicked(number=order.number)
    number = next_number(session, "SH", clock.today(order.time_zone))
    row = {
        "store_id": order.store_id,
        "number": number,
        "order_id": order.id,
        "user_id": envelope.caller.user_id,
    }
    shipment_id = int(sql.value(session, QUERIES["insert_shipment"], row))
    return ShipmentOpened(shipment_id, number, is_new=True)


def _require_packer(role: str | None) -> None:
    if role is None:
        raise problems.NobodyPacks
    if not may(role, "pack"):
        raise CapabilityMissing(capability="pack")


def ship(session: Session, command: Ship, envelope: Envelope) -> ShipmentChanged:
    """Everything that was checked leaves for the customer, with its cost, at once.

    Raises:
        NothingChecked, NotWhole; PromiseGone where goods were taken meanwhile; what
            ``close_order_short`` raises, where the rest is given up.
    """
    loaded = load(session, command.shipment_id, envelope)
    shipment = loaded.shipment
    shipment.require("ship")
    if command.unchecked:
        shipment.require("ship_unchecked")
        rest = [(goods, goods.open) for goods in loaded.facts.goods if goods.open > 0]
        check(session, shipment, rest, shipment.flow_state.carton_id, envelope)
    parts = sql.rows(session, _Checked, QUERIES["checked"], {"shipment_id": shipment.id})
    if not parts:
        raise problems.NothingChecked
    _send_off(session, shipment, parts, envelope)
    _settle_rest(session, shipment, command, envelope)
    _close(session, shipment, "done", envelope, command)
    progress.close_when_done(session, shipment.order_id)
    return ShipmentChanged(shipment.id, "done", _order_state(session, shipment))


def _send_off(
    session: Session, shipment: LockedShipment, parts: list[_Checked], envelope: Envelope
) -> None:
    """One move for each checked part, so that each carton knows what left in it."""
    issues = [
        Issue(LINE, part.order_line_id, part.balance_id, part.quantity, shipment.customer_id)
        for part in parts
    ]
    posted = allocations.issue_promised(session, envelope, issues)
    for part, move in zip(parts, posted, strict=True):
        sql.execute(session, QUERIES["left"], {"id": part.id, "move_id": move.move_id})
        progress.note_shipped(session, part.order_line_id, part.quantity)


def _settle_rest(
    session: Session, shipment: LockedShipment, command: Ship, envelope: Envelope
) -> None:
    """What has not left stays open or is given up, as far as the customer takes parts."""
    asked = {"shipment_id": shipment.id, "order_id": shipment.order_id}
    missing = sql.rows(session, _Missing, QUERIES["missing_lines"], asked)
    for line in missing:
        if command.rest == "open" and _must_be_whole(shipment.partial_policy, line):
            raise problems.NotWhole(
                number=shipment.order_number,
                item=line.item,
                missing=plain(line.missing),
                unit=line.unit,
                why=f"order_line_id={line.id}",
            )
    if command.rest == "short" and missing:
        close_order_short(session, CloseOrderShort(shipment.order_id, command.reason), envelope)


def _must_be_whole(policy: str, line: _Missing) -> bool:
    return policy == "whole_order" or (policy == "whole_lines" and line.is_here)


def _order_state(session: Session, shipment: LockedShipment) -> str:
    return str(sql.value(session, QUERIES["order_state"], {"order_id": shipment.order_id}))


def _close(
    session: Session,
    shipment: LockedShipment,
    state: str,
    envelope: Envelope,
    command: Ship | None = None,
) -> None:
    closed = {
        "shipment_id": shipment.id,
        "state": state,
        "carrier": command.carrier.strip()[:LONGEST] if command else "",
        "tracking_number": command.tracking_number.strip()[:LONGEST] if command else "",
        "shipped_at": envelope.occurred_at if command else None,
        "user_id": envelope.caller.user_id,
    }
    sql.execute(session, QUERIES["close_shipment"], closed)


def cancel_shipment(
    session: Session, command: CancelShipment, envelope: Envelope
) -> ShipmentChanged:
    shipment = any_shipment(session, command.shipment_id, envelope)
    if shipment.state != "in_progress":
        raise problems.ShipmentClosed(number=shipment.number)
    sql.execute(session, QUERIES["undo_all"], {"shipment_id": shipment.id})
    _close(session, shipment, "cancelled", envelope)
    return ShipmentChanged(shipment.id, "cancelled", shipment.order_state)


def take_back(session: Session, command: TakeBack, envelope: Envelope) -> ShipmentChanged:
    """The lorry did not go after all: every move reversed, the goods promised to their lines.

    Raises:
        ReasonWanted, ShippedLongAgo, NoSuchShipment, CapabilityMissing.
    """
    shipment = any_shipment(session, command.shipment_id, envelope)
    shipment.require("take_back_shipment")
    reason = command.reason.strip()[:LONGEST]
    if not reason:
        raise problems.ReasonWanted
    _refuse_long_ago(shipment)
    for line in sql.rows(session, _Shipped, QUERIES["shipped_lines"], {"shipment_id": shipment.id}):
        reverse(session, envelope, line.move_id, reason)
        again = Promise(LINE, line.order_line_id, line.store_id, line.balance_id, line.quantity)
        allocations.promise(session, [again])
        back = {"order_line_id": line.order_line_id, "quantity": line.quantity}
        sql.execute(session, QUERIES["line_taken_back"], back)
    _close(session, shipment, "cancelled", envelope)
    sql.execute(session, QUERIES["reopen_order"], {"order_id": shipment.order_id})
    return ShipmentChanged(shipment.id, "cancelled", _order_state(session, shipment))


def _refuse_long_ago(shipment: LockedShipment) -> None:
    if shipment.state != "done" or shipment.shipped_at is None:
        raise problems.ShipmentClosed(number=shipment.number)
    day = _day(shipment.shipped_at, shipment.time_zone)
    if day != clock.today(shipment.time_zone):
        raise problems.ShippedLongAgo(number=shipment.number, day=day.isoformat())


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
