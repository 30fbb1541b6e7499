from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.kit.money import ZERO, split
from app.ledger.costing import Pool, put_in, take_back, take_out

quantities = st.decimals("0.001", "1000", places=3)
amounts = st.decimals("0", "100000", places=2)
events = st.lists(st.tuples(st.sampled_from(["in", "out", "back"]), quantities, amounts))


@given(events)
def test_value_is_conserved_and_never_negative(history) -> None:
    pool, total = Pool(), ZERO
    for kind, quantity, amount in history:
        if kind == "in":
            pool, total = put_in(pool, quantity, amount), total + amount
        elif quantity <= pool.quantity:
            take = take_out(pool, quantity, 2) if kind == "out" else None
            pool, taken = take or take_back(pool, quantity, amount)
            total -= taken
        assert pool.value == total  # the pool itself asserts the rest


@given(quantities, amounts, st.integers(1, 30))
def test_what_came_in_leaves_whole_however_it_is_cut(quantity, amount, parts) -> None:
    pool, taken = put_in(Pool(), quantity * parts, amount), ZERO
    for _ in range(parts):
        pool, part = take_out(pool, quantity, 2)
        taken += part
    assert (pool, taken) == (Pool(), amount)


@given(quantities, amounts, quantities, amounts)
def test_taking_a_receipt_back_restores_the_pool(first, worth, second, value) -> None:
    before = put_in(Pool(), first, worth)
    after, taken = take_back(put_in(before, second, value), second, value)
    assert (after, taken) == (before, value)


@given(
    st.decimals("-10000", "10000", places=2),
    st.lists(st.decimals("0", "1000", places=2), min_size=1, max_size=20).filter(any),
)
def test_shares_sum_to_the_whole_with_one_sign(total, weights) -> None:
    parts = split(total, weights, 2)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_money_is_rounded_half_up() -> None:
    _, amount = take_out(Pool(Decimal(2), Decimal("0.01")), Decimal(1), 2)
    assert amount == Decimal("0.01")
