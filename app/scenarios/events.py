"""What a scenario tells: events as they are written in the file, typed and checked.

All numbers are texts in the file and ``Decimal`` here.  Quantities are in the unit that the event
speaks of; ``uom_factor`` leads to the base unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec

Allocation = Literal["equal", "by_value", "by_quantity", "by_weight", "by_volume", "manual"]
ONE = Decimal(1)


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every event has.  ``date`` is its effective day, or an hour of it (``...T09``)."""

    id: str
    date: str | None = None


class GoodsEvent(Event, frozen=True, kw_only=True):
    """One about goods somewhere; counted in units of ``uom_factor`` base units."""

    lot: str | None = None
    location: str | None = None
    uom_factor: Decimal = ONE


class Receive(GoodsEvent, frozen=True, kw_only=True, tag="receive"):
    """``weight`` and ``volume`` are totals of the line; ``consigned`` goods carry no value."""

    item: str
    qty: Decimal
    unit_cost: Decimal | None = None
    total_cost: Decimal | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None
    consigned: bool = False


class Issue(GoodsEvent, frozen=True, kw_only=True, tag="issue"):
    item: str
    qty: Decimal
    reason: Literal["sale", "scrap", "production"] = "sale"
    consigned: bool = False


class ReturnIn(GoodsEvent, frozen=True, kw_only=True, tag="return_in"):
    """Goods of the issue ``of`` come back."""

    of: str
    qty: Decimal
    item: str | None = None


class ReturnOut(GoodsEvent, frozen=True, kw_only=True, tag="return_out"):
    """Goods of the receipt ``of`` go back to their supplier."""

    of: str
    qty: Decimal
    item: str | None = None


class LandedCost(Event, frozen=True, kw_only=True, tag="landed_cost"):
    """``amount`` is negative for a credit note; ``basis`` holds the shares of ``manual``."""

    amount: Decimal
    allocate: Allocation
    targets: list[str]
    basis: list[Decimal] | None = None


class PriceAdjust(Event, frozen=True, kw_only=True, tag="price_adjust"):
    """The receipt ``of`` cost something else, per unit or in all."""

    of: str
    unit_cost: Decimal | None = None
    total_cost: Decimal | None = None
    item: str | None = None


class Amend(Event, frozen=True, kw_only=True, tag="amend"):
    """The event ``of`` was about another quantity."""

    of: str
    qty: Decimal
    item: str | None = None


class CountAdjust(GoodsEvent, frozen=True, kw_only=True, tag="count_adjust"):
    """Found ``counted_qty``, or ``delta`` more than the books say; ``unit_cost`` of a gain."""

    item: str
    delta: Decimal | None = None
    counted_qty: Decimal | None = None
    unit_cost: Decimal | None = None


class Reconcile(GoodsEvent, frozen=True, kw_only=True, tag="reconcile"):
    """Quantity and unit cost are these, whatever the books say."""

    item: str
    counted_qty: Decimal
    unit_cost: Decimal | None = None


