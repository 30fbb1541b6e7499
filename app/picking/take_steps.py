"""The steps at the goods: what is scanned is taken, weighed, swapped, put on the cart.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from app.kit.i18n import mark
from app.picking import checks, problems
from app.picking.refuse_steps import current, hand_full, in_hand, refused, scan_first, title_of
from app.picking.state import (
    Event,
    Facts,
    Hand,
    Message,
    Other,
    Outcome,
    Share,
    State,
    Stop,
    Swap,
    SwapStop,
    Take,
    TypedQuantity,
)
from app.picking.walk_steps import DROPPED, onward, said_of
from app.scanning.meanings import (
    CommandMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
)

TAKEN = mark("{quantity} {unit} {item}")
TO_CART = mark("{quantity} {unit} {item}: put it into {cart} and scan that position")
PUT = mark("{quantity} {unit} {item} is in {cart}")
WANTS_LOT = mark("{item}: scan the lot")
WANTS_SERIAL = mark("{item}: scan the serial number")
WANTS_WEIGHT = mark("{item}: enter the weight in {unit}")
SWAP = mark("This is {scanned}. Promised is {expected}. Scan it again to take this instead.")
SWAPPED = mark("{quantity} {unit} {item}, instead of {expected}")
OPEN_UNIT = mark("Take {quantity} {unit} {item} out of the unit {sscc} and scan them.")


@dataclass(frozen=True)
class Scanned:
    """Goods as a scan names them; ``quantity`` is None where they have to be weighed."""

    item: ItemFacts
    key: str
    title: str
    quantity: Decimal | None
    lot: str | None = None
    unit_id: int | None = None


def _of(event: Event) -> Scanned:
    if isinstance(event, LotMeaning):
        lot = event.lot
        one = None if event.item.catch_weight else Decimal(1)
        return Scanned(event.item, f"lot {lot.id}", title_of(event), one, lot.code)
    meaning = cast("ItemMeaning", event)
    quantity = checks.counted(meaning)
    return Scanned(meaning.item, meaning.key, title_of(meaning), quantity, meaning.lot)


# Goods --------------------------------------------------------------------------------------------


def take_goods(state: State, event: Event, facts: Facts) -> Outcome:
    """Goods at the place where the person stands."""
    return _take_goods(state, facts, _of(event))


def _take_goods(state: State, facts: Facts, goods: Scanned) -> Outcome:
    here = [
        stop
        for stop in facts.stops
        if stop.location_id == state.location_id and stop.item.id == goods.item.id and stop.open
    ]
    if not here:
        return _instead(state, facts, goods)
    known = [stop for stop in here if stop.balance_id == state.confirmed]
    if goods.item.has_lots and goods.lot is None:
        if known and not goods.item.has_serials:
            return _take_scanned(state, facts, known[0], goods)
        return _ask_lot(state, here[0], goods)
    fitting = [stop for stop in here if stop.lot == goods.lot or not goods.item.has_lots]
    if not fitting:
        return _instead(state, facts, goods)
    chosen = next((stop for stop in fitting if stop in known), fitting[0])
    return _take_scanned(state, facts, chosen, goods)


def _take_scanned(state: State, facts: Facts, stop: Stop, goods: Scanned) -> Outcome:
    if stop.sscc is not None and stop.balance_id != state.confirmed:
        return refused(state, problems.UnitWanted(item=stop.title, sscc=stop.sscc))
    if goods.quantity is None:
        known = replace(state, step="scan_item", confirmed=stop.balance_id, hand=None)
        return Outcome(known, Message(WANTS_WEIGHT, said_of(stop)), "attention")
    return take(state, facts, stop, goods.quantity)


def _ask_lot(state: State, stop: Stop, goods: Scanned) -> Outcome:
    problem = checks.obstacle_of(stop)
    if problem is not None:
        return refused(state, problem)
    hand = Hand(stop.balance_id, stop.item.id, goods.quantity or Decimal(0))
    text = WANTS_SERIAL if stop.item.has_serials else WANTS_LOT
    asking = replace(state, step="scan_lot", item_id=stop.item.id, hand=hand)
    return Outcome(asking, Message(text, said_of(stop)), "attention")


def take(state: State, facts: Facts, stop: Stop, quantity: Decimal) -> Outcome:
    """So much of the stop: at once, or through a position of the cart."""
    problem = checks.take_problem(stop, quantity)
    if problem is not None:
        return refused(state, problem)
    if stop.cart_location_id is None:
        return _taken(state, facts, stop, quantity, Message(TAKEN, said_of(stop, quantity)))
    return Outcome(_with_hand(state, stop, quantity), Message(TO_CART, said_of(stop, quantity)))


def _with_hand(state: State, stop: Stop, quantity: Decimal) -> State:
    hand = Hand(stop.balance_id, stop.item.id, quantity, stop.cart_location_id)
    return State(
        "scan_cart", state.location_id, state.location, stop.balance_id, stop.item.id, hand
    )


def _taken(
    state: State,
    facts: Facts,
    stop: Stop,
    quantity: Decimal,
    said: Message,
    *,
    swapped: SwapStop | None = None,
) -> Outcome:
    """Book it, and go on: here, to the next place, or to the question whether this one is empty."""
    target = stop.cart_location_id or facts.staging_id
    booked = Take(stop, quantity, target, is_swapped=swapped is not None)
    intents = (swapped, booked) if swapped else (booked,)
    if stop.here == quantity:
        asking = State("answer_empty", stop.location_id, stop.location, None, stop.item.id)
        return Outcome(asking, said, intents=intents)
    rest = [_less(one, stop, quantity) for one in _with_swap(facts.stops, stop, swapped)]
    after = replace(state, confirmed=stop.balance_id)
    return Outcome(onward(after, [one for one in rest if one.open]), said, intents=intents)


def _less(one: Stop, stop: Stop, quantity: Decimal) -> Stop:
    """The stop after so much of it was taken."""
    if (one.balance_id, one.cart_location_id) != (stop.balance_id, stop.cart_location_id):
        return one
    shares: list[Share] = []
    for share in one.shares:
        part = min(quantity, share.open)
        quantity -= part
        shares.append(replace(share, picked=share.picked + part))
    return replace(one, shares=tuple(shares))


# A logistic unit ----------------------------------------------------------------------------------


def take_unit(state: State, event: Event, facts: Facts) -> Outcome:
    """A carton or pallet: all that it holds where all is wanted, else it is opened."""
    unit = cast("LogisticUnitMeaning", event)
    here = [
        stop
        for stop in facts.stops
        if stop.location_id == state.location_id and stop.sscc == unit.sscc and stop.open
    ]
    if not here:
        return _instead_of_unit(state, facts, unit)
    stop = here[0]
    if stop.open >= stop.on_hand > 0:
        return take(state, facts, stop, stop.on_hand)
    problem = checks.obstacle_of(stop)
    if problem is not None:
        return refused(state, problem)
    known = replace(state, confirmed=stop.balance_id, item_id=stop.item.id)
    said = Message(OPEN_UNIT, said_of(stop) | {"sscc": unit.sscc})
    return Outcome(known, said, "attention")


def _instead_of_unit(state: State, facts: Facts, unit: LogisticUnitMeaning) -> Outcome:
    for other in facts.others:
        wanted = [stop for stop in facts.stops if stop.item.id == other.item_id and stop.open]
        if other.sscc == unit.sscc and other.location_id == state.location_id and wanted:
            quantity = min(wanted[0].open, other.free)
            item = wanted[0].item
            goods = Scanned(item, unit.sscc, unit.sscc, quantity, other.lot, other.logistic_unit_id)
            return _instead(state, facts, goods)
    return refused(state, problems.WrongUnit(sscc=unit.sscc))


# Other goods than promised ------------------------------------------------------------------------


def _instead(state: State, facts: Facts, goods: Scanned) -> Outcome:
    """Goods that are no stop of this place: a swap where that is allowed."""
    wanted = [stop for stop in facts.stops if stop.item.id == goods.item.id and stop.open]
    here = [stop for stop in wanted if stop.location_id == state.location_id]
    shown = current(state, facts)
    if not wanted:
        expected = shown.title if shown else facts.staging
        return refused(state, problems.NotInPick(scanned=goods.title, expected=expected))
    stop = [*here, *wanted][0]
    beside = [other for other in facts.others if _fits(other, state, goods)]
    if not beside:
        return refused(state, _none_beside(stop, goods, is_here=bool(here)))
    if goods.item.has_lots and goods.lot is None:
        return _ask_lot(state, stop, goods)
    quantity = goods.quantity
    if quantity is None:
        quantity = min(stop.open, beside[0].free)
    problem = checks.swap_problem(facts, stop, beside[0], quantity)
    if problem is not None:
        return refused(state, problem)
    swap = Swap(stop.balance_id, stop.cart_location_id, beside[0].balance_id, quantity, goods.key)
    asking = replace(state, step="confirm_swap", item_id=stop.item.id, hand=None, swap=swap)
    if not here and stop.lot == beside[0].lot and stop.sscc == beside[0].sscc:
        return confirm(asking, goods, facts)  # the place was scanned twice already
    said = {"scanned": checks.other_title(stop, beside[0]), "expected": _expected(stop)}
    return Outcome(asking, Message(SWAP, said), "attention")


def _fits(other: Other, state: State, goods: Scanned) -> bool:
    at_hand = other.location_id == state.location_id and other.item_id == goods.item.id
    same_lot = goods.lot is None or other.lot == goods.lot
    return at_hand and same_lot and other.logistic_unit_id == goods.unit_id


def _none_beside(stop: Stop, goods: Scanned, *, is_here: bool) -> problems.Problem:
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
        return Outcome(_with_hand(state, after, quantity), said, intents=(change,))
    said = Message(SWAPPED, said_of(after, quantity) | {"expected": _expected(stop)})
    return _taken(state, facts, after, quantity, said, swapped=change)


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


def _with_swap(stops: Sequence[Stop], after: Stop, swapped: SwapStop | None) -> list[Stop]:
    """The stops with the swapped part where it is now."""
    if swapped is None:
        return list(stops)
    rest = [_less(one, swapped.stop, swapped.quantity) for one in stops]
    return [after, *rest]


def confirm_same(state: State, event: Event, facts: Facts) -> Outcome:
    """The same code again accepts; another one is a new scan, and nothing was taken before."""
    goods = _of(event)
    if state.swap is not None and goods.key == state.swap.key:
        return confirm(state, event, facts)
    return _other_scan(state, facts, take_goods(_without_swap(state), event, facts))


def confirm_unit(state: State, event: Event, facts: Facts) -> Outcome:
    unit = cast("LogisticUnitMeaning", event)
    if state.swap is not None and unit.sscc == state.swap.key:
        return confirm(state, event, facts)
    return _other_scan(state, facts, take_unit(_without_swap(state), event, facts))


def _without_swap(state: State) -> State:
    return replace(state, step="scan_item", swap=None)


def _other_scan(state: State, facts: Facts, outcome: Outcome) -> Outcome:
    if outcome.problem is not None:
        return replace(outcome, state=state)
    stop = current(state, facts)
    said = Message(DROPPED, {"item": stop.item.title if stop else ""})
    return replace(outcome, tone="attention", also=said)


# The lot of goods in hand -------------------------------------------------------------------------


def lot_of_hand(state: State, event: Event, facts: Facts) -> Outcome:
    """The code that names the lot of the goods in hand; it must be of the same item."""
    goods, hand = _of(event), state.hand
    if hand is None or goods.item.id != hand.item_id:
        stop = current(state, facts)
        expected = stop.title if stop else ""
        return refused(state, problems.NotInPick(scanned=goods.title, expected=expected))
    if goods.lot is None:
        stop = current(state, facts)
        lot = (stop and stop.lot) or ""
        return refused(state, problems.LotWanted(item=goods.item.title, lot=lot))
    with_lot = replace(goods, quantity=hand.quantity or goods.quantity)
    outcome = _take_goods(_bare(state), facts, with_lot)
    return replace(outcome, state=state) if outcome.problem is not None else outcome


def _bare(state: State) -> State:
    return replace(state, step="scan_item", hand=None)


# Quantity -----------------------------------------------------------------------------------------


def typed_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    """How many of the goods scanned last are taken in all."""
    quantity, stop = cast("TypedQuantity", event).quantity, _known(state, facts)
    if stop is None:
        return scan_first(state, event, facts)
    if quantity <= stop.picked:
        taken = said_of(stop, stop.picked)
        less = problems.LessByUndo(item=taken["item"], unit=taken["unit"], picked=taken["quantity"])
        return refused(state, less)
    return take(state, facts, stop, quantity - stop.picked)


def add_quantity(state: State, event: Event, facts: Facts) -> Outcome:
    """A +10 label takes ten more of what was scanned last."""
    stop = _known(state, facts)
    if stop is None:
        return scan_first(state, event, facts)
    return take(state, facts, stop, cast("CommandMeaning", event).step or Decimal(0))


def _known(state: State, facts: Facts) -> Stop | None:
    stop = current(state, facts)
    known = stop is not None and state.confirmed == stop.balance_id
    return stop if known else None


# The cart -----------------------------------------------------------------------------------------


def to_cart(state: State, event: Event, facts: Facts) -> Outcome:
    """The position of the order: the goods in hand go there."""
    location, stop = cast("LocationMeaning", event), in_hand(state, facts)
    if stop is None or state.hand is None:
        return refused(state, problems.StopSettled())
    if location.id != stop.cart_location_id:
        wrong = problems.WrongCart(scanned=location.code, order=stop.order, cart=stop.cart or "")
        return refused(state, wrong)
    quantity = state.hand.quantity
    problem = checks.take_problem(stop, quantity)
    if problem is not None:
        return refused(state, problem)
    return _taken(state, facts, stop, quantity, Message(PUT, said_of(stop, quantity)))


def more_in_hand(state: State, event: Event, facts: Facts) -> Outcome:
    """The same goods again: one more in hand."""
    goods, stop = _of(event), in_hand(state, facts)
    same = stop is not None and stop.item.id == goods.item.id and goods.lot in (None, stop.lot)
    if not same or goods.quantity is None or state.hand is None:
        return hand_full(state, event, facts)
    return _set_hand(state, stop, state.hand.quantity + goods.quantity)


def set_hand(state: State, event: Event, facts: Facts) -> Outcome:
    stop = in_hand(state, facts)
    if stop is None:
        return hand_full(state, event, facts)
    return _set_hand(state, stop, cast("TypedQuantity", event).quantity)


def add_to_hand(state: State, event: Event, facts: Facts) -> Outcome:
    stop, more = in_hand(state, facts), cast("CommandMeaning", event).step or Decimal(0)
    if stop is None or state.hand is None:
        return hand_full(state, event, facts)
    return _set_hand(state, stop, state.hand.quantity + more)


def _set_hand(state: State, stop: Stop | None, quantity: Decimal) -> Outcome:
    assert stop is not None, "goods in hand of no stop"
    problem = checks.take_problem(stop, quantity)
    if problem is not None:
        return refused(state, problem)
    said = Message(TO_CART, said_of(stop, quantity))
    return Outcome(_with_hand(state, stop, quantity), said)
