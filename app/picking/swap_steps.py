"""Other goods than promised: taken by a second scan, where that is allowed.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.kit.i18n import mark
from app.kit.problems import Problem
from app.picking import checks, problems
from app.picking.hand_steps import TO_CART, Scanned, ask_lot, taken, with_hand
from app.picking.refuse_steps import current, gone_problem, refused
from app.picking.state import (
    Event,
    Facts,
    Other,
    Outcome,
    Share,
    State,
    Stop,
    Swap,
    SwapStop,
)
from app.picking.walk_steps import said_of
from app.scanning.messages import Message

SWAP = mark("This is {scanned}. Promised is {expected}. Scan it again to take this instead.")
SWAPPED = mark("{quantity} {unit} {item}, instead of {expected}")


def instead(state: State, facts: Facts, goods: Scanned) -> Outcome:
    """Goods that are no stop of this place: a swap where that is allowed."""
    wanted = [stop for stop in facts.stops if stop.item.id == goods.item.id and stop.open]
    here = [stop for stop in wanted if stop.location_id == state.location_id]
    beside = [other for other in facts.others if _fits(other, state, goods)]
    if not wanted or not beside:
        return refused(state, _not_wanted(state, facts, goods, [*here, *wanted]))
    stop, other = [*here, *wanted][0], beside[0]
    if goods.item.has_lots and goods.lot is None:
        return ask_lot(state, stop, goods)
    quantity = min(stop.open, other.free) if goods.quantity is None else goods.quantity
    problem = checks.swap_problem(facts, stop, other, quantity)
    if problem is not None:
        return refused(state, problem)
    swap = Swap(stop.balance_id, stop.cart_location_id, other.balance_id, quantity, goods.key)
    asking = replace(state, step="confirm_swap", item_id=stop.item.id, hand=None, swap=swap)
    if not here and stop.lot == other.lot and stop.sscc == other.sscc:
        return confirm(asking, goods, facts)  # the place was scanned twice already
    said = {"scanned": checks.other_title(stop, other), "expected": _expected(stop)}
    return Outcome(asking, Message(SWAP, said), "attention")


def _not_wanted(state: State, facts: Facts, goods: Scanned, wanted: Sequence[Stop]) -> Problem:
    """What the goods are, and what is wanted."""
    is_here = any(stop.location_id == state.location_id for stop in wanted)
    gone = None if is_here else gone_problem(goods.item.id, goods.lot, facts)
    if gone is not None:
        return gone
    if wanted:
        return _none_beside(wanted[0], goods, is_here=is_here)
    shown = current(state, facts)
    expected = shown.title if shown else facts.staging
    return problems.NotInPick(scanned=goods.title, expected=expected)


def _fits(other: Other, state: State, goods: Scanned) -> bool:
    at_hand = other.location_id == state.location_id and other.item_id == goods.item.id
    same_lot = goods.lot is None or other.lot == goods.lot
    return at_hand and same_lot and other.logistic_unit_id == goods.unit_id


def _none_beside(stop: Stop, goods: Scanned, *, is_here: bool) -> Problem:
    why = checks.why_of(stop)
    if is_here:
        return problems.WrongLot(scanned=goods.title, expected=stop.title, why=why)
    return problems.NotHere(item=goods.title, location=stop.location, why=why)


def _expected(stop: Stop) -> str:
    return f"{stop.title} {stop.location}"


def confirm(state: State, event: Event | Scanned, facts: Facts) -> Outcome:
    """The goods that were scanned twice take the place of the promised ones."""
    swap = state.swap
    assert swap is not None, "a swap to confirm without one"
    stops = [
        stop
        for stop in facts.stops
        if (stop.balance_id, stop.cart_location_id) == (swap.balance_id, swap.cart_location_id)
    ]
    others = [other for other in facts.others if other.balance_id == swap.instead]
    if not stops or not others:
        return refused(state, problems.StopSettled())
    stop, other = stops[0], others[0]
    problem = checks.swap_problem(facts, stop, other, swap.quantity)
    if problem is not None:
        return refused(state, problem)
    return _swapped(state, facts, stop, other, swap.quantity)


def _swapped(state: State, facts: Facts, stop: Stop, other: Other, quantity: Decimal) -> Outcome:
    change = SwapStop(stop, other, min(stop.open, other.free))
    after = swapped_stop(change)
    if after.cart_location_id is not None:
        said = Message(TO_CART, said_of(after, quantity))
        return Outcome(with_hand(state, after, quantity), said, intents=(change,))
    said = Message(SWAPPED, said_of(after, quantity) | {"expected": _expected(stop)})
    return taken(state, facts, after, quantity, said, swapped=change)


def swapped_stop(change: SwapStop) -> Stop:
    """The stop as it is at the other balance."""
    stop, other, left = change.stop, change.other, change.quantity
    shares: list[Share] = []
    for share in stop.shares:
        part = min(left, share.open)
        left -= part
        if part:
            shares.append(Share(share.task_id, share.order_line_id, part, Decimal(0), part))
    return replace(
        stop,
        balance_id=other.balance_id,
        location_id=other.location_id,
        location=other.location,
        lot_id=other.lot_id,
        lot=other.lot,
        logistic_unit_id=other.logistic_unit_id,
        sscc=other.sscc,
        on_hand=other.free,
        here=other.here,
        shares=tuple(shares),
        obstacle=None,
    )
