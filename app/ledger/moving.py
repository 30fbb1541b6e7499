"""One move: its row, and what it does to value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.kit.trips import Answer
from app.ledger import costing, recosting
from app.ledger.balances import change_balances
from app.ledger.costing.stock import Piece
from app.ledger.movements import Movement, Posted
from app.ledger.pools import QUERIES as POOLS
from app.ledger.pools import Pool, locked, locked_by_id, locking, moment
from app.ledger.problems import QuantityNotPositive
from app.ledger.valuing import Valued, entry_of, held_by

QUERIES = sql.Queries.beside(__file__)


def move_by(
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
    answer = _sent(session, envelope, movement)
    move_id, from_others, to_others = only(answer)
    return Posted(move_id, ZERO if from_others or to_others else value(move_id))


def insert(session: Session, envelope: Envelope, movement: Movement) -> Callable[[], Posted]:
    """Send the move, and when its answer is there the value that crossed with it."""
    answer = _sent(session, envelope, movement)
    crosses = movement.enters or movement.leaves
    pool = locking(session, movement) if crosses else partial(locked, session, movement)

    def finish() -> Posted:
        move_id, from_others, to_others = only(answer)
        owned_before = not (movement.enters or from_others)
        owned_after = not (movement.leaves or to_others)
        amount = ZERO
        if owned_before and not owned_after:
            amount = value_out(session, envelope, move_id, movement, pool=pool())
        elif owned_after and not owned_before:
            amount = value_in(session, envelope, move_id, movement, pool=pool())
        return Posted(move_id, amount)

    return finish


MoveRow = tuple[int, bool, bool]
"""A move's number, and whether goods of others lie where it begins and where it ends."""


def _sent(session: Session, envelope: Envelope, movement: Movement) -> Answer[MoveRow]:
    return sql.send(session, MoveRow, QUERIES["insert_move"], move_values(envelope, movement))


def only(answer: Answer[MoveRow]) -> MoveRow:
    """The move's row."""
    row = answer.first()
    assert row is not None, "an insert without its row"
    return row


def move_values(envelope: Envelope, movement: Movement) -> dict[str, Any]:
    """The row of a move, for its statements."""
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


def value_out(
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    first: int | None = None,
    pool: Pool | None = None,
) -> Decimal:
    """Book what a move takes out of its cost pool; the amount, negative.

    ``first``: the layer of this receipt gives before all others.  ``pool``: where it is locked.
    """
    pool = pool or locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.moved_at, amends=amends)
    if pool.queued or movement.quantity > pool.quantity:
        valued = Valued(session, envelope, pool, when)
        if first is not None:
            valued.load_layers([first])
        valued.load_front(movement.quantity)
        pieces = valued.stock.take(move_id, movement.quantity, valued.rank, first)
        amount = valued.write(pieces, entry_of(movement, move_id, when.at))
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
    pool: Pool | None = None,
) -> Decimal:
    """Book what a move brings into its cost pool; the amount.

    Without a price what is found is worth what the others are.  ``layer``: goods belong to the
    layer of this receipt.  ``pool``: where it is locked.
    """
    pool = pool or locked(session, movement)
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
    amount = valued.write(pieces, entry)
    if when.is_late:
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def value_back(
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    issue_id: int,
    pool_id: int | None = None,
) -> Decimal:
    """Book goods that come back from the issue to the pool that they left; the amount."""
    pool = locked_by_id(session, pool_id) if pool_id else locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.issued_at, amends=amends)
    valued = Valued(session, envelope, pool, when)
    pieces = put_back(valued, move_id, issue_id, movement.quantity)
    amount = valued.write(pieces, entry_of(movement, move_id, when.at))
    if when.is_late:
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return amount


def take_receipt_back(  # noqa: PLR0913 - the entry's own facts
    session: Session,
    envelope: Envelope,
    move_id: int,
    movement: Movement,
    receipt_id: int,
    amount: Decimal,
    pool_id: int | None = None,
) -> Decimal:
    """Book goods of a receipt that leave again at its own ``amount``, as far as the pool can give
    it; what left, negative.
    """
    pool = locked_by_id(session, pool_id) if pool_id else locked(session, movement)
    amends = movement.amends_id is not None
    when = moment(envelope.occurred_at, pool.moved_at, pool.moved_at, amends=amends)
    valued = Valued(session, envelope, pool, when)
    valued.load_layers([receipt_id])
    valued.load_front(movement.quantity)
    pieces = valued.stock.take_amount(move_id, movement.quantity, amount, valued.rank, receipt_id)
    taken = valued.write(pieces, entry_of(movement, move_id, when.at))
    if when.is_late:
        recosting.refuse_short(session, pool, movement, when.at)
        recosting.late(session, envelope, pool.id, when.at, move_id)
    return taken


def put_back(valued: Valued, move_id: int, issue_id: int, quantity: Decimal) -> list[Piece]:
    """Goods of an issue come back to where it took them, last taken first."""
    held = [one for one in held_by(valued.session, issue_id) if one.pool_id == valued.pool.id]
    taken = [Piece(issue_id, one.layer, one.quantity, one.amount) for one in held]
    valued.load_debts()
    valued.load_layers([one.layer for one in held if one.layer])
    return valued.stock.put_back(move_id, taken, quantity, valued.rank)
