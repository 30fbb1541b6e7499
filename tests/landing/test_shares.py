"""Sharing charges over receipt lines, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.landing.problems import BasisUnknown, BasisZero
from app.landing.shares import Charge, Line, shares_of, sums_of


def line(number: int, goods: str = "100", quantity: str = "10", **more) -> Line:
    return Line(number, f"item {number}", Decimal(goods), Decimal(quantity), **more)


def test_each_charge_has_its_own_basis():
    lines = [
        line(1, "300", "10", weight=Decimal(1), volume=Decimal(2)),
        line(2, "100", "30", weight=Decimal(3), volume=Decimal(2)),
    ]
    charges = [
        Charge(1, "freight", "by_weight", Decimal(80)),
        Charge(2, "duty", "by_value", Decimal(40)),
        Charge(3, "handling", "by_quantity", Decimal(8)),
        Charge(4, "insurance", "equal", Decimal(3)),
        Charge(5, "other", "by_volume", Decimal("0.01")),
        Charge(6, "other", "manual", Decimal(10), given={1: Decimal(1), 2: Decimal(4)}),
    ]
    found = {
        (one.charge_id, one.receipt_line_id): one.value for one in shares_of(charges, lines, 2)
    }
    assert [found[charge, 1] for charge in range(1, 7)] == [
        Decimal(text) for text in ("20", "30", "2", "1.50", "0.01", "2")
    ]
    assert [found[charge, 2] for charge in range(1, 7)] == [
        Decimal(text) for text in ("60", "10", "6", "1.50", "0", "8")
    ]


@given(
    some.decimals(-9999, 9999, places=2).filter(bool),
    some.lists(some.integers(1, 10**6), min_size=1, max_size=12),
)
def test_the_shares_make_the_charge(amount, quantities):
    lines = [line(place, quantity=str(one)) for place, one in enumerate(quantities)]
    found = shares_of([Charge(1, "freight", "by_quantity", amount)], lines, 2)
    assert sum(one.value for one in found) == amount
    assert all(one.value * amount >= 0 for one in found), "no share of the opposite sign"


def test_an_estimate_goes_out_once_per_kind():
    expected = {"freight": Decimal(20), "duty": Decimal(10)}
    lines = [line(1, accrued=Decimal(15), expected=expected)]
    charges = [
        Charge(1, "freight", "by_value", Decimal(12)),
        Charge(2, "freight", "by_value", Decimal(5)),
        Charge(3, "insurance", "by_value", Decimal(1)),
    ]
    [total] = sums_of(shares_of(charges, lines, 2))
    assert (total.value, total.estimate, total.change) == (18, 10, 8)
    again = [line(1, accrued=Decimal(15), expected=expected, replaced={"freight"})]
    [later] = sums_of(shares_of(charges[:1], again, 2))
    assert later.estimate == 0
    keeps = [Charge(1, "freight", "by_value", Decimal(12), replaces_estimate=False)]
    assert sums_of(shares_of(keeps, lines, 2))[0].change == 12


def test_a_weight_that_nobody_entered_is_asked_for():
    lines = [line(1, weight=Decimal(2)), line(2)]
    with pytest.raises(BasisUnknown, match="item 2") as caught:
        shares_of([Charge(1, "freight", "by_weight", Decimal(9))], lines, 2)
    assert caught.value.data["items"] == "item 2"
    with pytest.raises(BasisZero):
        shares_of([Charge(1, "freight", "by_value", Decimal(9))], [line(1, goods="0")], 2)
    with pytest.raises(BasisZero):
        shares_of([Charge(1, "freight", "manual", Decimal(9))], [line(1)], 2)
