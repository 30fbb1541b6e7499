"""The scan flow of receiving: one table from (step, kind of event) to what happens.

Pure: no database, no web.  ``step`` takes the state, what came in and the facts around it, and
says the next state, what has to be done (intents) and what to tell the operator.  The diagram in
docs/receiving-states.md is generated from the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.receiving import put_away_steps as away
from app.receiving import receive_steps as receive
from app.receiving import refuse_steps as refuse
from app.receiving.kinds import KINDS, kind_of
from app.receiving.state import STEPS, Facts, Outcome, State, Step
from app.receiving.typed import Event

Handler = Callable[[State, Event, Facts], Outcome]


@dataclass(frozen=True)
class Transition:
    """A handler and the steps that it may lead to (the step itself is always among them)."""

    handler: Handler
    to: tuple[Step, ...] = ()


_STAYS = Transition
_BOOKS: tuple[Step, ...] = (
    "scan_item", "scan_lot", "enter_expiry", "enter_quantity", "confirm_deviation",
)  # fmt: skip
_BACK: tuple[Step, ...] = ("scan_item",)
_PUT: tuple[Step, ...] = ("scan_put_away_item",)

# What is the same at every step; a step's own entries come first.
_ANYWHERE: dict[str, Transition] = {
    "item": _STAYS(refuse.other_item),
    "lot": _STAYS(refuse.other_lot),
    "location": _STAYS(refuse.refuse_location),
    "logistic_unit": _STAYS(refuse.refuse_logistic_unit),
    "document": _STAYS(refuse.refuse_document),
    "partner": _STAYS(refuse.refuse_partner),
    "badge": _STAYS(refuse.refuse_badge),
    "invoice": _STAYS(receive.note_invoice),
    "search": _STAYS(receive.offer_candidates),
    "unreadable": _STAYS(refuse.refuse_unreadable),
    "unknown": _STAYS(refuse.refuse_unknown),
    "undo": _STAYS(receive.drop, _BACK),
    "cancel": _STAYS(receive.drop, _BACK),
    "print": _STAYS(receive.offer_label),
    "pause": _STAYS(receive.pause),
    "close": _STAYS(receive.ask_to_close),
    "more": _STAYS(refuse.refuse_command),
    "command": _STAYS(refuse.refuse_command),
    "quantity": _STAYS(refuse.refuse_quantity),
    "typed_lot": _STAYS(refuse.refuse_typed),
    "typed_dates": _STAYS(refuse.refuse_typed),
    "turn": _STAYS(refuse.refuse_turn),
    "none": _STAYS(receive.remind),
}

_BY_STEP: dict[Step, dict[str, Transition]] = {
    "scan_item": {
        "item": _STAYS(receive.take_item, _BOOKS),
        "lot": _STAYS(receive.take_lot_of_item, _BOOKS),
        "quantity": _STAYS(receive.correct_quantity, _BOOKS),
        "more": _STAYS(receive.add_quantity, _BOOKS),
        "undo": _STAYS(receive.undo),
        "cancel": _STAYS(receive.remind),
        "turn": _STAYS(away.begin, _PUT),
    },
    "scan_lot": {
        "item": _STAYS(receive.lot_with_item, _BOOKS),
        "lot": _STAYS(receive.known_lot, _BOOKS),
        "unknown": _STAYS(receive.new_lot, _BOOKS),
        "search": _STAYS(receive.new_lot, _BOOKS),
        "unreadable": _STAYS(receive.new_lot, _BOOKS),
        "typed_lot": _STAYS(receive.typed_lot, _BOOKS),
    },
    "enter_expiry": {
        "item": _STAYS(receive.dates_with_item, _BOOKS),
        "typed_dates": _STAYS(receive.typed_dates, _BOOKS),
    },
    "enter_quantity": {
        "item": _STAYS(receive.weight_with_item, _BOOKS),
        "quantity": _STAYS(receive.typed_quantity, _BOOKS),
    },
    "confirm_deviation": {
        "item": _STAYS(receive.confirm_or_take, _BOOKS),
        "lot": _STAYS(receive.confirm_lot, _BOOKS),
        "unknown": _STAYS(receive.confirm_text, _BOOKS),
        "none": _STAYS(receive.confirm, _BOOKS),
        "quantity": _STAYS(receive.typed_quantity, _BOOKS),
    },
    "scan_put_away_item": {
        "item": _STAYS(away.take_item, ("scan_put_away_location",)),
        "lot": _STAYS(away.take_lot, ("scan_put_away_location",)),
        "undo": _STAYS(receive.undo),
        "cancel": _STAYS(away.end, _BACK),
        "turn": _STAYS(away.end, _BACK),
    },
    "scan_put_away_location": {
        "item": _STAYS(away.other_item),
        "lot": _STAYS(away.other_lot),
        "location": _STAYS(away.take_location, ("scan_put_away_item", "confirm_location")),
        "quantity": _STAYS(away.set_quantity),
        "undo": _STAYS(away.drop, _PUT),
        "cancel": _STAYS(away.drop, _PUT),
        "none": _STAYS(away.remind),
    },
    "confirm_location": {
        "item": _STAYS(away.other_item),
        "lot": _STAYS(away.other_lot),
        "location": _STAYS(away.take_location, ("scan_put_away_item", "confirm_location")),
        "quantity": _STAYS(away.set_quantity),
        "undo": _STAYS(away.choose_again, ("scan_put_away_location",)),
        "cancel": _STAYS(away.choose_again, ("scan_put_away_location",)),
        "none": _STAYS(away.confirm, _PUT),
    },
    "done": {
        "turn": _STAYS(away.begin, _PUT),
        **dict.fromkeys(
            ("item", "lot", "location", "logistic_unit", "partner", "badge", "invoice", "search",
             "unreadable", "unknown", "undo", "cancel", "pause", "close", "more", "command",
             "quantity", "typed_lot", "typed_dates", "none"),
            _STAYS(refuse.refuse_closed),
        ),
    },
}  # fmt: skip

TABLE: dict[tuple[Step, str], Transition] = {
    (step_name, kind): {**_ANYWHERE, **_BY_STEP[step_name]}[kind]
    for step_name in STEPS
    for kind in KINDS
}


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What the event leads to.  Refusals are in ``Outcome.problem``; nothing is raised."""
    transition = TABLE[state.step, kind_of(event)]
    outcome = transition.handler(state, event, facts)
    reached = outcome.state.step
    assert reached == state.step or reached in transition.to, (state.step, kind_of(event), reached)
    return outcome


def diagram() -> str:
    """The table as a Mermaid state diagram: only what changes the step."""
    edges: dict[tuple[str, str], list[str]] = {}
    for (source, kind), transition in TABLE.items():
        for target in transition.to:
            if target != source:
                edges.setdefault((source, target), []).append(kind)
    lines = ["stateDiagram-v2", "    [*] --> scan_item"]
    lines += [
        f"    {source} --> {target}: {', '.join(kinds)}"
        for (source, target), kinds in edges.items()
    ]
    return "\n".join([*lines, "    scan_item --> done: receipt closed", "    done --> [*]"])
