"""The browser's steps of counting are the server's: every cell of the table, and long walks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import msgspec

from app.counting import flow
from app.counting.state import Event, Facts, Place, State, TypedLot, TypedQuantity
from app.scanning.meanings import CommandMeaning, Dates, ItemMeaning
from tests.counting.test_flow import (
    ALL_FACTS,
    BREAD,
    CASE,
    EVENTS,
    FACTS,
    FLOUR,
    L1,
    OVEN,
    S1,
    SOON,
    STATES,
    UNIT,
)
from tests.counting.test_flow import Seen as Last
from tests.offline.node import ask
from tests.offline.shapes import event_json
from tests.offline.test_flow_equality import as_json, snake

Question = tuple[State, Event, Facts]


def compare(questions: list[Question]) -> None:
    asked = [
        {"state": msgspec.to_builtins(state), "event": event_json(event), "facts": as_json(facts)}
        for state, event, facts in questions
    ]
    for question, answer in zip(questions, ask("flow.mjs", asked, "counting"), strict=True):
        outcome = flow.step(*question)
        assert answer["kind"] == flow.kind_of(question[1]), question
        assert msgspec.convert(answer["state"], State, strict=False) == outcome.state, question
        assert answer["tone"] == outcome.tone, question
        assert answer["message"] == as_json(outcome.message), question
        assert answer["intents"] == [snake(type(one).__name__) for one in outcome.intents], question
        problem = outcome.problem
        wanted = {"code": problem.code, "data": as_json(problem.data)} if problem else None
        assert answer["problem"] == wanted, question


def test_every_cell_of_the_table() -> None:
    compare(
        [
            (state, event, facts)
            for states in STATES.values()
            for state in states
            for events in EVENTS.values()
            for event in events
            for facts in ALL_FACTS
        ]
    )


class Walk:
    """Random events over random facts, each asked from where the one before it led."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.state = State("scan_goods")

    def questions(self, count: int) -> list[Question]:
        asked: list[Question] = []
        for _ in range(count):
            question = (self.state, self.event(), self.facts())
            asked.append(question)
            self.state = flow.step(*question).state
            if self.state.step == "done":
                self.state = State("scan_goods")
        return asked

    def event(self) -> Event:
        pick = self.random.choice
        event = pick([one for kind in ("item", "item", "item", *EVENTS) for one in EVENTS[kind]])
        if isinstance(event, ItemMeaning) and self.random.random() < 0.5:
            pending = self.state.pending
            item = pending.item if pending and self.random.random() < 0.6 else event.item
            lot = pick([None, "L1", "L9"]) if item.has_lots else None
            known = pick([None, L1]) if lot else None
            weight, said = pick([None, Decimal("1.2345")]), pick([None, Decimal(2)])
            dates = pick([Dates(), SOON])
            return ItemMeaning(item, "k", pick([None, CASE]), said, weight, lot, dates, known)
        if isinstance(event, TypedQuantity):
            return TypedQuantity(Decimal(pick(["1", "0", "-2", "0.5", "4", "1E+3", "1.0001"])))
        if isinstance(event, TypedLot):
            return TypedLot(pick(["L1", "L9"]), pick([None, L1]), pick([Dates(), SOON]))
        if isinstance(event, CommandMeaning) and self.random.random() < 0.5:
            return CommandMeaning(pick(["UNDO", "+3", "+0", "OK", "PRINT"]))
        return event

    def facts(self) -> Facts:
        pick = self.random.choice
        last = pick([None, Last(BREAD, Decimal(3)), Last(OVEN, Decimal(1), 8, "S1"),
                     Last(FLOUR, Decimal("2.5"), None, None, 3, UNIT)])  # fmt: skip
        return replace(
            FACTS,
            place=pick([FACTS.place, Place(5, "A-1", 2, "鲜牛奶")]),
            last=last,
            lines=pick([0, 3]),
            on_books=pick([frozenset(), frozenset({(1, None), (2, L1.id), (3, S1.id)})]),
            elsewhere=pick([None, None, "A-9"]),
            unit_seen=pick([False, True]),
        )


def test_long_walks() -> None:
    compare([question for seed in range(30) for question in Walk(seed).questions(120)])
