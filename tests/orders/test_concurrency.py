"""Many orders for few goods, from many threads at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from app.kit.database import SYSTEM, Caller
from app.kit.problems import Problem
from app.orders.commands import (
    AllocateOrders,
    CancelOrder,
    ReleaseAllocation,
    ReleaseOrder,
    SalesLine,
    allocate,
    cancel_order,
    release_allocation,
    release_order,
)
from app.orders.problems import NothingAvailable
from tests.harness import Runner
from tests.ledger.moves import PostMoves, movement, post_moves
from tests.orders.selling import Shop, got

pytestmark = [pytest.mark.ledger, pytest.mark.usefixtures("verified")]
ORDERS, ITEMS, THREADS = 50, 10, 16
D = Decimal


@pytest.fixture
def wide(postgres, database_name: str, run: Runner):
    """As many connections as threads."""
    database = postgres.database(database_name, pool_size=THREADS)
    yield Runner(database, SYSTEM)
    database.close()


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Their answers; a refusal is its problem, anything else would be raised."""

    def call(task: Callable[[], object]) -> object:
        try:
            return task()
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, tasks))


def scarce_items(shop: Shop) -> list[str]:
    """Ten items, seven of each, on two shelves."""
    shop.execute(
        "insert into item (code, name, base_unit)"
        " select 'SCARCE-' || n, '紧俏商品' || n, '个' from generate_series(1, %s) n",
        ITEMS,
    )
    shop.execute(
        "insert into code (code, kind, item_id)"
        " select code, 'item', id from item where code like 'SCARCE-%%'"
    )
    rows = shop.rows("select code, id from item where code like 'SCARCE-%%' order by id")
    for code, item_id in rows:
        shop.company.items[code] = item_id
        shop.stock(code, "4")
        shop.stock(code, "3", "shelf2")
    return [code for code, _ in rows]


def carried_away(shop: Shop, item: str) -> PostMoves:
    """Somebody moves a piece that orders could have had."""
    return PostMoves([movement(shop.company, item, "1", "shelf1", "dock")])


def test_fifty_orders_over_ten_scarce_items(shop: Shop, wide: Runner) -> None:
    items, chance = scarce_items(shop), random.Random(511)
    drafts = [
        shop.draft(*[SalesLine(item, D(chance.randint(1, 3))) for item in chance.sample(items, 4)])
        for _ in range(ORDERS)
    ]
    answers = at_once([lambda o=o: wide(release_order, ReleaseOrder(o)) for o in drafts])
    assert not [answer for answer in answers if isinstance(answer, Problem)]
    assert shop.value("select sum(allocated) from sales_order_line") == 7 * ITEMS
    assert shop.value("select count(*) from balance where allocated > on_hand") == 0
    _stir(shop, wide, drafts, items, chance)


def _stir(
    shop: Shop, wide: Runner, drafts: list[int], items: list[str], chance: random.Random
) -> None:
    """Some are cancelled, some lose a promise, some ask again, and goods are moved meanwhile."""
    lines = {order: shop.line(order) for order in drafts}
    kinds = [
        lambda o: wide(cancel_order, CancelOrder(o)),
        lambda o: wide(release_allocation, ReleaseAllocation(lines[o])),
        lambda o: wide(allocate, AllocateOrders([o])),
        lambda o: wide(post_moves, carried_away(shop, items[o % ITEMS])),
    ]
    asked = [(chance.choice(kinds), order) for order in drafts + drafts[::-1]]
    tasks = [lambda kind=kind, order=order: kind(order) for kind, order in asked]
    refused = [answer for answer in at_once(tasks) if isinstance(answer, Problem)]
    assert {problem.status for problem in refused} <= {409}
    assert shop.value("select count(*) from balance where allocated > on_hand") == 0


def test_two_orders_for_the_last_unit(shop: Shop, wide: Runner) -> None:
    orders = [shop.order(("bread", "1")).order_id for _ in range(2)]
    shop.stock("bread", "1")
    answers = at_once([lambda o=o: wide(allocate, AllocateOrders([o])) for o in orders])
    [refused] = [answer for answer in answers if isinstance(answer, Problem)]
    [[allocated]] = [answer for answer in answers if isinstance(answer, list)]
    assert isinstance(refused, NothingAvailable)
    assert got(allocated) == 1
    assert str(refused.data["why"]).startswith("order_line_id=")


def test_another_store_is_not_asked(shop: Shop) -> None:
    order = shop.draft(("bread", "1"))
    stranger: Caller = shop.company.callers["operator_b"]
    with pytest.raises(Problem) as refused:
        shop.run(release_order, ReleaseOrder(order), caller=stranger)
    assert refused.value.code == "no_such_sales_order"
