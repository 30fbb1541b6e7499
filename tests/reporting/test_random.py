"""Random sales, returns and costs found later: the report is the sum over the moves."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.ledger.corrections import Correction, correct
from app.reporting.following import catch_up
from tests.quality.conftest import House, Ids
from tests.quality.test_returning import back
from tests.reporting.test_following import report, reprice, rows

CENT = Decimal("0.01")
MOVES = """
select coalesce(back.order_line_id, move.line_id), move.item_id,
       case when move.to_status is null then move.quantity else -move.quantity end, move.id
from stock_move move
left join customer_return_line back
    on move.line_kind = 'customer_return_line' and back.id = move.line_id
where move.line_kind in ('sales_order_line', 'customer_return_line')
  and (move.from_status is null or move.to_status is null)
order by move.id
"""
LINES = "select id, quantity, net_amount from sales_order_line"
COSTS = """
select move_id, sum(case when pool_id is null then amount else -amount end)
from cost_entry group by move_id
"""
RECEIPTS = "select id from stock_move where biz_step = 'receiving' order by id"
items, quantities = st.sampled_from(["bread", "flour"]), st.integers(1, 7)
amounts = st.decimals("0.01", "500", places=2)
steps = st.one_of(
    st.tuples(st.just("stock"), items, quantities, amounts),
    st.tuples(st.just("order"), items, quantities, amounts),
    st.tuples(st.just("ship"), st.integers(0, 5)),
    st.tuples(st.just("back"), st.integers(0, 5), quantities),
    st.tuples(st.just("later"), st.integers(0, 5), amounts),
    st.tuples(st.just("follow"), st.integers(1, 5)),
)


class Walk:
    def __init__(self, house: House) -> None:
        self.house, self.orders = house, list[int]()

    def take(self, step: tuple[Any, ...]) -> None:
        try:
            getattr(self, step[0])(*step[1:])
        except Problem:
            return

    def stock(self, item: str, quantity: int, amount: Decimal) -> None:
        self.house.stock(item, quantity, amount=amount)

    def order(self, item: str, quantity: int, amount: Decimal) -> None:
        self.orders.append(self.house.order(item, quantity))
        reprice(self.house, self.orders[-1], str(amount))

    def ship(self, number: int) -> None:
        if number < len(self.orders):
            self.house.allocate(self.orders[number])
            if self.house.allocated(self.orders[number]):
                self.house.ship(self.orders[number])

    def back(self, number: int, quantity: int) -> None:
        if number < len(self.orders):
            back(self.house, self.orders[number], str(quantity))

    def later(self, number: int, amount: Decimal) -> None:
        receipts = [row[0] for row in rows(self.house, RECEIPTS)]
        if number < len(receipts):
            self.house.run(found_later, Later(receipts[number], amount))

    def follow(self, most: int) -> None:
        catch_up(self.house.database, most=most * 3)


class Later(Ids):
    """A receipt and what it cost more."""

    def __init__(self, move_id: int, amount: Decimal) -> None:
        super().__init__((move_id, int(amount * 100)))


def found_later(session: Session, command: Later, envelope: Envelope) -> int:
    move_id, cents = command.order_ids
    return len(correct(session, envelope, [Correction(move_id, Decimal(cents) * CENT)]))


def expected(house: House) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """By item: quantity, revenue and cost, from the facts and without SQL's sums."""
    lines = {line: (quantity, net) for line, quantity, net in rows(house, LINES)}
    costs = dict(rows(house, COSTS))
    kept: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    cost: dict[int, Decimal] = defaultdict(Decimal)
    for line, item, out, move in rows(house, MOVES):
        kept[line, item] += out
        cost[item] += costs[move]
    found: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for (line, item), quantity in kept.items():
        ordered, net = lines[line]
        revenue = (net * quantity / ordered).quantize(CENT, ROUND_HALF_UP)
        before = found.get(item, (Decimal(0), Decimal(0), Decimal(0)))
        found[item] = (before[0] + quantity, before[1] + revenue, cost[item])
    return found


@settings(max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(walks=st.lists(steps, min_size=10, max_size=20))
def test_the_report_is_the_sum_over_the_moves(house: House, walks: list[Any]) -> None:
    walk = Walk(house)
    for step in walks:
        walk.take(step)
    catch_up(house.database)
    table = report(house, rows="item", columns="customer")
    shown = {
        int(row.head.key or 0): (row.total.quantity, row.total.revenue, row.total.cost)
        for row in table.rows
    }
    assert shown == expected(house)
    assert table.total.revenue == sum((one[1] for one in shown.values()), Decimal(0))
    by_day = report(house, rows="day", columns="salesperson")
    assert by_day.total == table.total
