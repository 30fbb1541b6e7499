"""Checking picked goods, cartons, leaving, and taking back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.access.problems import CapabilityMissing
from app.orders.commands import CancelOrder, SalesLine, cancel_order
from app.orders.problems import NotReleased
from app.shipping import commands, problems
from app.shipping.commands import CancelShipment, OpenShipment, TakeBack
from tests.harness import GTINS
from tests.shipping.conftest import Packing

pytestmark = pytest.mark.usefixtures("verified")
D = Decimal
BREAD, MILK = GTINS["bread"], GTINS["milk"]
CASE = "16901234567899"


def packed(table: Packing, *lines: tuple[str, str] | SalesLine, **more: object) -> int:
    order_id = table.shop.order(*lines, **more).order_id
    table.pick(order_id)
    table.open(order_id)
    return order_id


def test_checked_goods_leave_with_their_cost_and_the_order_is_done(table: Packing):
    table.shop.stock("bread", "20")
    order_id = packed(table, ("BREAD", "7"))
    assert table.scan(CASE).tone == "accepted"
    assert table.scan(BREAD).message.values["quantity"] == "1"
    changed = table.ship(carrier="顺丰", tracking_number="SF1")
    assert (changed.state, changed.order_state) == ("done", "done")
    assert table.shop.rows(
        "select quantity, allocated, picked, shipped from sales_order_line where order_id = %s",
        order_id,
    ) == [(D(7), D(0), D(7), D(7))]
    assert table.shop.value("select sum(amount) from cost_entry where kind = 'issue'") == D(-7)


def test_more_than_picked_is_refused_and_nothing_is_counted(table: Packing):
    table.shop.stock("bread", "5")
    packed(table, ("BREAD", "5"))
    with pytest.raises(problems.MoreThanPicked):
        table.scan(CASE)
    assert table.checked() == 0


def test_goods_of_another_order_are_put_aside(table: Packing):
    table.shop.stock("bread", "5")
    table.shop.stock("flour", "5")
    packed(table, ("BREAD", "5"))
    with pytest.raises(problems.NotInShipment):
        table.scan(GTINS["flour"])


def test_several_lots_ask_for_the_lot(table: Packing):
    early = table.shop.lot("milk", "E1", date(2030, 1, 1))
    late = table.shop.lot("milk", "L1", date(2030, 6, 1))
    table.shop.stock("milk", "2", lot_id=early)
    table.shop.stock("milk", "2", lot_id=late)
    packed(table, ("MILK", "3"))
    assert table.scan(MILK).step == "scan_lot"
    assert table.scan("E1").tone == "accepted"
    with pytest.raises(problems.LotNotPicked):
        table.scan(f"(01){MILK}(10)ZZZ")
    assert table.scan(f"(01){MILK}(10)L1").tone == "accepted"
    assert table.checked() == 2


def test_the_last_check_is_corrected_and_taken_back(table: Packing):
    table.shop.stock("bread", "9")
    packed(table, ("BREAD", "9"))
    table.scan(BREAD)
    table.scan(BREAD)
    table.type("4")
    assert table.checked() == 5
    table.press("UNDO")
    assert table.checked() == 1
    with pytest.raises(problems.MoreThanPicked):
        table.type("10")
    table.press("UNDO")
    with pytest.raises(problems.NothingToTakeBack):
        table.press("UNDO")


def test_cartons_have_their_own_numbers_and_are_not_shared(table: Packing):
    table.shop.stock("bread", "9")
    packed(table, ("BREAD", "2"))
    table.press("CARTON")
    table.scan(BREAD)
    first = table.shop.value("select sscc from logistic_unit order by id limit 1")
    table.press("CARTON")
    table.scan(BREAD)
    cartons = table.shop.value(
        "select count(distinct logistic_unit_id) from shipment_line where undone_at is null"
    )
    assert cartons == 2
    table.ship()
    packed(table, ("BREAD", "1"))
    with pytest.raises(problems.CartonTaken):
        table.scan(f"(00){first}")


def test_part_of_an_order_leaves_and_the_rest_follows(table: Packing):
    table.shop.stock("bread", "5")
    order_id = packed(table, ("BREAD", "5"))
    table.scan(BREAD)
    assert table.ship().order_state == "in_progress"
    assert table.open(order_id) != 0
    for _ in range(4):
        table.scan(BREAD)
    assert table.ship().order_state == "done"


def test_a_whole_order_does_not_leave_in_parts(table: Packing):
    table.shop.stock("bread", "5")
    packed(table, ("BREAD", "5"), partial_policy="whole_order")
    table.scan(BREAD)
    with pytest.raises(problems.NotWhole) as refused:
        table.ship()
    assert str(refused.value.data["why"]).startswith("order_line_id=")


def test_who_leads_gives_up_the_rest(table: Packing):
    table.shop.stock("bread", "3")
    packed(table, ("BREAD", "5"))
    for _ in range(3):
        table.scan(BREAD)
    with pytest.raises(CapabilityMissing):
        table.ship(rest="short", reason="缺货")
    table.who = "supervisor_a"
    assert table.ship(rest="short", reason="缺货").order_state == "done"


def test_shipping_without_checking_is_for_who_leads(table: Packing):
    table.shop.stock("bread", "3")
    packed(table, ("BREAD", "3"))
    with pytest.raises(CapabilityMissing):
        table.ship(unchecked=True)
    with pytest.raises(problems.NothingChecked):
        table.ship()
    table.who = "supervisor_a"
    assert table.ship(unchecked=True).order_state == "done"


def test_a_shipment_comes_back_on_the_same_day(table: Packing):
    table.shop.stock("bread", "3")
    order_id = packed(table, ("BREAD", "3"))
    table.who = "supervisor_a"
    table.ship(unchecked=True)
    back = table.do(commands.take_back, TakeBack(table.shipment_id, "司机没来"))
    assert back.order_state == "in_progress"
    assert table.shop.rows(
        "select allocated, picked, shipped from sales_order_line where order_id = %s", order_id
    ) == [(D(3), D(3), D(0))]
    table.open(order_id)
    assert table.ship(unchecked=True).order_state == "done"
    with pytest.raises(problems.ReasonWanted):
        table.do(commands.take_back, TakeBack(table.shipment_id, " "))


def test_an_order_is_packed_once_and_only_when_picked(table: Packing):
    table.shop.stock("bread", "3")
    order_id = table.shop.order(("BREAD", "3")).order_id
    with pytest.raises(problems.NothingPicked):
        table.open(order_id)
    with pytest.raises(NotReleased):
        table.open(table.shop.draft(("BREAD", "1")))
    table.pick(order_id)
    assert table.open(order_id) == table.open(order_id)
    table.scan(BREAD)
    table.do(commands.cancel_shipment, CancelShipment(table.shipment_id))
    with pytest.raises(problems.ShipmentClosed):
        table.scan(BREAD)
    again = table.do(commands.start_shipment, OpenShipment(order_id))
    assert again.is_new


def test_an_order_that_was_cancelled_meanwhile_does_not_leave(table: Packing):
    table.shop.stock("bread", "3")
    order_id = packed(table, ("BREAD", "3"))
    table.scan(BREAD)
    table.shop.run(cancel_order, CancelOrder(order_id))
    with pytest.raises(problems.OrderCancelledInPacking):
        table.scan(BREAD)


def test_another_store_does_not_see_it(table: Packing):
    table.shop.stock("bread", "3")
    packed(table, ("BREAD", "3"))
    table.who = "operator_b"
    with pytest.raises(problems.NoSuchShipment):
        table.scan(BREAD)
