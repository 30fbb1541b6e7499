"""The scan flow of production: one table from the kind of an event to what happens.  Pure.

A scanned component is brought to the work, a scanned piece of what the order makes begins a report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.kit.i18n import mark
from app.kit.money import ZERO, fits, plain
from app.kit.problems import Problem
from app.producing import problems
from app.producing.state import (
    Bring,
    Component,
    Event,
    Facts,
    Here,
    Made,
    NoInput,
    Outcome,
    Report,
    State,
    TypedLot,
    TypedQuantity,
    Undo,
)
from app.scanning.meanings import (
    CommandMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LotMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message
from app.scanning.weights import said_quantity

BROUGHT = mark("{quantity} {unit} {item}")
AT_PLACE = mark("You stand at {place}. Scan the component.")
WHICH_LOT = mark("{item} lies here in several lots: {lots}. Scan the lot.")
WHICH_PLACE = mark("{item} lies at {places}. Scan the place where you take it.")
MADE_NOW = mark("{quantity} {unit} {item}: OK reports it.")
REPORTED = mark("{quantity} {unit} {item} are made.")
TAKEN_BACK = mark("Taken back.")
SCAN = mark("Scan a component, or what was made.")
ONE = Decimal(1)
LONGEST_LOT = 50
_SHOWN = 4

Handler = Callable[[State, Any, Facts], Outcome]


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What an event does at this state; a refusal leaves everything as it is."""
    return _HANDLERS.get(type(event), _refuse)(state, event, facts)


def _refused(state: State, problem: Problem) -> Outcome:
    return Outcome(state, Message(""), "refused", problem=problem)


def _told(state: State, problem: Problem) -> Outcome:
    """The refusal's own words, as a question."""
    values = {key: str(value) for key, value in problem.data.items()}
    return Outcome(state, Message(problem.text, values), "attention")


def ready(state: State) -> State:
    """Nothing in hand; the person stands where they stood."""
    return State(location_id=state.location_id, location=state.location)


def _words(item: ItemFacts, quantity: Decimal) -> dict[str, str]:
    return {"item": item.title, "quantity": plain(quantity), "unit": item.base_unit}


# Components -------------------------------------------------------------------------------------


def _item(state: State, event: ItemMeaning, facts: Facts) -> Outcome:
    said = said_quantity(event) or (event.packaging.quantity if event.packaging else ONE)
    if event.item.id == facts.item.id:
        return _made(state, said, event.lot or "", facts, event)
    component = _component(facts, event.item.id)
    if component is None:
        problem = problems.NotInOrder(item=event.item.title, order=facts.number)
        return _refused(state, problem)
    if state.item_id == event.item.id and state.quantity is not None and event.lot is None:
        said = state.quantity if state.step == "confirm_more" else said
    return _take(state, component, said, event.lot or _lot_in_hand(state, component), facts)


def _lot_in_hand(state: State, component: Component) -> str | None:
    return state.lot if state.item_id == component.item.id else None


def _component(facts: Facts, item_id: int | None) -> Component | None:
    return next((one for one in facts.components if one.item.id == item_id), None)


def _take(
    state: State, component: Component, quantity: Decimal, lot: str | None, facts: Facts
) -> Outcome:
    item = component.item
    asking = replace(state, made=None, item_id=item.id, quantity=quantity, lot=lot, step="scan_lot")
    here = [one for one in facts.stock if lot in (None, one.lot)]
    if state.location_id is not None:
        here = [one for one in here if one.location_id == state.location_id]
    if not here:
        return _refused(state, _nothing_here(component, state, facts))
    lots = sorted({one.lot for one in here if one.lot is not None})
    places = list(dict.fromkeys(one.location for one in here))
    if len(places) > 1 and state.location_id is None:
        said = {"item": item.title, "places": "、".join(places[:_SHOWN])}
        return Outcome(replace(asking, step="scan_place"), Message(WHICH_PLACE, said), "attention")
    if len(lots) > 1:
        said = {"item": item.title, "lots": "、".join(lots[:_SHOWN])}
        return Outcome(asking, Message(WHICH_LOT, said), "attention")
    return _bring(state, asking, component, here)


