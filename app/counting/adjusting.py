"""Movements that bring the books to what was counted, with what moved since taken into account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.orders import allocating

POSTING = sql.Queries(Path(__file__).with_name("posting.sql"))
LINE_KIND, STEP = "count_result", "counting"
AVAILABLE = "available"
LATE = "late_movement"
"""The reason of what papers that came late changed: nobody chooses it."""


@dataclass(frozen=True)
class Delta:
    """How far the books are from what was counted; ``parts`` are the balances, shelf first.

    ``outside_id``: the place that gains come from and losses go to.
    """

    id: int
    store_id: int
    location_id: int
    item_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    reason: str
    unit_cost: Decimal | None
    kind: str
    currency_decimals: int
    is_serial: bool
    delta: Decimal
    before: Decimal
    owed: Decimal
    parts: list[dict[str, Any]]
    outside_id: int


@dataclass(frozen=True)
class Booked:
    """What the books were changed by: base units and the company's currency, both signed."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO


@dataclass(frozen=True)
class _Found:
    location_id: int
    status: str
    on_hand: Decimal


@dataclass(frozen=True)
class _Promised:
    line_id: int
    quantity: Decimal


def deltas_of(session: Session, result_ids: Sequence[int]) -> list[Delta]:
    """Of each result, with its balances locked: the caller has locked the items before."""
    asked = {"result_ids": list(result_ids)}
    sql.execute(session, POSTING["lock_balances_of_results"], asked)
    return sql.rows(session, Delta, POSTING["deltas"], asked)


def book(session: Session, envelope: Envelope, deltas: Sequence[Delta]) -> dict[int, Booked]:
    """Post the movements; what was booked for each result, by its id.

    What is found comes first: what was only in another place then leaves at what it is worth, even
    where nothing else of it is left.
    """
    found = [one for one in deltas if one.delta > 0]
    movements = [_gain(session, one) for one in found]
    brought = {(move.lot_id, move.source.location_id) for move in movements if not move.enters}
    for one in deltas:
        if one.delta < 0 and (one.lot_id, one.location_id) not in brought:
            movements.extend(_losses_of(session, one))
    booked: dict[int, Booked] = {}
    for movement, posted in zip(movements, post(session, envelope, movements), strict=True):
        assert movement.line_id is not None, "each is of a result"
        sign = -1 if movement.leaves else 1
        before = booked.get(movement.line_id, Booked())
        booked[movement.line_id] = Booked(
            before.quantity + sign * movement.quantity, before.value + posted.amount
        )
    return booked


def _losses_of(session: Session, one: Delta) -> Iterator[Movement]:
    for part, quantity in _losses(one):
        _take_promises(session, part, quantity)
        source = Place(one.location_id, part["status"])
        yield _movement(one, quantity, source, Place(one.outside_id))


def _gain(session: Session, one: Delta) -> Movement:
    """What was found enters in the one status that its place has, else as available."""
    source = _where_else(session, one)
    if source is not None:
        return _movement(one, one.delta, source, Place(one.location_id, source.status))
    statuses = {part["status"] for part in one.parts}
    target = Place(one.location_id, statuses.pop() if len(statuses) == 1 else AVAILABLE)
    return _movement(one, one.delta, Place(one.outside_id), target)


def _where_else(session: Session, one: Delta) -> Place | None:
    """A serial number is in one place only: it comes from where the books have it."""
    if not one.is_serial or one.lot_id is None:
        return None
    asked = {
        "item_id": one.item_id,
        "lot_id": one.lot_id,
        "store_id": one.store_id,
        "location_id": one.location_id,
    }
    found = sql.one(session, _Found, POSTING["elsewhere"], asked)
    return Place(found.location_id, found.status) if found else None


def _losses(one: Delta) -> Iterator[tuple[dict[str, Any], Decimal]]:
    """What nobody was promised goes first, then the rest; available goods before others."""
    left = -one.delta
    free = [(part, _free(part)) for part in one.parts]
    rest = [(part, Decimal(str(part["on_hand"])) - _free(part)) for part in one.parts]
    taken: dict[int, Decimal] = {}
    for part, quantity in (*free, *rest):
        step = min(left, quantity)
        if step > 0:
            taken[part["id"]] = taken.get(part["id"], ZERO) + step
            left -= step
    return ((part, taken[part["id"]]) for part in one.parts if part["id"] in taken)


def _free(part: dict[str, Any]) -> Decimal:
    return Decimal(str(part["on_hand"])) - Decimal(str(part["allocated"]))


def _take_promises(session: Session, part: dict[str, Any], quantity: Decimal) -> None:
    """Goods that are not there cannot be promised: the newest promises go first."""
    short = quantity - _free(part)
    if short <= 0:
        return
    asked = {"balance_id": part["id"]}
    for promised in sql.rows(session, _Promised, POSTING["promised_lines"], asked):
        step = min(short, promised.quantity)
        if step > 0:
            short -= step
            allocating.release_lines(
                session, [promised.line_id], balance_id=part["id"], quantity=step
            )


def _movement(one: Delta, quantity: Decimal, source: Place, target: Place) -> Movement:
    return Movement(
        store_id=one.store_id,
        item_id=one.item_id,
        quantity=quantity,
        source=source,
        target=target,
        biz_step=STEP,
        kind="adjustment",
        lot_id=one.lot_id,
        logistic_unit_id=one.logistic_unit_id,
        amount=_worth(one, quantity, source),
        line_kind=LINE_KIND,
        line_id=one.id,
        reason=one.reason or None,
    )


def _worth(one: Delta, quantity: Decimal, source: Place) -> Decimal | None:
    """Opening stock enters at what was said of it; everything else at what the others are worth."""
    if one.kind != "opening" or source.status is not None or one.unit_cost is None:
        return None
    return rounded(one.unit_cost * quantity, one.currency_decimals)
