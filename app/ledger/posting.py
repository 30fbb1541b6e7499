"""Posting: the only code that writes moves, balances and value.

A movement goes between two places.  A real place has a status and a balance; a virtual one
(supplier, customer, production, adjustment, in_transit) has neither.  Crossing from virtual to
real or back changes value; anything else does not.

Locks are taken in one order whatever the caller's: balances by key, then cost pools by key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel import Session

from app.kit import sql
from app.kit.database import driver, together
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.ledger import costing
from app.ledger.balances import change_balances
from app.ledger.movements import Movement, Place, Posted
from app.ledger.problems import (
    CameBack,
    MoveNotFound,
    QuantityNotPositive,
    ReversalNotReversible,
)

QUERIES = sql.Queries.beside(__file__)


def post(session: Session, envelope: Envelope, movements: Sequence[Movement]) -> list[Posted]:
    """Post the movements together: stock, value and facts, in the caller's transaction.

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated: nothing is left behind, because
            the caller's transaction rolls back.
    """
    if any(movement.quantity <= 0 for movement in movements):
        raise QuantityNotPositive
    if len(movements) == 1 and _enters_priced(movements[0]):
        return [_enter(session, envelope, movements[0], alone=True)()]
    with together(session):
        change_balances(session, movements)
        lock_pools(session, movements)
        in_order = sorted(movements, key=_pool_order)
        posted = [(id(movement), _post_one(session, envelope, movement)) for movement in in_order]
    answers = {key: finish() for key, finish in posted}
    return [answers[id(movement)] for movement in movements]


def reverse(session: Session, envelope: Envelope, move_id: int, reason: str) -> Posted:
    """Take a move back by its mirror image, at the value it had.

    Raises:
        MoveNotFound, ReversalNotReversible, AlreadyReversed, CameBack, InsufficientOnHand,
            StockAllocated.
    """
    original = _original(session, move_id)
    if original.to_status is None and sql.value(
        session, QUERIES["came_back"], {"move_id": move_id}
    ):
        raise CameBack
    entries = sql.rows(session, _MoveValue, QUERIES["entries_of_move"], {"move_id": move_id})
    mirror = original.mirror(reason)
    change_balances(session, [mirror])
    values = _move_values(envelope, mirror)
    reversal_id = int(sql.value(session, QUERIES["insert_move"], values))
    taken = [_reverse_value(session, envelope, reversal_id, mirror, entry) for entry in entries]
    return Posted(reversal_id, sum(taken, ZERO))


# Moves ------------------------------------------------------------------------------------------


def _post_one(session: Session, envelope: Envelope, movement: Movement) -> Callable[[], Posted]:
    """Send the statements of one move; the answer is read when the pipeline is through."""
    if movement.enters and not movement.leaves:
        return _enter(session, envelope, movement)
    values = _move_values(envelope, movement)
    if movement.leaves and not movement.enters:
        move_id = int(sql.value(session, QUERIES["insert_move"], values))
        posted = Posted(move_id, value_out(session, envelope, move_id, movement))
        return lambda: posted
    cursor = driver(session).execute(QUERIES["insert_move"], values)
    return lambda: Posted(_only(cursor), ZERO)


def _enters_priced(movement: Movement) -> bool:
    return movement.enters and not movement.leaves and movement.amount is not None


def _enter(
    session: Session, envelope: Envelope, movement: Movement, *, alone: bool = False
) -> Callable[[], Posted]:
    """``alone``: the balance is changed by the same statement."""
    amount = movement.amount
    if amount is None:
        amount = _amount_at_average(session, movement)
    unit_cost = rounded(amount / movement.quantity, costing.UNIT_COST_DECIMALS)
    values = _move_values(envelope, movement)
    values |= {"amount": amount, "unit_cost": unit_cost, "kind": movement.kind}
    values |= {"move_id": movement.move_id, "alone": alone, "cause_id": movement.cause_id}
    cursor = driver(session).execute(QUERIES["enter"], values)
    if movement.move_id is not None:
        posted = Posted(movement.move_id, amount)
        return lambda: posted
    return lambda: Posted(_only(cursor), amount)


def _only(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None, "an insert without its row"
    return int(row[0])


def _move_values(envelope: Envelope, movement: Movement) -> dict[str, Any]:
    return {
        "store_id": movement.store_id,
        "item_id": movement.item_id,
        "lot_id": movement.lot_id,
        "logistic_unit_id": movement.logistic_unit_id,
        "from_location_id": movement.source.location_id,
        "from_status": movement.source.status,
        "to_location_id": movement.target.location_id,
        "to_status": movement.target.status,
        "quantity": movement.quantity,
        "biz_step": movement.biz_step,
        "line_kind": movement.line_kind,
        "line_id": movement.line_id,
        "reason": movement.reason,
        "command_id": envelope.command_id,
        "occurred_at": envelope.occurred_at,
        "reverses_id": movement.reverses_id,
    }


@dataclass(frozen=True)
class _Move:
    id: int
    store_id: int
    item_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    from_location_id: int
    from_status: str | None
    to_location_id: int
    to_status: str | None
    quantity: Decimal
    biz_step: str
    line_kind: str | None
    line_id: int | None
    reverses_id: int | None

    def mirror(self, reason: str) -> Movement:
        return Movement(
            store_id=self.store_id,
            item_id=self.item_id,
            quantity=self.quantity,
            source=Place(self.to_location_id, self.to_status),
            target=Place(self.from_location_id, self.from_status),
            biz_step=self.biz_step,
            lot_id=self.lot_id,
            logistic_unit_id=self.logistic_unit_id,
            line_kind=self.line_kind,
            line_id=self.line_id,
            reason=reason,
            reverses_id=self.id,
        )


def _original(session: Session, move_id: int) -> _Move:
    found = sql.one(session, _Move, QUERIES["move"], {"move_id": move_id})
    if found is None:
        raise MoveNotFound
    if found.reverses_id is not None:
        raise ReversalNotReversible
    return found


# Value ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _LockedPool:
    id: int
    quantity: Decimal
    value: Decimal
    decimals: int

    @property
    def pool(self) -> costing.Pool:
        return costing.Pool(self.quantity, self.value)


@dataclass(frozen=True)
class _MoveValue:
    pool_id: int
    quantity: Decimal
    amount: Decimal
    kind: str
    cause_id: int


def lock_pools(session: Session, movements: Sequence[Movement]) -> None:
    """Where several pools are touched and one is read first, lock them all in key order."""
    if len(movements) > 1 and any(movement.leaves for movement in movements):
        for movement in sorted(movements, key=_pool_order):
            sql.execute(session, QUERIES["lock_pool"], _pool_key(movement))


def _pool_order(movement: Movement) -> tuple[int, int, int]:
    return (movement.item_id, movement.store_id, movement.lot_id or 0)


def value_out(session: Session, envelope: Envelope, move_id: int, movement: Movement) -> Decimal:
    """Book what a move takes out of its cost pool; the amount, negative."""
    locked = sql.one(session, _LockedPool, QUERIES["lock_pool"], _pool_key(movement))
    assert locked is not None, "stock on hand without a cost pool"
    after, amount = costing.take_out(locked.pool, movement.quantity, locked.decimals)
    entry = _entry_values(envelope, move_id, movement, -movement.quantity, -amount)
    _write_pool(session, locked.id, after, entry)
    return -amount


def _amount_at_average(session: Session, movement: Movement) -> Decimal:
    """What comes in without a price is worth what the others are worth (count gains)."""
    locked = sql.one(session, _LockedPool, QUERIES["lock_pool"], _pool_key(movement))
    if locked is None or not locked.quantity:
        return ZERO
    return rounded(locked.value * movement.quantity / locked.quantity, locked.decimals)


def _reverse_value(
    session: Session, envelope: Envelope, move_id: int, mirror: Movement, entry: _MoveValue
) -> Decimal:
    """Give a pool back what the move did to it; what it cannot give is booked as a correction."""
    locked = sql.one(session, _LockedPool, QUERIES["lock_pool_by_id"], {"pool_id": entry.pool_id})
    assert locked is not None, "a cost entry without its pool"
    if entry.quantity < 0:
        after, amount = costing.put_in(locked.pool, -entry.quantity, -entry.amount), entry.amount
    else:
        after, amount = costing.take_back(locked.pool, entry.quantity, entry.amount)
    values = _entry_values(envelope, move_id, mirror, -entry.quantity, -amount)
    values |= {"kind": entry.kind, "cause_id": entry.cause_id}
    _write_pool(session, locked.id, after, values)
    if amount != entry.amount:
        residue = {"pool_id": None, "quantity": ZERO, "kind": "correction"}
        residue["amount"] = amount - entry.amount
        sql.execute(session, QUERIES["insert_entry"], values | residue)
    return -amount


def _write_pool(session: Session, pool_id: int, after: costing.Pool, entry: dict[str, Any]) -> None:
    state = {"pool_id": pool_id, "quantity": after.quantity, "value": after.value}
    sql.execute(session, QUERIES["set_pool"], state)
    sql.execute(session, QUERIES["insert_entry"], entry | {"pool_id": pool_id})


def _pool_key(movement: Movement) -> dict[str, Any]:
    return {
        "store_id": movement.store_id,
        "item_id": movement.item_id,
        "lot_id": movement.lot_id,
    }


def _entry_values(
    envelope: Envelope, move_id: int, movement: Movement, quantity: Decimal, amount: Decimal
) -> dict[str, Any]:
    return {
        "store_id": movement.store_id,
        "move_id": move_id,
        "quantity": quantity,
        "amount": amount,
        "kind": movement.kind,
        "cause_id": None,
        "command_id": envelope.command_id,
        "occurred_at": envelope.occurred_at,
    }