def _nothing_here(component: Component, state: State, facts: Facts) -> Problem:
    return problems.NothingHere(
        item=component.item.title,
        place=state.location or "—",
        why=f"item_id={component.item.id}&store_id={facts.store_id}",
    )


def _bring(state: State, asking: State, component: Component, here: list[Here]) -> Outcome:
    item, quantity = component.item, asking.quantity or ONE
    free = sum((one.free for one in here), ZERO)
    if quantity <= 0 or not fits(quantity, item.decimals):
        problem = problems.QuantityTooFine(
            item=item.title, decimals=item.decimals, given=plain(quantity)
        )
        return _refused(state, problem)
    if quantity > free:
        problem = problems.TooFewHere(
            item=item.title, place=here[0].location, free=plain(free), unit=item.base_unit,
            wanted=plain(quantity),
        )  # fmt: skip
        return _refused(replace(asking, step="scan_goods"), problem)
    total = component.issued + quantity
    if total > component.quantity and state.asked != item.id:
        problem = problems.MoreThanNeeded(
            item=item.title, needed=plain(component.quantity), unit=item.base_unit,
            total=plain(total),
        )  # fmt: skip
        return _told(replace(asking, step="confirm_more", asked=item.id), problem)
    said = Message(BROUGHT, _words(item, quantity))
    parts = tuple(_parts(here, quantity))
    return Outcome(ready(state), said, intents=(Bring(component, parts),))


def _parts(here: Iterable[Here], quantity: Decimal) -> Iterable[tuple[Here, Decimal]]:
    for one in here:
        part = min(one.free, quantity)
        if part > 0:
            yield one, part
            quantity -= part


def _lot(state: State, event: LotMeaning, facts: Facts) -> Outcome:
    if event.item.id == facts.item.id:
        return _made(state, ONE, event.lot.code, facts, event)
    component = _component(facts, event.item.id)
    if component is None:
        problem = problems.NotInOrder(item=event.item.title, order=facts.number)
        return _refused(state, problem)
    in_hand = state.quantity if state.item_id == event.item.id else None
    return _take(state, component, in_hand or ONE, event.lot.code, facts)


def _location(state: State, event: LocationMeaning, facts: Facts) -> Outcome:
    if event.store_id != facts.store_id or not event.is_active:
        return _refused(state, problems.NotForProduction(given=event.code))
    there = replace(state, location_id=event.id, location=event.code)
    component = _component(facts, state.item_id)
    if component is not None and state.quantity is not None and state.step == "scan_place":
        return _take(there, component, state.quantity, state.lot, facts)
    return Outcome(there, Message(AT_PLACE, {"place": event.code}))


# What was made ----------------------------------------------------------------------------------


def _made(
    state: State,
    quantity: Decimal,
    lot: str,
    facts: Facts,
    event: ItemMeaning | LotMeaning | None = None,
) -> Outcome:
    """Begin a report, or count more of the same."""
    now = state.made
    same = now is not None and lot in ("", now.lot)
    if now is not None and same and not facts.item.has_serials:
        made = replace(now, quantity=now.quantity + quantity)
    elif now is not None and lot and not isinstance(event, ItemMeaning):
        made = replace(now, lot=lot)
    else:
        made = Made(ONE if facts.item.has_serials else quantity, lot)
    return _report_later(state, _dated(made, event), facts)


def _dated(made: Made, event: ItemMeaning | LotMeaning | None) -> Made:
    if not isinstance(event, ItemMeaning):
        return made
    dates = event.dates
    last = dates.expires_on or dates.best_before_on
    return replace(
        made,
        produced_on=dates.produced_on or made.produced_on,
        last_on=last or made.last_on,
    )


