"""Conditions of policies: what they mean, and what is refused when one is saved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.approvals.conditions import Failed, check, holds, stored
from app.approvals.kinds import Fact, facts_of
from app.kit.problems import Problem

FACTS = {
    "amount": Fact("Amount", "number"),
    "item": Fact("Item", "text"),
    "urgent": Fact("Urgent", "yes"),
}


def on(condition: str, **facts):
    base = {"amount": Decimal("1000.10"), "item": "A1", "urgent": True}
    return holds(condition, {name: stored(value) for name, value in (base | facts).items()})


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("amount > 1000.1", False),
        ("amount == 1000.1", True),
        ("amount >= 1000.10 && item == 'A1'", True),
        ("amount > 1000 ? urgent : false", True),
        ("item in ['A1', 'B2']", True),
        ("item.startsWith('A') && !item.endsWith('2')", True),
        ("item.matches('^[A-Z][0-9]$')", True),
        ("size(item) == 2", True),
        ("amount * 3 == 3000.3 && -amount < 0", True),
        ("urgent && amount - 0.1 == 1000", True),
    ],
)
def test_meaning(condition, expected) -> None:
    check(condition, FACTS)
    assert on(condition) is expected


def test_tenths_are_exact() -> None:
    assert on("amount == 0.3", amount=Decimal("0.1") + Decimal("0.2")) is True
    assert on("amount > 0.2", amount=Decimal("0.20")) is False
    large = Decimal("99999999999999.999999")
    assert on("amount > 99999999999999.999998", amount=large) is True
    assert on("amount > 99999999999999.999999", amount=large) is False


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13),
                      max_value=10**13)  # fmt: skip


@given(numbers, numbers)
def test_comparisons_are_those_of_decimals(left, right) -> None:
    bound = f"{right:f}"
    check(f"amount > {bound}", FACTS)
    assert on(f"amount > {bound}", amount=left) is (left > right)
    assert on(f"amount == {bound}", amount=left) is (left == right)


@pytest.mark.parametrize(
    ("condition", "code", "place"),
    [
        ("amount >", "condition_unreadable", (1, 8)),
        ("amount > 5 )", "condition_unreadable", (1, 12)),
        ("amount > 'x", "condition_unreadable", (1, 10)),
        ("amount > 5 &&\n  amounts > 2", "condition_unknown_fact", (2, 3)),
        ("true || nothing == 2", "condition_unknown_fact", (1, 9)),
        ("item.upper() == 'A'", "condition_unknown_function", (1, 1)),
        ("timestamp(item) > timestamp(item)", "condition_unknown_function", (1, 1)),
        ("[1, 2].exists(x, x > 1)", "condition_unknown_function", (1, 1)),
        ("item.name == 'A'", "condition_unknown_function", (1, 1)),
        ("amount > 0x10", "condition_unreadable", (1, 10)),
        ("amount > 5u", "condition_unreadable", (1, 10)),
        ("amount == null", "condition_unreadable", (1, 11)),
        ("true || item > 5", "condition_types", (1, 9)),
        ("item == 5", "condition_types", (1, 1)),
        ("amount", "condition_not_true_or_false", None),
        ("amount + 5", "condition_not_true_or_false", None),
        ("(" * 240 + "urgent" + ")" * 240, "condition_too_long", None),
        ("amount > " + "1 + " * 150 + "1", "condition_too_long", None),
    ],
)
def test_refused_when_saved(condition, code, place) -> None:
    with pytest.raises(Problem) as refused:
        check(condition, FACTS)
    assert refused.value.code == code
    if place:
        assert (refused.value.data["line"], refused.value.data["column"]) == place
    assert refused.value.message
    assert refused.value.next_step


def test_unknown_fact_names_the_known_ones() -> None:
    with pytest.raises(Problem) as refused:
        check("amuont > 1", facts_of("order_release"))
    assert "amount, discount_rate" in str(refused.value.data["known"])


@pytest.mark.parametrize("condition", ["amount / 0 > 1", "missing > 1", "item > 5", "amount"])
def test_failing_is_neither_yes_nor_no(condition) -> None:
    assert isinstance(on(condition), Failed)


def test_a_fraction_is_no_float() -> None:
    with pytest.raises(AssertionError):
        stored(0.1)
