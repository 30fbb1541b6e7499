from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.kit import clock
from app.picking import commands as c
from app.picking import refusals
from tests.picking.conftest import BREAD, SHELF1, SHELF2, STAGE, Floor


def test_the_next_task_is_the_most_urgent_one(floor: Floor) -> None:
    floor.stock("bread", "20")
    later = floor.order(("BREAD", "1"), due_at=clock.now() + timedelta(days=1)).order_id
    soon = floor.order(("BREAD", "1"), due_at=clock.now() + timedelta(hours=1)).order_id
    urgent = floor.order(("BREAD", "1"), priority=1).order_id
    other = floor.as_("supervisor_a")
    got = [floor.get(), other.get()]
    assert floor.get() == got[0], "one's own first"
    of = "select order_id from pick_order where pick_id = %s"
    assert [floor.value(of, pick) for pick in got] == [urgent, soon]
    assert floor.value(of, floor.as_("manager_a").get()) == later
    with pytest.raises(refusals.NothingToPick):
        floor.as_("administrator").get()


def test_pause_take_over_and_assignment(floor: Floor) -> None:
    floor.stock("bread", "20")
    floor.begin(floor.order(("BREAD", "5")).order_id)
    floor.scan(SHELF1, BREAD)
    other = floor.as_("supervisor_a")
    with pytest.raises(refusals.PickHeld):
        other.scan(BREAD)
    holder = floor.company.users["operator_a"]
    other.do(c.take_over_pick, c.TakeOverPick(floor.pick_id, holder))
    other.scan(BREAD)
    with pytest.raises(refusals.PickTakenOver):
        floor.scan(BREAD)
    other.press("PAUSE")
    with pytest.raises(refusals.PickPaused):
        other.scan(BREAD)
    other.do(c.assign_pick, c.AssignPick(floor.pick_id, holder, 1))
    floor.do(c.resume_pick, c.ResumePick(floor.pick_id))
    floor.type("5")
    assert floor.scan(STAGE).step == "done"


def test_what_is_left_waits_for_another_pick(floor: Floor) -> None:
    floor.stock("bread", "20")
    order = floor.order(("BREAD", "5")).order_id
    first = floor.begin(order)
    floor.scan(SHELF1, BREAD)
    assert floor.press("DONE").closing
    floor.do(c.close_pick, c.ClosePick(first))
    assert floor.get() != first
    floor.scan(SHELF1, BREAD)
    floor.type("4")
    assert floor.scan(STAGE).step == "done"
    assert floor.picked(order) == 5


def test_an_empty_pick_is_cancelled_and_a_finished_one_put_back(floor: Floor) -> None:
    floor.stock("bread", "20")
    order = floor.order(("BREAD", "2")).order_id
    floor.begin(order)
    floor.do(c.cancel_pick, c.CancelPick(floor.pick_id))
    floor.begin(order)
    floor.scan(SHELF1, BREAD)
    with pytest.raises(refusals.PickNotEmpty):
        floor.do(c.cancel_pick, c.CancelPick(floor.pick_id))
    floor.scan(BREAD, STAGE)
    back = c.PutBackOrder(floor.pick_id, order, floor.company.a.locations["shelf2"])
    floor.as_("supervisor_a").do(c.put_back_order, back)
    assert (floor.on_hand("bread", "shelf2"), floor.promised(order)) == (2, 2)
    floor.begin(order)
    assert [row[0] for row in floor.stops()] == [SHELF2]


def test_picks_are_made_of_released_orders_of_one_store(floor: Floor) -> None:
    draft = floor.draft(("BREAD", "1"))
    empty = floor.order(("BREAD", "1")).order_id
    with pytest.raises(refusals.OrderNotPickable):
        floor.make(draft)
    with pytest.raises(refusals.NothingPromised):
        floor.make(empty)
    with pytest.raises(refusals.NoOrdersChosen):
        floor.make(4711)
    with pytest.raises(refusals.ZoneWanted):
        floor.make(empty, kind="zone")
    with pytest.raises(refusals.UnknownPickKind):
        floor.make(empty, kind="x")
    assert floor.value("select count(*) from pick") == 0


def test_a_zone_has_only_what_lies_in_it(floor: Floor) -> None:
    floor.execute(
        "insert into zone (warehouse_id, store_id, code, name) values (%s, %s, 'COLD', '冷库')",
        floor.company.a.warehouse_id, floor.company.a.store_id,
    )  # fmt: skip
    cold = floor.value("select id from zone where code = 'COLD'")
    floor.execute("update location set zone_id = %s where code = 'A-SHELF2'", cold)
    floor.stock("bread", "5", "shelf1")
    floor.stock("flour", "5", "shelf2")
    order = floor.order(("BREAD", "1"), ("FLOUR", "1")).order_id
    floor.get(cold)
    assert [row[0] for row in floor.stops()] == [SHELF2]
    other = floor.as_("supervisor_a")
    other.get()
    assert [row[0] for row in other.stops()] == [SHELF1]
    assert floor.picked(order) == Decimal(0)
