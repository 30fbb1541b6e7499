from __future__ import annotations

from datetime import date

import pytest

from app.quality import problems
from app.quality.holds import HoldLot, LiftHold, hold_lot, lift_hold
from tests.quality.conftest import House


@pytest.fixture
def milk(house: House) -> int:
    """Two stores with the lot, one order each; store A has a second lot."""
    house.company.lots["M1"] = lot = house.company.lots["milk"]
    house.stock("milk", 6, lot="M1")
    house.stock("milk", 4, lot="M1", store="b")
    return lot


def hold(house: House, lot: int, reason: str = "recall", caller: str = "headquarters"):
    return house.run(hold_lot, HoldLot(lot, reason), caller=house.caller(caller))


def lift(house: House, lot: int):
    command = LiftHold(lot, "inspected", house.company.a.store_id)
    return house.run(lift_hold, command, caller=house.caller("headquarters"))


def test_a_recall_frees_every_promise_in_every_store(house: House, milk: int) -> None:
    ours, theirs = house.order("milk", 5), house.order("milk", 4, store="b")
    house.lot("milk", "M2", expires_on=date(2031, 1, 1))
    house.stock("milk", 3, lot="M2", place="shelf2")
    done = hold(house, milk)
    assert (done.places, len(done.orders)) == (2, 2)
    assert (house.allocated(ours), house.allocated(theirs)) == (3, 0)


def test_picked_goods_of_a_recalled_lot_are_set_apart(house: House, milk: int) -> None:
    order, waiting = house.order("milk", 4), house.order("milk", 2)
    house.pick(order)
    done = hold(house, milk)
    assert len(done.orders) == 2
    assert house.on_hand(house.balance("milk", "stage", "frozen", "M1")) == 4
    assert (house.allocated(order), house.allocated(waiting)) == (0, 0)
    assert house.one("select reason from status_change") == "recall"


def test_a_held_lot_is_not_promised_and_comes_back(house: House, milk: int, no_policies) -> None:
    hold(house, milk)
    order = house.order("milk", 5)
    assert house.allocated(order) == 0
    lift(house, milk)
    assert house.allocated(order) == 5
    with pytest.raises(problems.NotHeld):
        lift(house, milk)


def test_lifting_waits_for_votes(house: House, milk: int) -> None:
    hold(house, milk)
    assert lift(house, milk).request_id
    assert house.one("select lifted_at from lot_hold") is None


def test_bad_holds(house: House, milk: int) -> None:
    with pytest.raises(problems.LotUnknown):
        hold(house, 9_999)
    with pytest.raises(problems.WhyWanted):
        hold(house, milk, " ")
    hold(house, milk)
    with pytest.raises(problems.LotHeldAlready):
        hold(house, milk)
