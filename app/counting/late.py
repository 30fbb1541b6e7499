"""Papers that come late: what had moved before a count, and was booked after its posting.

A count says what was there at its moment.  A movement of before that is booked later was counted
already: it changes the adjustment, never the counted quantity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.counting.adjusting import LATE, POSTING, Booked, Delta, book, deltas_of
from app.kit import ids, jobs, sql
from app.kit.database import SYSTEM
from app.kit.money import ZERO
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.orders import allocating

OVERLAP = 10_000


@dataclass(frozen=True)
class CorrectLate:
    """Bring one posted result in line with what is known by now."""

    result_id: int


@dataclass(frozen=True)
class AddUnseen:
    """Results of what late papers say was in places of a posted count, and nobody saw there."""

    count_id: int


@dataclass(frozen=True)
class SettleLate:
    """All late papers up to now have been looked at."""


@dataclass(frozen=True)
class LateCorrected:
    """``variance`` is what the books were corrected by, in base units."""

    variance: Decimal = ZERO


@dataclass(frozen=True)
class _Id:
    id: int


@dataclass(frozen=True)
class _Place:
    store_id: int
    item_id: int


def correct_late(session: Session, command: CorrectLate, envelope: Envelope) -> LateCorrected:
    """Book the opposite of what turned out to have moved before the count."""
    asked = {"result_id": command.result_id}
    place = sql.one(session, _Place, POSTING["place_of_result"], asked)
    if place is None:
        return LateCorrected()
    allocating.lock_items(session, {(place.store_id, place.item_id)})
    [found] = deltas_of(session, [command.result_id])
    excess = sql.value(session, POSTING["late_delta"], asked)
    if not excess:
        return LateCorrected()
    wanted = _within(found, -excess)
    booked = book(session, envelope, [wanted]).get(wanted.id, Booked())
    change = {"variance": booked.quantity, "value": booked.value, "excess": excess}
    sql.execute(session, POSTING["add_late"], asked | change)
    allocating.allocate_waiting(session, envelope, place.store_id, [place.item_id])
    return LateCorrected(booked.quantity)


def _within(found: Delta, delta: Decimal) -> Delta:
    """Never more than is there; opening stock is corrected at what the others are worth."""
    on_hand = sum((Decimal(str(part["on_hand"])) for part in found.parts), ZERO)
    return replace(found, delta=max(delta, -on_hand), kind="late", reason=LATE)


def add_unseen(session: Session, command: AddUnseen, _envelope: Envelope) -> LateCorrected:
    """They are corrected like every other result then."""
    unseen = {"count_id": command.count_id, "state": "posted", "reason": LATE}
    sql.execute(session, POSTING["add_unseen"], unseen)
    return LateCorrected()


def settle_late(session: Session, _command: SettleLate, _envelope: Envelope) -> LateCorrected:
    """Note how far the movements were looked through."""
    sql.execute(session, POSTING["settle_progress"])
    return LateCorrected()


@jobs.minutely("counting.late")
def look_for_late(job: jobs.Job) -> None:
    """Each result by itself: one that is refused is tried again with the next movement."""
    with job.database.reading(SYSTEM) as session:
        if sql.value(session, POSTING["unsettled"]) is None:
            return
        counts = sql.rows(session, _Id, POSTING["late_counts"], {"overlap": OVERLAP})
    for count in counts:
        run(job.database, add_unseen, AddUnseen(count.id), Envelope(ids.new_id(), SYSTEM))
    with job.database.reading(SYSTEM) as session:
        late = sql.rows(session, _Id, POSTING["late_results"], {"overlap": OVERLAP})
    for result in late:
        try:
            run(job.database, correct_late, CorrectLate(result.id), Envelope(ids.new_id(), SYSTEM))
        except Problem:
            continue
    run(job.database, settle_late, SettleLate(), Envelope(ids.new_id(), SYSTEM))
