from __future__ import annotations

from decimal import Decimal

import pytest

from app.kit.database import SYSTEM, driver
from app.ledger.problems import StockAllocated
from app.quality import problems
from app.quality.moving import MoveStock, move_stock
from tests.quality.conftest import House
from tests.quality.test_pages import form, go, shown


def move(house: House, balance: int, quantity: str, place: str = "shelf2", store: str = "a"):
    target = getattr(house.company, store).locations[place]
    command = MoveStock(house.company.a.store_id, balance, quantity, target)
    return house.run(move_stock, command, caller=house.caller("operator_a"))


def test_stock_goes_to_another_place_as_it_is(house: House) -> None:
    flour = house.stock("flour", 10, status="inspection")
    assert move(house, flour, "2.5").quantity == Decimal("2.5")
    assert house.on_hand(house.balance("flour", "shelf2", "inspection")) == Decimal("2.5")
    assert house.one("select value from cost_pool") == 100


def test_filling_a_place_that_orders_pick_from_serves_who_waits(house: House) -> None:
    dock = house.stock("bread", 5, place="dock")
    order = house.order("bread", 3)
    assert house.allocated(order) == 0
    move(house, dock, "")
    assert house.allocated(order) == 3


def test_what_is_not_moved(house: House) -> None:
    bread = house.stock("bread", 5)
    house.order("bread", 3)
    with pytest.raises(StockAllocated):
        move(house, bread, "3")
    with pytest.raises(problems.MoreThanThere):
        move(house, bread, "6")
    with pytest.raises(problems.SamePlace):
        move(house, bread, "1", "shelf1")
    for place in ("stage", "customer"):
        with pytest.raises(problems.PlaceUnfit):
            move(house, bread, "1", place)
    with pytest.raises(problems.PlaceUnknown):
        move(house, bread, "1", store="b")
    with pytest.raises(problems.StockGone):
        move(house, bread + 99, "1")
    with house.database.session(SYSTEM) as session:
        driver(session).execute(
            "insert into count_lock (location_id, store_id, reason) values (%s, %s, 'x')",
            [house.company.a.locations["shelf2"], house.company.a.store_id],
        )
        session.commit()
    with pytest.raises(problems.PlaceCounted):
        move(house, bread, "1")


def test_by_scan(house: House, as_user) -> None:
    web = as_user("operator_a")
    bread = house.stock("bread", 5)
    assert "scans?" in shown(web, f"/quality/moves/new?balance_id={bread}&quantity=2")
    to = f"/quality/moves/scans?balance_id={bread}&quantity=2"
    assert web.post(to, data=form(code="BREAD"), headers={"HX-Request": "true"}).status_code == 409
    assert "可颂" in shown(web, go(web.post(to, data=form(code="A-SHELF2"))))
    assert house.on_hand(bread) == 3
