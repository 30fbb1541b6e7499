"""Every step of counting a place has an answer for every kind of event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from app.counting import flow
from app.counting.kinds import KINDS, kind_of
from app.counting.state import (
    STEPS,
    Add,
    Content,
    Event,
    Facts,
    Finish,
    Outcome,
    Pending,
    Place,
    Seen,
    State,
    TypedLot,
    TypedQuantity,
    Undo,
    goods_key,
)
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
    PackagingFacts,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)

ONE = Decimal(1)
BREAD = ItemFacts(1, "BREAD", "可颂", "", "个", 0, "none", "none", None, 0, False, False)
MILK = ItemFacts(2, "MILK", "鲜牛奶", "1L", "盒", 0, "lot", "expires_on", 30, 5, False, False)
OVEN = ItemFacts(3, "OVEN", "烤箱", "", "台", 0, "serial", "none", None, 0, False, False)
FLOUR = ItemFacts(4, "FLOUR", "面粉", "", "kg", 3, "none", "none", None, 0, True, False)
CASE = PackagingFacts(9, "箱", Decimal(6))
HERE = LocationMeaning(5, "A-1", "storage", 1, True)
OTHER = LocationMeaning(6, "A-2", "storage", 1, True)
L1 = LotFacts(7, "L1", None, None, date(2027, 1, 31))
S1 = LotFacts(8, "S1")
UNIT = "106141412345678908"
SOON = Dates(expires_on=date(2027, 3, 1))

EVENTS: dict[str, list[Event]] = {
    "item": [
        ItemMeaning(BREAD, "b"),
        ItemMeaning(BREAD, "c", CASE),
        ItemMeaning(FLOUR, "f", None, None, Decimal("1.25")),
        ItemMeaning(MILK, "m"),
        ItemMeaning(MILK, "m1", lot="L1", known=L1),
        ItemMeaning(MILK, "m9", CASE, lot="L9"),
        ItemMeaning(MILK, "m9", lot="L9", dates=SOON),
        ItemMeaning(OVEN, "o"),
        ItemMeaning(OVEN, "o1", lot="S1", known=S1),
        ItemMeaning(OVEN, "o2", CASE, lot="S2"),
    ],
    "lot": [LotMeaning(MILK, L1), LotMeaning(OVEN, S1)],
    "location": [HERE, OTHER],
    "logistic_unit": [LogisticUnitMeaning(UNIT, 3), LogisticUnitMeaning(UNIT)],
    "document": [DocumentMeaning("receipt", 3, "GR1", "done")],
    "partner": [PartnerMeaning(4, "K1", "云上咖啡")],
    "badge": [BadgeMeaning()],
    "invoice": [InvoiceMeaning("2611", Decimal(3))],
    "search": [SearchMeaning("牛", (Candidate(2, "MILK", "鲜牛奶", "1L"),))],
    "unreadable": [UnreadableMeaning("6901", "wrong")],
    "unknown": [UnknownMeaning("x"), UnknownMeaning("690", "690", True)],
    "quantity": [TypedQuantity(Decimal(one)) for one in ("0", "1", "12", "2.5", "-1", "1E+9")],
    "typed_lot": [TypedLot("L1", L1), TypedLot("L9"), TypedLot("L9", None, SOON)],
    "ok": [CommandMeaning("OK")],
    "undo": [CommandMeaning("UNDO"), CommandMeaning("CANCEL")],
    "empty": [CommandMeaning("EMPTY")],
    "finish": [CommandMeaning("DONE")],
    "more": [CommandMeaning("+10")],
    "command": [CommandMeaning("PRINT")],
}
_IN_HAND = [
    Pending(MILK, ONE),
    Pending(MILK, Decimal(6), CASE, "L9"),
    Pending(MILK, ONE, None, "L9", SOON),
    Pending(OVEN, ONE, None, "S2"),
    Pending(OVEN, Decimal(6), CASE, "S2"),
]
STATES: dict[str, list[State]] = {
    "scan_location": [State()],
    "scan_goods": [State("scan_goods")],
    "scan_lot": [State("scan_lot", one) for one in _IN_HAND],
    "new_lot": [State("new_lot", one) for one in _IN_HAND if one.lot],
    "done": [State("done")],
}
PLACE = Place(5, "A-1")
BARE = Facts(PLACE)
BREADS = Seen(BREAD, Decimal(3))
FACTS = Facts(
    PLACE,
    last=BREADS,
    lines=2,
    entries=2,
    on_books=frozenset({(1, None), (2, 7)}),
    unit=(Content(BREAD, Decimal(12)), Content(MILK, Decimal(6), 7, "L1")),
)
ALL_FACTS = (
    BARE,
    FACTS,
    replace(FACTS, closed=True),
    replace(FACTS, elsewhere="A-2", unit_seen=True),
    replace(FACTS, place=Place(5, "A-1", 1, "可颂"), last=Seen(OVEN, ONE, 8, "S1")),
    replace(FACTS, last=Seen(FLOUR, Decimal("1.25"), None, None, 3, UNIT)),
)


def go(event: Event, state: State = STATES["scan_goods"][0], facts: Facts = FACTS) -> Outcome:
    return flow.step(state, event, facts)


def code(outcome: Outcome) -> str:
    return outcome.problem.code if outcome.problem else ""


def test_every_kind_and_every_step_is_here() -> None:
    assert set(EVENTS) == set(KINDS)
    assert set(STATES) == set(STEPS)
    assert all(kind_of(event) == kind for kind, events in EVENTS.items() for event in events)


@pytest.mark.parametrize("kind", KINDS)
def test_every_step_has_an_answer(kind: str) -> None:
    for states in STATES.values():
        for state in states:
            for event in EVENTS[kind]:
                for facts in ALL_FACTS:
                    outcome = flow.step(state, event, facts)
                    assert bool(outcome.problem) == (outcome.tone == "refused")
                    assert outcome.problem is None or outcome.state == state
                    assert outcome.problem is None or not outcome.intents
                    assert outcome.problem or outcome.message.text


def test_what_is_seen_is_added() -> None:
    assert go(EVENTS["item"][1]).intents == (Add(BREAD, Decimal(6), packaging=CASE),)
    assert go(EVENTS["item"][2]).intents[0] == Add(FLOUR, Decimal("1.25"), is_unexpected=True)
    assert go(EVENTS["quantity"][2]).intents == (Add(BREAD, Decimal(9), is_typed=True),)
    assert go(CommandMeaning("+10")).intents == (Add(BREAD, Decimal(10), is_typed=True),)
    assert len(go(LogisticUnitMeaning(UNIT, 3)).intents) == 2
    assert go(CommandMeaning("UNDO")).intents == (Undo(),)
    assert go(CommandMeaning("DONE")).intents == (Finish(),)
    assert go(CommandMeaning("EMPTY"), facts=BARE).intents == (Finish(is_empty=True),)


def test_a_new_lot_is_asked_for_its_date_and_accepted_once_more() -> None:
    asked = go(ItemMeaning(MILK, "m9", CASE, lot="L9"))
    assert asked.state == State("new_lot", Pending(MILK, Decimal(6), CASE, "L9"))
    assert code(go(CommandMeaning("OK"), asked.state)) == "count_expiry_wanted"
    said = go(TypedLot("L9", None, SOON), asked.state)
    assert said.intents[0].quantity == 6  # pyright: ignore[reportAttributeAccessIssue]
    more = go(TypedQuantity(Decimal(4)), asked.state)
    assert (more.state.step, more.state.pending and more.state.pending.quantity) == ("new_lot", 4)


def test_the_first_scan_is_the_place() -> None:
    assert code(go(EVENTS["item"][0], State())) == "count_location_first"
    assert code(go(CommandMeaning("EMPTY"), State(), BARE)) == "count_location_first"
    assert code(go(OTHER, State())) == "count_location_first"
    assert code(go(OTHER)) == "count_other_location"
    assert go(HERE, State()).state.step == "scan_goods"


def test_what_a_typed_value_is_about() -> None:
    assert goods_key(State("scan_goods"), None) == ""
    assert goods_key(State("scan_goods"), Seen(MILK, ONE, 7, "L1", 3, UNIT)) == f"MILK|L1|{UNIT}"
    assert goods_key(State("new_lot", Pending(MILK, ONE, None, "L9")), BREADS) == "MILK|L9|"


def test_the_diagram_in_the_docs_is_the_table() -> None:
    docs = Path(flow.__file__).parents[2] / "docs" / "counting-states.md"
    assert flow.diagram() in docs.read_text(encoding="utf-8"), (
        "run: .venv/bin/python -m tests.counting.write_diagram"
    )
