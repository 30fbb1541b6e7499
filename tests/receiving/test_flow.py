from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.kit.problems import Problem
from app.receiving import flow
from app.receiving.kinds import KINDS, kind_of
from app.receiving.state import (
    STEPS,
    ExpectedLine,
    Facts,
    Holding,
    LastLine,
    Pending,
    PutAway,
    State,
)
from app.receiving.typed import NoInput, Turn, TypedDates, TypedLot, TypedQuantity
from app.scanning.meanings import (
    BadgeMeaning,
    Candidate,
    CommandMeaning,
    Dates,
    DocumentMeaning,
    InvoiceMeaning,
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotFacts,
    LotMeaning,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)
from app.scanning.messages import Message

TODAY = date(2026, 11, 22)
MILK = ItemFacts(1, "MILK", "鲜牛奶", "", "个", 0, "lot", "expires_on", 30, 5, False, False)
FLOUR = ItemFacts(2, "FLOUR", "面粉", "", "kg", 3, "none", "none", None, 0, True, False)
LOT = LotFacts(7, "L1", expires_on=date(2026, 12, 10))
SHELF = LocationMeaning(5, "A-1", "storage", 1, True)
OTHER_SHELF = LocationMeaning(6, "A-2", "storage", 1, True)
PENDING = Pending(MILK, "m", quantity=Decimal(1))
HELD = Holding(MILK, 7, "L1", "available", Decimal(4), 5, "A-1")
STATES = {
    "scan_item": State(),
    "scan_lot": State("scan_lot", PENDING),
    "enter_expiry": State("enter_expiry", Pending(MILK, "m", quantity=Decimal(1), lot="L1")),
    "enter_quantity": State("enter_quantity", Pending(FLOUR, "f")),
    "confirm_deviation": State(
        "confirm_deviation",
        Pending(
            MILK,
            "m",
            quantity=Decimal(1),
            lot="L1",
            known=LOT,
            deviations=(Message("{item} is not on this order.", {"item": "鲜牛奶"}),),
        ),
    ),
    "scan_put_away_item": State("scan_put_away_item"),
    "scan_put_away_location": State("scan_put_away_location", put_away=PutAway(HELD, Decimal(4))),
    "confirm_location": State("confirm_location", put_away=PutAway(HELD, Decimal(4), OTHER_SHELF)),
    "done": State("done"),
}
EVENTS = {
    "item": [
        ItemMeaning(MILK, "m"),
        ItemMeaning(FLOUR, "f"),
        ItemMeaning(MILK, "m2", lot="L1", known=LOT),
        ItemMeaning(FLOUR, "w", net_weight_kg=Decimal("1.25")),
    ],
    "lot": [LotMeaning(MILK, LOT), LotMeaning(FLOUR, LotFacts(8, "X"))],
    "location": [SHELF, OTHER_SHELF, LocationMeaning(9, "DOCK", "dock", 1, True)],
    "logistic_unit": [LogisticUnitMeaning("106141412345678908")],
    "document": [
        DocumentMeaning("receipt", 1, "GR-1", "in_progress"),
        DocumentMeaning("purchase_order", 9, "PO-9", "confirmed"),
    ],
    "partner": [PartnerMeaning(1, "S1", "面粉厂")],
    "badge": [BadgeMeaning()],
    "invoice": [InvoiceMeaning("25117000001234567890", Decimal("88.00"))],
    "search": [SearchMeaning("mi", (Candidate(1, "MILK", "鲜牛奶", ""),))],
    "unreadable": [UnreadableMeaning("x", "the check digit is wrong")],
    "unknown": [
        UnknownMeaning("L1"),
        UnknownMeaning("4006381333931", "04006381333931", True),
        UnknownMeaning("x" * 60),
    ],
    "quantity": [TypedQuantity(Decimal(text)) for text in ("1", "0", "-3", "1.5", "1e40", "0.001")],
    "typed_lot": [TypedLot("L2"), TypedLot(""), TypedLot("x" * 51)],
    "typed_dates": [
        TypedDates(Dates(expires_on=day))
        for day in (date(2026, 12, 12), date(2026, 11, 21), date(2099, 1, 1), date(2026, 11, 23))
    ],
    "turn": [Turn()],
    "none": [NoInput()],
    "undo": [CommandMeaning("UNDO")],
    "cancel": [CommandMeaning("CANCEL")],
    "print": [CommandMeaning("PRINT")],
    "pause": [CommandMeaning("PAUSE")],
    "close": [CommandMeaning("DONE")],
    "more": [CommandMeaning("+10")],
    "command": [CommandMeaning("SKIP"), CommandMeaning("+"), CommandMeaning("")],
}
LINES = (ExpectedLine(1, 1, Decimal(10), Decimal(9), Decimal(9), Decimal(10), Decimal("0.1")),)
LAST = LastLine(3, "received", FLOUR, Decimal(1), Decimal(0))
FACTS = [
    Facts(TODAY, 1, None),
    Facts(TODAY, 1, 1, lines=LINES, last=LAST, holdings=(HELD,)),
    Facts(TODAY, 1, 1, lines=LINES, closed=True, holdings=(HELD,)),
]


def test_the_samples_cover_every_kind_and_step() -> None:
    assert set(EVENTS) == set(KINDS)
    assert set(STATES) == set(STEPS)
    assert all(kind_of(event) == kind for kind, events in EVENTS.items() for event in events)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_answers_every_kind(step: str, kind: str) -> None:
    for event in EVENTS[kind]:
        for facts in FACTS:
            outcome = flow.step(STATES[step], event, facts)
            assert outcome.message.text
            assert outcome.message.text.format(**outcome.message.values) or outcome.problem
            if outcome.problem is not None:
                assert isinstance(outcome.problem, Problem)
                assert outcome.problem.message
                assert outcome.problem.next_step
                assert outcome.state == STATES[step]
                assert outcome.tone == "refused"
                assert not outcome.intents
            kept = msgspec.json.encode(outcome.state)
            assert msgspec.json.decode(kept, type=State, strict=False) == outcome.state


def test_the_diagram_in_the_docs_is_the_table() -> None:
    docs = Path(flow.__file__).parents[2] / "docs" / "receiving-states.md"
    assert flow.diagram() in docs.read_text(encoding="utf-8"), (
        "run: .venv/bin/python -m tests.receiving.write_diagram"
    )


def test_a_gtin_of_another_item_while_a_lot_is_wanted_says_both() -> None:
    outcome = flow.step(STATES["scan_lot"], ItemMeaning(FLOUR, "f"), FACTS[0])
    assert outcome.problem is not None
    assert outcome.problem.data == {"scanned": "面粉", "expected": "鲜牛奶"}


def test_another_scan_instead_of_a_confirmation_says_what_was_dropped() -> None:
    event = ItemMeaning(FLOUR, "w", net_weight_kg=Decimal("1.25"))
    outcome = flow.step(STATES["confirm_deviation"], event, FACTS[0])
    assert outcome.also is not None
    assert outcome.also.values == {"item": "鲜牛奶"}
    assert outcome.tone == "attention"


def test_the_same_code_again_accepts_only_what_was_shown() -> None:
    first = flow.step(
        State(), ItemMeaning(MILK, "m", lot="L1", known=LOT, quantity=Decimal(2)), FACTS[1]
    )
    assert first.state.step == "confirm_deviation"
    second = flow.step(first.state, ItemMeaning(MILK, "m", lot="L1", known=LOT), FACTS[1])
    assert second.state.step == "scan_item"
    assert len(second.intents) == 1
