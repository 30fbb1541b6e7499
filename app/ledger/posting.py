"""Posting: the only code that writes moves, balances and value.

A movement goes between two places.  A real place has a status and a balance; a virtual one
(supplier, customer, production, adjustment, in_transit) has neither.  Crossing from virtual to
real or back changes value, and so does crossing to or from a place that holds goods of others;
anything else does not.

Locks are taken in one order whatever the caller's: balances by key, then cost pools by key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel import Session

from app.kit import sql
from app.kit.database import driver, together
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import costing, recosting
from app.ledger.balances import change_balances
from app.ledger.books import write
from app.ledger.costing.stock import Piece, each
from app.ledger.movements import Movement, Place, Posted
from app.ledger.pools import (
    QUERIES as POOLS,
)
from app.ledger.pools import (
    Pool,
    lock_pools,
    locked,
    locked_by_id,
    moment,
    past,
    pool_order,
)
from app.ledger.problems import (
    CameBack,
    MoveNotFound,
    QuantityNotPositive,
    ReversalNotReversible,
)
from app.ledger.valuing import Valued, entry_of, held_by

QUERIES = sql.Queries.beside(__file__)


def post(session: Session, envelope: Envelope, movements: Sequence[Movement]) -> list[Posted]:
    """Post the movements together: stock, value and facts, in the caller's transaction.

    A lone priced receipt with a ``move_id`` is not waited for: give one only where items of the
    company need nothing else (no layers, no debts, no goods of others).

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated, PeriodClosed: nothing is left
            behind, because the caller's transaction rolls back.
        InsufficientThen: there is enough now, but not at a moment between then and now.
    """
    if any(movement.quantity <= 0 for movement in movements):
        raise QuantityNotPositive
    if len(movements) == 1 and _enters_priced(movements[0]):
        found = _enter(session, envelope, movements[0], alone=True)()
        if found is not None:
            return [found]
    with together(session):
        change_balances(session, movements)
        lock_pools(session, movements)
        in_order = sorted(movements, key=pool_order)
        posted = [(id(movement), _post_one(session, envelope, movement)) for movement in in_order]
    answers = {key: finish() for key, finish in posted}
    return [answers[id(movement)] for movement in movements]


def reverse(session: Session, envelope: Envelope, move_id: int, reason: str) -> Posted:
    """Take a move back by its mirror image, at the value it had.

    Raises:
        MoveNotFound, ReversalNotReversible, AlreadyReversed, CameBack, InsufficientOnHand,
            StockAllocated, PeriodClosed.
    """
    original = stored_move(session, move_id)
    if original.reverses_id is not None:
        raise ReversalNotReversible
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
    if _enters_priced(movement):
        sent = _enter(session, envelope, movement)
        return lambda: sent() or _insert(session, envelope, movement)()
    finish = _insert(session, envelope, movement)
    if movement.leaves or movement.enters:
        posted = finish()
        return lambda: posted
    return finish


def post_by(
    session: Session,
    envelope: Envelope,
    movement: Movement,
    value: Callable[[int], Decimal],
) -> Posted:
    """Post one movement whose value is booked by ``value(move_id)``, which answers its amount.

    Goods of others cross without value.

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated, PeriodClosed.
    """
    if movement.quantity <= 0:
        raise QuantityNotPositive
    change_balances(session, [movement])
    cursor = driver(session).execute(QUERIES["insert_move"], _move_values(envelope, movement))
    move_id, from_others, to_others = _only(cursor)
    return Posted(move_id, ZERO if from_others or to_others else value(move_id))


def _insert(session: Session, envelope: Envelope, movement: Movement) -> Callable[[], Posted]:
    """The move, and when its answer is there the value that crossed with it."""
    cursor = driver(session).execute(QUERIES["insert_move"], _move_values(envelope, movement))

    def finish() -> Posted:
        move_id, from_others, to_others = _only(cursor)
        owned_before = not (movement.enters or from_others)
        owned_after = not (movement.leaves or to_others)
        amount = ZERO
        if owned_before and not owned_after:
            amount = value_out(session, envelope, move_id, movement)
        elif owned_after and not owned_before:
            amount = value_in(session, envelope, move_id, movement)
        return Posted(move_id, amount)

    return finish


def _enters_priced(movement: Movement) -> bool:
    return movement.enters and not movement.leaves and movement.amount is not None


def _enter(
    session: Session, envelope: Envelope, movement: Movement, *, alone: bool = False
) -> Callable[[], Posted | None]:
    """``alone``: the balance is changed by the same statement.  None where it takes more."""
    amount = movement.amount
    assert amount is not None, "a receipt without its price"
    values = _move_values(envelope, movement)
    values |= {"amount": amount, "unit_cost": each(amount, movement.quantity)}
    values |= {"move_id": movement.move_id, "alone": alone, "cause_id": movement.cause_id}
    values |= {"kind": movement.kind, "at": past(envelope.occurred_at)}
    cursor = driver(session).execute(QUERIES["enter"], values)
    if movement.move_id is not None:
        posted = Posted(movement.move_id, amount)
        return lambda: posted

    def finish() -> Posted | None:
        row = cursor.fetchone()
        if row is not None and row[1] is not None:
            recosting.settle(session, envelope, int(row[1]))
        return None if row is None else Posted(int(row[0]), amount)

    return finish


def _only(cursor: psycopg.Cursor[Any]) -> tuple[int, bool, bool]:
    row = cursor.fetchone()
    assert row is not None, "an insert without its row"
    return int(row[0]), bool(row[1]), bool(row[2])


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
        "amends_id": movement.amends_id,
    }


@dataclass(frozen=True)
class StoredMove:
    """A move as it was posted."""

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
    amends_id: int | None
    occurred_at: datetime

    def again(self, reason: str) -> Movement:
        """The same way once more."""
        return Movement(
            store_id=self.store_id,
            item_id=self.item_id,
            quantity=self.quantity,
            source=Place(self.from_location_id, self.from_status),
            target=Place(self.to_location_id, self.to_status),
            biz_step=self.biz_step,
            lot_id=self.lot_id,
            logistic_unit_id=self.logistic_unit_id,
            line_kind=self.line_kind,
            line_id=self.line_id,
            reason=reason,
        )

    def back(self, reason: str) -> Movement:
        """The same way back."""
        there = self.again(reason)
        return replace(there, source=there.target, target=there.source)

    def mirror(self, reason: str) -> Movement:
        return replace(self.back(reason), reverses_id=self.id)


def stored_move(session: Session, move_id: int) -> StoredMove:
    """The move with this number.

    Raises:
        MoveNotFound: there is none that the caller may see.
    """
    found = sql.one(session, StoredMove, QUERIES["move"], {"move_id": move_id})
    if found is None:
        raise MoveNotFound
    return found


# Value ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _MoveValue:
    pool_id: int
    quantity: Decimal
    amount: Decimal
    kind: str
    cause_id: int


def value_out(
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    first: int | None = None,
) -> Decimal:
    """Book what a move takes out of its cost pool; the amount, negative.

    ``first``: the layer of this receipt gives before all others.
    """
    pool = locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.moved_at, amends=amends)
    if pool.queued or movement.quantity > pool.quantity:
        valued = Valued(session, envelope, pool, when)
        if first is not None:
            valued.load_layers([first])
        valued.load_front(movement.quantity)
        pieces = valued.stock.take(move_id, movement.quantity, valued.rank, first)
        _ids, amount = valued.write(pieces, entry_of(movement, move_id, when.at))
    else:
        amount = _out_at_average(session, envelope, move_id, movement, pool, when.at)
    if when.is_late:
        recosting.refuse_short(session, pool, movement, when.at)
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def _out_at_average(
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    pool: Pool,
    at: datetime,
) -> Decimal:
    before = costing.Pool(pool.quantity, pool.value)
    _after, amount = costing.take_out(before, movement.quantity, pool.decimals)
    values = {
        "store_id": movement.store_id,
        "move_id": move_id,
        "pool_id": pool.id,
        "quantity": -movement.quantity,
        "amount": -amount,
        "kind": movement.kind,
        "cause_id": movement.cause_id,
        "command_id": envelope.command_id,
        "at": at,
        "unit_cost": pool.last_cost,
    }
    sql.execute(session, POOLS["issue_at_average"], values)
    return -amount


def value_in(
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    layer: int | None = None,
) -> Decimal:
    """Book what a move brings into its cost pool; the amount.

    Without a price what is found is worth what the others are.  ``layer``: goods belong to the
    layer of this receipt.
    """
    pool = locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.issued_at, amends=amends)
    valued = Valued(session, envelope, pool, when)
    valued.load_debts()
    if layer is not None:
        valued.load_layers([layer])
    entry = entry_of(movement, move_id, when.at)
    if movement.amount is None:
        cost = pool.average if movement.unit_cost is None else movement.unit_cost
        entry = replace(entry, priced=movement.unit_cost is not None)
        pieces = valued.stock.gain(move_id, movement.quantity, cost, valued.rank)
    else:
        amount = movement.amount
        pieces = valued.stock.put(move_id, movement.quantity, amount, valued.rank, layer)
    _ids, amount = valued.write(pieces, entry)
    if when.is_late:
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def value_back(
    session: Session, envelope: Envelope, move_id: int, movement: Movement, issue_id: int
) -> Decimal:
    """Book goods that come back from the issue to the pool that they left; the amount."""
    pool = locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.issued_at, amends=amends)
    valued = Valued(session, envelope, pool, when)
    pieces = put_back(valued, move_id, issue_id, movement.quantity)
    _ids, amount = valued.write(pieces, entry_of(movement, move_id, when.at))
    if when.is_late:
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def _reverse_value(
    session: Session, envelope: Envelope, move_id: int, mirror: Movement, entry: _MoveValue
) -> Decimal:
    """Give a pool back what the move did to it; what it cannot give is booked as a correction."""
    pool = locked_by_id(session, entry.pool_id)
    when = moment(envelope.occurred_at, pool.moved_at, pool.moved_at)
    valued = Valued(session, envelope, pool, when)
    original = mirror.reverses_id or 0
    if entry.quantity < 0:
        pieces = put_back(valued, move_id, original, -entry.quantity)
    else:
        valued.load_layers([original])
        valued.load_front(entry.quantity)
        pieces = valued.stock.take_amount(
            move_id, entry.quantity, entry.amount, valued.rank, original
        )
    own = replace(entry_of(mirror, move_id, when.at), kind=entry.kind, cause_id=entry.cause_id)
    _ids, amount = valued.write(pieces, own)
    residue = -amount - entry.amount
    if residue and entry.quantity > 0:
        rest = replace(own, kind="correction", amount=residue, cause_id=None)
        write(session, envelope, [rest])
    if when.is_late:
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def put_back(valued: Valued, move_id: int, issue_id: int, quantity: Decimal) -> list[Piece]:
    """Goods of an issue come back to where it took them, last taken first."""
    held = [one for one in held_by(valued.session, issue_id) if one.pool_id == valued.pool.id]
    taken = [Piece(issue_id, one.layer, one.quantity, one.amount) for one in held]
    valued.load_debts()
    valued.load_layers([one.layer for one in held if one.layer])
    return valued.stock.put_back(move_id, taken, quantity, valued.rank)
