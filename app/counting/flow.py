"""The flow of counting a place: one table from (step, kind of event) to what happens.

Pure: no database, no web.  ``step`` takes the state, what came in and the facts around it, and
says the next state, what has to be done (intents) and what to tell the counter.  The diagram in
docs/counting-states.md is generated from the table, and so are the steps of a device that has no
network (``web/static/js/offline/counting``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.counting import goods_steps as goods
from app.counting import place_steps as place
from app.counting import refuse_steps as refuse
from app.counting.kinds import KINDS, kind_of
from app.counting.state import STEPS, Event, Facts, Outcome, State, Step

Handler = Callable[[State, Any, Facts], Outcome]


@dataclass(frozen=True)
class Transition:
    """A handler and the steps that it may lead to (the step itself is always among them)."""

    handler: Handler
    to: tuple[Step, ...] = ()


_STAYS = Transition
_GOODS: tuple[Step, ...] = ("scan_goods", "scan_lot", "new_lot")
_NAMED: tuple[Step, ...] = ("scan_goods", "new_lot")
_BACK: tuple[Step, ...] = ("scan_goods",)

# What is the same at every step; a step's own entries come first.
_ANYWHERE: dict[str, Transition] = {
    "item": _STAYS(goods.item, _GOODS),
    "lot": _STAYS(goods.lot),
    "location": _STAYS(place.stay),
    "logistic_unit": _STAYS(goods.unit),
    "document": _STAYS(refuse.numbered),
    "partner": _STAYS(refuse.partner),
    "badge": _STAYS(refuse.badge),
    "invoice": _STAYS(refuse.numbered),
    "search": _STAYS(refuse.search),
    "unreadable": _STAYS(refuse.unreadable),
    "unknown": _STAYS(refuse.unknown),
    "quantity": _STAYS(goods.quantity),
    "typed_lot": _STAYS(refuse.goods_first),
    "ok": _STAYS(refuse.remind),
    "undo": _STAYS(goods.undo, _BACK),
    "empty": _STAYS(place.empty, ("done",)),
    "finish": _STAYS(place.finish, ("done",)),
    "more": _STAYS(goods.more),
    "command": _STAYS(refuse.remind),
}
_IN_HAND: dict[str, Transition] = {
    **dict.fromkeys(("location", "logistic_unit", "finish"), _STAYS(refuse.lot_wanted)),
    "item": _STAYS(goods.item_in_hand, _NAMED),
    "lot": _STAYS(goods.lot_in_hand, _BACK),
    **dict.fromkeys(("unknown", "search"), _STAYS(goods.scanned_lot, _NAMED)),
    "quantity": _STAYS(goods.quantity_in_hand),
    "typed_lot": _STAYS(goods.typed_lot, _NAMED),
    "undo": _STAYS(goods.drop, _BACK),
    "empty": _STAYS(refuse.not_empty),
    "more": _STAYS(goods.more_in_hand),
}
_BY_STEP: dict[Step, dict[str, Transition]] = {
    "scan_location": {
        **dict.fromkeys(
            ("item", "lot", "logistic_unit", "quantity", "typed_lot", "more", "empty"),
            _STAYS(refuse.location_first),
        ),
        "location": _STAYS(place.arrive, _BACK),
    },
    "scan_goods": {},
    "scan_lot": _IN_HAND,
    "new_lot": {**_IN_HAND, "ok": _STAYS(goods.accept_new, _BACK)},
    "done": dict.fromkeys(KINDS, _STAYS(refuse.task_closed)),
}

TABLE: dict[tuple[Step, str], Transition] = {
    (step_name, kind): {**_ANYWHERE, **_BY_STEP[step_name]}[kind]
    for step_name in STEPS
    for kind in KINDS
}


def step(state: State, event: Event, facts: Facts) -> Outcome:
    """What the event leads to.  Refusals are in ``Outcome.problem``; nothing is raised."""
    now: Step = "done" if facts.closed else state.step
    transition = TABLE[now, kind_of(event)]
    outcome = transition.handler(state, event, facts)
    reached = outcome.state.step
    assert reached == state.step or reached in transition.to, (now, kind_of(event), reached)
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
