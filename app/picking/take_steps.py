"""The steps at the goods: what is scanned is looked for among the stops of the place.  Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

from app.kit.i18n import mark
from app.picking import checks, problems
from app.picking.hand_steps import Scanned, ask_lot, bare, goods_of, take
from app.picking.refuse_steps import current, refused, scan_first
from app.picking.state import (
    Event,
    Facts,
    Outcome,
    State,
    Stop,
    TypedQuantity,
)
from app.picking.swap_steps import confirm, instead
from app.picking.walk_steps import DROPPED, said_of
from app.scanning.meanings import CommandMeaning, LogisticUnitMeaning
from app.scanning.messages import Message

WANTS_WEIGHT = mark("{item}: enter the weight in {unit}")
OPEN_UNIT = mark("Take {quantity} {unit} {item} out of the unit {sscc} and scan them.")


def take_goods(state: State, event: Event, facts: Facts) -> Outcome:
    """Goods at the place where the person stands."""
    return _take_goods(state, facts, goods_of(event))


def _take_goods(state: State, facts: Facts, goods: Scanned) -> Outcome:
    here = [
        stop
        for stop in facts.stops
        if stop.location_id == state.location_id and stop.item.id == goods.item.id and stop.open
    ]
    if not here:
        return instead(state, facts, goods)
    known = [stop for stop in here if stop.balance_id == state.confirmed]
    if goods.item.has_lots and goods.lot is None:
        if known and not goods.item.has_serials:
            return _take_scanned(state, facts, known[0], goods)
        return ask_lot(state, here[0], goods)
    fitting = [stop for stop in here if stop.lot == goods.lot or not goods.item.has_lots]
    if not fitting:
        return instead(state, facts, goods)
    chosen = next((stop for stop in fitting if stop in known), fitting[0])
    return _take_scanned(state, facts, chosen, goods)


def _take_scanned(state: State, facts: Facts, stop: Stop, goods: Scanned) -> Outcome:
    if stop.sscc is not None and stop.balance_id != state.confirmed:
        return refused(state, problems.UnitWanted(item=stop.title, sscc=stop.sscc))
    if goods.quantity is None:
        known = replace(state, step="scan_item", confirmed=stop.balance_id, hand=None)
        return Outcome(known, Message(WANTS_WEIGHT, said_of(stop)), "attention")
    return take(state, facts, stop, goods.quantity)


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
            return instead(state, facts, goods)
    return refused(state, problems.WrongUnit(sscc=unit.sscc))


def confirm_same(state: State, event: Event, facts: Facts) -> Outcome:
    """The same code again accepts; another one is a new scan, and nothing was taken before."""
    goods = goods_of(event)
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


def lot_of_hand(state: State, event: Event, facts: Facts) -> Outcome:
    """The code that names the lot of the goods in hand; it must be of the same item."""
    goods, hand = goods_of(event), state.hand
    if hand is None or goods.item.id != hand.item_id:
        stop = current(state, facts)
        expected = stop.title if stop else ""
        return refused(state, problems.NotInPick(scanned=goods.title, expected=expected))
    if goods.lot is None:
        stop = current(state, facts)
        lot = (stop and stop.lot) or ""
        return refused(state, problems.LotWanted(item=goods.item.title, lot=lot))
    with_lot = replace(goods, quantity=hand.quantity or goods.quantity)
    outcome = _take_goods(bare(state), facts, with_lot)
    return replace(outcome, state=state) if outcome.problem is not None else outcome


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