class Transfer(Event, frozen=True, kw_only=True, tag="transfer"):
    item: str
    qty: Decimal
    source: str = msgspec.field(name="from")
    target: str = msgspec.field(name="to")
    lot: str | None = None
    uom_factor: Decimal = ONE


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that go into a production or come out of it."""

    item: str
    qty: Decimal
    lot: str | None = None
    location: str | None = None
    uom_factor: Decimal = ONE


class Component(Line, frozen=True, kw_only=True):
    """What is used up."""


class Output(Line, frozen=True, kw_only=True):
    """``fixed_value`` is taken off first; ``lost`` never came into stock."""

    share: Decimal | None = None
    fixed_value: Decimal | None = None
    unit_cost_of_component: bool = False
    lost: bool = False


class Produce(Event, frozen=True, kw_only=True, tag="produce"):
    """``consume`` and ``overhead`` become ``outputs``, shared by ``share`` or by quantity."""

    consume: list[Component] = []
    overhead: list[Decimal] = []
    outputs: list[Output]
    share_by: Literal["share", "quantity"] | None = None


class Disassemble(GoodsEvent, frozen=True, kw_only=True, tag="disassemble"):
    """Output of the production ``of`` is taken apart; its components come back."""

    of: str
    qty: Decimal
    item: str | None = None


class Allocate(Event, frozen=True, kw_only=True, tag="allocate"):
    """Arithmetic only: ``amount`` shared by the numbers of ``basis``."""

    amount: Decimal
    basis: list[Decimal]


class BomLine(msgspec.Struct, frozen=True, kw_only=True):
    """``per`` so many of ``per_output`` made; whole units, rounded ``up`` or ``down``."""

    item: str
    per: Decimal
    round: Literal["up", "down"] | None = None


class BomExpand(Event, frozen=True, kw_only=True, tag="bom_expand"):
    """Arithmetic only: what making ``qty`` takes, by a bill for ``per_output``."""

    qty: Decimal
    per_output: Decimal = ONE
    lines: list[BomLine]


AnyEvent = (
    Receive | Issue | ReturnIn | ReturnOut | LandedCost | PriceAdjust | Amend | CountAdjust
    | Reconcile | Transfer | Produce | Disassemble | Allocate | BomExpand
)  # fmt: skip
Goods = Receive | Issue | ReturnIn | ReturnOut | CountAdjust | Reconcile | Disassemble


class ItemSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an item has of its own."""

    fallback_unit_cost: Decimal | None = None
    method: Literal["moving_average", "fifo", "specific"] | None = None


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One story: settings, then events in the order in which they are posted."""

    id: str
    method: Literal["moving_average", "fifo", "specific"]
    events: list[AnyEvent]
    currency_decimals: int = 2
    profile: str = "universal"
    convention: dict[str, object] = {}
    items: dict[str, ItemSettings] = {}

    @property
    def allows_negative(self) -> bool:
        return str(self.convention.get("negative_stock", "forbid")) != "forbid"

    @property
    def costs_by_location(self) -> bool:
        return self.convention.get("cost_scope") == "location"

    def method_of(self, item: str) -> str:
        own = self.items.get(item)
        return (own.method if own else None) or self.method


def _lines(event: AnyEvent) -> list[Line]:
    return [*event.consume, *event.outputs] if isinstance(event, Produce) else []


def items_in(scenario: Scenario) -> list[str]:
    """Every item that is stocked in it, in the order of the story."""
    names: dict[str, None] = dict.fromkeys(scenario.items)
    for event in scenario.events:
        if not isinstance(event, Allocate | BomExpand | LandedCost | PriceAdjust | Amend):
            names |= dict.fromkeys(_items_of(event))
    return list(names)


def _items_of(event: AnyEvent) -> Iterator[str]:
    yield from (line.item for line in _lines(event))
    own = getattr(event, "item", None)
    if own is not None:
        yield own


def lots_in(scenario: Scenario) -> list[tuple[str, str]]:
    """Every (item, lot) that is named."""
    found: dict[tuple[str, str], None] = {}
    for event in scenario.events:
        for part in (event, *_lines(event)):
            item, lot = getattr(part, "item", None), getattr(part, "lot", None)
            if item is not None and lot is not None:
                found[item, lot] = None
    return list(found)


def locations_in(scenario: Scenario) -> list[str]:
    """Every place that is named."""
    found: dict[str, None] = {}
    for event in scenario.events:
        for part in (event, *_lines(event)):
            for name in ("location", "source", "target"):
                place = getattr(part, name, None)
                if place is not None:
                    found[place] = None
    return list(found)


# Time --------------------------------------------------------------------------------------------

FIRST_DAY = "2025-01-01"
MOMENT = timedelta(milliseconds=1)


def moments(scenario: Scenario) -> list[datetime]:
    """The effective moment of each event: its date, in the order of posting within it.

    One without a date happens with the latest that was posted before it.
    """
    days = [None if event.date is None else moment_of(event.date) for event in scenario.events]
    latest = min((day for day in days if day is not None), default=moment_of(FIRST_DAY))
    found: list[datetime] = []
    for position, day in enumerate(days):
        latest = max(latest, day) if day else latest
        found.append((day or latest) + position * MOMENT)
    return found


def moment_of(text: str) -> datetime:
    """``2025-01-31`` or an hour of it, ``2025-01-31T9:30``.  Raises ValueError for no date."""
    day, _, hours = text.rstrip("Z").replace(" ", "T").partition("T")
    hour, minute, second = [*(int(part) for part in hours.split(":") if part), 0, 0, 0][:3]
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    return at + timedelta(hours=hour, minutes=minute, seconds=second)
