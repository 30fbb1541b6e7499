"""More than the order's tolerance: asked for, approved, then scanned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.approvals.voting import CastVote, executable, vote
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.receiving.allowance import AllowMore, allow_more
from app.receiving.commands import OrderLine
from app.receiving.order_problems import NoSuchOrder, OrderNotOpen
from app.receiving.problems import OverReceipt, QuantityAbsurd, QuantityTooFine
from tests.receiving.conftest import BREAD

KNOWN = executable([allow_more])


@pytest.fixture
def order_id(dock) -> int:
    order_id = dock.order(OrderLine("BREAD", Decimal(10), Decimal(1)))
    dock.open(order_id)
    return order_id


def ask(dock, order_id: int, total: str = "12", item: str = "bread"):
    command = AllowMore(order_id, dock.company.items[item], Decimal(total), "换了大箱")
    return dock.do(allow_more, command)


def approve(dock, request_id: int, login: str = "supervisor_a"):
    envelope = Envelope(new_id(), dock.company.callers[login])
    return vote(dock.database, KNOWN, CastVote(request_id, "approve"), envelope)


def test_approved_it_comes_in_and_no_piece_more(dock, order_id, verified) -> None:
    dock.scan(BREAD)
    with pytest.raises(OverReceipt) as refused:
        dock.type("12")
    link = f"/purchase-orders/{order_id}/allowances/new?item_id={dock.company.items['bread']}"
    assert refused.value.data["ask"] == f"{link}&total=12"
    request_id = ask(dock, order_id).request_id
    with pytest.raises(OverReceipt):
        dock.type("12")
    assert approve(dock, request_id).state == "approved"
    assert dock.type("12").tone == "attention"
    dock.scan(BREAD)
    assert dock.on_hand("bread") == 12
    with pytest.raises(OverReceipt):
        dock.type("13")


def test_receiving_goes_on_while_it_waits(dock, order_id) -> None:
    request_id = ask(dock, order_id).request_id
    dock.scan(BREAD)
    assert approve(dock, request_id).state == "approved"


def test_what_fits_needs_no_asking(dock, order_id) -> None:
    assert ask(dock, order_id, "10").request_id is None


def test_where_no_policy_speaks_of_it_it_stays_forbidden(dock, order_id, owner_url) -> None:
    with dock.database.session(dock.company.callers["administrator"]) as session:
        from app.kit.database import driver

        driver(session).execute("update approval_policy set is_active = false")
        session.commit()
    with pytest.raises(OverReceipt):
        ask(dock, order_id)


@pytest.mark.parametrize(
    ("total", "problem"), [("12.5", QuantityTooFine), ("1000", QuantityAbsurd)]
)
def test_odd_quantities_are_refused_before_anybody_is_asked(dock, order_id, total, problem) -> None:
    with pytest.raises(problem):
        ask(dock, order_id, total)


def test_an_order_cancelled_meanwhile_refuses(dock, order_id) -> None:
    request_id = ask(dock, order_id).request_id
    with dock.database.session(dock.company.callers["administrator"]) as session:
        from app.kit.database import driver

        driver(session).execute("update purchase_order set state = 'cancelled'")
        session.commit()
    with pytest.raises(Problem) as refused:
        approve(dock, request_id)
    assert refused.value.data["cause"] == OrderNotOpen.code
    with pytest.raises(NoSuchOrder):
        ask(dock, order_id, item="milk")


def test_in_the_browser(as_user, dock, order_id) -> None:
    web, item_id = as_user("operator_a"), dock.company.items["bread"]
    place = f"/purchase-orders/{order_id}/allowances"
    assert 'value="12"' in web.get(f"{place}/new?item_id={item_id}&total=12").text
    fields = {"item_id": str(item_id), "total": "x", "reason": "", "command_id": str(new_id())}
    assert web.post(place, data=fields).status_code == 422
    fields |= {"total": "12", "command_id": str(new_id())}
    answer = web.post(place, data=fields)
    assert answer.headers["location"].startswith("/approvals/")
    assert "12" in web.get(answer.headers["location"]).text
    assert web.get(f"{place}/new?item_id=999").status_code == 404
