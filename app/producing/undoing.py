"""Taking completions back: every move reversed, at the value that it had."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Promise
from app.ledger.posting import reverse
from app.producing import problems
from app.producing.completing import CLOSING
from app.producing.loading import LINE_KIND, ORDERS, LockedOrder, any_order
from app.producing.planning import OrderChanged
from app.producing.working import note_progress

LONGEST = 200


@dataclass(frozen=True)
class UndoCompletion:
    """Without a ``completion_id`` the newest one."""

    order_id: int
    reason: str
    completion_id: int | None = None


@dataclass(frozen=True)
class _Completion:
    id: int
    kind: str
    quantity: Decimal
    is_abnormal: bool
    amount: Decimal
    source: str


@dataclass(frozen=True)
class _Moved:
    id: int
    line_id: int | None
    kind: str
    item_id: int
    lot_id: int | None
    location_id: int
    balance_id: int | None
    quantity: Decimal
    was_promised: bool
    move_id: int


def undo_completion(session: Session, command: UndoCompletion, envelope: Envelope) -> OrderChanged:
    """What was made leaves again, what was used lies where it lay, promised if it was.

    Raises:
        NoSuchProductionOrder, UndoReasonWanted, NothingToUndo, CompletionGone; InsufficientOnHand
        or StockAllocated where what was made is gone or promised; what the ledger refuses.
    """
    order = any_order(session, command.order_id, envelope)
    order.require("undo_production")
    reason = " ".join(command.reason.split())[:LONGEST]
    if not reason:
        raise problems.UndoReasonWanted
    if order.state == "cancelled":
        raise problems.ProductionOrderClosed(number=order.number)
    completion = _completion(session, order, command.completion_id)
    asked = {"completion_id": completion.id}
    for moved in sql.rows(session, _Moved, ORDERS["moves_of_completion"], asked):
        _put_back(session, envelope, order, moved, reason)
    sql.execute(session, ORDERS["undo_moves"], asked)
    row = asked | {"user_id": envelope.caller.user_id, "reason": reason}
    sql.execute(session, ORDERS["undo_completion"], row)
    after = _without(order, completion)
    note_progress(session, after, envelope)
    return OrderChanged(order.id, order.number, after.state)


def _completion(session: Session, order: LockedOrder, asked: int | None) -> _Completion:
    own = {"order_id": order.id}
    wanted = asked or sql.value(session, ORDERS["newest_completion"], own)
    if wanted is None:
        raise problems.NothingToUndo
    found = sql.one(session, _Completion, ORDERS["completion"], own | {"completion_id": wanted})
    if found is None:
        raise problems.CompletionGone
    return found


def _put_back(
    session: Session, envelope: Envelope, order: LockedOrder, moved: _Moved, reason: str
) -> None:
    reverse(session, envelope, moved.move_id, reason)
    if moved.line_id is None:
        return
    again = moved.was_promised and order.state == "in_progress"
    if again and moved.balance_id is not None:
        promise = Promise(
            LINE_KIND, moved.line_id, order.store_id, moved.balance_id, moved.quantity
        )
        allocations.promise(session, [promise])
    unused = {"line_id": moved.line_id, "quantity": moved.quantity}
    unused["from_stock"] = ZERO if again else moved.quantity
    sql.execute(session, ORDERS["unused"], unused)


def _without(order: LockedOrder, completion: _Completion) -> LockedOrder:
    """A disassembly that was taken back has not happened; another order goes on."""
    if order.kind == "disassembly":
        return replace(order, completed=ZERO, state="cancelled")
    if completion.source == CLOSING:
        return replace(order, state="in_progress")
    if completion.kind == "scrap":
        scrapped = max(order.scrapped - completion.quantity, ZERO)
        return replace(order, scrapped=scrapped, state="in_progress")
    completed = order.completed - completion.quantity
    return replace(order, completed=completed, state="in_progress")
