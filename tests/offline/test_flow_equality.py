"""The browser's steps of receiving are the server's: every cell of the table, and long walks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from app.receiving import flow
from app.receiving.state import ExpectedLine, Facts, Holding, LastLine, Policy, State
from app.receiving.typed import Event, NoInput, Turn, TypedDates, TypedLot, TypedQuantity
from app.scanning.meanings import (
    CommandMeaning,
    Dates,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LotFacts,
    LotMeaning,
    PackagingFacts,
    UnknownMeaning,
    UnreadableMeaning,
)
from tests.offline.node import ask
from tests.offline.shapes import event_json, facts_json, state_of
from tests.receiving.test_flow import EVENTS, FACTS, STATES

TODAY = date(2026, 11, 22)
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
    for question, answer in zip(questions, ask("flow.mjs", asked), strict=True):
        state, event, facts = question
        outcome = flow.step(state, event, facts)
        assert answer["kind"] == flow.kind_of(event), question
        assert state_of(answer["state"]) == outcome.state, question
        assert answer["tone"] == outcome.tone, question
        assert answer["message"] == as_json(outcome.message), question
        assert answer["also"] == as_json(outcome.also), question
        assert answer["intents"] == [snake(type(one).__name__) for one in outcome.intents], question
        problem = outcome.problem
        wanted = {"code": problem.code, "data": as_json(problem.data)} if problem else None
        assert answer["problem"] == wanted, question


def as_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def test_every_cell_of_the_table() -> None:
    compare(
        [
            (state, event, facts)
            for state in STATES.values()
            for events in EVENTS.values()
            for event in events
            for facts in FACTS
        ]
    )


def item(number: int, **fields: Any) -> ItemFacts:
    plain = ItemFacts(
        number, f"I{number}", "货", "", "个", 0, "none", "none", None, 0, False, False
    )
    return replace(plain, **fields)


ITEMS = (
    item(1),
    item(
        2, tracking="lot", expiry_rule="expires_on", shelf_life_days=30, minimum_days_on_receipt=9
    ),
    item(3, tracking="serial"),
    item(4, base_unit="kg", decimals=3, catch_weight=True),
    item(5, tracking="lot", expiry_rule="best_before_on", base_unit="斤", decimals=2),
    item(6, base_unit="G", decimals=1, inspect_on_receipt=True, expiry_rule="expires_on"),
)
CASE = PackagingFacts(9, "箱", Decimal(6))
NUMBERS = ("1", "0", "-2", "0.5", "1.25", "12", "1000000", "99999999", "3.0001", "7.5", "1E+3")


class Walk:
    """Random events, as a clumsy person with odd goods makes them; each asked from where it led."""

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

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def day(self) -> date:
        return TODAY + timedelta(days=self.random.randint(-40, 120))

    def dates(self) -> Dates:
        return Dates(*(self.pick(None, None, self.day()) for _ in range(3)))

    def lot(self) -> LotFacts:
        return LotFacts(
            self.pick(1, 2), self.pick("L1", "L2"), None, None, self.pick(None, self.day())
        )

    def quantity(self) -> Decimal:
        return Decimal(self.pick(*NUMBERS))

    def goods(self) -> Event:
        one = self.in_hand() if self.random.random() < 0.6 else self.pick(*ITEMS)
        lot = self.pick(None, None, "L1", "L2", "x" * 51, " L")
        return ItemMeaning(
            one,
            self.pick("k", "k", "other"),
            self.pick(None, None, CASE),
            self.pick(None, None, self.quantity()),
            self.pick(None, None, Decimal("1.2345")),
            lot if one.has_lots else None,
            self.dates(),
            self.pick(None, self.lot()),
        )

    def in_hand(self) -> ItemFacts:
        pending = self.state.pending
        return pending.item if pending else self.pick(*ITEMS)

    def event(self) -> Event:
        makers = (
            self.goods,
            self.goods,
            self.goods,
            NoInput,
            Turn,
            lambda: LotMeaning(self.in_hand(), self.lot()),
            lambda: LotMeaning(self.pick(*ITEMS), self.lot()),
            lambda: TypedQuantity(self.quantity()),
            lambda: TypedLot(self.pick("L1", "L3", ""), self.pick(None, self.lot())),
            lambda: TypedDates(self.dates()),
            lambda: UnknownMeaning(
                self.pick("L1", "L9"), self.pick(None, "1"), self.pick(True, False)
            ),
            lambda: UnreadableMeaning("x", "y"),
            lambda: CommandMeaning(
                self.pick("UNDO", "CANCEL", "+3", "+0", "SKIP", "PRINT", "PAUSE")
            ),
            lambda: LocationMeaning(
                self.pick(5, 6),
                "A-1",
                self.pick("storage", "storage", "dock"),
                1,
                self.pick(True, False),
            ),
        )
        return self.pick(*makers)()

    def facts(self) -> Facts:
        holdings = tuple(
            Holding(
                one,
                self.pick(None, 1, 2),
                self.pick(None, "L1", "L2"),
                "available",
                self.pick(Decimal(1), Decimal("4.5")),
                self.pick(None, 5),
                self.pick(None, "A-1"),
            )
            for one in self.random.sample(ITEMS, self.random.randint(0, 4))
        )
        return Facts(
            TODAY,
            1,
            self.pick(None, 7, 7),
            self.random.random() < 0.1,
            tuple(
                self.line(number, one) for number, one in enumerate(self.random.sample(ITEMS, 4))
            ),
            self.pick(None, self.last()),
            holdings,
            Policy(*(self.pick(True, False) for _ in range(3))),
        )

    def line(self, number: int, one: ItemFacts) -> ExpectedLine:
        ordered = self.pick(Decimal(10), Decimal("2.5"), Decimal(1))
        return ExpectedLine(
            number,
            one.id,
            ordered,
            self.pick(Decimal(0), ordered, Decimal("0.5")),
            Decimal(0),
            Decimal(1),
            self.pick(Decimal(0), Decimal("0.1"), Decimal("0.333")),
        )

    def last(self) -> LastLine:
        one = self.pick(*ITEMS)
        lot = self.lot() if one.has_lots else None
        return LastLine(
            3,
            self.pick("received", "received", "damaged"),
            one,
            self.pick(Decimal(1), Decimal("2.5")),
            self.pick(Decimal(0), Decimal(0), Decimal(1)),
            self.pick(None, 2),
            None,
            lot and lot.id,
            lot,
        )


def test_long_walks() -> None:
    compare([question for seed in range(40) for question in Walk(seed).questions(120)])
