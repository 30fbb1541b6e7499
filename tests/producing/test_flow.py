"""The scan flow of production: every step has an answer to everything, and says what it does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.producing import problems
from app.producing.bom import (
    Component,
    SideOutput,
    Structure,
    circle,
    requirements,
    side_quantities,
)
from app.producing.flow import step
from app.producing.problems import LineUnreadable
from app.producing.recipe_text import lines_of, outputs_of
from app.producing.state import (
    STEPS,
    Bring,
    Facts,
    Here,
    Made,
    NoInput,
    Report,
    State,
    TypedLot,
    TypedQuantity,
    Undo,
)
from app.producing.state import Component as Line
from app.scanning.meanings import (
    BadgeMeaning,
    CommandMeaning,
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

D = Decimal


def item(number: int, tracking: str = "none", decimals: int = 0) -> ItemFacts:
    return ItemFacts(
        number, f"I{number}", f"商品{number}", "", "个", decimals, tracking, "none", None, 0,
        catch_weight=False, inspect_on_receipt=False,
    )  # fmt: skip


MADE, FLOUR, MILK, OTHER = item(1, "lot"), item(2, decimals=3), item(3, "lot"), item(4)
FACTS = Facts(
    "MO-1", 1, MADE, D(20), "MO-1",
    (Line(7, FLOUR, D(2), D(0), D(0), "backflush"), Line(8, MILK, D(4), D(0), D(0), "scan")),
)  # fmt: skip
AT_A = Here(1, 10, "A", None, D(5))
AT_B = Here(2, 11, "B", None, D(5))
EVENTS = [
    ItemMeaning(MADE, "k"), ItemMeaning(FLOUR, "k", quantity=D("0.5")), ItemMeaning(OTHER, "k"),
    LotMeaning(MILK, LotFacts(1, "L1")), LotMeaning(MADE, LotFacts(2, "L2")),
    LocationMeaning(10, "A", "storage", 1, is_active=True),
    LocationMeaning(99, "Z", "storage", 2, is_active=True), LogisticUnitMeaning("00123"),
    DocumentMeaning("receipt", 1, "RC-1", "done"), PartnerMeaning(1, "S1", "x"), BadgeMeaning(),
    InvoiceMeaning("1", D(1)), SearchMeaning("a", ()), UnreadableMeaning("a", "b"),
    UnknownMeaning("NEW-LOT"), TypedQuantity(D(3)), TypedQuantity(D(0)), TypedLot("L9"), NoInput(),
    *(CommandMeaning(name) for name in ("OK", "UNDO", "CANCEL", "+10", "PRINT", "BACKFLUSH")),
]  # fmt: skip


@pytest.mark.parametrize("step_name", STEPS)
@pytest.mark.parametrize("event", EVENTS, ids=lambda one: type(one).__name__)
def test_every_step_has_an_answer(step_name, event):
    made = Made(D(1)) if step_name == "confirm_output" else None
    in_hand = step_name in ("scan_place", "scan_lot", "confirm_more")
    state = State(step_name, FLOUR.id if in_hand else None, D(1) if in_hand else None, made=made)
    outcome = step(state, event, replace(FACTS, stock=(AT_A,)))
    assert outcome.problem is None or outcome.state == state or outcome.problem.advice
    if outcome.problem is None:
        assert outcome.message.text
        assert outcome.state.step in STEPS
    else:
        assert outcome.intents == ()
        assert outcome.problem.message


def test_a_component_in_two_places_asks_where():
    facts = replace(FACTS, stock=(AT_A, AT_B))
    asked = step(State(), ItemMeaning(FLOUR, "k"), facts)
    assert asked.state.step == "scan_place"
    there = step(asked.state, LocationMeaning(11, "B", "storage", 1, is_active=True), facts)
    [brought] = there.intents
    assert isinstance(brought, Bring)
    assert brought.parts == ((AT_B, D(1)),)


def test_more_than_needed_is_scanned_twice():
    facts = replace(FACTS, stock=(replace(AT_A, free=D(9)),))
    asked = step(State(), ItemMeaning(FLOUR, "k", quantity=D(3)), facts)
    assert (asked.tone, asked.state.step) == ("attention", "confirm_more")
    again = step(asked.state, ItemMeaning(FLOUR, "k", quantity=D(3)), facts)
    assert isinstance(again.intents[0], Bring)
    few = step(State(), ItemMeaning(FLOUR, "k", quantity=D(10)), facts)
    assert isinstance(few.problem, problems.TooFewHere)


def test_what_was_made_is_counted_and_reported_with_its_lot():
    state = step(State(), ItemMeaning(MADE, "k"), FACTS).state
    state = step(state, ItemMeaning(MADE, "k"), FACTS).state
    state = step(state, CommandMeaning("+10"), FACTS).state
    state = step(state, UnknownMeaning("B77"), FACTS).state
    done = step(state, NoInput(), FACTS)
    assert done.intents == (Report(Made(D(12), "B77")),)
    assert isinstance(step(state, TypedQuantity(D(21)), FACTS).problem, problems.MoreThanPlanned)
    assert step(state, CommandMeaning("UNDO"), FACTS).intents == ()
    assert step(State(), CommandMeaning("UNDO"), FACTS).intents == (Undo(),)


# Structures ---------------------------------------------------------------------------------------


def structure(item_id: int, *components: Component, quantity="10", yields="1", outputs=()):
    zero = D(0)
    return Structure(
        item_id, item_id, D(quantity), D(yields), zero, zero, zero, zero, components, outputs
    )


def test_what_an_order_takes_with_waste_yield_and_what_is_made_along():
    sauce = structure(5, Component(6, D("0.3"), decimals=3), quantity="1", yields="0.6")
    dish = structure(
        1,
        Component(2, D("0.9"), D("0.1"), 3),
        Component(5, D("0.2"), is_made_along=True),
        Component(7, D(1)),
        outputs=(SideOutput(8, D("0.25")),),
    )
    found = requirements({1: dish, 5: sauce}, dish, D(25))
    assert {one.item_id: one.quantity for one in found} == {2: D("2.500"), 6: D("0.250"), 7: D(3)}
    assert side_quantities(dish, D(25)) == [D(0)]
    assert side_quantities(dish, D(80)) == [D(2)]


@given(st.dictionaries(st.integers(1, 8), st.lists(st.integers(1, 8), max_size=4), max_size=8))
def test_a_circle_is_found_exactly_where_there_is_one(graph):
    found = circle(graph, 1)
    reached, new = {1}, {1}
    while new:
        new = {to for at in new for to in graph.get(at, ())} - reached
        reached |= new
    order: list[int] = []
    rest = {at: set(graph.get(at, ())) & reached for at in reached}
    while free := [at for at, needs in rest.items() if not needs - set(order)]:
        order += free
        for at in free:
            del rest[at]
    assert (found is None) == (not rest)
    if found:
        assert found[0] == found[-1]
        assert all(to in graph[at] for at, to in pairwise(found))


def test_the_lines_of_a_recipe_as_people_type_them():
    typed = "FLOUR，500 g，2 ％\n\nMILK\t1200 瓶\t扫码\nS, .5, 现做"  # noqa: RUF001 - as typed
    [flour, milk, sauce] = lines_of(typed)
    assert (flour.item, flour.quantity, flour.unit) == ("FLOUR", 500, "g")
    assert flour.scrap_rate == D("0.02")
    assert (milk.quantity, milk.issue) == (1200, "scan")
    assert (sauce.quantity, sauce.is_made_along) == (D("0.5"), True)
    [share, value] = outputs_of("C, 1 kg, 5%\nB, 2, 1.20 元")
    assert (share.share, value.unit_value) == (D("0.05"), D("1.20"))
    for wrong in ("FLOUR", "FLOUR, many", "FLOUR, 1, 120%", "FLOUR, 1, ?"):
        with pytest.raises(LineUnreadable):
            lines_of(wrong)
