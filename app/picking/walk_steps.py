"""The steps of the way: to a place, past it, and to where everything is brought together.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from app.kit.i18n import mark
from app.kit.money import plain
from app.picking import checks, problems
from app.picking.refuse_steps import answer_first, current, hand_full, refused, staging_wanted
from app.picking.state import (
    AskShort,
    AskToClose,
    Close,
    Event,
    Facts,
    NotEmpty,
    Other,
    Outcome,
    Pause,
    Short,
    Skip,
    State,
    Stop,
    TypedQuantity,
    TypedShort,
    Undo,
)
from app.scanning.meanings import LocationMeaning, SearchMeaning
from app.scanning.messages import Message

ARRIVED = mark("{location}: take {quantity} {unit} {item}")
OTHER_PLACE = mark("{item} is promised in {expected}. Scan {location} again to take it here.")
GO = mark("Go to {location}: {quantity} {unit} {item}")
BRING = mark("Bring everything to {location} and scan it.")
CLOSED = mark("The pick is finished. The goods are in {location}.")
LEFT = mark("Check what is left, then finish the pick.")
SKIPPED = mark("{item} in {location} comes last.")
SHORTENED = mark("{quantity} {unit} {item} are missing. Another place is looked for.")
WHY_SHORT = mark("Why is there too little? Choose the reason.")
EMPTY = mark("{location} is empty, as it should be.")
NOT_EMPTY = mark("{location} will be counted.")
PAUSED = mark("The pick is paused.")
UNDONE = mark("Taken back: put the goods where they were.")
DROPPED = mark("{item} was not taken.")
FOUND = mark("{count} items fit {text}: choose one.")


def settled(state: State, facts: Facts) -> State:
    """The state as it is now: stops may have come or gone since the last scan."""
    if state.step == "scan_staging" and facts.stops:
        return State(item_id=facts.stops[0].item.id)
    if state.step in ("scan_location", "scan_item", "confirm_location") and not facts.stops:
        return State("scan_staging")
    return state


def onward(state: State, stops: Sequence[Stop]) -> State:
    """Where to go with these stops left: further here, to the next place, or to the end."""
    if not stops:
        return State("scan_staging")
    here = [stop for stop in stops if stop.location_id == state.location_id]
    if not here:
        return State(item_id=stops[0].item.id)
    known = any(stop.balance_id == state.confirmed for stop in here)
    confirmed = state.confirmed if known else None
    return State("scan_item", state.location_id, state.location, confirmed, here[0].item.id)


def said_of(stop: Stop, quantity: Decimal | None = None) -> dict[str, str]:
    return {
        "item": stop.title,
        "quantity": plain(stop.open if quantity is None else quantity),
        "unit": stop.item.base_unit,
        "location": stop.location,
        "cart": stop.cart or "",
    }


# Places -------------------------------------------------------------------------------------------


def go_to(state: State, event: Event, facts: Facts) -> Outcome:
    """A place of the pick, in whatever order the person walks; or one with the same goods."""
    location = cast("LocationMeaning", event)
    here = [stop for stop in facts.stops if stop.location_id == location.id]
    if here:
        standing = State("scan_item", location.id, location.code, None, here[0].item.id)
        return Outcome(standing, Message(ARRIVED, said_of(here[0])))
    stop = current(state, facts)
    if stop is None:
        return staging_wanted(state, event, facts)
    beside = [
        (wanted, other)
        for wanted in (stop, *facts.stops)
        for other in facts.others
        if other.location_id == location.id and other.item_id == wanted.item.id
    ]
    if not beside:
        wrong = problems.WrongLocation(
            scanned=location.code, expected=stop.location, why=checks.why_of(stop)
        )
        return refused(state, wrong)
    return _ask_for_place(state, facts, location, beside)


def _ask_for_place(
    state: State, facts: Facts, location: LocationMeaning, beside: Sequence[tuple[Stop, Other]]
) -> Outcome:
    tried = [
        (stop, checks.swap_problem(facts, stop, other, min(stop.open, ONE)))
        for stop, other in beside
    ]
    fine = [stop for stop, problem in tried if problem is None]
    if not fine:
        return refused(state, next(problem for _, problem in tried if problem is not None))
    asking = State("confirm_location", location.id, location.code, None, fine[0].item.id)
    said = said_of(fine[0]) | {"expected": fine[0].location, "location": location.code}
    return Outcome(asking, Message(OTHER_PLACE, said), "attention")


ONE = Decimal(1)


def confirm_location(state: State, event: Event, facts: Facts) -> Outcome:
    location = cast("LocationMeaning", event)
    if location.id == state.location_id:
        return stand_here(state, event, facts)
    return go_to(state, event, facts)


def stand_here(state: State, event: Event, facts: Facts) -> Outcome:
    """The other place was accepted: its goods may take the place of the promised ones."""
    standing = State("scan_item", state.location_id, state.location, None, state.item_id)
    stop = current(standing, facts)
    said = said_of(stop) if stop else {}
    return Outcome(standing, Message(ARRIVED, said | {"location": state.location or ""}))


def remind(state: State, event: Event, facts: Facts) -> Outcome:
    """OK where nothing waits for it: the screen says again what is wanted."""
    stop = current(state, facts)
    if stop is None:
        return Outcome(state, Message(BRING, {"location": facts.staging}), "attention")
    text = GO if state.step == "scan_location" else ARRIVED
    said = said_of(stop)
    if state.location and text == ARRIVED:
        said["location"] = state.location
    return Outcome(state, Message(text, said), "attention")


# Past a place -------------------------------------------------------------------------------------


def skip(state: State, event: Event, facts: Facts) -> Outcome:
    """The stop on the screen goes to the end of the way."""
    stop = current(state, facts)
    rest = [other for other in facts.stops if other is not stop]
    if stop is None or not rest:
        return refused(state, problems.NothingElse())
    said = Message(SKIPPED, said_of(stop))
    return Outcome(onward(state, rest), said, "attention", (Skip(stop),))


def ask_short(state: State, event: Event, facts: Facts) -> Outcome:
    return Outcome(state, Message(WHY_SHORT), "attention", (AskShort(),))


def shorten(state: State, event: Event, facts: Facts) -> Outcome:
    """The rest of the stop is not there."""
    typed = cast("TypedShort", event)
    found = [
        stop
        for stop in facts.stops
        if any(share.task_id == typed.task_id and share.is_open for share in stop.shares)
    ]
    if not found:
        return refused(state, problems.StopSettled())
    stop = found[0]
    rest = [other for other in facts.stops if other is not stop]
    said = Message(SHORTENED, said_of(stop))
    return Outcome(onward(state, rest), said, "attention", (Short(stop, typed.reason),))


# An emptied place ---------------------------------------------------------------------------------


def is_empty(state: State, event: Event, facts: Facts) -> Outcome:
    said = Message(EMPTY, {"location": state.location or ""})
    return Outcome(onward(state, facts.stops), said)


def is_not_empty(state: State, event: Event, facts: Facts) -> Outcome:
    assert state.location_id is not None, "a question about no place"
    assert state.item_id is not None, "a question about no item"
    said = Message(NOT_EMPTY, {"location": state.location or ""})
    intent = NotEmpty(state.location_id, state.item_id)
    return Outcome(onward(state, facts.stops), said, "attention", (intent,))


def left_there(state: State, event: Event, facts: Facts) -> Outcome:
    """How much still lies there, typed: nothing is yes."""
    there = cast("TypedQuantity", event).quantity
    return is_not_empty(state, event, facts) if there > 0 else is_empty(state, event, facts)


def same_place_is_yes(state: State, event: Event, facts: Facts) -> Outcome:
    if cast("LocationMeaning", event).id == state.location_id:
        return is_empty(state, event, facts)
    return answer_first(state, event, facts)


# The end ------------------------------------------------------------------------------------------


def bring(state: State, event: Event, facts: Facts) -> Outcome:
    if cast("LocationMeaning", event).id != facts.staging_id:
        return staging_wanted(state, event, facts)
    return close(state, event, facts)


def close(state: State, event: Event, facts: Facts) -> Outcome:
    """Everything is taken: done.  Else what is left has to be looked at."""
    if facts.stops:
        return Outcome(state, Message(LEFT), "attention", (AskToClose(),))
    said = Message(CLOSED, {"location": facts.staging})
    return Outcome(State("done"), said, intents=(Close(),))


def close_later(state: State, event: Event, facts: Facts) -> Outcome:
    return hand_full(state, event, facts)


def pause(state: State, event: Event, facts: Facts) -> Outcome:
    return Outcome(state, Message(PAUSED), "attention", (Pause(),))


def undo(state: State, event: Event, facts: Facts) -> Outcome:
    """Take back the last entry; the goods go back where they were."""
    last = facts.last
    if last is None:
        return refused(state, problems.NothingToUndo())
    standing = State("scan_item", last.location_id, last.location)
    return Outcome(standing, Message(UNDONE), "attention", (Undo(),))


def drop(state: State, event: Event, facts: Facts) -> Outcome:
    """What is in hand or was asked was not booked: it is simply let go."""
    stop = current(state, facts)
    said = Message(DROPPED, {"item": stop.title if stop else ""})
    return Outcome(onward(state, facts.stops), said, "attention")


def leave_place(state: State, event: Event, facts: Facts) -> Outcome:
    stop = current(State(item_id=state.item_id), facts)
    said = Message(GO, said_of(stop)) if stop else Message(BRING, {"location": facts.staging})
    return Outcome(State(item_id=state.item_id), said, "attention")


def offer_candidates(state: State, event: Event, facts: Facts) -> Outcome:
    found = cast("SearchMeaning", event)
    said = {"count": str(len(found.candidates)), "text": found.text}
    return Outcome(state, Message(FOUND, said), "attention", candidates=found.candidates)
