from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from app.kit import clock, ids
from app.receiving import commands
from app.receiving.commands import EnterExpiry, OrderLine
from tests.receiving.conftest import BREAD, CASE, FLOUR, GS, MILK, OVEN, Dock


def bread(quantity: str = "10", price: str = "1.13", **more) -> OrderLine:
    return OrderLine("BREAD", Decimal(quantity), Decimal(price), Decimal("0.13"), **more)


def milk(quantity: str = "10") -> OrderLine:
    return OrderLine("MILK", Decimal(quantity), Decimal(2))


def test_each_scan_adds_one_piece_or_one_pack(dock: Dock) -> None:
    order = dock.order(bread("20"))
    dock.open(order)
    assert dock.scan(BREAD).tone == "accepted"
    dock.scan(BREAD[1:])
    answer = dock.scan(CASE)
    assert answer.message.values["quantity"] == "6"
    assert dock.on_hand("bread") == 8
    assert dock.line(order) == (8, Decimal("8.00"))
    assert dock.rows("select entered_quantity, factor from receipt_line order by id")[-1] == (1, 6)


def test_the_parts_of_a_line_sum_to_its_value(dock: Dock) -> None:
    order = dock.order(OrderLine("BREAD", Decimal(3), Decimal("3.3333")))
    dock.open(order)
    for _ in range(3):
        dock.scan(BREAD)
    amounts = [row[0] for row in dock.rows("select net_amount from receipt_line order by id")]
    assert amounts == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert dock.line(order) == (3, Decimal("10.00"))


def test_the_keypad_corrects_the_last_entry(dock: Dock) -> None:
    order = dock.order(bread("24"))
    dock.open(order)
    dock.scan(BREAD)
    dock.scan(BREAD)
    assert dock.type("12").message.values["quantity"] == "12"
    assert dock.on_hand("bread") == 13
    dock.press("+10")
    assert dock.line(order) == (23, Decimal("23.00"))


def test_lot_and_expiry_come_from_one_code_or_are_asked_for(dock: Dock) -> None:
    dock.open(dock.order(milk()))
    good = clock.today() + timedelta(days=20)
    assert dock.scan(f"]C101{MILK}17{good:%y%m%d}10L9{GS}").tone == "accepted"
    asked = dock.scan(MILK)
    assert (asked.step, asked.tone) == ("scan_lot", "attention")
    assert dock.scan("LOT-77").step == "enter_expiry"
    typed = EnterExpiry(dock.receipt_id, f"{good:%y%m%d}")
    assert dock.do(commands.enter_expiry, typed).step == "scan_item"
    assert dock.rows("select code, expires_on from lot where code = 'LOT-77'") == [("LOT-77", good)]
    # A lot that is known needs no date again, and its bare number is enough.
    assert dock.scan("LOT-77").tone == "accepted"
    assert dock.on_hand("milk") == 3


def test_weight_in_the_code_and_by_keypad(dock: Dock) -> None:
    dock.change_item("flour", catch_weight=True)
    dock.open(dock.order(OrderLine("FLOUR", Decimal(20), Decimal(5))))
    assert dock.scan(f"01{FLOUR}3103001250").message.values["quantity"] == "1.25"
    assert dock.scan(FLOUR).step == "enter_quantity"
    assert dock.type("2.5").tone == "accepted"
    assert dock.on_hand("flour") == Decimal("3.75")


def test_serials_come_one_by_one(dock: Dock) -> None:
    dock.open(dock.order(OrderLine("OVEN", Decimal(2), Decimal(999))))
    dock.scan(f"01{OVEN}21SN-1")
    assert dock.scan(OVEN).step == "scan_lot"
    dock.scan("SN-2")
    assert dock.on_hand("oven") == 2


def test_inspection_on_receipt_by_item_policy(dock: Dock) -> None:
    dock.change_item("bread", inspect_on_receipt=True)
    dock.open(dock.order(bread()))
    dock.scan(BREAD)
    assert dock.on_hand("bread", status="inspection") == 1


def test_put_away_to_the_suggested_place_or_another_by_a_second_scan(dock: Dock) -> None:
    dock.open(dock.order(bread()))
    dock.scan(BREAD)
    dock.type("4")
    assert dock.press("PUTAWAY").step == "scan_put_away_item"
    answer = dock.scan(BREAD)
    assert (answer.step, answer.message.values["location"]) == (
        "scan_put_away_location",
        "A-SHELF1",
    )
    dock.type("3")
    assert dock.scan("A-SHELF1").step == "scan_put_away_item"
    dock.scan(BREAD)
    assert dock.scan("SK:LA-SHELF2").step == "confirm_location"
    assert dock.scan("A-SHELF2").tone == "accepted"
    assert [dock.on_hand("bread", place) for place in ("dock", "shelf1", "shelf2")] == [0, 3, 1]
    assert dock.press("UNDO").tone == "accepted"
    assert [dock.on_hand("bread", place) for place in ("dock", "shelf1", "shelf2")] == [1, 3, 0]


def test_undo_takes_back_step_by_step(dock: Dock) -> None:
    order = dock.order(bread())
    dock.open(order)
    dock.scan(BREAD)
    dock.scan(BREAD)
    dock.press("UNDO")
    assert dock.line(order) == (1, Decimal("1.00"))
    dock.press("UNDO")
    assert dock.line(order) == (0, 0)
    assert dock.on_hand("bread") == 0


def test_two_lines_of_one_item_fill_in_their_order(dock: Dock) -> None:
    order = dock.order(bread("4", "1.13"), bread("10", "2.26"))
    dock.open(order)
    dock.scan(CASE)
    assert dock.line(order, 1) == (4, Decimal("4.00"))
    assert dock.line(order, 2) == (2, Decimal("4.00"))
    dock.press("UNDO")
    assert (dock.line(order, 1), dock.line(order, 2)) == ((0, 0), (0, 0))


def test_without_an_order(dock: Dock) -> None:
    dock.open(None)
    dock.scan(BREAD)
    assert dock.on_hand("bread") == 1
    assert dock.one("select count(*) from receipt where order_id is null") == 1


def test_a_replayed_scan_counts_once(dock: Dock) -> None:
    dock.open(dock.order(bread()))
    command_id = ids.new_id()
    first = dock.scan(BREAD, command_id=command_id)
    assert dock.scan(BREAD, command_id=command_id) == first
    assert dock.on_hand("bread") == 1
