from __future__ import annotations

from datetime import timedelta

import pytest

from app.kit import clock, ids
from app.kit.problems import Problem
from app.orders.commands import (
    CancelOrder,
    ReleaseAllocation,
    cancel_order,
    release_allocation,
)
from app.picking import commands as c
from app.picking import problems, refusals, scans
from tests.picking.conftest import BREAD, CASE, FLOUR, MILK, OVEN, SHELF1, SHELF2, STAGE, Floor


def refused(floor: Floor, *codes: str) -> Problem:
    *before, last = codes
    if before:
        floor.scan(*before)
    with pytest.raises(Problem) as raised:
        floor.scan(last)
    return raised.value


def test_an_order_is_picked_and_brought_together(floor: Floor) -> None:
    floor.stock("bread", "10", "shelf1")
    floor.stock("bread", "10", "shelf2")
    order = floor.order(("BREAD", "12")).order_id
    floor.begin(order)
    assert [(place, int(wanted)) for place, wanted, *_ in floor.stops()] == [
        (SHELF1, 10),
        (SHELF2, 2),
    ]
    floor.scan(SHELF1, BREAD, CASE)
    assert floor.on_hand("bread", "stage") == 7
    assert floor.value("select state from sales_order where id = %s", order) == "in_progress"
    assert floor.type("10").step == "answer_empty"
    floor.press("OK")
    answer = floor.scan(SHELF2, BREAD, BREAD)
    assert answer.step == "scan_staging"
    assert floor.scan(STAGE).step == "done"
    assert floor.state() == "done"
    assert (floor.on_hand("bread", "stage"), floor.picked(order)) == (12, 12)
    assert floor.promised(order) == 12, "promised until it ships"


def test_a_repeated_scan_is_booked_once(floor: Floor) -> None:
    floor.stock("bread", "10")
    floor.begin(floor.order(("BREAD", "5")).order_id)
    floor.scan(SHELF1)
    command_id = ids.new_id()
    first = floor.scan(BREAD, command_id=command_id)
    assert floor.scan(BREAD, command_id=command_id) == first
    assert floor.on_hand("bread", "stage") == 1


def test_wrong_goods_wrong_places_and_too_much(floor: Floor) -> None:
    floor.stock("bread", "10")
    floor.stock("flour", "5", "shelf2")
    floor.begin(floor.order(("BREAD", "5")).order_id)
    assert refused(floor, BREAD).code == "pick_location_first"
    assert refused(floor, SHELF2).code == "pick_wrong_location"
    assert refused(floor, SHELF1, FLOUR).code == "pick_wrong_item"
    assert refused(floor, CASE).code == "pick_too_much"
    floor.scan(BREAD)
    with pytest.raises(problems.TooMuch):
        floor.type("6")
    for text in ("abc", "1.5", "", "1e400"):
        with pytest.raises(Problem):
            floor.type(text)
    for code in ("", "\0", "x" * 9000, "nonsense", "4006381333931", "SK:XPRINT", "A-CART1"):
        with pytest.raises(Problem):
            floor.scan(code)
    assert floor.on_hand("bread", "stage") == 1


def test_lots_are_confirmed_and_swapped_by_a_second_scan(floor: Floor) -> None:
    today = clock.today()
    early = floor.lot("milk", "E1", today + timedelta(days=10))
    late = floor.lot("milk", "L1", today + timedelta(days=40))
    gone = floor.lot("milk", "X1", today - timedelta(days=1))
    for lot in (early, late, gone):
        floor.stock("milk", "6", lot_id=lot)
    order = floor.order(("MILK", "4")).order_id
    floor.begin(order)
    assert floor.scan(SHELF1, MILK).step == "scan_lot"
    assert floor.scan("E1").step == "scan_item"
    expired = refused(floor, f"(01){MILK}(10)X1")
    assert (expired.code, expired.data["why"]) == (
        "pick_stock_expired", f"order_line_id={floor.line(order)}",
    )  # fmt: skip
    assert floor.scan(f"(01){MILK}(10)L1").tone == "attention"
    assert floor.scan(f"(01){MILK}(10)L1").tone == "accepted"
    assert floor.scan(MILK, MILK).step == "scan_staging", "three of the other lot, by one swap"
    held = dict(floor.rows("select lot_id, quantity from pick_line"))
    assert held == {early: 1, late: 1}
    assert floor.value("select sum(allocated) from balance where lot_id = %s", early) == 1


