"""Which stock an order gets, pure: (demands, candidates, rule, policy) -> parts.

Nothing here locks or writes; what comes out is promised by ``allocating``, which plans again where
somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from app.kit.money import ZERO

FAR = date.max
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Demand:
    """What a line still wants, in base units.

    ``rule`` is how its lots are chosen.  With ``whole_packs`` only whole multiples of ``factor``
    are taken, each pack from one place.
    """

    line_id: int
    wanted: Decimal
    rule: str = "fefo"
    factor: Decimal = Decimal(1)
    whole_packs: bool = False


@dataclass(frozen=True)
class Candidate:
    """A balance that a line may take from: ``free`` is neither promised nor kept back.

    ``last_day`` is the last day on which it is good, None for goods without a date.
    """

    balance_id: int
    free: Decimal
    last_day: date | None = None
    received_at: datetime = LONG_AGO
    sequence: int = 0


@dataclass(frozen=True)
class Part:
    """So much of a balance for a line."""

    line_id: int
    balance_id: int
    quantity: Decimal


def plan_order(
    demands: Sequence[Demand],
    candidates: Mapping[int, Sequence[Candidate]],
    policy: str = "partial",
) -> list[Part]:
    """The parts for an order's lines, first line first.

    Args:
        demands: the lines that still want something.
        candidates: by line; two lines may share a balance.
        policy: ``partial`` takes what there is; ``whole_lines`` leaves out a line that does not
            get all that it wants; ``whole_order`` takes nothing unless every line gets all.

    Returns:
        Never more of a balance than is free, never more for a line than it wants.
    """
    used: dict[int, Decimal] = {}
    parts: list[Part] = []
    for demand in demands:
        left = [_without(candidate, used) for candidate in candidates.get(demand.line_id, ())]
        planned = plan_line(demand, left)
        is_whole = total(planned) == demand.wanted
        if not is_whole and policy == "whole_order":
            return []
        if not is_whole and policy == "whole_lines":
            continue
        for part in planned:
            used[part.balance_id] = used.get(part.balance_id, ZERO) + part.quantity
        parts += planned
    return parts


def plan_line(demand: Demand, candidates: Sequence[Candidate]) -> list[Part]:
    """The parts for one line by its rule: what there is, up to what is wanted."""
    wanted = _in_packs(demand.wanted, demand)
    usable = [
        replace(candidate, free=_in_packs(candidate.free, demand)) for candidate in candidates
    ]
    usable = [candidate for candidate in usable if candidate.free > 0]
    if demand.rule == "fewest_stops":
        return _fewest_stops(demand.line_id, wanted, usable)
    order = _first_in if demand.rule == "fifo" else _first_to_expire
    return _in_turn(demand.line_id, wanted, sorted(usable, key=order))


def total(parts: Sequence[Part]) -> Decimal:
    """What the parts amount to."""
    return sum((part.quantity for part in parts), ZERO)


def _without(candidate: Candidate, used: Mapping[int, Decimal]) -> Candidate:
    taken = used.get(candidate.balance_id)
    return replace(candidate, free=candidate.free - taken) if taken else candidate


def _in_packs(quantity: Decimal, demand: Demand) -> Decimal:
    if not demand.whole_packs:
        return max(quantity, ZERO)
    return max(quantity // demand.factor, ZERO) * demand.factor


def _first_to_expire(candidate: Candidate) -> tuple[date, datetime, int, int]:
    return (
        candidate.last_day or FAR,
        candidate.received_at,
        candidate.sequence,
        candidate.balance_id,
    )


def _first_in(candidate: Candidate) -> tuple[datetime, int, int]:
    return candidate.received_at, candidate.sequence, candidate.balance_id


def _in_turn(line_id: int, wanted: Decimal, candidates: Sequence[Candidate]) -> list[Part]:
    parts: list[Part] = []
    for candidate in candidates:
        taken = min(candidate.free, wanted)
        if taken <= 0:
            break
        parts.append(Part(line_id, candidate.balance_id, taken))
        wanted -= taken
    return parts


def _fewest_stops(line_id: int, wanted: Decimal, candidates: Sequence[Candidate]) -> list[Part]:
    """The largest first; the last stop is the place that the rest fits best, which keeps the
    large ones whole for others.
    """
    left = sorted(candidates, key=lambda one: (-one.free, one.sequence, one.balance_id))
    parts: list[Part] = []
    while wanted > 0 and left:
        fitting = [candidate for candidate in left if candidate.free >= wanted]
        chosen = fitting[-1] if fitting else left[0]
        left.remove(chosen)
        taken = min(chosen.free, wanted)
        parts.append(Part(line_id, chosen.balance_id, taken))
        wanted -= taken
    return parts
