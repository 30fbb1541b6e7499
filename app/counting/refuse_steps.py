"""What is refused in the same words at every step, and what only says what to do.  Pure."""

from __future__ import annotations

from typing import Any

from app.counting import problems
from app.counting.state import Event, Facts, Outcome, State
from app.kit.i18n import mark
from app.kit.problems import Problem
from app.scanning.meanings import (
    DocumentMeaning,
    InvoiceMeaning,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message

CHOOSE = mark("Which one is it?")
SCAN = mark("Scan the goods.")


def refused(state: State, problem: Problem) -> Outcome:
    """The state stays as it is, and so does everything else."""
    said = {name: str(value) for name, value in problem.data.items()}
    return Outcome(state, Message(problem.text, said), "refused", problem=problem)


def task_closed(state: State, _event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.TaskClosed(location=facts.place.location))


def location_first(state: State, _event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.LocationFirst(location=facts.place.location))


def goods_first(state: State, _event: Event, _facts: Facts) -> Outcome:
    return refused(state, problems.GoodsFirst())


def lot_wanted(state: State, _event: Event, _facts: Facts) -> Outcome:
    item = state.pending.item.title if state.pending else "?"
    return refused(state, problems.LotWanted(item=item))


def not_empty(state: State, _event: Event, facts: Facts) -> Outcome:
    return refused(state, problems.NotEmpty(location=facts.place.location))


def unknown(state: State, event: UnknownMeaning, _facts: Facts) -> Outcome:
    return refused(state, problems.UnknownCode(given=event.text, barcode=event.barcode or ""))


def unreadable(state: State, event: UnreadableMeaning, _facts: Facts) -> Outcome:
    return refused(state, problems.UnreadableCode(given=event.text, reason=event.reason))


def numbered(state: State, event: DocumentMeaning | InvoiceMeaning, _facts: Facts) -> Outcome:
    return refused(state, problems.NotCountable(given=event.number))


def partner(state: State, event: PartnerMeaning, _facts: Facts) -> Outcome:
    return refused(state, problems.NotCountable(given=event.name))


def badge(state: State, _event: Event, _facts: Facts) -> Outcome:
    return refused(state, problems.NotCountable(given="badge"))


def search(state: State, event: SearchMeaning, _facts: Facts) -> Outcome:
    """A person chooses among several."""
    return Outcome(state, Message(CHOOSE), "attention", candidates=event.candidates)


def remind(state: State, _event: Any, _facts: Facts) -> Outcome:
    """A button that nothing waits for."""
    return Outcome(state, Message(SCAN), "attention")
