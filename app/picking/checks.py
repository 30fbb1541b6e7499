"""What can be taken from a stop, and from goods beside it.  Pure."""

from __future__ import annotations

from decimal import Decimal

from app.kit.money import fits, plain
from app.kit.problems import Problem
from app.ledger.problems import QuantityNotPositive
from app.picking import problems
from app.picking.state import Facts, Other, Stop
from app.scanning.meanings import ItemMeaning
from app.scanning.weights import said_quantity


def counted(meaning: ItemMeaning) -> Decimal | None:
    """Base units of one scan: said by the code, one pack or one piece; None: to be weighed."""
    said = said_quantity(meaning)
    if said is not None:
        return said
    if meaning.item.catch_weight:
        return None
    if meaning.packaging is None or meaning.item.has_serials:
        return Decimal(1)
    return meaning.packaging.quantity


def take_problem(stop: Stop, quantity: Decimal) -> Problem | None:
    """Why so much of the stop cannot be taken, the first reason in a fixed order."""
    return (
        obstacle_of(stop)
        or quantity_problem(stop, quantity)
        or _more_than_wanted(stop, quantity)
        or _gone(stop, quantity)
    )


def obstacle_of(stop: Stop) -> Problem | None:
    if stop.obstacle is None:
        return None
    return obstacle(stop.obstacle, stop.title, stop.location, why_of(stop), stop.order)


def obstacle(name: str, item: str, location: str, why: str, order: str = "") -> Problem:
    found = problems.OBSTACLES.get(name, problems.StockNotAvailable)
    return found(item=item, location=location, order=order, why=why)


def why_of(stop: Stop) -> str:
    """The question for the diagnosis: why can this line not ship?"""
    return f"order_line_id={stop.shares[0].order_line_id}" if stop.shares else ""


def quantity_problem(stop: Stop, quantity: Decimal) -> Problem | None:
    item = stop.item
    if quantity <= 0:
        return QuantityNotPositive()
    if item.has_serials and quantity != 1:
        return problems.SerialsComeSingly(item=item.title)
    if quantity > stop.open * MOST_TIMES:
        return _above(stop, quantity, problems.TooMuchAtOnce)
    if not fits(quantity, item.decimals):
        return problems.QuantityTooFine(
            item=item.title, unit=item.base_unit, decimals=item.decimals,
            quantity=plain(quantity)[:40],
        )  # fmt: skip
    return None


MOST_TIMES = 1000


def _above(stop: Stop, quantity: Decimal, kind: type[Problem]) -> Problem:
    return kind(
        item=stop.item.title, unit=stop.item.base_unit, quantity=plain(quantity)[:40],
        open=plain(stop.open),
    )  # fmt: skip


def _more_than_wanted(stop: Stop, quantity: Decimal) -> Problem | None:
    return _above(stop, quantity, problems.TooMuch) if quantity > stop.open else None


def _gone(stop: Stop, quantity: Decimal) -> Problem | None:
    """The promise was released, or the goods were taken from under the person."""
    if stop.promised < quantity:
        return problems.PromiseGone(
            item=stop.title, location=stop.location, order=stop.order, why=why_of(stop)
        )
    if stop.on_hand < quantity:
        return problems.TakenFromUnder(
            item=stop.title, unit=stop.item.base_unit, location=stop.location,
            there=plain(stop.on_hand), why=why_of(stop),
        )  # fmt: skip
    return None


def swap_problem(facts: Facts, stop: Stop, other: Other, quantity: Decimal) -> Problem | None:
    """Why these goods cannot take the place of the promised ones."""
    scanned = other_title(stop, other)
    if stop.obstacle == "cancelled":
        return obstacle_of(stop)
    if not facts.policy.lot_swap:
        return problems.SwapNotAllowed(
            scanned=scanned, expected=f"{stop.title} {stop.location}", why=why_of(stop)
        )
    if other.obstacle is not None:
        return obstacle(other.obstacle, scanned, other.location, why_of(stop))
    if other.free < quantity:
        return problems.NothingFree(
            scanned=scanned, free=plain(max(other.free, Decimal(0))), unit=stop.item.base_unit,
            expected=f"{stop.title} {stop.location}", why=why_of(stop),
        )  # fmt: skip
    return quantity_problem(stop, quantity) or _more_than_wanted(stop, quantity)


def other_title(stop: Stop, other: Other) -> str:
    return f"{stop.item.title} {other.lot or ''} {other.location}".replace("  ", " ")
