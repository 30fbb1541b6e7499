"""Every kind of scan has an answer at every step of packing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.money import ZERO
from app.scanning import meanings as m
from app.shipping.flow import step
from app.shipping.state import Check, Facts, Goods, LastCheck, State, TypedQuantity, Uncheck

D = Decimal
BREAD = m.ItemFacts(1, "B", "可颂", "", "个", 0, "none", "none", None, 0, False, False)
MILK = m.ItemFacts(2, "M", "牛奶", "", "个", 0, "lot", "expires_on", 30, 0, False, False)
GOODS = (
    Goods(11, 21, BREAD, D(5), D(1)),
    Goods(12, 22, MILK, D(2), ZERO, 31, "A"),
    Goods(12, 23, MILK, D(3), ZERO, 32, "B", "069012340000000016"),
)
STATES = [
    State(),
    State("scan_lot", item_id=2, quantity=D(1)),
    State(carton_id=7, carton="069012340000000023"),
]
EVENTS = [
    m.ItemMeaning(BREAD, "B"),
    m.ItemMeaning(BREAD, "B", packaging=m.PackagingFacts(1, "箱", D(6))),
    m.ItemMeaning(MILK, "M"),
    m.ItemMeaning(MILK, "M", lot="A"),
    m.ItemMeaning(MILK, "M", lot="Z"),
    m.ItemMeaning(
        m.ItemFacts(9, "X", "x", "", "个", 0, "none", "none", None, 0, False, False), "X"
    ),
    m.LotMeaning(MILK, m.LotFacts(31, "A")),
    m.LocationMeaning(1, "A-01", "storage", 1, True),
    m.LogisticUnitMeaning("069012340000000016", 8),
    m.LogisticUnitMeaning("069012340000000030", 9),
    m.LogisticUnitMeaning("069012340000000047"),
    m.DocumentMeaning("pick", 1, "PK-1", "done"),
    m.PartnerMeaning(1, "C1", "c"),
    *(m.CommandMeaning(name) for name in ("UNDO", "CARTON", "OK", "+10", "NOTHING")),
    m.InvoiceMeaning("1", D(1), date(2026, 1, 1)),
    m.BadgeMeaning(),
    m.SearchMeaning("x", ()),
    m.UnreadableMeaning("x", "y"),
    m.UnknownMeaning("x"),
    TypedQuantity(D(2)),
    TypedQuantity(D(-1)),
    TypedQuantity(D(999)),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("last", [None, LastCheck(BREAD, D(1), None)], ids=["first", "later"])
def test_every_scan_has_an_answer(state, event, last):
    outcome = step(state, event, Facts("SO-1", GOODS, last))
    if outcome.problem is not None:
        assert outcome.problem.message
        assert outcome.problem.next_step
        assert (outcome.state, outcome.intents) == (state, ())
    else:
        assert outcome.message.text


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_never_more_is_checked_than_was_picked(events):
    state, goods, last = State(), GOODS, None
    for event in events:
        outcome = step(state, event, Facts("SO-1", goods, last))
        state = outcome.state
        for intent in outcome.intents:
            if isinstance(intent, Uncheck):
                assert last is not None
                last = None
            if isinstance(intent, Check):
                assert all(ZERO < part <= one.quantity for one, part in intent.parts)
