"""Where every unit of an item is, seen from one demand: each unit in exactly one bucket.

Pure: rows in, buckets out.  The rows come from the database's ``stock_standing``, which is also
what the allocator takes from, so ``available`` is what it would really take.  The buckets add up to
the sum of ``on_hand`` whatever the rows hold: a balance is split, never counted twice, never lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from app.kit.money import ZERO

OBSTACLES = (
    "other_store", "other_warehouse", "zone", "inspection", "frozen", "damaged", "returned",
    "expired", "short_dated", "counted",
)  # fmt: skip
"""What keeps a whole balance, in the order of the database's rules."""

BUCKETS = (
    "unseen", *OBSTACLES, "negative", "picked", "own", "others", "staged", "pack_rounding",
    "available",
)  # fmt: skip
"""Every bucket, in the order in which the waterfall falls."""

OUT_OF_REACH = frozenset({"other_store", "other_warehouse"})
ON_THE_WAY_OUT = frozenset({"staging", "cart"})


class Standing(NamedTuple):
    """One balance as the database's ``stock_standing`` tells it, in base units.

    ``own`` is what of ``allocated`` belongs to the demand; ``staged`` goods are on a cart or wait
    for the lorry.
    """

    balance_id: int
    store_id: int
    warehouse_id: int
    zone_id: int | None
    location_id: int
    lot_id: int | None
    logistic_unit_id: int | None
    status: str
    on_hand: Decimal
    allocated: Decimal
    staged: bool
    last_day: date | None
    received_at: datetime
    sequence: int
    obstacle: str | None
    own: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What is promised to nobody."""
        return self.on_hand - self.allocated


@dataclass(frozen=True)
class Place:
    """A location with what stands about it."""

    id: int
    code: str
    kind: str
    zone_id: int | None
    zone_name: str | None
    is_pickable: bool
    warehouse_id: int
    warehouse_name: str
    store_id: int
    store_name: str
    locked_reason: str | None
    locked_by: str | None
    locked_at: datetime | None

    @property
    def is_off_limits(self) -> bool:
        """Whether orders never pick from here."""
        if self.kind in ON_THE_WAY_OUT:
            return False
        return self.zone_id is None or not self.is_pickable or self.kind != "storage"

    @property
    def can_be_opened(self) -> bool:
        """Whether letting orders pick from its zone is all that it lacks."""
        return self.kind == "storage" and self.zone_id is not None and not self.is_pickable


@dataclass(frozen=True)
class LotFacts:
    """A lot with its days and, where it is held, by whom and why."""

    id: int
    code: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None
    hold_reason: str | None
    held_by: str | None
    held_at: datetime | None


@dataclass(frozen=True)
class Demand:
    """For whom stock is looked at.

    ``pack`` is how many base units one pack has where only whole packs go out, else None;
    ``open_quantity`` what is still wanted and not promised (None: no order asks, any amount is).
    """

    item_id: int
    store_id: int
    warehouse_id: int | None
    today: date
    minimum_days: int = 0
    pack: Decimal | None = None
    line_id: int | None = None
    open_quantity: Decimal | None = None


@dataclass
class Bucket:
    """``parts`` are the balances with what of each is in here."""

    name: str
    quantity: Decimal = ZERO
    parts: list[tuple[Standing, Decimal]] = field(default_factory=list[tuple[Standing, Decimal]])

    def add(self, row: Standing, quantity: Decimal) -> None:
        self.quantity += quantity
        self.parts.append((row, quantity))


def partition(rows: Iterable[Standing], pack: Decimal | None) -> dict[str, Bucket]:
    """The buckets that hold something, in the order of ``BUCKETS``."""
    found: dict[str, Bucket] = {}
    for row in rows:
        for name, quantity in parts_of(row, pack):
            if quantity:
                found.setdefault(name, Bucket(name)).add(row, quantity)
    return {name: found[name] for name in BUCKETS if name in found}


def parts_of(row: Standing, pack: Decimal | None) -> Sequence[tuple[str, Decimal]]:
    """How one balance splits.  Its own obstacle comes first: it keeps the promised part too."""
    if row.obstacle is not None:
        return ((row.obstacle, row.on_hand),)
    if row.on_hand < 0:
        return (("negative", row.on_hand),)
    others = ("others", row.allocated - row.own)
    if row.staged:
        return (("picked", row.own), others, ("staged", row.free))
    room = in_packs(row.free, pack)
    return (("own", row.own), others, ("available", room), ("pack_rounding", row.free - room))


def in_packs(quantity: Decimal, pack: Decimal | None) -> Decimal:
    """As much of it as whole packs make."""
    if pack is None or quantity <= 0:
        return max(quantity, ZERO)
    return quantity // pack * pack


# What an action would free -----------------------------------------------------------------------


def hindrances(
    row: Standing, places: Mapping[int, Place], lots: Mapping[int, LotFacts], demand: Demand
) -> AbstractSet[str]:
    """Everything that keeps a balance of the demand's own warehouse, not only the first.

    A status and a hold are told apart here, because each is lifted by itself.
    """
    place = places[row.location_id]
    lot = lots.get(row.lot_id) if row.lot_id is not None else None
    too_short = row.last_day and row.last_day < demand.today + timedelta(days=demand.minimum_days)
    found = {
        "zone": place.is_off_limits,
        "status": row.status != "available",
        "hold": lot is not None and lot.hold_reason is not None,
        "shelf_life": bool(too_short),
        "counted": place.locked_at is not None,
    }
    return {name for name, stands in found.items() if stands}


def gain(row: Standing, pack: Decimal | None, released: Decimal = ZERO) -> Decimal:
    """How much more of a balance orders could take once nothing keeps it.

    ``released`` is what of its promises ends at the same time.
    """
    if row.staged:
        return ZERO
    before = in_packs(row.free, pack) if row.obstacle is None else ZERO
    return in_packs(row.free + released, pack) - before


def merged_gain(row: Standing, into: Standing | None, pack: Decimal | None) -> Decimal:
    """How much more orders could take once the whole of ``row`` joins the balance beside it.

    ``into`` is the available balance of the same place, lot and unit, where there is one: what two
    of them hold too little of for a pack may make one together.
    """
    if row.staged or (into is not None and into.obstacle is not None):
        return ZERO
    there = max(into.free, ZERO) if into is not None else ZERO
    return in_packs(there + row.on_hand, pack) - in_packs(there, pack)


def freed_by(
    rows: Iterable[Standing],
    cause: str,
    demand: Demand,
    places: Mapping[int, Place],
    lots: Mapping[int, LotFacts],
) -> Decimal:
    """What would become available if ``cause`` no longer kept these balances."""
    alone = {cause}
    return sum(
        (
            gain(row, demand.pack)
            for row in rows
            if row.obstacle is not None
            and row.obstacle not in OUT_OF_REACH
            and hindrances(row, places, lots, demand) == alone
        ),
        ZERO,
    )
