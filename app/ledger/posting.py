"""Posting: the only code that writes moves, balances and value.

A movement goes between two places.  A real place has a status and a balance; a virtual one
(supplier, customer, production, adjustment, in_transit) has neither.  Crossing from virtual to
real or back changes value, and so does crossing to or from a place that holds goods of others;
anything else does not.

Locks are taken in one order whatever the caller's: balances by key, then cost pools by key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby, zip_longest

from sqlmodel import Session

from app.kit import sql
from app.kit.database import together
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import recosting
from app.ledger.balances import change_balances
from app.ledger.books import write
from app.ledger.costing.stock import each
from app.ledger.counts import keep_counted
from app.ledger.movements import Movement, Place, Posted
from app.ledger.moving import (
    insert,
    move_by,
    move_values,
    take_receipt_back,
    value_back,
)
from app.ledger.pools import lock_pools, past, pool_order, reads_pool
from app.ledger.problems import (
    CameBack,
    MoveNotFound,
    QuantityNotPositive,
    ReversalNotReversible,
)
from app.ledger.valuing import entry_of

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
            keep_counted(session, envelope, movements[0])
            return [found]
    with together(session):
        change_balances(session, movements)
        in_order = sorted(movements, key=pool_order)
        # Moves of a wave share no pool; where those are not locked yet, each waits its turn.
        waves = _waves(in_order) if lock_pools(session, movements) else ([one] for one in in_order)
        posted = [sent for wave in waves for sent in _post_wave(session, envelope, wave)]
    answers = {key: finish() for key, finish in posted}
    for movement in movements:
        keep_counted(session, envelope, movement)
    return [answers[id(movement)] for movement in movements]


def post_by(
    session: Session,
    envelope: Envelope,
    movement: Movement,
    value: Callable[[int], Decimal],
) -> Posted:
    """Post one movement whose value is booked by ``value(move_id)``, which answers its amount.

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated, PeriodClosed.
    """
    posted = move_by(session, envelope, movement, value)
    keep_counted(session, envelope, movement)
    return posted


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
    values = move_values(envelope, mirror)
    reversal_id = int(sql.value(session, QUERIES["insert_move"], values))
    taken = [_reverse_value(session, envelope, reversal_id, mirror, entry) for entry in entries]
    return Posted(reversal_id, sum(taken, ZERO))


# Moves ------------------------------------------------------------------------------------------


def _waves(in_order: Sequence[Movement]) -> Iterator[list[Movement]]:
    """The first move of each item, the second of each, and so on."""
    of_items = [list(some) for _, some in groupby(in_order, key=lambda one: one.item_id)]
    for wave in zip_longest(*of_items):
        yield [movement for movement in wave if movement is not None]


def _post_wave(
    session: Session, envelope: Envelope, wave: Sequence[Movement]
) -> list[tuple[int, Callable[[], Posted]]]:
    """Send the statements of the moves, then of their value; each with its ``id``."""
    sent = [(movement, _send(session, envelope, movement)) for movement in wave]
    return [(id(movement), _valued(movement, finish)) for movement, finish in sent]


def _send(session: Session, envelope: Envelope, movement: Movement) -> Callable[[], Posted]:
    """Send the statements of one move; the answer is read when they have travelled."""
    if _enters_priced(movement):
        sent = _enter(session, envelope, movement)
        return lambda: sent() or insert(session, envelope, movement)()
    return insert(session, envelope, movement)


def _valued(movement: Movement, finish: Callable[[], Posted]) -> Callable[[], Posted]:
    """Value that is read first is booked before the next move of the item."""
    if not reads_pool(movement):
        return finish
    posted = finish()
    return lambda: posted


def _enters_priced(movement: Movement) -> bool:
    return movement.enters and not reads_pool(movement)


def _enter(
    session: Session, envelope: Envelope, movement: Movement, *, alone: bool = False
) -> Callable[[], Posted | None]:
    """``alone``: the balance is changed by the same statement.  None where it takes more."""
    amount = movement.amount
    assert amount is not None, "a receipt without its price"
    values = move_values(envelope, movement)
    values |= {"amount": amount, "unit_cost": each(amount, movement.quantity)}
    values |= {"move_id": movement.move_id, "alone": alone, "cause_id": movement.cause_id}
    values |= {"kind": movement.kind, "at": past(envelope.occurred_at)}
    answer = sql.send(session, tuple[int, int | None], QUERIES["enter"], values)
    if movement.move_id is not None:
        posted = Posted(movement.move_id, amount)
        return lambda: posted

    def finish() -> Posted | None:
        row = answer.first()
        if row is not None and row[1] is not None:
            recosting.settle(session, envelope, int(row[1]))
        return None if row is None else Posted(int(row[0]), amount)

    return finish


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


def _reverse_value(
    session: Session, envelope: Envelope, move_id: int, mirror: Movement, entry: _MoveValue
) -> Decimal:
    """Give a pool back what the move did to it; what it cannot give is booked as a correction."""
    original = mirror.reverses_id or 0
    own = replace(mirror, kind=entry.kind, cause_id=entry.cause_id, quantity=abs(entry.quantity))
    if not entry.quantity:
        return ZERO
    if entry.quantity < 0:
        if entry.kind == "return_out":
            _take_credit_back(session, envelope, move_id, own)
        return value_back(session, envelope, move_id, own, original, entry.pool_id)
    amount = take_receipt_back(
        session, envelope, move_id, own, original, entry.amount, entry.pool_id
    )
    residue = -amount - entry.amount
    if residue:
        at = past(envelope.occurred_at)
        rest = replace(entry_of(own, move_id, at), kind="correction", amount=residue, cause_id=None)
        write(session, envelope, [rest])
    return amount


def _take_credit_back(session: Session, envelope: Envelope, move_id: int, mirror: Movement) -> None:
    """The supplier credits nothing for goods that did not go back after all."""
    asked = {"move_id": mirror.reverses_id}
    credit: Decimal = sql.value(session, QUERIES["credit_of_move"], asked)
    own = entry_of(mirror, move_id, past(envelope.occurred_at))
    write(session, envelope, [replace(own, amount=credit, cause_id=None)])
