"""The place: stood in front of, found empty, finished.  Pure."""

from __future__ import annotations

from app.counting import problems
from app.counting.refuse_steps import location_first, refused
from app.counting.state import Event, Facts, Finish, Outcome, State
from app.kit.i18n import mark
from app.scanning.meanings import LocationMeaning
from app.scanning.messages import Message

HERE = mark("{location}: scan everything that is here.")
FINISHED = mark("{location} is counted.")
EMPTY = mark("{location} is empty.")


def arrive(state: State, event: LocationMeaning, facts: Facts) -> Outcome:
    """So that what is counted is counted in the right place."""
    if event.id != facts.place.location_id:
        return location_first(state, event, facts)
    return Outcome(State("scan_goods"), Message(HERE, {"location": facts.place.location}))


def stay(state: State, event: LocationMeaning, facts: Facts) -> Outcome:
    """The same label again does no harm; another one is another place."""
    location = facts.place.location
    if event.id != facts.place.location_id:
        return refused(state, problems.OtherLocation(given=event.code, location=location))
    return Outcome(State("scan_goods"), Message(HERE, {"location": location}))


def empty(state: State, _event: Event, facts: Facts) -> Outcome:
    location = facts.place.location
    if facts.lines:
        return refused(state, problems.NotEmpty(location=location))
    said = Message(EMPTY, {"location": location})
    return Outcome(State("done"), said, intents=(Finish(is_empty=True),))


def finish(state: State, _event: Event, facts: Facts) -> Outcome:
    location = facts.place.location
    if not facts.lines:
        return refused(state, problems.NothingSeen(location=location))
    said = Message(FINISHED, {"location": location})
    return Outcome(State("done"), said, intents=(Finish(),))
