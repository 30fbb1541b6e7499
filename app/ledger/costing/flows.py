"""How the cost of what was used up becomes the cost of what came of it.  Pure.

Joint products share by weight; a by-product's fixed value and what is returned at its component's
own cost are taken off first (IAS 2.14); normal loss has no share and is borne by the good output,
abnormal loss has one and is an expense (IAS 2.16 a).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.kit.money import ZERO, rounded, split
from app.ledger.costing.events import Flow, Part


def values(flow: Flow, costs: Mapping[int, Decimal], decimals: int) -> list[Decimal]:
    """What each part of the flow is worth, given what its ingredients cost.

    The parts sum to the cost, except for goods still on their way (basis ``part``) and where
    nothing takes a share (what is left then is an expense).
    """
    total = sum((costs[used.move] for used in flow.ingredients), ZERO) + flow.overhead
    found = [_first(flow, part, costs, decimals) for part in flow.parts]
    rest = total - sum((value for value in found if value is not None), ZERO)
    open_parts = [part for part, value in zip(flow.parts, found, strict=True) if value is None]
    if any(part.basis == "part" for part in open_parts):
        shares = _in_turn(flow, rest, open_parts, decimals)
    else:
        shares = _by_weight(rest, open_parts, decimals)
    remaining = iter(shares)
    return [next(remaining) if value is None else value for value in found]


def _first(flow: Flow, part: Part, costs: Mapping[int, Decimal], decimals: int) -> Decimal | None:
    if part.basis == "fixed":
        return part.amount
    if part.basis != "component":
        return None
    used = [one for one in flow.ingredients if one.item == part.item]
    quantity = sum((one.quantity for one in used), ZERO)
    cost = sum((costs[one.move] for one in used), ZERO)
    return rounded(cost * part.quantity / quantity, decimals) if quantity else ZERO


def _by_weight(rest: Decimal, parts: list[Part], decimals: int) -> list[Decimal]:
    weights = [part.weight for part in parts]
    if not any(weights):
        return [ZERO for _part in parts]
    return split(rest, weights, decimals)


def _in_turn(flow: Flow, rest: Decimal, parts: list[Part], decimals: int) -> list[Decimal]:
    """Goods that arrive one after the other: each takes its share of what has not arrived."""
    on_the_way = sum((used.quantity for used in flow.ingredients), ZERO)
    shares: list[Decimal] = []
    for part in parts:
        whole = part.weight >= on_the_way
        share = rest if whole else rounded(rest * part.weight / on_the_way, decimals)
        shares.append(share)
        rest, on_the_way = rest - share, on_the_way - part.weight
    return shares
