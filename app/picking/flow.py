"""The scan flow of picking: one table from (step, kind of event) to what happens.

Pure: no database, no web.  ``step`` takes the state, what came in and the facts around it, and
says the next state, what has to be done (intents) and what to tell the operator.  The diagram in
docs/picking-states.md is generated from the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.picking import hand_steps as hand
from app.picking import refuse_steps as refuse
from app.picking import swap_steps as swap
from app.picking import take_steps as take
from app.picking import walk_steps as walk
from app.picking.kinds import KINDS, kind_of
from app.picking.state import STEPS, Event, Facts, Outcome, State, Step

Handler = Callable[[State, Event, Facts], Outcome]


@dataclass(frozen=True)
class Transition:
    """A handler and the steps that it may lead to (the step itself is always among them)."""

    handler: Handler
    to: tuple[Step, ...] = ()


_STAYS = Transition
_ONWARD: tuple[Step, ...] = ("scan_location", "scan_item", "scan_staging")
_PLACES: tuple[Step, ...] = ("scan_item", "confirm_location")
_TAKES: tuple[Step, ...] = (
    *_ONWARD, "answer_empty", "scan_lot", "scan_cart", "confirm_swap",
)  # fmt: skip

# What is the same at every step; a step's own entries come first.
_ANYWHERE: dict[str, Transition] = {
    "item": _STAYS(take.take_goods, _TAKES),
    "lot": _STAYS(take.take_goods, _TAKES),
    "location": _STAYS(walk.go_to, _PLACES),
    "logistic_unit": _STAYS(take.take_unit, _TAKES),
    "document": _STAYS(refuse.refuse_document),
    "partner": _STAYS(refuse.refuse_partner),
    "badge": _STAYS(refuse.refuse_badge),
    "invoice": _STAYS(refuse.refuse_invoice),
    "search": _STAYS(walk.offer_candidates),
    "unreadable": _STAYS(refuse.refuse_unreadable),
    "unknown": _STAYS(refuse.refuse_unknown),
    "quantity": _STAYS(refuse.scan_first),
    "typed_short": _STAYS(walk.shorten, _ONWARD),
    "none": _STAYS(walk.remind),
    "undo": _STAYS(walk.undo, ("scan_item",)),
    "cancel": _STAYS(walk.remind),
    "skip": _STAYS(walk.skip, _ONWARD),
    "short": _STAYS(walk.ask_short),
    "pause": _STAYS(walk.pause),
    "close": _STAYS(walk.close, ("done",)),
    "more": _STAYS(refuse.scan_first),
    "command": _STAYS(refuse.refuse_command),
}

_GOODS = ("item", "lot", "logistic_unit")
_HANDS_ONLY: dict[str, Transition] = dict.fromkeys(
    ("typed_short", "skip", "short", "close"), _STAYS(refuse.hand_full)
)

_BY_STEP: dict[Step, dict[str, Transition]] = {
    "scan_location": dict.fromkeys(_GOODS, _STAYS(refuse.location_first)),
    "confirm_location": {
        **dict.fromkeys(_GOODS, _STAYS(refuse.location_twice)),
        "location": _STAYS(walk.confirm_location, _PLACES),
        "none": _STAYS(walk.stand_here, ("scan_item",)),
        "undo": _STAYS(walk.leave_place, ("scan_location",)),
        "cancel": _STAYS(walk.leave_place, ("scan_location",)),
    },
    "scan_item": {
        "quantity": _STAYS(take.typed_quantity, _TAKES),
        "more": _STAYS(take.add_quantity, _TAKES),
        "cancel": _STAYS(walk.leave_place, ("scan_location",)),
    },
    "scan_lot": {
        "item": _STAYS(take.lot_of_hand, _TAKES),
        "lot": _STAYS(take.lot_of_hand, _TAKES),
        "undo": _STAYS(walk.drop, _ONWARD),
        "cancel": _STAYS(walk.drop, _ONWARD),
    },
    "confirm_swap": {
        "item": _STAYS(take.confirm_same, _TAKES),
        "lot": _STAYS(take.confirm_same, _TAKES),
        "logistic_unit": _STAYS(take.confirm_unit, _TAKES),
        "none": _STAYS(swap.confirm, _TAKES),
        "undo": _STAYS(walk.drop, _ONWARD),
        "cancel": _STAYS(walk.drop, _ONWARD),
    },
    "scan_cart": {
        **_HANDS_ONLY,
        "item": _STAYS(hand.more_in_hand),
        "lot": _STAYS(hand.more_in_hand),
        "logistic_unit": _STAYS(refuse.hand_full),
        "location": _STAYS(hand.to_cart, _TAKES),
        "quantity": _STAYS(hand.set_hand),
        "more": _STAYS(hand.add_to_hand),
        "none": _STAYS(refuse.hand_full),
        "undo": _STAYS(walk.drop, _ONWARD),
        "cancel": _STAYS(walk.drop, _ONWARD),
    },
    "answer_empty": {
        **dict.fromkeys(
            (*_GOODS, "typed_short", "skip", "short", "close", "more", "search"),
            _STAYS(refuse.answer_first),
        ),
        "location": _STAYS(walk.same_place_is_yes, _ONWARD),
        "quantity": _STAYS(walk.left_there, _ONWARD),
        "none": _STAYS(walk.is_empty, _ONWARD),
        "cancel": _STAYS(walk.is_not_empty, _ONWARD),
    },
    "scan_staging": {
        **dict.fromkeys((*_GOODS, "quantity", "more"), _STAYS(refuse.staging_wanted)),
        "location": _STAYS(walk.bring, ("done",)),
    },
    "done": dict.fromkeys(KINDS, _STAYS(refuse.refuse_closed)),
}

TABLE: dict[tuple[Step, str], Transition] = {
    (step_name, kind): {**_ANYWHERE, **_BY_STEP[step_name]}[kind]
    for step_name in STEPS
    for kind in KINDS
}


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What the event leads to.  Refusals are in ``Outcome.problem``; nothing is raised."""
    state = walk.settled(state, facts)
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
    lines = ["stateDiagram-v2", "    [*] --> scan_location"]
    lines += [
        f"    {source} --> {target}: {', '.join(kinds)}"
        for (source, target), kinds in edges.items()
    ]
    return "\n".join([*lines, "    done --> [*]"])
