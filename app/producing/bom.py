"""Recipes as structures: what they need in all, and whether one contains itself.  Pure and exact.

A run of a recipe gives ``quantity * yield_rate`` good base units.  Of a component it needs a net
quantity; with a scrap rate of s, net / (1 - s) goes in.  Whole-unit components round up to the
item's decimals, what comes besides rounds down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

DEEPEST = 20


@dataclass(frozen=True)
class Component:
    """``quantity`` is what a run needs net; ``decimals`` those of the item."""

    item_id: int
    quantity: Decimal
    scrap_rate: Decimal = Decimal(0)
    decimals: int = 0
    issue: str = "backflush"
    is_made_along: bool = False

    def gross(self, runs: Fraction) -> Fraction:
        """What goes in for so many runs, not rounded."""
        return Fraction(self.quantity) * runs / (1 - Fraction(self.scrap_rate))


@dataclass(frozen=True)
class SideOutput:
    """``quantity`` comes of a run, worth a ``share`` of its cost or ``unit_value`` each."""

    item_id: int
    quantity: Decimal
    decimals: int = 0
    share: Decimal | None = None
    unit_value: Decimal | None = None


@dataclass(frozen=True)
class Structure:
    """A version of a recipe; rates are money per hour, ``overhead_amount`` money per run."""

    version_id: int
    item_id: int
    quantity: Decimal
    yield_rate: Decimal
    hours: Decimal
    labour_rate: Decimal
    overhead_rate: Decimal
    overhead_amount: Decimal
    components: tuple[Component, ...]
    outputs: tuple[SideOutput, ...] = ()

    @property
    def good(self) -> Fraction:
        """Good base units of one run."""
        return Fraction(self.quantity) * Fraction(self.yield_rate)

    def runs(self, quantity: Decimal | Fraction) -> Fraction:
        """How many runs give so many good base units."""
        return Fraction(quantity) / self.good

    def labour(self, runs: Fraction) -> Fraction:
        return Fraction(self.hours) * Fraction(self.labour_rate) * runs

    def overhead(self, runs: Fraction) -> Fraction:
        hourly = Fraction(self.hours) * Fraction(self.overhead_rate)
        return (hourly + Fraction(self.overhead_amount)) * runs


@dataclass(frozen=True)
class Requirement:
    """What an order takes of a component in all, rounded up."""

    item_id: int
    quantity: Decimal
    scrap_rate: Decimal
    issue: str


def rounded_up(value: Fraction, decimals: int) -> Decimal:
    whole = -(-value * 10**decimals // 1)
    return Decimal(int(whole)).scaleb(-decimals)


def rounded_down(value: Fraction, decimals: int) -> Decimal:
    return Decimal(int(value * 10**decimals // 1)).scaleb(-decimals)


def circle(components: Mapping[int, Sequence[int]], start: int) -> list[int] | None:
    """The items of a circle that begins and ends with the same item, None where there is none.

    Args:
        components: of each item that has a recipe.
    """
    return _circle(components, start, (), set())


def _circle(
    components: Mapping[int, Sequence[int]], item: int, above: tuple[int, ...], clear: set[int]
) -> list[int] | None:
    if item in above:
        return [*above[above.index(item) :], item]
    if item in clear:
        return None
    for component in components.get(item, ()):
        found = _circle(components, component, (*above, item), clear)
        if found:
            return found
    clear.add(item)
    return None


def requirements(
    structures: Mapping[int, Structure], structure: Structure, quantity: Decimal
) -> list[Requirement]:
    """What so many good base units take, what is made along taken apart into its components.

    An item that is needed in several places comes once; its scrap rate is that of the first.
    """
    needed: dict[int, tuple[Fraction, Component]] = {}
    for component, gross in _needed(structures, structure, structure.runs(quantity), 0):
        total, first = needed.get(component.item_id, (Fraction(0), component))
        needed[component.item_id] = (total + gross, first)
    return [
        Requirement(item, rounded_up(total, first.decimals), first.scrap_rate, first.issue)
        for item, (total, first) in needed.items()
    ]


def _needed(
    structures: Mapping[int, Structure], structure: Structure, runs: Fraction, depth: int
) -> Iterable[tuple[Component, Fraction]]:
    for component in structure.components:
        gross = component.gross(runs)
        below = structures.get(component.item_id) if component.is_made_along else None
        if below is None or depth >= DEEPEST:
            yield component, gross
        else:
            yield from _needed(structures, below, below.runs(gross), depth + 1)


def side_quantities(structure: Structure, quantity: Decimal) -> list[Decimal]:
    """What comes besides so many good base units, rounded down, in the recipe's order."""
    runs = structure.runs(quantity)
    return [rounded_down(Fraction(one.quantity) * runs, one.decimals) for one in structure.outputs]
