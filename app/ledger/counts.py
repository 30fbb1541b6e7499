"""What was counted: an absolute observation of one place at one moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.ledger import recosting
from app.ledger.movements import Movement, Place
from app.ledger.moving import move_by, value_in, value_out
from app.ledger.pools import TOLERANCE, Moment, locked
from app.ledger.valuing import Valued, entry_of

COUNTS = sql.Queries(Path(__file__).with_name("counts.sql"))


@dataclass(frozen=True)
class Counted:
    """``quantity`` of one balance at ``envelope.occurred_at``.

    ``unit_cost`` is what a gain is worth each (the average where None); with ``sets_value`` what
    all that was counted is worth each.
    """

    store_id: int
    item_id: int
    location_id: int
    quantity: Decimal
    adjustment_location_id: int
    lot_id: int | None = None
    status: str = "available"
    logistic_unit_id: int | None = None
    unit_cost: Decimal | None = None
    sets_value: bool = False
    reason: str | None = None
    line_kind: str | None = None
    line_id: int | None = None


@dataclass(frozen=True)
class Observed:
    """``difference`` to what the records had at that moment; ``amount`` of value that it made.

    ``move_id`` is None where the records agreed.
    """

    observation_id: int
    move_id: int | None
    difference: Decimal
    amount: Decimal


def observe(session: Session, envelope: Envelope, counted: Counted) -> Observed:
    """Make the balance agree with what was counted at that moment.

    A move entered later that happened before changes the adjustment (a move with ``amends_id`` the
    adjusting one), so that the balance at the moment of the count stays what was counted.

    Raises:
        InsufficientOnHand, InsufficientThen, StockAllocated, PeriodClosed.
    """
    values = _columns(counted, envelope)
    held: Decimal = sql.value(session, COUNTS["held"], values)
    difference = counted.quantity - held
    if not difference:
        observation = int(sql.value(session, COUNTS["insert"], values | {"move_id": None}))
        return Observed(observation, None, ZERO, ZERO)
    movement = _adjustment(counted, difference)
    found: list[int] = []

    def value(move_id: int) -> Decimal:
        found.append(int(sql.value(session, COUNTS["insert"], values | {"move_id": move_id})))
        return _value(session, envelope, move_id, movement, counted)

    posted = move_by(session, envelope, movement, value)
    keep_counted(session, envelope, movement)
    return Observed(found[0], posted.move_id, difference, posted.amount)


def _value(
    session: Session, envelope: Envelope, move_id: int, movement: Movement, counted: Counted
) -> Decimal:
    value = value_in if movement.enters else value_out
    amount = value(session, envelope, move_id, movement)
    if not counted.sets_value or counted.unit_cost is None:
        return amount
    pool = locked(session, movement)
    at = pool.moved_at or envelope.occurred_at
    if at > envelope.occurred_at + TOLERANCE:
        # The replay sets it.
        recosting.late(session, envelope, pool.id, envelope.occurred_at, move_id)
        return sql.value(session, COUNTS["amount"], {"move_id": move_id})
    valued = Valued(session, envelope, pool, Moment(at, is_late=False))
    valued.load_all()
    pieces = valued.stock.set_unit_cost(move_id, counted.unit_cost, counted.quantity)
    entry = replace(entry_of(movement, move_id, at), kind="revaluation")
    return amount + valued.write(pieces, entry)


def _adjustment(counted: Counted, difference: Decimal) -> Movement:
    real = Place(counted.location_id, counted.status)
    virtual = Place(counted.adjustment_location_id)
    gain = difference > 0
    return Movement(
        store_id=counted.store_id,
        item_id=counted.item_id,
        quantity=abs(difference),
        source=virtual if gain else real,
        target=real if gain else virtual,
        biz_step="counting",
        kind="adjustment",
        lot_id=counted.lot_id,
        logistic_unit_id=counted.logistic_unit_id,
        line_kind=counted.line_kind,
        line_id=counted.line_id,
        reason=counted.reason,
        unit_cost=counted.unit_cost if gain else None,
    )


def _columns(counted: Counted, envelope: Envelope) -> dict[str, Any]:
    unit_cost = counted.unit_cost
    return {
        "store_id": counted.store_id,
        "item_id": counted.item_id,
        "lot_id": counted.lot_id,
        "location_id": counted.location_id,
        "status": counted.status,
        "logistic_unit_id": counted.logistic_unit_id,
        "counted": counted.quantity,
        "unit_cost": None if unit_cost is None else rounded(unit_cost, 6),
        "sets_value": counted.sets_value,
        "command_id": envelope.command_id,
        "at": envelope.occurred_at,
    }


# ---- Moves that are entered later ---------------------------------------------------------------


@dataclass(frozen=True)
class _Observation:
    id: int
    move_id: int | None
    occurred_at: datetime
    adjustment_location_id: int


def keep_counted(session: Session, envelope: Envelope, movement: Movement) -> None:
    """After a move that lies in the past: what was counted later stays what was counted.

    The adjustment of the next count of each place takes up what the move changed.
    """
    if envelope.occurred_at > clock.now() - TOLERANCE:
        return
    for place, sign in ((movement.source, -1), (movement.target, 1)):
        if place.status is not None:
            _take_up(session, envelope, movement, place, sign * movement.quantity)


def _take_up(
    session: Session, envelope: Envelope, movement: Movement, place: Place, change: Decimal
) -> None:
    values = {
        "item_id": movement.item_id,
        "lot_id": movement.lot_id,
        "location_id": place.location_id,
        "status": place.status,
        "logistic_unit_id": movement.logistic_unit_id,
        "at": envelope.occurred_at,
    }
    found = sql.one(session, _Observation, COUNTS["next_count"], values)
    if found is None:
        return
    real, virtual = place, Place(found.adjustment_location_id)
    gain = change < 0
    taking_up = Movement(
        store_id=movement.store_id,
        item_id=movement.item_id,
        quantity=abs(change),
        source=virtual if gain else real,
        target=real if gain else virtual,
        biz_step="counting",
        kind="adjustment",
        lot_id=movement.lot_id,
        logistic_unit_id=movement.logistic_unit_id,
        reason=movement.reason,
        amends_id=found.move_id,
    )
    then = replace(envelope, occurred_at=found.occurred_at)
    value = value_in if gain else value_out
    posted = move_by(
        session, then, taking_up, lambda move_id: value(session, then, move_id, taking_up)
    )
    if found.move_id is None:
        seen = {"id": found.id, "move_id": posted.move_id}
        sql.execute(session, COUNTS["adjusted_by"], seen)
