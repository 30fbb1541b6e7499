"""What an invoice means for receipt lines, without a database."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from app.invoicing.amounts import Terms, line_amounts
from app.invoicing.matching import Open, billed, credited, lowered


def opened(number: int, quantity: str, amount: str, **more) -> Open:
    return Open(number, 100 + number, Decimal(quantity), Decimal(amount), **more)


def test_the_oldest_line_is_billed_first():
    rows = [opened(1, "6", "60"), opened(2, "6", "60.01")]
    first, second = billed(rows, Decimal(8), Decimal(88), 2)
    assert (first.quantity, first.estimate, first.value) == (6, 60, Decimal("66.00"))
    assert (second.quantity, second.estimate, second.value) == (2, 20, 22)
    assert first.change + second.change == 8


@given(
    some.lists(some.tuples(some.integers(1, 999), some.integers(0, 10**6)), min_size=1, max_size=8),
    some.integers(0, 10**7),
    some.data(),
)
def test_all_of_the_value_and_all_of_the_estimate_are_used(lines, cents, data):
    rows = [
        Open(place, place, Decimal(quantity), Decimal(amount) / 100)
        for place, (quantity, amount) in enumerate(lines)
    ]
    whole = sum(row.quantity for row in rows)
    quantity = Decimal(data.draw(some.integers(1, int(whole))))
    value = Decimal(cents) / 100
    matches = billed(rows, quantity, value, 2)
    assert sum(match.value for match in matches) == value
    assert sum(match.quantity for match in matches) == quantity
    if quantity == whole:
        assert sum(match.estimate for match in matches) == sum(row.amount for row in rows)


def test_a_credit_lowers_what_is_billed():
    rows = [opened(1, "0", "0", invoiced=Decimal(6)), opened(2, "2", "20", invoiced=Decimal(4))]
    found = lowered(rows, Decimal(10), Decimal(5), 2)
    assert [(one.receipt_line_id, one.value) for one in found] == [(1, -3), (2, -2)]
    assert all(one.estimate == one.quantity == 0 for one in found)


def test_less_credit_than_expected_is_a_cost():
    [match] = credited([opened(1, "2", "12", return_line_id=9)], Decimal(2), Decimal(10), 2)
    assert (match.estimate, match.value, match.change) == (-12, -10, 2)
    assert match.return_line_id == 9


def test_amounts_of_a_line():
    terms = Terms(Decimal("7.1"), 2, includes_tax=True, recovers=True)
    found = line_amounts(Decimal(3), Decimal("11.30"), Decimal("0.13"), terms)
    assert (found.net, found.tax, found.value) == (30, Decimal("3.90"), 213)
    terms = Terms(Decimal(1), 2, includes_tax=False, recovers=False)
    found = line_amounts(Decimal(3), Decimal(10), Decimal("0.13"), terms)
    assert (found.net, found.tax, found.value) == (30, Decimal("3.90"), Decimal("33.90"))