def _report_later(state: State, made: Made, facts: Facts) -> Outcome:
    item = facts.item
    if made.quantity <= 0 or not fits(made.quantity, item.decimals):
        problem = problems.QuantityTooFine(
            item=item.title, decimals=item.decimals, given=plain(made.quantity)
        )
        return _refused(state, problem)
    if made.quantity > facts.most:
        problem = problems.MoreThanPlanned(
            item=item.title, most=plain(facts.most), unit=item.base_unit,
            wanted=plain(made.quantity),
        )  # fmt: skip
        return _refused(state, problem)
    after = replace(ready(state), step="confirm_output", made=made)
    return Outcome(after, Message(MADE_NOW, _words(item, made.quantity)))


def _typed(state: State, event: TypedQuantity, facts: Facts) -> Outcome:
    if state.made is not None:
        return _report_later(state, replace(state.made, quantity=event.quantity), facts)
    component = _component(facts, state.item_id)
    if component is None:
        return Outcome(state, Message(SCAN), "attention")
    return _take(state, component, event.quantity, state.lot, facts)


def _typed_lot(state: State, event: TypedLot, facts: Facts) -> Outcome:
    if state.made is None:
        return Outcome(state, Message(SCAN), "attention")
    lot = event.lot.strip()[:LONGEST_LOT] or state.made.lot
    made = replace(state.made, lot=lot, last_on=event.last_on or state.made.last_on)
    return _report_later(state, made, facts)


def _ok(state: State, _event: NoInput, facts: Facts) -> Outcome:
    return finish(state, facts)


def finish(state: State, facts: Facts, rest: str = "refuse") -> Outcome:
    """Report what was made, or take more than needed."""
    made = state.made
    if made is not None:
        said = Message(REPORTED, _words(facts.item, made.quantity))
        return Outcome(ready(state), said, intents=(Report(made, rest),))
    component = _component(facts, state.item_id)
    if component is not None and state.step == "confirm_more" and state.quantity is not None:
        return _take(state, component, state.quantity, state.lot, facts)
    return Outcome(state, Message(SCAN), "attention")


# Commands and everything else -------------------------------------------------------------------


def _command(state: State, event: CommandMeaning, facts: Facts) -> Outcome:
    if event.name == "OK":
        return finish(state, facts)
    if event.name == "BACKFLUSH":
        return finish(state, facts, "backflush")
    if event.name == "AS_SCANNED":
        return finish(state, facts, "as_scanned")
    if event.name in ("UNDO", "CANCEL"):
        return _undo(state)
    if event.step is not None and state.made is not None:
        return _report_later(
            state, replace(state.made, quantity=state.made.quantity + event.step), facts
        )
    return Outcome(state, Message(SCAN), "attention")


def _undo(state: State) -> Outcome:
    if state.made is not None or state.item_id is not None:
        return Outcome(ready(state), Message(TAKEN_BACK))
    return Outcome(ready(state), Message(TAKEN_BACK), intents=(Undo(),))


def _unknown(state: State, event: UnknownMeaning, facts: Facts) -> Outcome:
    """The label of a lot that is only just made is not known yet."""
    given = event.text.strip()
    if state.made is not None and facts.item.has_lots and 0 < len(given) <= LONGEST_LOT:
        return _typed_lot(state, TypedLot(given), facts)
    return _refused(state, problems.UnknownInProduction(given=event.text))


def _unreadable(state: State, event: UnreadableMeaning, _facts: Facts) -> Outcome:
    return _refused(state, problems.UnknownInProduction(given=event.text))


def _refuse(state: State, event: object, _facts: Facts) -> Outcome:
    names = ("text", "code", "number", "sscc", "name")
    given = next((str(getattr(event, name)) for name in names if getattr(event, name, None)), "?")
    return _refused(state, problems.NotForProduction(given=given))


_HANDLERS: dict[type[Any], Handler] = {
    ItemMeaning: _item,
    LotMeaning: _lot,
    LocationMeaning: _location,
    CommandMeaning: _command,
    NoInput: _ok,
    TypedQuantity: _typed,
    TypedLot: _typed_lot,
    UnknownMeaning: _unknown,
    UnreadableMeaning: _unreadable,
}
