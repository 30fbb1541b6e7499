"""Putting picked goods back: the last entry, or all that was taken for an order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carried, Carry, Released
from app.ledger.movements import Place
from app.orders import allocating, progress
from app.orders.allocating import LINE_KIND
from app.picking import problems, refusals
from app.picking.booking import AVAILABLE, PICKING
from app.picking.loading import QUERIES, LockedPick

UNDO, PUT_BACK = "undo", "put back"
PUTTING_BACK = "unpicking"


@dataclass(frozen=True)
class TakenLine:
    """An entry that stands."""

    id: int
    task_id: int
    order_line_id: int
    item_id: int
    quantity: Decimal
    from_location_id: int
    to_location_id: int
    move_id: int


def undo_last(session: Session, pick: LockedPick, envelope: Envelope) -> list[TakenLine]:
    """Take back the newest entry: the goods are on their shelf again, still promised.

    Raises:
        NothingToUndo, GoodsMoved, PickEnded: what a finished pick brought is put back by order.
    """
    if pick.state == "done":
        raise refusals.PickEnded(number=pick.number)
    lines = sql.rows(session, TakenLine, QUERIES["last_lines"], {"pick_id": pick.id})
    if not lines:
        raise problems.NothingToUndo
    freed = [
        released for line in lines for released in put_line_back(session, envelope, line, UNDO)
    ]
    _serve(session, pick, envelope, lines, freed)
    return lines


def put_order_back(
    session: Session,
    pick: LockedPick,
    envelope: Envelope,
    order_id: int,
    location_id: int | None = None,
) -> list[TakenLine]:
    """Put all that this pick took for an order back to its places, or to one location.

    The order leaves the pick; what it was promised on its shelves it keeps, if it still wants it.

    Raises:
        OrderNotHere, OrderPacked, GoodsMoved.
    """
    asked = {"pick_id": pick.id, "order_id": order_id}
    lines = sql.rows(session, TakenLine, QUERIES["lines_of_order"], asked)
    if not lines:
        raise refusals.OrderNotHere
    if sql.value(session, QUERIES["is_packed"], {"order_id": order_id}):
        raise refusals.OrderPacked
    freed = [
        released
        for line in lines
        for released in put_line_back(session, envelope, line, PUT_BACK, location_id)
    ]
    sql.execute(session, QUERIES["drop_order"], asked)
    _serve(session, pick, envelope, lines, freed)
    return lines


def put_line_back(
    session: Session,
    envelope: Envelope,
    line: TakenLine,
    reason: str,
    location_id: int | None = None,
) -> list[Released]:
    """Carry an entry's goods back; what its order no longer wants is released, and returned.

    Raises:
        GoodsMoved.
    """
    carried = _carried(session, envelope, line, reason, location_id or line.from_location_id)
    released = progress.note_put_back(
        session, line.order_line_id, line.quantity, carried.balance_id
    )
    state = "cancelled" if released else "open"
    sql.execute(session, QUERIES["undone_line"], {"line_id": line.id, "state": state})
    return released


@dataclass(frozen=True)
class _Staged:
    """Where the goods of an entry are now."""

    id: int
    location_id: int


def _carried(
    session: Session, envelope: Envelope, line: TakenLine, reason: str, location_id: int
) -> Carried:
    staged = sql.one(session, _Staged, QUERIES["staged_balance"], {"line_id": line.id})
    if staged is None:
        raise refusals.GoodsMoved
    is_mirror = (staged.location_id, location_id) == (line.to_location_id, line.from_location_id)
    back = Carry(
        line_kind=LINE_KIND,
        line_id=line.order_line_id,
        balance_id=staged.id,
        quantity=line.quantity,
        target=Place(location_id, AVAILABLE),
        biz_step=PICKING if is_mirror else PUTTING_BACK,
        reason=reason,
        reverses_id=line.move_id if is_mirror else None,
    )
    return allocations.carry(session, envelope, back)


def _serve(
    session: Session,
    pick: LockedPick,
    envelope: Envelope,
    lines: list[TakenLine],
    freed: list[Released],
) -> None:
    """Goods of a cancelled order are on the shelf again: whoever waits for them gets them."""
    if freed:
        items = sorted({line.item_id for line in lines})
        allocating.allocate_waiting(session, envelope, pick.store_id, items)
