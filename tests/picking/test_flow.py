from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from app.kit.problems import Problem
from app.picking import flow
from app.picking.kinds import KINDS, kind_of
from app.picking.state import (
    STEPS,
    Facts,
    Hand,
    LastTake,
    NoInput,
    Other,
    Outcome,
    Policy,
    Share,
    Short,
    State,
    Stop,
    Swap,
    SwapStop,
    Take,
    TypedQuantity,
    TypedShort,
)
from app.scanning.meanings import (
    BadgeMeaning,
    Candidate,
    CommandMeaning,
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

ONE, TEN = Decimal(1), Decimal(10)
BREAD = ItemFacts(1, "BREAD", "可颂", "", "个", 0, "none", "none", None, 0, False, False)
MILK = ItemFacts(2, "MILK", "鲜牛奶", "", "个", 0, "lot", "expires_on", 30, 5, False, False)
OVEN = ItemFacts(3, "OVEN", "烤箱", "", "个", 0, "serial", "none", None, 0, False, False)
FLOUR = ItemFacts(4, "FLOUR", "面粉", "", "kg", 3, "none", "none", None, 0, True, False)
A1 = LocationMeaning(5, "A-1", "storage", 1, True)
A2 = LocationMeaning(6, "A-2", "storage", 1, True)
A3 = LocationMeaning(7, "A-3", "storage", 1, True)
NOWHERE = LocationMeaning(8, "Z-9", "storage", 1, True)
STAGING = LocationMeaning(50, "STAGE", "staging", 1, True)
CART = LocationMeaning(60, "C-1", "cart", 1, True)
CASE = PackagingFacts(9, "箱", Decimal(6))
UNIT = "106141412345678908"


def stop(balance: int, place: LocationMeaning, item: ItemFacts, open_: int, **more) -> Stop:
    shares = (Share(balance * 10, 100, Decimal(open_), Decimal(0), Decimal(open_)),)
    fields = {"on_hand": Decimal(40), "here": Decimal(40), "order": "SO-1", "shares": shares}
    return Stop(balance, place.id, place.code, item, **(fields | more))


BREADS = stop(1, A1, BREAD, 10)
MILKS = stop(2, A1, MILK, 4, lot_id=7, lot="L1")
LAST_ONE = stop(3, A2, BREAD, 1, on_hand=ONE, here=ONE)
OVENS = stop(4, A2, OVEN, 1, lot_id=9, lot="S1", on_hand=ONE)
PACKED = stop(5, A2, MILK, 6, lot_id=7, lot="L1", logistic_unit_id=3, sscc=UNIT, on_hand=Decimal(6))
FLOURS = stop(6, A3, FLOUR, 5)
ON_CART = stop(1, A1, BREAD, 10, cart_location_id=60, cart="C-1")
OTHERS = (
    Other(20, 5, "A-1", 2, Decimal(9), Decimal(40), 8, "L2"),
    Other(21, 8, "Z-9", 1, Decimal(2), Decimal(2)),
    Other(22, 5, "A-1", 2, Decimal(9), Decimal(40), 9, "L3", obstacle="frozen"),
)
FACTS = Facts(
    1, "order", staging_id=50, staging="STAGE",
    stops=(BREADS, MILKS, LAST_ONE, OVENS, PACKED, FLOURS), others=OTHERS,
    last=LastTake(5, "A-1"),
)  # fmt: skip
BARE = replace(FACTS, stops=(), others=(), last=None)
AT = {
    "scan_location": State(item_id=1),
    "confirm_location": State("confirm_location", 8, "Z-9", None, 1),
    "scan_item": State("scan_item", 5, "A-1", None, 1),
    "scan_lot": State("scan_lot", 5, "A-1", None, 2, Hand(2, 2, ONE)),
    "confirm_swap": State("confirm_swap", 5, "A-1", None, 2, None, Swap(2, None, 20, ONE, "lot 8")),
    "scan_cart": State("scan_cart", 5, "A-1", 1, 1, Hand(1, 1, ONE, 60)),
    "answer_empty": State("answer_empty", 6, "A-2", None, 1),
    "scan_staging": State("scan_staging"),
    "done": State("done"),
}
STATES = {name: [state] for name, state in AT.items()}
STATES["scan_item"] += [
    State("scan_item", 5, "A-1", 2, 2),
    State("scan_item", 6, "A-2", 5, 2),
    State("scan_item", 8, "Z-9", None, 1),
    State("scan_item", 7, "A-3", 6, 4),
]
EVENTS = {
    "item": [
        ItemMeaning(BREAD, "b"),
        ItemMeaning(BREAD, "case", CASE),
        ItemMeaning(MILK, "m"),
        ItemMeaning(MILK, "m2", lot="L2", known=LotFacts(8, "L2")),
        ItemMeaning(OVEN, "o", lot="S1"),
        ItemMeaning(FLOUR, "f"),
        ItemMeaning(FLOUR, "w", net_weight_kg=Decimal("1.25")),
    ],
    "lot": [LotMeaning(MILK, LotFacts(code, name)) for code, name in ((7, "L1"), (8, "L2"))]
    + [LotMeaning(FLOUR, LotFacts(30, "X"))],
    "location": [A1, A2, A3, NOWHERE, STAGING, CART, LocationMeaning(99, "Q", "dock", 1, True)],
    "logistic_unit": [LogisticUnitMeaning(UNIT, 3), LogisticUnitMeaning("0" * 18)],
    "document": [DocumentMeaning("pick", 1, "PK-1", "x"), DocumentMeaning("receipt", 9, "R", "x")],
    "partner": [PartnerMeaning(1, "S1", "面粉厂")],
    "badge": [BadgeMeaning()],
    "invoice": [InvoiceMeaning("25117000001234567890", Decimal("88.00"))],
    "search": [SearchMeaning("mi", (Candidate(1, "MILK", "鲜牛奶", ""),))],
    "unreadable": [UnreadableMeaning("x", "the check digit is wrong")],
    "unknown": [UnknownMeaning("L9"), UnknownMeaning("x" * 60)],
    "quantity": [TypedQuantity(Decimal(text)) for text in ("1", "0", "-3", "1.5", "1e40", "9")],
    "typed_short": [TypedShort(10, "broken"), TypedShort(60, "x"), TypedShort(4711, "x")],
    "none": [NoInput()],
    "undo": [CommandMeaning("UNDO")],
    "cancel": [CommandMeaning("CANCEL")],
    "skip": [CommandMeaning("SKIP")],
    "short": [CommandMeaning("SHORT")],
    "pause": [CommandMeaning("PAUSE")],
    "close": [CommandMeaning("DONE")],
    "more": [CommandMeaning("+3"), CommandMeaning("+100")],
    "command": [CommandMeaning("PRINT"), CommandMeaning("+"), CommandMeaning("")],
}
ALL_FACTS = [
    FACTS,
    BARE,
    replace(FACTS, kind="cluster", stops=(ON_CART, replace(MILKS, cart_location_id=60, cart="C"))),
    replace(FACTS, policy=Policy(lot_swap=False)),
    replace(FACTS, stops=tuple(replace(one, obstacle="frozen") for one in FACTS.stops)),
    replace(FACTS, stops=tuple(replace(one, obstacle="cancelled") for one in FACTS.stops)),
]


def test_the_samples_cover_every_kind_and_step() -> None:
    assert set(EVENTS) == set(KINDS)
    assert set(STATES) == set(STEPS)
    assert all(kind_of(event) == kind for kind, events in EVENTS.items() for event in events)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_state_answers_every_kind(step: str, kind: str) -> None:
    for state in STATES[step]:
        for event in EVENTS[kind]:
            for facts in ALL_FACTS:
                _is_whole(flow.step(state, event, facts))


def _is_whole(outcome: Outcome) -> None:
    assert outcome.message.text
    assert outcome.message.text.format(**outcome.message.values) or outcome.problem
    if outcome.problem is not None:
        assert isinstance(outcome.problem, Problem)
        assert outcome.problem.message
        assert outcome.problem.next_step
        assert outcome.tone == "refused"
        assert not outcome.intents
    kept = msgspec.json.encode(outcome.state)
    assert msgspec.json.decode(kept, type=State, strict=False) == outcome.state


def go(event, state: State = AT["scan_item"], facts: Facts = FACTS) -> Outcome:
    return flow.step(state, event, facts)


def refusal(outcome: Outcome) -> str:
    assert outcome.problem is not None
    return outcome.problem.code


def test_goods_are_scanned_at_their_place_only() -> None:
    assert refusal(go(ItemMeaning(BREAD, "b"), State())) == "pick_location_first"
    arrived = go(A1, State())
    assert arrived.state == State("scan_item", 5, "A-1", None, 1)
    assert arrived.message.values["quantity"] == "10"
    assert go(A2, State()).state.location_id == 6, "in whatever order one walks"
    assert refusal(go(LocationMeaning(99, "Q", "dock", 1, True), State())) == "pick_wrong_location"


def test_each_scan_takes_one_piece_or_one_pack() -> None:
    taken = go(ItemMeaning(BREAD, "b"))
    assert taken.intents == (Take(BREADS, ONE, 50),)
    assert taken.state.confirmed == 1
    assert go(ItemMeaning(BREAD, "c", CASE)).intents == (Take(BREADS, Decimal(6), 50),)
    assert refusal(go(ItemMeaning(BREAD, "c", replace(CASE, quantity=Decimal(12))))) == (
        "pick_too_much"
    )


def test_the_keypad_sets_how_many_are_taken_in_all() -> None:
    known = State("scan_item", 5, "A-1", 1, 1)
    assert go(TypedQuantity(Decimal(8)), known).intents == (Take(BREADS, Decimal(8), 50),)
    assert refusal(go(TypedQuantity(Decimal(8)))) == "pick_scan_first"
    half = replace(BREADS, shares=(replace(BREADS.shares[0], picked=Decimal(4)),))
    facts = replace(FACTS, stops=(half,))
    assert go(TypedQuantity(Decimal(8)), known, facts).intents == (Take(half, Decimal(4), 50),)
    assert refusal(go(TypedQuantity(Decimal(3)), known, facts)) == "pick_less_by_undo"


def test_lots_and_serials_are_named() -> None:
    asked = go(ItemMeaning(MILK, "m"))
    assert asked.state.step == "scan_lot"
    named = go(LotMeaning(MILK, LotFacts(7, "L1")), asked.state)
    assert named.intents == (Take(MILKS, ONE, 50),)
    assert go(ItemMeaning(MILK, "m"), named.state).intents, "the lot is known now"
    serial = go(ItemMeaning(OVEN, "o", lot="S1"), State("scan_item", 6, "A-2"))
    assert serial.intents == (Take(OVENS, ONE, 50),)


def test_another_lot_is_taken_by_a_second_scan() -> None:
    other = ItemMeaning(MILK, "m2", lot="L2")
    asked = go(other)
    assert (asked.state.step, asked.tone, asked.intents) == ("confirm_swap", "attention", ())
    swapped = go(other, asked.state)
    change, take = swapped.intents
    assert isinstance(change, SwapStop)
    assert isinstance(take, Take)
    assert (change.other.balance_id, change.quantity) == (20, Decimal(4))
    assert (take.quantity, take.is_swapped, take.stop.balance_id) == (ONE, True, 20)
    strict = replace(FACTS, policy=Policy(lot_swap=False))
    assert refusal(go(other, facts=strict)) == "pick_swap_not_allowed"
    assert refusal(go(ItemMeaning(MILK, "m3", lot="L3"))) == "pick_stock_frozen"
    assert refusal(go(ItemMeaning(MILK, "m4", lot="L4"))) == "pick_wrong_lot"


def test_another_place_is_taken_by_a_second_scan() -> None:
    asked = go(NOWHERE, State(item_id=1))
    assert asked.state.step == "confirm_location"
    standing = go(NOWHERE, asked.state)
    assert standing.state.step == "scan_item"
    swapped = go(ItemMeaning(BREAD, "b"), standing.state)
    assert isinstance(swapped.intents[0], SwapStop)
    assert swapped.intents[0].quantity == 2, "no more than is free there"


def test_an_emptied_place_is_looked_at() -> None:
    emptied = go(ItemMeaning(BREAD, "b"), State("scan_item", 6, "A-2"))
    assert emptied.state.step == "answer_empty"
    assert not go(NoInput(), emptied.state).intents
    assert go(CommandMeaning("CANCEL"), emptied.state).intents
    assert refusal(go(ItemMeaning(BREAD, "b"), emptied.state)) == "pick_answer_first"
    assert go(A2, emptied.state).problem is None, "its code again says yes"


def test_a_whole_unit_is_taken_by_its_label_and_an_opened_one_piece_by_piece() -> None:
    here = State("scan_item", 6, "A-2")
    assert go(LogisticUnitMeaning(UNIT, 3), here).intents == (Take(PACKED, Decimal(6), 50),)
    larger = replace(FACTS, stops=(replace(PACKED, on_hand=Decimal(12)),))
    opened = go(LogisticUnitMeaning(UNIT, 3), here, larger)
    assert not opened.intents
    assert go(ItemMeaning(MILK, "m", lot="L1"), opened.state, larger).intents
    assert refusal(go(ItemMeaning(MILK, "m", lot="L1"), here, larger)) == "pick_unit_wanted"


def test_a_cluster_goes_through_the_position_of_the_order() -> None:
    facts = replace(FACTS, kind="cluster", stops=(ON_CART,))
    held = go(ItemMeaning(BREAD, "b"), facts=facts)
    assert (held.state.step, held.intents) == ("scan_cart", ())
    two = go(ItemMeaning(BREAD, "b"), held.state, facts)
    assert two.state.hand == Hand(1, 1, Decimal(2), 60)
    assert refusal(go(A1, two.state, facts)) == "pick_wrong_cart"
    assert go(CART, two.state, facts).intents == (Take(ON_CART, Decimal(2), 60),)


def test_too_little_and_skipping() -> None:
    short = go(TypedShort(10, "not_found"))
    assert short.intents == (Short(BREADS, "not_found"),)
    assert short.state.item_id == 2, "the next goods of this place"
    assert refusal(go(TypedShort(4711, "x"))) == "pick_stop_settled"
    alone = replace(FACTS, stops=(BREADS,))
    assert refusal(go(CommandMeaning("SKIP"), facts=alone)) == "pick_nothing_else"


@pytest.mark.parametrize(
    ("obstacle", "code"),
    [("cancelled", "pick_order_cancelled"), ("frozen", "pick_stock_frozen"),
     ("counted", "pick_location_counted"), ("expired", "pick_stock_expired")],
)  # fmt: skip
def test_what_changed_meanwhile_is_said(obstacle: str, code: str) -> None:
    facts = replace(FACTS, stops=(replace(BREADS, obstacle=obstacle),))
    outcome = go(ItemMeaning(BREAD, "b"), facts=facts)
    assert refusal(outcome) == code
    assert outcome.problem is not None
    assert outcome.problem.data["why"] == "order_line_id=100"


def test_the_end_is_where_everything_is_brought_together() -> None:
    last = replace(FACTS, stops=(replace(BREADS, shares=(Share(10, 100, ONE, Decimal(0), ONE),)),))
    taken = go(ItemMeaning(BREAD, "b"), facts=last)
    assert taken.state.step == "scan_staging"
    assert go(STAGING, taken.state, BARE).state.step == "done"
    assert flow.step(taken.state, STAGING, FACTS).problem is not None, "new stops came meanwhile"


def test_the_diagram_in_the_docs_is_the_table() -> None:
    docs = Path(flow.__file__).parents[2] / "docs" / "picking-states.md"
    assert flow.diagram() in docs.read_text(encoding="utf-8"), (
        "run: .venv/bin/python -m tests.picking.write_diagram"
    )
