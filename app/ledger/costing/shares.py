"""Where an amount has gone that a receipt turns out to have cost more: exact, and linear.  Pure.

An amount that is added to the goods of a receipt follows them: each issue took of it in proportion
to what it took of all that its layer (or average) held; what came back brought its part back; what
went into production, or to another store, took its part there.  So the share still in stock is a
product of fractions, the same for every amount; it is found for all receipts at once by going
through the steps backwards, and where the rest went by going through them forwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import NamedTuple

from app.kit.money import ZERO, rounded, split

# Fractions of fractions: enough that the share of a thousandth issue is right to the cent.
PRECISION = 40


class Holder(NamedTuple):
    """What holds value: a layer of a pool (``move`` 0), or what a move took from that layer."""

    pool: int
    layer: int
    move: int = 0

    @property
    def is_stock(self) -> bool:
        return not self.move


class Step(NamedTuple):
    """``fraction`` of what ``source`` holds goes to ``target``, by ``move``."""

    source: Holder
    target: Holder
    fraction: Decimal
    move: int


@dataclass(frozen=True)
class Added:
    """``amount`` is added to ``holder`` before step number ``before``."""

    holder: Holder
    before: int
    amount: Decimal


@dataclass
class Spread:
    """Where the amounts went.

    ``moved`` is what each move took from (negative) or brought to (positive) each layer;
    ``to_stock`` is what of each added amount is still in stock.
    """

    to_stock: list[Decimal]
    moved: dict[tuple[int, Holder], Decimal] = field(default_factory=dict)


def in_stock(steps: Sequence[Step], added: Sequence[Added]) -> list[Decimal]:
    """Which fraction of each added amount is still in stock, in any pool."""
    worth: dict[Holder, Decimal] = {}
    found = [ZERO] * len(added)
    waiting = sorted(range(len(added)), key=lambda number: added[number].before)

    def of(holder: Holder) -> Decimal:
        return worth.get(holder, Decimal(1) if holder.is_stock else ZERO)

    with localcontext() as context:
        context.prec = PRECISION
        for number in range(len(steps), -1, -1):
            while waiting and added[waiting[-1]].before == number:
                index = waiting.pop()
                found[index] = of(added[index].holder)
            if number:
                step = steps[number - 1]
                source = of(step.source)
                worth[step.source] = source + step.fraction * (of(step.target) - source)
    return found


def spread(steps: Sequence[Step], added: Sequence[Added], decimals: int) -> Spread:
    """Share amounts of one sign that are connected by the steps, exact to the last cent."""
    fractions = in_stock(steps, added)
    kept = [
        rounded(one.amount * fraction, decimals)
        for one, fraction in zip(added, fractions, strict=True)
    ]
    only = {one.holder for one in added}
    if len(only) == 1 and all(not step.target.is_stock for step in steps):
        return _sold(steps, added, kept, decimals)
    return _followed(steps, added, fractions, decimals)


def _sold(
    steps: Sequence[Step], added: Sequence[Added], kept: list[Decimal], decimals: int
) -> Spread:
    """From one layer to those who took from it: the largest remainders get the cents."""
    taken: dict[tuple[int, Holder], Decimal] = defaultdict(lambda: ZERO)
    held, following = ZERO, _by_step(added)
    with localcontext() as context:
        context.prec = PRECISION
        for number, step in enumerate(steps):
            held += sum((one.amount for one in following.get(number, ())), ZERO)
            part = held * step.fraction
            taken[step.move, step.source] += abs(part)
            held -= part
    gone = sum((one.amount for one in added), ZERO) - sum(kept, ZERO)
    result = Spread(kept)
    if gone:
        parts = split(gone, list(taken.values()), decimals)
        result.moved = {key: -part for key, part in zip(taken, parts, strict=True) if part}
    return result


def _followed(
    steps: Sequence[Step], added: Sequence[Added], fractions: list[Decimal], decimals: int
) -> Spread:
    """Through returns, production and transfers: each holder has its exact amount, rounded."""
    exact: dict[Holder, Decimal] = defaultdict(lambda: ZERO)
    booked: dict[Holder, Decimal] = defaultdict(lambda: ZERO)
    moved: dict[tuple[int, Holder], Decimal] = defaultdict(lambda: ZERO)
    following = _by_step(added)
    with localcontext() as context:
        context.prec = PRECISION
        for number in range(len(steps) + 1):
            for one in following.get(number, ()):
                exact[one.holder] += one.amount
                booked[one.holder] += one.amount
            if number == len(steps):
                break
            step = steps[number]
            part = exact[step.source] * step.fraction
            exact[step.source] -= part
            exact[step.target] += part
            flow = _between(booked[step.source] - rounded(exact[step.source], decimals),
                            booked[step.source])  # fmt: skip
            booked[step.source] -= flow
            booked[step.target] += flow
            if step.source.is_stock:
                moved[step.move, step.source] -= flow
            if step.target.is_stock:
                moved[step.move, step.target] += flow
    left = sum((amount for holder, amount in booked.items() if holder.is_stock), ZERO)
    return Spread(_portions(left, added, fractions, decimals), dict(moved))


def _between(flow: Decimal, all_of_it: Decimal) -> Decimal:
    """Never more than there is, never the other way."""
    low, high = min(ZERO, all_of_it), max(ZERO, all_of_it)
    return min(max(flow, low), high)


def _portions(
    left: Decimal, added: Sequence[Added], fractions: list[Decimal], decimals: int
) -> list[Decimal]:
    weights = [abs(one.amount) * fraction for one, fraction in zip(added, fractions, strict=True)]
    return split(left, weights, decimals) if any(weights) else [ZERO for _one in added]


def _by_step(added: Iterable[Added]) -> Mapping[int, list[Added]]:
    found: dict[int, list[Added]] = defaultdict(list)
    for one in added:
        found[one.before].append(one)
    return found


def connected(steps: Sequence[Step]) -> dict[Holder, int]:
    """A number for each holder, the same for those that value can go between."""
    parent: dict[Holder, Holder] = {}

    def root(holder: Holder) -> Holder:
        found = holder
        while parent.setdefault(found, found) != found:
            parent[found] = parent[parent[found]]
            found = parent[found]
        return found

    for step in steps:
        parent[root(step.source)] = root(step.target)
    numbers: dict[Holder, int] = {}
    return {holder: numbers.setdefault(root(holder), len(numbers)) for holder in list(parent)}
