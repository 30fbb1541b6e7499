"""Moving stock from place to place by scan, as it is: to fill a place that orders pick from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.quality import following, problems
from app.quality.stock import QUERIES, Aim, Lying, locked, part_of

STEP = "moving"
PLACES = ("storage", "dock")


@dataclass(frozen=True)
class MoveStock:
    """So much of a balance (as typed; empty means what is not promised) to another place."""

    store_id: int
    balance_id: int
    quantity: str
    to_location_id: int


@dataclass(frozen=True)
class StockMoved:
    move_id: int
    quantity: Decimal
    to_code: str


@dataclass(frozen=True)
class Target:
    """A place of the caller's stores; ``is_counted`` while it is locked by a count."""

    id: int
    code: str
    kind: str
    store_id: int
    is_active: bool
    is_counted: bool


def move_stock(session: Session, command: MoveStock, envelope: Envelope) -> StockMoved:
    """Lot, status and value stay; orders that wait for the item are served, if they pick there.

    Raises:
        StockGone, MoreThanThere, PlaceUnknown, PlaceUnfit, PlaceCounted; StockAllocated for what is
        promised to orders: they fetch it where it lies.
    """
    rows = locked(session, Aim(command.store_id), [command.balance_id])
    if not rows:
        raise problems.StockGone
    row = rows[0]
    target = _target(session, command.to_location_id, row)
    part = part_of(row, command.quantity or f"{row.free or row.on_hand:f}")
    movement = Movement(
        store_id=row.store_id,
        item_id=row.item_id,
        quantity=part.quantity,
        source=Place(row.location_id, row.status),
        target=Place(target.id, row.status),
        biz_step=STEP,
        lot_id=row.lot_id,
        logistic_unit_id=row.logistic_unit_id,
    )
    posted = post(session, envelope, [movement])[0]
    following.allocate_anew(session, envelope, [row])
    return StockMoved(posted.move_id, part.quantity, target.code)


def _target(session: Session, location_id: int, row: Lying) -> Target:
    target = place(session, location_id)
    source = place(session, row.location_id)
    if target.store_id != row.store_id or target.kind not in PLACES or not target.is_active:
        raise problems.PlaceUnfit(location=target.code)
    if target.id == row.location_id:
        raise problems.SamePlace(location=target.code)
    if source.kind not in PLACES:
        raise problems.PlaceUnfit(location=source.code)
    for counted in (source, target):
        if counted.is_counted:
            raise problems.PlaceCounted(location=counted.code)
    return target


def place(session: Session, location_id: int) -> Target:
    """Raises PlaceUnknown for one of another store."""
    found = sql.one(session, Target, QUERIES["target"], {"location_id": location_id})
    if found is None:
        raise problems.PlaceUnknown
    return found
