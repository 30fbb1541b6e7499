"""Release and lifting through the real votes: the last one executes, what changed is refused."""

from __future__ import annotations

import pytest

from app.approvals.problems import ChangedUnderneath
from app.approvals.voting import CastVote, executable, vote
from app.kit import ids
from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.quality.changing import change_status
from app.quality.holds import HoldLot, LiftHold, hold_lot, lift_hold
from tests.quality.conftest import House

KNOWN = executable([change_status, lift_hold])


def say_yes(house: House, request_id: int, *logins: str) -> None:
    for login in logins:
        envelope = Envelope(ids.new_id(), house.caller(login))
        vote(house.database, KNOWN, CastVote(request_id, "approve"), envelope)


def test_the_last_of_two_votes_releases_and_serves_the_order(house: House) -> None:
    flour = house.stock("flour", "7.5", status="inspection")
    order = house.order("flour", 7)
    done = house.change("available", flour, reason="inspected")
    say_yes(house, done.request_id, "manager_a")
    assert house.allocated(order) == 0
    say_yes(house, done.request_id, "headquarters")
    assert house.allocated(order) == 7
    assert house.one("select approval_request_id from status_change") == done.request_id


def test_what_changed_meanwhile_is_not_released(house: House) -> None:
    flour = house.stock("flour", 8, status="inspection")
    done = house.change("available", flour, reason="inspected")
    house.change("damaged", flour, quantity="2")
    say_yes(house, done.request_id, "manager_a")
    with pytest.raises((ChangedUnderneath, Problem)):
        say_yes(house, done.request_id, "headquarters")
    assert house.with_status("flour", "inspection") == 6
    assert house.with_status("flour", "available") == 0


def test_two_votes_lift_a_hold(house: House) -> None:
    house.company.lots["M1"] = lot = house.company.lots["milk"]
    house.stock("milk", 5, lot="M1")
    house.stock("milk", 3, lot="M1", store="b")
    hq = house.caller("headquarters")
    house.run(hold_lot, HoldLot(lot, "recall"), caller=hq)
    order = house.order("milk", 5)
    command = LiftHold(lot, "inspected", house.company.a.store_id)
    done = house.run(lift_hold, command, caller=hq)
    say_yes(house, done.request_id, "administrator", "manager_a")
    assert house.allocated(order) == 5
    assert house.one("select lifted_at is not null from lot_hold")
