"""Prices of items: a large change waits, the whole of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.approvals.prices import change_item_or_ask
from app.approvals.voting import CastVote, executable, vote
from app.catalog.items import ChangeItem
from app.catalog.problems import InvalidInput
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope

KNOWN = executable([change_item_or_ask])


@pytest.fixture
def change(floor_with_defaults, run):
    floor = floor_with_defaults
    floor.sql("update item set price = 10 where code = 'BREAD'")

    def change(login: str = "manager_a", **fields):
        command = ChangeItem(floor.company.items["bread"], fields)
        return run(change_item_or_ask, command, caller=floor.caller(login))

    return change


def item(floor):
    return floor.sql("select price, name from item where code = 'BREAD'")[0]


def test_a_tenth_is_nobodys_business(change, floor_with_defaults) -> None:
    assert change(price="11").request_id is None
    assert item(floor_with_defaults)[0] == 11
    assert change(name="新面包").request_id is None


def test_more_waits_with_all_that_changes(change, floor_with_defaults) -> None:
    floor = floor_with_defaults
    before = item(floor)
    request_id = change(price="11.01", name="新面包").request_id
    assert item(floor) == before
    [(facts,)] = floor.sql("select facts from approval_request")
    assert facts["change_rate"] == {"number": "0.101"}
    envelope = Envelope(new_id(), floor.caller("headquarters"))
    assert (
        vote(floor.database, KNOWN, CastVote(request_id, "approve"), envelope).state == "approved"
    )
    assert item(floor) == (Decimal("11.01"), "新面包")


def test_a_price_changed_meanwhile_is_not_overwritten(change, floor_with_defaults) -> None:
    floor = floor_with_defaults
    request_id = change(price="20").request_id
    change(price="10.5")
    envelope = Envelope(new_id(), floor.caller("headquarters"))
    with pytest.raises(Problem) as refused:
        vote(floor.database, KNOWN, CastVote(request_id, "approve"), envelope)
    assert "10 → 10.5" in refused.value.message
    assert item(floor)[0] == Decimal("10.5")


def test_a_first_price_is_no_change(change, floor_with_defaults) -> None:
    floor_with_defaults.sql("update item set price = 0")
    assert change(price="999").request_id is None


def test_what_is_wrong_is_said_before_anybody_is_asked(change, floor_with_defaults) -> None:
    with pytest.raises(InvalidInput):
        change(price="-5")
    assert floor_with_defaults.sql("select count(*) from approval_request") == [(0,)]


def test_page_and_api_lead_to_the_request(as_user, change, floor_with_defaults) -> None:
    item_id = floor_with_defaults.company.items["bread"]
    web = as_user("manager_a")
    answer = web.patch(
        f"/api/v1/items/{item_id}",
        json={"price": "99"}, headers={"Idempotency-Key": str(new_id())},
    )  # fmt: skip
    request_id = answer.json()["request_id"]
    assert request_id
    assert "99" in web.get(f"/approvals/{request_id}").text
