from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.ledger.posting import reverse
from app.ledger.problems import CameBack, InsufficientOnHand, QuantityNotPositive
from app.quality import problems
from app.quality.returning import (
    CloseReturn,
    OpenReturn,
    ReturnGoods,
    TakeReturnBack,
    close_return,
    open_return,
    return_goods,
    take_return_back,
)
from tests.quality.conftest import House, Ids


def opened(house: House, order: int) -> int:
    command = OpenReturn(order)
    return house.run(open_return, command, caller=house.caller("operator_a")).return_id


def line_of(house: House, order: int) -> int:
    return house.one("select min(id) from sales_order_line where order_id = %s", order)


def back(house: House, order: int, quantity: str, **more):
    given = {"status": "returned", "reason": "not_wanted", **more}
    return_id = given.pop("return_id", None) or opened(house, order)
    command = ReturnGoods(return_id, line_of(house, order), quantity, **given)
    return house.run(return_goods, command, caller=house.caller("operator_a"))


@pytest.fixture
def shipped(house: House) -> int:
    """Seven croissants for 10.00 in all, three of them shipped (4.29)."""
    house.stock("bread", 7, amount=Decimal(10))
    order = house.order("bread", 3)
    house.ship(order)
    return order


def value(house: House) -> Decimal:
    return house.one("select value from cost_pool")


def test_goods_come_back_at_the_cost_of_their_issue(house: House, shipped: int) -> None:
    assert value(house) == Decimal("5.71")
    house.stock("bread", 4, amount=Decimal(100))
    back(house, shipped, "1")
    assert value(house) == Decimal("107.14")
    back(house, shipped, "2", status="inspection", reason="quality")
    assert value(house) == Decimal(110)
    assert house.with_status("bread", "returned") == 1
    assert house.with_status("bread", "inspection") == 2


def test_no_more_comes_back_than_was_shipped(house: House, shipped: int) -> None:
    back(house, shipped, "2")
    with pytest.raises(problems.MoreThanShipped):
        back(house, shipped, "2")
    back(house, shipped, "1")
    with pytest.raises(problems.MoreThanShipped):
        back(house, shipped, "1")


def test_an_entry_is_taken_back(house: House, shipped: int) -> None:
    done = back(house, shipped, "2")
    command = TakeReturnBack(done.return_id, done.line_ids[0], "entry_error")
    house.run(take_return_back, command)
    assert value(house) == Decimal("5.71")
    with pytest.raises(problems.ReturnLineUnknown):
        house.run(take_return_back, command)
    back(house, shipped, "3")


def test_released_goods_are_not_taken_back(house: House, shipped: int, no_policies) -> None:
    done = back(house, shipped, "2")
    house.change("available", item_id=house.company.items["bread"], from_status="returned")
    with pytest.raises(InsufficientOnHand):
        house.run(take_return_back, TakeReturnBack(done.return_id, done.line_ids[0], "other"))


def test_a_return_of_several_shipments_takes_the_newest_first(house: House, shipped: int) -> None:
    house.run(_more_of, Ids((shipped,)))
    house.allocate(shipped)
    house.ship(shipped)
    done = back(house, shipped, "5")
    assert len(done.line_ids) == 2
    first = house.one("select quantity from customer_return_line where id = %s", done.line_ids[0])
    assert first == 4


def _more_of(session, command: Ids, envelope) -> int:
    from app.kit.database import driver

    return (
        driver(session)
        .execute(
            "update sales_order_line set quantity = quantity + 4 where order_id = %s",
            [command.order_ids[0]],
        )
        .rowcount
    )


def test_lots_are_told_apart(house: House) -> None:
    house.company.lots["M1"] = first = house.company.lots["milk"]
    house.lot("milk", "M2", expires_on=date(2031, 1, 1))
    house.stock("milk", 2, lot="M1")
    house.stock("milk", 2, lot="M2")
    order = house.order("milk", 3)
    house.ship(order)
    back(house, order, "2", lot_id=first)
    with pytest.raises(problems.MoreThanShipped):
        back(house, order, "1", lot_id=first)
    with pytest.raises(problems.NotShipped):
        back(house, order, "1")


def test_what_came_back_cannot_be_unshipped(house: House, shipped: int) -> None:
    back(house, shipped, "1")
    move = house.one("select move_id from shipment_line")

    def unship(session, command: Ids, envelope) -> int:
        return reverse(session, envelope, command.order_ids[0], "test").move_id

    with pytest.raises(CameBack):
        house.run(unship, Ids((move,)))


def test_closing(house: House, shipped: int) -> None:
    done = back(house, shipped, "1")
    assert house.run(close_return, CloseReturn(done.return_id)).state == "done"
    with pytest.raises(problems.ReturnClosed):
        back(house, shipped, "1", return_id=done.return_id)
    empty = opened(house, shipped)
    assert empty != done.return_id
    assert opened(house, shipped) == empty
    assert house.run(close_return, CloseReturn(empty)).state == "cancelled"


ODD = [
    ({"quantity": "0"}, QuantityNotPositive),
    ({"quantity": "0.5"}, problems.QuantityTooExact),
    ({"quantity": "x"}, problems.NotAQuantity),
    ({"status": "available"}, problems.StatusUnknown),
    ({"reason": ""}, problems.WhyWanted),
    ({"location_id": 99999}, problems.PlaceUnknown),
    ({"photo_id": 99999}, problems.PhotoUnknown),
    ({"return_id": 99999}, problems.ReturnUnknown),
]


@pytest.mark.parametrize(("odd", "problem"), ODD)
def test_bad_input(house: House, shipped: int, odd, problem) -> None:
    with pytest.raises(problem):
        back(house, shipped, **{"quantity": "1", **odd})
    assert house.with_status("bread", "returned") == 0


def test_odd_orders_and_places(house: House, shipped: int) -> None:
    with pytest.raises(problems.OrderOfReturnUnknown):
        opened(house, 99_999)
    with pytest.raises(problems.NothingShipped):
        opened(house, house.order("bread", 1))
    for place in ("customer", "cart"):
        with pytest.raises(problems.ReturnPlaceUnfit):
            back(house, shipped, "1", location_id=house.company.a.locations[place])
    with pytest.raises(problems.PlaceUnknown):
        back(house, shipped, "1", location_id=house.company.b.locations["shelf1"])
