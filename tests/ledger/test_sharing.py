"""Splitting one amount over several lines: exact, and never against its sign."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger.costing.sharing import Target, share, share_by_weights
from app.ledger.problems import BasisMissing, ZeroAllocationBasis

amounts = st.decimals(Decimal(-99999999999), Decimal(99999999999), places=2)
weights = st.lists(st.decimals(0, Decimal(999999999), places=6), min_size=1, max_size=12)


@given(amounts, weights)
def test_the_parts_are_the_whole_and_none_has_the_opposite_sign(amount, shares):
    if not sum(shares):
        with pytest.raises(ZeroAllocationBasis):
            share_by_weights(amount, shares, 2)
        return
    parts = share_by_weights(amount, shares, 2)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    assert [-part for part in parts] == share_by_weights(-amount, shares, 2)
    exact = [amount * one / sum(shares) for one in shares]
    assert all(
        abs(part - true) < Decimal("0.0101") for part, true in zip(parts, exact, strict=True)
    )


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("equal", ["50.00", "50.00"]),
        ("by_value", ["20.00", "80.00"]),
        ("by_quantity", ["25.00", "75.00"]),
        ("by_weight", ["40.00", "60.00"]),
        ("by_volume", ["90.00", "10.00"]),
        ("manual", ["33.33", "66.67"]),
    ],
)
def test_every_basis(basis, expected):
    targets = [
        Target(Decimal(1), Decimal(1), Decimal(4), Decimal(9), Decimal(1)),
        Target(Decimal(4), Decimal(3), Decimal(6), Decimal(1), Decimal(2)),
    ]
    assert [str(part) for part in share(Decimal(100), basis, targets, 2)] == expected


def test_a_missing_weight_is_not_guessed():
    with pytest.raises(BasisMissing) as caught:
        share(Decimal(1), "by_weight", [Target(weight=Decimal(2)), Target()], 2)
    assert caught.value.data == {"line": 2}


@pytest.mark.parametrize("shares", [[], ["0"], ["100", "-100"]])
def test_what_sums_to_nothing_is_refused(shares):
    with pytest.raises(ZeroAllocationBasis):
        share_by_weights(Decimal(80), [Decimal(one) for one in shares], 2)


def test_a_negative_line_takes_the_opposite_share():
    assert share_by_weights(Decimal(80), [Decimal(2), Decimal(-1)], 2) == [
        Decimal(160),
        Decimal(-80),
    ]
