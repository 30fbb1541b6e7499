"""Costs through the database: one database, one story after the other, everything adds up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from app.kit.money import ZERO
from app.ledger.corrections import Correction, Revaluation
from app.ledger.counts import Counted
from app.ledger.problems import (
    AlreadyReversed,
    InsufficientOnHand,
    InsufficientThen,
    MoreThanReceived,
    NothingToRevalue,
    PeriodClosed,
)
from app.ledger.tables import CostEntry
from tests import harness
from tests.ledger import costs
from tests.ledger.costs import Amend, Correct, Ledger, Post, Return, Reverse

pytestmark = pytest.mark.ledger
D = Decimal
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
numbers = count(1)


@pytest.fixture(scope="module")
def ledger(postgres):
    with harness.fresh_database(postgres) as name:
        database = postgres.database(name)
        made = Ledger(database, harness.make_company(database))
        yield made
        harness.assert_verified(database)
        database.close()


@pytest.fixture
def item(ledger: Ledger):
    """A new item, valued as the test says."""

    def make(method: str = "moving_average", tracking: str = "none") -> str:
        code = f"ITEM{next(numbers)}"
        rows = ledger.sql(
            "insert into item (code, name, base_unit, decimals, tracking, cost_method, price,"
            " safety_stock, tax_rate) values (%s, %s, '个', 3, %s, %s, 0, 0, 0) returning id",
            code, code, tracking, method,
        )  # fmt: skip
        ledger.company.items[code] = rows[0][0]
        return code

    return make


def test_fifo_takes_the_oldest_and_a_return_restores_them_last_first(ledger, item):
    pen = item("fifo")
    ledger.receive(pen, "10", "100.00")
    ledger.receive(pen, "10", "200.00")
    sold = ledger.issue(pen, "15")
    assert ledger.cost(sold) == D(200)
    back = ledger.move(pen, "7", "customer", "dock", kind="return_in")
    returned = ledger.run(costs.return_in, Return(back, sold))
    # Five of the dear ones were taken last, then two of the cheap ones.
    assert returned.amount == D(120)
    assert ledger.layers(pen) == [(2, 20), (10, 200)]


def test_late_paper_reaches_stock_and_those_who_took_the_goods(ledger, item):
    for method, to_stock in (("moving_average", "5.00"), ("fifo", "2.50")):
        pen = item(method)
        receipt = ledger.receive(pen, "4", "40.00")
        ledger.receive(pen, "4", "40.00")
        first, second = ledger.issue(pen, "3"), ledger.issue(pen, "1")
        ledger.issue(pen, "1") if method == "moving_average" else None
        ledger.receive(pen, "1", "10.00") if method == "moving_average" else None
        answer = ledger.run(costs.correct, Correct([Correction(receipt, D("10.00"))]))
        if method == "fifo":
            assert (answer[0].to_stock, answer[0].to_cogs) == (D(0), D(10))
            assert (ledger.cost(first), ledger.cost(second)) == (D("37.50"), D("12.50"))
        else:
            assert answer[0].to_stock + answer[0].to_cogs == D(10)
            assert answer[0].to_stock == D("3.75")
        del to_stock


def test_reversing_the_paper_restores_everything(ledger, item):
    for method in ("moving_average", "fifo"):
        pen = item(method)
        receipt = ledger.receive(pen, "7", "70.00")
        issues = [ledger.issue(pen, "1") for _ in range(3)]
        before = ledger.pool(pen), [ledger.cost(move) for move in issues]
        for amount in (D("0.10"), D("-0.10")):
            ledger.run(costs.correct, Correct([Correction(receipt, amount)]))
        assert (ledger.pool(pen), [ledger.cost(move) for move in issues]) == before


def test_what_comes_late_is_valued_at_its_moment(ledger, item):
    pen = item()
    ledger.receive(pen, "10", "100.00", DAY)
    sold = ledger.issue(pen, "5", DAY + timedelta(days=2))
    assert ledger.cost(sold) == D(50)
    ledger.receive(pen, "10", "200.00", DAY + timedelta(days=1))
    assert ledger.cost(sold) == D(75)
    assert ledger.pool(pen) == (15, 225)
    rows = ledger.sql(
        "select entry.kind, entry.amount, cause.kind, entry.occurred_at from cost_entry entry"
        " join cost_entry cause on cause.id = entry.cause_id where entry.move_id = %s", sold,
    )  # fmt: skip
    assert rows == [("correction", D(-25), "receipt", DAY + timedelta(days=2))]


def test_what_leaves_late_must_have_been_there_then(ledger, item):
    pen = item("fifo")
    ledger.receive(pen, "2", "20.00", DAY)
    ledger.issue(pen, "2", DAY + timedelta(days=2))
    ledger.receive(pen, "2", "30.00", DAY + timedelta(days=3))
    with pytest.raises(InsufficientThen):
        ledger.issue(pen, "1", DAY + timedelta(days=1))
    assert ledger.layers(pen) == [(2, 30)]


def test_a_quantity_that_was_wrong_is_right_from_its_moment_on(ledger, item):
    pen = item()
    wrong = ledger.receive(pen, "10", "100.00", DAY)
    ledger.receive(pen, "10", "200.00", DAY + timedelta(days=1))
    sold = ledger.issue(pen, "15", DAY + timedelta(days=2))
    ledger.run(costs.amend, Amend(wrong, D(15)))
    assert (ledger.pool(pen), ledger.cost(sold)) == ((10, 140), D(210))
    ledger.run(costs.amend, Amend(wrong, D(10)))
    assert (ledger.pool(pen), ledger.cost(sold)) == ((5, 75), D(225))
    ledger.run(costs.amend, Amend(sold, D(10)))
    assert ledger.pool(pen) == (10, 150)


def test_goods_go_back_to_the_supplier_at_what_they_are_worth(ledger, item):
    pen = item()
    first = ledger.receive(pen, "1", "10.00")
    ledger.receive(pen, "1", "20.00")
    back = ledger.move(pen, "1", "dock", "supplier")
    done = ledger.run(costs.return_out, Return(back, first, D(10)))
    assert (done.amount, done.variance) == (D(-15), D(5))
    with pytest.raises(MoreThanReceived):
        ledger.run(costs.return_out, Return(back, first, D(10)))
    ledger.run(costs.reverse, Reverse(done.move_id))
    assert ledger.pool(pen) == (2, 30)
    beside = "select sum(amount) from cost_entry join stock_move on stock_move.id = move_id"
    owed = ledger.sql(beside + " where pool_id is null and item_id = %s", ledger.company.items[pen])
    assert owed == [(0,)]


def test_what_was_not_there_is_covered_by_what_comes(ledger, item):
    pen = item("fifo")
    ledger.sql("update warehouse set allows_negative = true where store_id = %s",
               ledger.company.a.store_id)  # fmt: skip
    ledger.receive(pen, "1", "10.00")
    sold = ledger.issue(pen, "3")
    assert (ledger.pool(pen), ledger.cost(sold)) == ((-2, -20), D(30))
    ledger.receive(pen, "5", "60.00")
    assert (ledger.pool(pen), ledger.cost(sold)) == ((3, 36), D(34))
    ledger.sql("update warehouse set allows_negative = false")
    with pytest.raises(InsufficientOnHand):
        ledger.issue(pen, "4")


def test_a_count_stays_what_was_counted(ledger, item):
    pen = item()
    ledger.receive(pen, "10", "100.00", DAY)
    counted = Counted(
        ledger.company.a.store_id, ledger.company.items[pen],
        ledger.company.a.locations["dock"], D(8), ledger.company.a.locations["adjustment"],
    )  # fmt: skip
    seen = ledger.run(costs.observe, counted, DAY + timedelta(days=2))
    assert (seen.difference, seen.amount) == (D(-2), D(-20))
    ledger.receive(pen, "5", "50.00", DAY + timedelta(days=1))
    assert ledger.pool(pen) == (8, 80)


def test_goods_of_others_are_worth_nothing(ledger, item):
    pen = item()
    shelf = ledger.company.a.locations["shelf2"]
    ledger.sql("update location set is_consigned = true where id = %s", shelf)
    made = ledger.move(pen, "3", "supplier", "shelf2", amount=ZERO)
    ledger.run(costs.post, Post([made]))
    assert ledger.pool(pen) == (0, 0)
    bought = ledger.move(pen, "2", "shelf2", "dock", amount=D(30), kind="receipt")
    assert ledger.run(costs.post, Post([bought]))[0].amount == D(30)
    ledger.run(costs.post, Post([ledger.move(pen, "1", "shelf2", "customer")]))
    assert ledger.pool(pen) == (2, 30)


def test_value_is_changed_where_there_is_some(ledger, item):
    pen = item("fifo")
    revaluation = Revaluation(ledger.company.a.store_id, ledger.company.items[pen], unit_cost=D(3))
    with pytest.raises(NothingToRevalue):
        ledger.run(costs.revalue, revaluation)
    ledger.receive(pen, "2", "10.00")
    ledger.receive(pen, "1", "9.00")
    assert ledger.run(costs.revalue, revaluation) == D(-10)
    assert ledger.layers(pen) == [(2, 6), (1, 3)]


def test_closed_days_stay_as_they_were(ledger, item):
    pen = item()
    receipt = ledger.receive(pen, "1", "1.00", DAY)
    ledger.sql("update company set books_closed_until = %s", DAY.date())
    try:
        with pytest.raises(PeriodClosed):
            ledger.receive(pen, "1", "1.00", DAY)
        with pytest.raises(PeriodClosed):
            ledger.run(costs.correct, Correct([Correction(receipt, D(1))]), DAY)
        ledger.run(costs.correct, Correct([Correction(receipt, D(1))]))
        assert ledger.pool(pen) == (1, 2)
    finally:
        ledger.sql("update company set books_closed_until = null")


def test_a_receipt_that_was_taken_back_has_no_later_cost(ledger, item):
    pen = item()
    receipt = ledger.receive(pen, "1", "1.00")
    ledger.run(costs.reverse, Reverse(receipt))
    with pytest.raises(AlreadyReversed):
        ledger.run(costs.correct, Correct([Correction(receipt, D(1))]))
    assert CostEntry.__tablename__ == "cost_entry"
