"""Orders are promised stock, lose it, and get it again; on a real database."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.kit import clock, jobs
from app.kit.database import SYSTEM
from app.orders import tasks
from app.orders.commands import (
    AllocateOrders,
    AllocateWaiting,
    Reallocate,
    ReleaseAllocation,
    ReleaseStale,
    SalesLine,
    allocate,
    allocate_arrivals,
    reallocate,
    release_allocation,
    release_lapsed,
)
from app.orders.problems import (
    GoodsPicked,
    NothingAvailable,
    NothingPromised,
    NothingWanted,
    NotReleased,
)
from tests.orders.selling import Shop, got

pytestmark = [pytest.mark.ledger, pytest.mark.usefixtures("verified")]
D = Decimal


def test_release_promises_what_there_is(shop: Shop) -> None:
    shop.stock("bread", "10")
    released = shop.order(("bread", "4"))
    assert got(released.allocated) == 4
    assert released.allocated.is_complete
    assert shop.places(released.order_id) == [("A-SHELF1", D(4))]


def test_the_last_unit_goes_to_one_of_two(shop: Shop) -> None:
    shop.stock("bread", "1")
    first, second = shop.order(("bread", "1")), shop.order(("bread", "1"))
    assert (got(first.allocated), got(second.allocated)) == (1, 0)
    with pytest.raises(NothingAvailable) as refused:
        shop.run(allocate, AllocateOrders([second.order_id]))
    assert refused.value.data["why"] == f"order_line_id={shop.line(second.order_id)}"
    assert refused.value.data["wanted"] == "1"


def test_goods_that_may_not_ship_are_not_promised(shop: Shop) -> None:
    shop.stock("bread", "3", "dock")
    shop.stock("bread", "2", "shelf2")
    shop.execute(
        "insert into count_lock (location_id, store_id, reason)"
        " select id, store_id, 'x' from location where code = 'A-SHELF2'"
    )
    assert got(shop.order(("bread", "5")).allocated) == 0


def test_first_to_expire_goes_first_and_the_short_dated_stay(shop: Shop) -> None:
    today = clock.today("Asia/Shanghai")
    for code, days in (("late", 90), ("soon", 20), ("short", 3), ("gone", -1)):
        lot = shop.lot("milk", code, today + timedelta(days=days))
        shop.stock("milk", "5", lot_id=lot)
    released = shop.order(("milk", "7"), minimum_days=10)
    rows = shop.rows(
        "select lot.code, allocation.quantity from allocation"
        " join balance on balance.id = balance_id join lot on lot.id = lot_id"
        " order by expires_on"
    )
    assert rows == [("soon", D(5)), ("late", D(2))]
    assert released.allocated.is_complete


def test_packs_are_not_opened(shop: Shop) -> None:
    shop.stock("bread", "10")
    shop.stock("bread", "8", "shelf2")
    line = SalesLine("16901234567899", D(3), whole_packs=True)
    released = shop.order(line)
    assert got(released.allocated) == 12  # two cases of six, one from each shelf
    assert released.allocated.lines[0].short == 6


@pytest.mark.parametrize(
    ("policy", "expected"), [("partial", 7), ("whole_lines", 2), ("whole_order", 0)]
)
def test_partial_policies(shop: Shop, policy: str, expected: int) -> None:
    shop.stock("bread", "5")
    shop.stock("flour", "2")
    released = shop.order(("bread", "6"), ("flour", "2"), partial_policy=policy)
    assert got(released.allocated) == expected


def test_a_draft_gets_nothing(shop: Shop) -> None:
    shop.stock("bread", "5")
    order = shop.draft(("bread", "1"))
    with pytest.raises(NotReleased):
        shop.run(allocate, AllocateOrders([order]))


def test_a_batch_serves_the_urgent_first(shop: Shop) -> None:
    late = shop.order(("bread", "3"), priority=5).order_id
    urgent = shop.order(("bread", "3"), priority=1).order_id
    shop.stock("bread", "4")
    answers = shop.run(allocate, AllocateOrders([late, urgent]))
    assert [(one.order_id, got(one)) for one in answers] == [(urgent, 3), (late, 1)]


def test_what_arrives_goes_to_those_that_wait(shop: Shop) -> None:
    waiting = shop.order(("bread", "3"))
    assert got(waiting.allocated) == 0
    shop.stock("bread", "2")
    command = AllocateWaiting(shop.company.a.store_id, [shop.company.items["bread"]])
    [served] = shop.run(allocate_arrivals, command)
    assert (served.order_id, got(served)) == (waiting.order_id, 2)
    assert shop.run(allocate_arrivals, command) == []


def test_a_freed_promise_goes_to_the_one_it_is_for(shop: Shop) -> None:
    shop.stock("bread", "5")
    holder = shop.order(("bread", "5")).order_id
    urgent = shop.order(("bread", "1"), priority=1).order_id
    blocked = shop.order(("bread", "4")).order_id
    line = shop.line(holder)
    command = ReleaseAllocation(line, quantity=D(4), for_order_id=blocked)
    released = shop.run(release_allocation, command)
    assert released.quantity == 4
    assert [one.order_id for one in released.served] == [blocked]
    assert (shop.promised(holder), shop.promised(urgent), shop.promised(blocked)) == (1, 0, 4)
    # It is not promised to the line again by itself, only when somebody asks.
    shop.stock("bread", "9")
    arrived = AllocateWaiting(shop.company.a.store_id, [shop.company.items["bread"]])
    assert [one.order_id for one in shop.run(allocate_arrivals, arrived)] == [urgent]
    assert got(shop.run(allocate, AllocateOrders([holder]))[0]) == 4


def test_nothing_to_free_and_nothing_to_want(shop: Shop) -> None:
    shop.stock("bread", "5")
    order = shop.order(("bread", "5")).order_id
    with pytest.raises(NothingWanted):
        shop.run(allocate, AllocateOrders([order]))
    shop.run(release_allocation, ReleaseAllocation(shop.line(order)))
    with pytest.raises(NothingPromised):
        shop.run(release_allocation, ReleaseAllocation(shop.line(order)))


def test_lapsed_promises_go_to_those_that_ask(shop: Shop) -> None:
    shop.stock("bread", "5")
    old = shop.order(("bread", "5")).order_id
    shop.execute("update allocation set expires_at = now() - interval '1 hour'")
    released = shop.order(("bread", "3"))
    assert got(released.allocated) == 3
    assert shop.promised(old) == 0


def test_the_job_frees_lapsed_promises(shop: Shop) -> None:
    shop.stock("bread", "5")
    old = shop.order(("bread", "5")).order_id
    young = shop.order(("bread", "2")).order_id
    assert shop.run(release_lapsed, ReleaseStale()).line_ids == []
    shop.execute("update allocation set expires_at = now() - interval '1 hour'")
    freed = shop.run(release_lapsed, ReleaseStale())
    assert freed.line_ids == [shop.line(old)]
    assert [one.order_id for one in freed.served] == [young]
    assert shop.promised(old) == 0


def test_a_line_is_planned_anew(shop: Shop) -> None:
    today = date(2030, 1, 1)
    shop.stock("milk", "5", lot_id=shop.lot("milk", "late", today + timedelta(days=9)))
    order = shop.order(("milk", "5")).order_id
    shop.stock("milk", "5", "shelf2", lot_id=shop.lot("milk", "soon", today))
    assert got(shop.run(reallocate, Reallocate(shop.line(order)))) == 5
    assert shop.places(order) == [("A-SHELF2", D(5))]


def test_picked_goods_are_not_freed(shop: Shop) -> None:
    from tests.orders.test_carrying import pick

    shop.stock("bread", "5")
    order = shop.order(("bread", "5")).order_id
    pick(shop, order, "5")
    with pytest.raises(GoodsPicked) as refused:
        shop.run(release_allocation, ReleaseAllocation(shop.line(order)))
    assert refused.value.data["picked"] == "5"


def test_the_minute_job_serves_those_that_wait(shop: Shop) -> None:
    job = jobs.Job(shop.database, SYSTEM)
    waiting = shop.order(("bread", "3")).order_id
    whole = shop.order(("bread", "99"), partial_policy="whole_order").order_id
    shop.stock("bread", "5")
    tasks.serve_waiting(job)
    assert (shop.promised(waiting), shop.promised(whole)) == (3, 0)
    before = shop.value("select count(*) from command")
    tasks.serve_waiting(job)  # what is left is too little for the other: nothing to do
    assert shop.value("select count(*) from command") == before


def test_the_hour_job_frees_what_lapsed(shop: Shop) -> None:
    shop.stock("bread", "5")
    order = shop.order(("bread", "5")).order_id
    shop.execute("update allocation set expires_at = now() - interval '1 hour'")
    tasks.release_stale(jobs.Job(shop.database, SYSTEM))
    assert shop.promised(order) == 0
