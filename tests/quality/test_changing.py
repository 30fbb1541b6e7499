from __future__ import annotations

from decimal import Decimal

import pytest

from app.access.problems import CapabilityMissing
from app.kit import ids
from app.ledger.problems import QuantityNotPositive
from app.quality import problems
from tests.quality.conftest import House

assert CapabilityMissing


def test_part_of_a_balance_is_frozen_where_it_lies(house: House) -> None:
    bread = house.stock("bread", 10)
    done = house.change("frozen", bread, quantity="4", note="纸箱破")
    assert done.number.startswith("SC-")
    assert house.on_hand(bread) == 6
    assert house.on_hand(house.balance("bread", "shelf1", "frozen")) == 4
    assert house.one("select note from status_change where id = %s", done.change_id) == "纸箱破"
    assert house.one("select value from cost_pool") == 100


def test_a_scanned_location_changes_whole(house: House) -> None:
    house.stock("bread", 10)
    house.stock("flour", "2.5")
    done = house.change("inspection", location_id=house.company.a.locations["shelf1"])
    assert done.lines == 2
    assert house.with_status("flour", "inspection") == Decimal("2.5")


def test_a_typed_quantity_takes_what_is_free_first(house: House) -> None:
    house.stock("bread", 5)
    order = house.order("bread", 5)
    house.stock("bread", 5, place="shelf2")
    done = house.change("frozen", item_id=house.company.items["bread"], quantity="5")
    assert done.orders == ()
    assert house.allocated(order) == 5


def test_freezing_promised_stock_frees_it_and_promises_what_lies_elsewhere(house: House) -> None:
    first = house.stock("bread", 5)
    order = house.order("bread", 5)
    house.stock("bread", 3, place="shelf2")
    done = house.change("frozen", first)
    number = house.one("select number from sales_order where id = %s", order)
    assert done.orders == (number,)
    assert house.allocated(order) == 3
    assert house.on_hand(first) == 0


def test_the_least_urgent_order_gives_first(house: House) -> None:
    bread = house.stock("bread", 10)
    urgent, usual = house.order("bread", 4, priority=1), house.order("bread", 4, priority=9)
    house.change("damaged", bread, quantity="5")
    assert (house.allocated(urgent), house.allocated(usual)) == (4, 1)


def test_what_waits_for_the_lorry_leaves_its_order(house: House) -> None:
    house.stock("bread", 8)
    order = house.order("bread", 5)
    house.pick(order)
    staged = house.balance("bread", "stage")
    done = house.change("damaged", staged, quantity="3")
    assert len(done.orders) == 1
    assert house.on_hand(house.balance("bread", "stage", "damaged")) == 3
    assert house.one("select picked from sales_order_line") == 2
    assert house.allocated(order) == 5


def test_release_without_a_policy_serves_the_order_that_waits(house: House, no_policies) -> None:
    bread = house.stock("bread", 5, status="inspection")
    order = house.order("bread", 5)
    assert house.allocated(order) == 0
    house.change("available", bread, reason="inspected")
    assert house.allocated(order) == 5


def test_release_waits_for_votes_and_changes_nothing(house: House) -> None:
    bread = house.stock("bread", 5, status="inspection")
    done = house.change("available", bread, reason="inspected")
    assert done.request_id
    assert done.change_id is None
    assert house.on_hand(bread) == 5
    again = house.change("available", bread, reason="inspected")
    assert again.request_id == done.request_id
    facts = house.one("select facts from approval_request where id = %s", done.request_id)
    assert (facts["from_status"], facts["item"]) == ("inspection", "BREAD")


def test_the_same_command_twice_is_one_change(house: House, run) -> None:
    from app.quality.changing import ChangeStatus, change_status

    house.stock("bread", 5)
    command = ChangeStatus(
        house.company.a.store_id, "frozen", "suspect", item_id=house.company.items["bread"],
        quantity="2",
    )  # fmt: skip
    key = ids.new_id()
    first = run(change_status, command, command_id=key)
    assert run(change_status, command, command_id=key) == first
    assert house.with_status("bread", "frozen") == 2


REFUSALS = [
    ({"quantity": "11"}, problems.MoreThanThere),
    ({"quantity": "0"}, QuantityNotPositive),
    ({"quantity": "-1"}, QuantityNotPositive),
    ({"quantity": "1.5"}, problems.QuantityTooExact),
    ({"quantity": "many"}, problems.NotAQuantity),
    ({"quantity": "1" + "0" * 40}, problems.NotAQuantity),
    ({"reason": "  "}, problems.WhyWanted),
    ({"reason": "x" * 201}, problems.WhyWanted),
    ({"note": "\x07"}, problems.WhyWanted),
    ({"photo_id": 999}, problems.PhotoUnknown),
]


@pytest.mark.parametrize(("odd", "problem"), REFUSALS)
def test_bad_input_changes_nothing(house: House, odd, problem) -> None:
    bread = house.stock("bread", 10)
    with pytest.raises(problem):
        house.change("frozen", bread, **odd)
    assert house.on_hand(bread) == 10


def test_what_cannot_be_meant(house: House) -> None:
    bread = house.stock("bread", 10)
    with pytest.raises(problems.StatusUnknown):
        house.change("gone", bread)
    with pytest.raises(problems.SameStatus):
        house.change("available", bread)
    with pytest.raises(problems.StockGone):
        house.change("frozen", bread, bread + 77)
    with pytest.raises(problems.NothingChosen):
        house.change("frozen")
    with pytest.raises(problems.NothingChosen):
        house.change("frozen", lot_id=house.company.lots["milk"])


def test_another_stores_stock_is_not_there(house: House) -> None:
    theirs = house.stock("bread", 4, store="b")
    with pytest.raises(problems.StockGone):
        house.change("frozen", theirs)
    with pytest.raises(problems.StockGone):
        house.change("frozen", theirs, caller="headquarters")
    with pytest.raises(problems.NothingChosen):
        house.change("frozen", item_id=house.company.items["bread"])
