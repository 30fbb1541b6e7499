"""Why an order line cannot ship: one cause per line, by the rules that the allocation follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.kit.i18n import mark

READY = "ready"
# In the order in which they are looked at; the first of equals is the one that is shown.
CAUSES: dict[str, str] = {
    "inspection": mark("In inspection"),
    "frozen": mark("Frozen or on hold"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned by customers"),
    "expired": mark("Expired"),
    "short_dated": mark("Too short a shelf life"),
    "allocated": mark("Promised to others"),
    "pack_rounding": mark("Not a whole pack"),
    "other_warehouse": mark("In another warehouse"),
    "zone": mark("In a zone that orders don't pick from"),
    "other_store": mark("In another store"),
    "unseen": mark("In stores that you don't see"),
    "counted": mark("Being counted"),
    "nothing": mark("Nothing on hand"),
    READY: mark("Can be allocated now"),
}


@dataclass(frozen=True)
class Standing:
    """What there is for a demand behind one obstacle (None: nothing keeps it); base units."""

    obstacle: str | None
    on_hand: Decimal
    allocated: Decimal
    takeable: Decimal


def cause_of(
    missing: Decimal, own: Decimal, standings: Iterable[Standing], *, is_elsewhere: bool
) -> str:
    """The one cause to show for a line that lacks ``missing``, of which it has ``own`` promised.

    It is what holds most of the stock; where nothing is held, that there is none.
    """
    held: dict[str, Decimal] = {}
    takeable = Decimal(0)
    for standing in standings:
        if standing.obstacle is not None:
            held[standing.obstacle] = held.get(standing.obstacle, Decimal(0)) + standing.on_hand
            continue
        takeable += standing.takeable
        held["allocated"] = standing.allocated - own
        held["pack_rounding"] = standing.on_hand - standing.allocated - standing.takeable
    if takeable >= missing:
        return READY
    most = max(held.values(), default=Decimal(0))
    if most > 0:
        return next(cause for cause in CAUSES if held.get(cause) == most)
    return "unseen" if is_elsewhere else "nothing"


@dataclass
class Blocked:
    """The lines that one cause keeps from shipping; the first few of them as examples."""

    cause: str
    name: str
    lines: int = 0
    orders: set[int] = field(default_factory=set[int])
    examples: list[object] = field(default_factory=list[object])


def by_cause(causes: Mapping[str, list[tuple[int, object]]], most: int = 5) -> list[Blocked]:
    """From (order, line) pairs by cause; what blocks most lines comes first, ready lines last."""
    found = [
        Blocked(cause, CAUSES[cause], len(lines), {order for order, _ in lines},
                [line for _, line in lines[:most]])
        for cause, lines in causes.items()
    ]  # fmt: skip
    order = list(CAUSES)
    return sorted(found, key=lambda one: (one.cause == READY, -one.lines, order.index(one.cause)))
