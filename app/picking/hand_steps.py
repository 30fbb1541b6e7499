"""Goods in hand: taken from their stop at once, or through a position of the cart.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from app.kit.i18n import mark
from app.picking import checks, problems
from app.picking.refuse_steps import hand_full, in_hand, refused, title_of
from app.picking.state import (
    Event,
    Facts,
    Hand,
    Outcome,
    Share,
    State,
    Stop,
    SwapStop,
    Take,
    TypedQuantity,
)
from app.picking.walk_steps import onward, said_of
from app.scanning.meanings import (
    CommandMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LotMeaning,
)
from app.scanning.messages import Message

TAKEN = mark("{quantity} {unit} {item}")
TO_CART = mark("{quantity} {unit} {item}: put it into {cart} and scan that position")
PUT = mark("{quantity} {unit} {item} is in {cart}")
WANTS_LOT = mark("{item}: scan the lot")
WANTS_SERIAL = mark("{item}: scan the serial number")


@dataclass(frozen=True)
class Scanned:
    """Goods as a scan names them; ``quantity`` is None where they have to be weighed."""

    item: ItemFacts
    key: str
    title: str
    quantity: Decimal | None
    lot: str | None = None
    unit_id: int | None = None


def goods_of(event: Event) -> Scanned:
    if isinstance(event, LotMeaning):
        lot = event.lot
        one = None if event.item.catch_weight else Decimal(1)
        return Scanned(event.item, f"lot {lot.id}", title_of(event), one, lot.code)
    meaning = cast("ItemMeaning", event)
    quantity = checks.counted(meaning)
    return Scanned(meaning.item, meaning.key, title_of(meaning), quantity, meaning.lot)


def ask_lot(state: State, stop: Stop, goods: Scanned) -> Outcome:
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
        return taken(state, facts, stop, quantity, Message(TAKEN, said_of(stop, quantity)))
    return Outcome(with_hand(state, stop, quantity), Message(TO_CART, said_of(stop, quantity)))


def with_hand(state: State, stop: Stop, quantity: Decimal) -> State:
    hand = Hand(stop.balance_id, stop.item.id, quantity, stop.cart_location_id)
    return State(
        "scan_cart", state.location_id, state.location, stop.balance_id, stop.item.id, hand
    )


def taken(
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
    rest = [less(one, stop, quantity) for one in with_swap(facts.stops, stop, swapped)]
    after = replace(state, confirmed=stop.balance_id)
    return Outcome(onward(after, [one for one in rest if one.open]), said, intents=intents)


def less(one: Stop, stop: Stop, quantity: Decimal) -> Stop:
    """The stop after so much of it was taken."""
    if (one.balance_id, one.cart_location_id) != (stop.balance_id, stop.cart_location_id):
        return one
    shares: list[Share] = []
    for share in one.shares:
        part = min(quantity, share.open)
        quantity -= part
        shares.append(replace(share, picked=share.picked + part))
    return replace(one, shares=tuple(shares))


def with_swap(stops: Sequence[Stop], after: Stop, swapped: SwapStop | None) -> list[Stop]:
    """The stops with the swapped part where it is now."""
    if swapped is None:
        return list(stops)
    rest = [less(one, swapped.stop, swapped.quantity) for one in stops]
    return [after, *rest]


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
    return taken(state, facts, stop, quantity, Message(PUT, said_of(stop, quantity)))


def more_in_hand(state: State, event: Event, facts: Facts) -> Outcome:
    """The same goods again: one more in hand."""
    goods, stop = goods_of(event), in_hand(state, facts)
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
    return Outcome(with_hand(state, stop, quantity), said)


def bare(state: State) -> State:
    return replace(state, step="scan_item", hand=None)
