"""The browser's steps of picking are the server's: every cell of the table, and long walks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from app.picking import flow
from app.picking.state import Event, Facts, Gone, Policy, Share, State, Stop, TypedQuantity
from app.scanning.meanings import CommandMeaning, ItemMeaning
from tests.offline.node import ask
from tests.offline.shapes import event_json, facts_json
from tests.offline.test_flow_equality import as_json, snake
from tests.picking.test_flow import ALL_FACTS, CASE, EVENTS, FACTS, STATES

Question = tuple[State, Event, Facts]


def compare(questions: list[Question]) -> None:
    asked = [
        {
            "state": msgspec.to_builtins(state),
            "event": event_json(event),
            "facts": facts_json(facts),
        }
        for state, event, facts in questions
    ]
    for question, answer in zip(questions, ask("flow.mjs", asked, "picking"), strict=True):
        outcome = flow.step(*question)
        assert answer["kind"] == flow.kind_of(question[1]), question
        assert msgspec.convert(answer["state"], State, strict=False) == outcome.state, question
        assert answer["tone"] == outcome.tone, question
        assert answer["message"] == as_json(outcome.message), question
        assert answer["also"] == as_json(outcome.also), question
        assert answer["intents"] == [snake(type(one).__name__) for one in outcome.intents], question
        problem = outcome.problem
        wanted = {"code": problem.code, "data": as_json(problem.data)} if problem else None
        assert answer["problem"] == wanted, question


def test_every_cell_of_the_table() -> None:
    gone = replace(
        FACTS, gone=(Gone(1, None, "A-1", "SO-2", 7, True), Gone(2, "L2", "A", "B", 8, False))
    )
    compare(
        [
            (state, event, facts)
            for states in STATES.values()
            for state in states
            for events in EVENTS.values()
            for event in events
            for facts in (*ALL_FACTS, gone, replace(gone, others=()))
        ]
    )


class Walk:
    """Random scans over random stops, each asked from where the one before it led."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.state = State()

    def questions(self, count: int) -> list[Question]:
        asked: list[Question] = []
        for _ in range(count):
            question = (self.state, self.event(), self.facts())
            asked.append(question)
            self.state = flow.step(*question).state
        return asked

    def quantity(self) -> Decimal:
        return Decimal(self.random.choice(("1", "0", "-2", "0.5", "4", "12", "99999999", "1E+3")))

    def event(self) -> Event:
        event = self.random.choice(
            [one for kind in ("item", "item", *EVENTS) for one in EVENTS[kind]]
        )
        if isinstance(event, ItemMeaning) and self.random.random() < 0.3:
            weight = self.random.choice((None, Decimal("1.2345")))
            pack = self.random.choice((None, CASE))
            return replace(event, packaging=pack, net_weight_kg=weight)
        if isinstance(event, TypedQuantity):
            return TypedQuantity(self.quantity())
        if isinstance(event, CommandMeaning) and self.random.random() < 0.5:
            return CommandMeaning(self.random.choice(("UNDO", "CANCEL", "+3", "+0", "OK", "SKIP")))
        return event

    def facts(self) -> Facts:
        stops = [self.stop(one) for one in FACTS.stops if self.random.random() < 0.8]
        others = tuple(
            replace(one, free=self.quantity()) for one in FACTS.others if self.random.random() < 0.8
        )
        policy = Policy(lot_swap=self.random.random() < 0.8)
        last = self.random.choice((None, FACTS.last))
        return replace(FACTS, stops=tuple(stops), others=others, policy=policy, last=last)

    def stop(self, stop: Stop) -> Stop:
        cart: dict[str, Any] = self.random.choice(({}, {}, {"cart_location_id": 60, "cart": "C-1"}))
        shares = tuple(self.share(number) for number in range(self.random.randint(1, 3)))
        on_hand = self.random.choice((Decimal(1), Decimal(40)))
        here = self.random.choice((on_hand, on_hand + 2))
        obstacle = self.random.choice((*[None] * 8, "cancelled", "frozen", "counted", "returned"))
        return replace(stop, shares=shares, on_hand=on_hand, here=here, obstacle=obstacle, **cart)

    def share(self, number: int) -> Share:
        quantity = self.random.choice((Decimal(1), Decimal("2.5"), Decimal(10)))
        promised = self.random.choice((quantity, quantity, Decimal(1)))
        is_open = number == 0 or self.random.random() < 0.7
        picked = Decimal(0) if is_open else quantity
        return Share(10 + number, 100 + number, quantity, picked, promised, is_open=is_open)


def test_long_walks() -> None:
    compare([question for seed in range(40) for question in Walk(seed).questions(120)])