def test_a_company_may_forbid_swaps(floor: Floor) -> None:
    floor.execute("update company set lot_swap_allowed = false")
    today = clock.today()
    for code, days in (("E1", 10), ("L1", 40)):
        floor.stock("milk", "6", lot_id=floor.lot("milk", code, today + timedelta(days=days)))
    floor.begin(floor.order(("MILK", "4")).order_id)
    assert refused(floor, SHELF1, f"(01){MILK}(10)L1").code == "pick_swap_not_allowed"


def test_goods_of_another_place_are_taken_after_scanning_it_twice(floor: Floor) -> None:
    floor.stock("bread", "4", "shelf1")
    floor.stock("bread", "9", "shelf2")
    floor.begin(floor.order(("BREAD", "4")).order_id)
    assert floor.scan(SHELF2).step == "confirm_location"
    assert floor.scan(SHELF2).step == "scan_item"
    floor.scan(BREAD)
    assert [row[0] for row in floor.stops()] == [SHELF2]
    assert (floor.on_hand("bread", "shelf1"), floor.on_hand("bread", "shelf2")) == (4, 8)


def test_serial_numbers_are_scanned_one_by_one(floor: Floor) -> None:
    for code in ("S1", "S2", "S3"):
        floor.stock("oven", "1", lot_id=floor.lot("oven", code))
    order = floor.order(("OVEN", "2")).order_id
    floor.begin(order)
    floor.scan(SHELF1, f"(01){OVEN}(21)S1")
    assert floor.scan(OVEN).step == "scan_lot"
    assert floor.scan("S3").tone == "attention", "another piece than promised"
    assert floor.scan("S3").step == "scan_lot" or floor.picked(order) == 2


def test_too_little_looks_elsewhere_and_has_the_place_counted(floor: Floor) -> None:
    floor.stock("bread", "5", "shelf1")
    floor.stock("bread", "5", "shelf2")
    order = floor.order(("BREAD", "5")).order_id
    floor.begin(order)
    floor.scan(SHELF1, BREAD, BREAD)
    floor.short("not_found")
    assert [(place, int(wanted), state) for place, wanted, _, state in floor.stops()] == [
        (SHELF1, 5, "short"), (SHELF2, 3, "open"),
    ]  # fmt: skip
    assert floor.rows("select cause, note from count_task") == [("short_pick", "not_found")]
    floor.scan(SHELF2, BREAD)
    floor.short("too_few")
    assert floor.promised(order) == 3
    assert floor.scan(STAGE).step == "done"
    assert floor.value("select count(*) from count_lock") == 0


def test_an_emptied_place_that_is_not_empty_is_counted(floor: Floor) -> None:
    floor.stock("bread", "1")
    floor.begin(floor.order(("BREAD", "1")).order_id)
    assert floor.scan(SHELF1, BREAD).step == "answer_empty"
    floor.type("2")
    assert floor.rows("select cause from count_task") == [("zero_check",)]


def test_skipping_puts_the_stop_last(floor: Floor) -> None:
    floor.stock("bread", "5", "shelf1")
    floor.stock("flour", "5", "shelf2")
    floor.begin(floor.order(("BREAD", "1"), ("FLOUR", "1")).order_id)
    floor.press("SKIP")
    assert [row[0] for row in floor.stops()] == [SHELF2, SHELF1]


def test_undo_puts_the_last_entry_back(floor: Floor) -> None:
    floor.stock("bread", "10")
    order = floor.order(("BREAD", "7")).order_id
    floor.begin(order)
    floor.scan(SHELF1, CASE, BREAD)
    floor.press("UNDO")
    assert (floor.picked(order), floor.on_hand("bread", "shelf1")) == (6, 4)
    floor.press("UNDO")
    assert (floor.picked(order), floor.promised(order)) == (0, 7)
    with pytest.raises(problems.NothingToUndo):
        floor.press("UNDO")
    floor.scan(SHELF1, CASE, BREAD)
    assert floor.scan(STAGE).step == "done"


def test_several_orders_are_one_stop(floor: Floor) -> None:
    floor.stock("bread", "20")
    orders = [floor.order(("BREAD", quantity)).order_id for quantity in ("2", "3", "4")]
    floor.begin(*orders, kind="batch")
    arrived = floor.scan(SHELF1)
    assert arrived.message.values["quantity"] == "9"
    floor.scan(CASE)
    assert [floor.picked(order) for order in orders] == [2, 3, 1]
    floor.type("9")
    assert [floor.picked(order) for order in orders] == [2, 3, 4]
    assert floor.scan(STAGE).step == "done"


