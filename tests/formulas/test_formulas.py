"""The language of cost formulas: units, circles, zero, and exact results."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formulas import problems
from app.formulas.checking import Definition, check
from app.formulas.costs import Making, reckon_one
from app.formulas.evaluating import Reading, rounded
from app.formulas.parsing import parse
from app.formulas.queries import ItemRow
from app.formulas.units import known_units, words
from app.kit.problems import Problem

UNITS = known_units("CNY", ["个", "瓶", "kg"])
ITEM = ItemRow(
    1, "C", "可颂", "", "个", Decimal(8), Decimal("0.13"), 5, Decimal("0.06"), None, Decimal(2)
)


def elements(**formulas: str):
    """``a__sale="..."``: the element a, which applies to sales."""
    definitions = []
    for key, formula in formulas.items():
        name, _, applies = key.partition("__")
        definitions.append(Definition(name, applies or "production", formula))
    return check(definitions, UNITS)


def reckoned(making: Making | None = None, item: ItemRow = ITEM, **formulas: str):
    making = making or Making(
        1, Decimal(48), Decimal(100), Decimal(20), Decimal(10), Decimal(2), is_made=True
    )
    return reckon_one(elements(**formulas), making, item, frozenset({5}), 2)


def test_packaging_and_a_share_of_the_material_and_a_fixed_part():
    found = reckoned(packaging="0.8 元/个 * quantity + 3 % * material + 5 元 * runs")
    assert found.production_amount == Decimal("46.40")
    assert found.unit_cost == Decimal("3.675000")


def test_names_and_signs_in_chinese():
    found = reckoned(包装="如果（重量＞2 kg，1.5 元，0）＋3％×材料")  # noqa: RUF001 - as typed
    assert found.production_amount == Decimal("4.50")


def test_a_price_from_the_whole_cost():
    found = reckoned(
        box="1 元/件",
        rent__sale="5 % * price * quantity",
        tag__price="up((cost + sale_costs) / 70 %, 0.5 元/个)",
    )
    assert found.unit_cost == Decimal("3.708333")
    assert found.sale_amount == Decimal("19.20")
    assert found.price is not None
    assert found.price.amount == Decimal(6)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("material + weight", problems.UnitsDiffer),
        ("if(material, 1 元, 2 元)", problems.ConditionWanted),
        ("3 %", problems.ResultNotMoney),
        ("mterial", problems.UnknownName),
        ("1 lightyear", problems.UnknownUnit),
        ("material +", problems.FormulaUnreadable),
        ("material / (1 kg - 1000 g)", problems.DividesByZero),
        ("up(material, 0 元)", problems.DividesByZero),
        ("round(material, 1 kg)", problems.UnitsDiffer),
        ("min(material)", problems.WrongArguments),
        ("sqrt(material)", problems.UnknownName),
        ("(material > 1 元) * 2", problems.NumberWanted),
        ("material." + "__class__", problems.FormulaUnreadable),
        ("-" * 300 + "material", problems.FormulaTooLong),
        ("material + " * 100 + "material", problems.FormulaTooLong),
        ("cost * quantity", problems.FormulaCircle),
    ],
)
def test_what_is_wrong_is_refused_when_it_is_defined(formula: str, problem: type[Problem]):
    with pytest.raises(problem):
        elements(a=formula)


def test_a_circle_is_named():
    with pytest.raises(problems.FormulaCircle) as refused:
        elements(a="b", b__helper="c * 2", c__helper="a + 1 元")
    assert refused.value.data == {"circle": "a → b → c → a"}


def test_zero_that_only_an_item_shows_is_told_with_the_item():
    found = reckoned(
        Making(1, Decimal(1), Decimal(10), is_made=True), a="material / labour * 1 元", b="1 元"
    )
    [failed, fine] = found.production
    assert isinstance(failed.problem, problems.DividesByZero)
    assert "可颂" in failed.problem.message
    assert fine.amount == Decimal("1.00")
    guarded = reckoned(
        Making(1, Decimal(1), Decimal(10), is_made=True),
        a="if(labour > 0, material / labour * 1 元, 0)",
    )
    assert guarded.problems == []


def test_what_the_item_does_not_say_is_told():
    found = reckoned(a="volume * 2 元/L", b="a * 2")
    assert [type(problem) for problem in found.problems] == [problems.FactMissing] * 2


def test_an_element_of_another_category_is_nothing():
    made = check(
        [Definition("a", "production", "5 元", category_id=9), Definition("b", "sale", "a + 1 元")],
        UNITS,
    )
    found = reckon_one(
        made, Making(1, Decimal(1), Decimal(1), is_made=True), ITEM, frozenset({5}), 2
    )
    assert (found.production_amount, found.sale_amount) == (Decimal(0), Decimal("1.00"))


NUMBERS = st.decimals(0, 10**6, places=4, allow_nan=False)


@given(NUMBERS, NUMBERS, st.integers(1, 999))
def test_nothing_is_lost_in_between(one: Decimal, other: Decimal, parts: int):
    reading = Reading(lambda name: Fraction({"a": one, "b": other}[name]), UNITS)
    value = reading.value(parse(f"(a - b) / {parts} * {parts} + b"))
    assert rounded(value, 4) == one


@given(st.text(alphabet="abm 1.2+-*/%()<>元kgor,if", max_size=40))
def test_any_text_is_read_or_refused(text: str):
    try:
        made = elements(x__helper=text)
    except Problem:
        return
    sort = made.checked["x"].sort
    assert words(sort)
    assert parse(str(made.checked["x"].tree)) is not None


def test_what_is_in_stock_has_the_cost_of_its_making_already():
    bought = Making(1, Decimal(1), Decimal(2))
    found = reckoned(bought, box="1 元/件", tag__price="cost / 50 %")
    assert (found.production, found.unit_cost) == ((), Decimal(2))
    assert found.price is not None
    assert found.price.amount == Decimal(4)
