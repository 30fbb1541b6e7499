"""A recall while orders are being allocated: no promise slips through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from app.quality.holds import HoldLot, hold_lot
from tests.quality.conftest import House

PROMISED = "select count(*) from allocation"


def test_no_promise_is_made_past_a_hold(house: House) -> None:
    house.company.lots["M1"] = lot = house.company.lots["milk"]
    house.stock("milk", 12, lot="M1")
    headquarters = house.caller("headquarters")

    def hold(_turn: int) -> None:
        house.run(hold_lot, HoldLot(lot, "recall"), caller=headquarters)

    def order(_turn: int) -> None:
        house.order("milk", 1)

    with ThreadPoolExecutor(5) as threads:
        turns = [threads.submit(hold if turn == 4 else order, turn) for turn in range(12)]
        for turn in turns:
            turn.result()
    assert house.one(PROMISED) == 0


def test_a_unit_is_frozen_once(house: House) -> None:
    bread = house.stock("bread", 5)

    def freeze(_turn: int) -> bool:
        try:
            house.change("frozen", bread, quantity="2")
        except Exception as problem:  # noqa: BLE001 - what it is, is looked at
            return type(problem).__name__ not in ("MoreThanThere", "StockGone")
        return True

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(freeze, range(4)))
    assert done.count(True) == 2
    assert house.on_hand(bread) == 1