def test_each_order_has_its_position_on_the_cart(floor: Floor) -> None:
    floor.stock("bread", "20")
    orders = [floor.order(("BREAD", quantity)).order_id for quantity in ("2", "3")]
    floor.begin(*orders, kind="cluster")
    assert floor.scan(SHELF1, BREAD, BREAD).step == "scan_cart"
    assert refused(floor, "A-CART2").code == "pick_wrong_cart"
    assert refused(floor, SHELF1).code == "pick_wrong_cart"
    floor.scan("A-CART1")
    assert floor.on_hand("bread", "cart1") == 2
    floor.scan(BREAD)
    floor.type("3")
    floor.scan("A-CART2")
    assert [floor.picked(order) for order in orders] == [2, 3]
    floor.press("UNDO")
    assert floor.on_hand("bread", "cart2") == 0
    floor.scan(BREAD)
    floor.type("3")
    assert floor.scan("A-CART2", STAGE).step == "done"
    assert (floor.on_hand("bread", "cart1"), floor.on_hand("bread", "stage")) == (0, 5)


def test_positions_of_a_cart_have_to_be_free(floor: Floor) -> None:
    floor.stock("bread", "20")
    orders = [floor.order(("BREAD", "1")).order_id for _ in range(5)]
    with pytest.raises(refusals.TooFewPositions):
        floor.make(*orders, kind="cluster")
    floor.make(*orders[:3], kind="cluster")
    with pytest.raises(refusals.TooFewPositions):
        floor.make(*orders[3:], kind="cluster")


# What changes meanwhile ---------------------------------------------------------------------------


def test_an_order_that_is_cancelled_during_the_pick(floor: Floor) -> None:
    floor.stock("bread", "10")
    order = floor.order(("BREAD", "5")).order_id
    floor.begin(order)
    floor.scan(SHELF1, BREAD)
    floor.run(cancel_order, CancelOrder(order))
    problem = refused(floor, BREAD)
    assert problem.code == "pick_order_cancelled"
    assert floor.promised(order) == 1, "until it is put back"
    floor.do(c.put_back_order, c.PutBackOrder(floor.pick_id, order))
    assert (floor.promised(order), floor.on_hand("bread", "shelf1")) == (0, 10)


def test_a_promise_that_is_released_during_the_pick(floor: Floor) -> None:
    floor.stock("bread", "10")
    order = floor.order(("BREAD", "5")).order_id
    floor.begin(order)
    floor.scan(SHELF1, BREAD)
    floor.run(release_allocation, ReleaseAllocation(floor.line(order)))
    problem = refused(floor, BREAD)
    assert problem.code in ("pick_stop_released", "pick_wrong_item", "pick_staging_wanted")
    assert floor.on_hand("bread", "stage") == 1


def test_a_lot_that_is_frozen_while_it_is_picked(floor: Floor) -> None:
    lot = floor.lot("milk", "F1", clock.today() + timedelta(days=10))
    floor.stock("milk", "6", lot_id=lot)
    order = floor.order(("MILK", "4")).order_id
    floor.begin(order)
    floor.scan(SHELF1, f"(01){MILK}(10)F1")
    floor.execute(
        "insert into lot_hold (lot_id, item_id, reason, placed_by) values (%s, %s, 'recall', %s)",
        lot, floor.company.items["milk"], floor.company.users["manager_a"],
    )  # fmt: skip
    problem = refused(floor, MILK)
    assert problem.code == "pick_stock_frozen"
    assert problem.data["why"] == f"order_line_id={floor.line(order)}"


def test_a_location_that_is_being_counted(floor: Floor) -> None:
    floor.stock("bread", "6")
    floor.begin(floor.order(("BREAD", "4")).order_id)
    floor.execute(
        "insert into count_lock (location_id, store_id, reason) values (%s, %s, 'count')",
        floor.company.a.locations["shelf1"], floor.company.a.store_id,
    )  # fmt: skip
    assert refused(floor, SHELF1, BREAD).code == "pick_location_counted"


def test_a_promise_that_goes_between_reading_and_writing(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The move is not written where the promise is gone; the entry that names it is refused."""
    floor.stock("bread", "10")
    order = floor.order(("BREAD", "5")).order_id
    floor.begin(order)
    floor.scan(SHELF1)
    read = scans.facts_of

    def released_meanwhile(*given):
        facts = read(*given)
        floor.run(release_allocation, ReleaseAllocation(floor.line(order)))
        return facts

    monkeypatch.setattr(scans, "facts_of", released_meanwhile)
    with pytest.raises(refusals.PromiseLost):
        floor.scan(BREAD)
    assert (floor.on_hand("bread", "stage"), floor.picked(order)) == (0, 0)
