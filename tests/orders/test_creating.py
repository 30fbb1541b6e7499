"""Drafts: what is read, what it is worth, who approves it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.approvals.voting import CastVote, executable, vote
from app.catalog.problems import InvalidInput
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.orders.commands import (
    ChangeOrder,
    CreateOrder,
    ReleaseOrder,
    RequestTransfer,
    SalesLine,
    change_order,
    create_order,
    release_order,
    request_transfer,
)
from app.orders.pricing import line_worth
from tests.orders.selling import Shop, got

D = Decimal
EXECUTABLE = executable([release_order])


@given(
    st.decimals(min_value=0, max_value=10**6, places=4),
    st.sampled_from([D(0), D("0.06"), D("0.09"), D("0.13")]),
    st.booleans(),
)
def test_the_agreed_side_is_exact(agreed: Decimal, tax: Decimal, includes: bool) -> None:
    worth = line_worth(agreed, tax, includes_tax=includes, decimals=2)
    exact = worth.total if includes else worth.net
    assert abs(exact - agreed) <= D("0.005")
    assert worth.net <= worth.total
    assert abs(worth.net * (1 + tax) - worth.total) <= D("0.02")


@pytest.mark.ledger
@pytest.mark.usefixtures("verified")
class TestDrafts:
    def test_what_lines_are_worth(self, shop: Shop) -> None:
        order = shop.draft(
            SalesLine("16901234567899", D(2), unit_price=D("56.5"), tax_rate=D("0.13")),
            SalesLine("BREAD", D(3), discount_rate=D("0.1")),
        )
        lines = shop.rows(
            "select quantity, unit_price, net_amount from sales_order_line order by position"
        )
        assert lines == [(D(12), D("56.5"), D(100)), (D(3), D(8), D("21.6"))]
        totals = "select net_amount, total_amount from sales_order where id = %s"
        assert shop.rows(totals, order) == [(D("121.6"), D("134.6"))]

    def test_every_wrong_field_is_marked(self, shop: Shop) -> None:
        lines = [SalesLine("NONE", D(1)), SalesLine("BREAD", D("0.5")), SalesLine("BREAD", D(0))]
        command = CreateOrder(
            store_id=shop.company.a.store_id, customer="nobody", warehouse="no", lines=lines
        )
        with pytest.raises(InvalidInput) as refused:
            shop.run(create_order, command)
        assert set(refused.value.marks) == {
            "customer", "warehouse", "lines.1.item", "lines.2.quantity", "lines.3.quantity"
        }  # fmt: skip

    def test_a_draft_changes_and_a_released_order_does_not(self, shop: Shop) -> None:
        order = shop.draft(("bread", "1"))
        change = ChangeOrder(order_id=order, customer="永辉超市", lines=[SalesLine("BREAD", D(5))])
        shop.run(change_order, change)
        assert shop.value("select sum(quantity) from sales_order_line") == 5
        shop.run(release_order, ReleaseOrder(order))
        for command in (change, replace(change, priority=1)):
            with pytest.raises(Problem) as refused:
                shop.run(change_order, command)
            assert refused.value.code == "sales_order_fixed"

    def test_another_systems_order_comes_in_once(self, shop: Shop) -> None:
        shop.draft(("bread", "1"), source="shop", external_number="77")
        with pytest.raises(Problem) as refused:
            shop.draft(("bread", "1"), source="shop", external_number="77")
        assert refused.value.code == "external_order_taken"

    def test_nothing_to_release(self, shop: Shop) -> None:
        with pytest.raises(Problem) as refused:
            shop.run(release_order, ReleaseOrder(shop.draft()))
        assert refused.value.code == "no_sales_lines"

    def test_a_large_order_is_released_by_its_last_vote(self, shop: Shop) -> None:
        shop.stock("bread", "5")
        order = shop.draft(SalesLine("BREAD", D(5), unit_price=D(20000)))
        people = shop.company.callers
        released = shop.run(release_order, ReleaseOrder(order), caller=people["supervisor_a"])
        assert (released.state, released.allocated) == ("draft", None)
        assert shop.promised(order) == 0
        envelope = Envelope(new_id(), people["manager_a"])
        cast = CastVote(released.approval_id, "approve")
        vote(shop.database, EXECUTABLE, cast, envelope)
        assert shop.value("select state from sales_order where id = %s", order) == "confirmed"
        assert shop.promised(order) == 5

    def test_an_order_changed_underneath_is_not_released(self, shop: Shop) -> None:
        order = shop.draft(SalesLine("BREAD", D(5), unit_price=D(20000)))
        people = shop.company.callers
        released = shop.run(release_order, ReleaseOrder(order), caller=people["supervisor_a"])
        lines = [SalesLine("BREAD", D(50), unit_price=D(2000))]
        shop.run(change_order, ChangeOrder(order_id=order, customer="C1", lines=lines))
        envelope = Envelope(new_id(), people["manager_a"])
        with pytest.raises(Problem):
            vote(shop.database, EXECUTABLE, CastVote(released.approval_id, "approve"), envelope)
        assert shop.value("select state from sales_order where id = %s", order) == "draft"

    def test_who_may_not_write(self, shop: Shop) -> None:
        command = CreateOrder(store_id=shop.company.a.store_id, customer="C1")
        with pytest.raises(Problem) as refused:
            shop.run(create_order, command, caller=shop.company.callers["operator_a"])
        assert refused.value.code == "capability_missing"

    def test_stock_is_asked_of_another_store(self, shop: Shop) -> None:
        a, b, bread = shop.company.a.store_id, shop.company.b.store_id, shop.company.items["bread"]
        caller = shop.company.callers["supervisor_a"]
        shop.run(request_transfer, RequestTransfer(a, b, bread, D(3)), caller=caller)
        assert shop.value("select quantity from transfer_request") == 3
        with pytest.raises(Problem) as refused:
            shop.run(request_transfer, RequestTransfer(a, a, bread, D(3)), caller=caller)
        assert refused.value.code == "transfer_to_itself"


@pytest.mark.ledger
def test_first_in_goes_first_out_of_a_place_filled_again(shop: Shop) -> None:
    shop.stock("bread", "2", "shelf1")
    shop.order(("bread", "2"))
    shop.execute("update balance set received_at = now() - interval '9 days'")
    shop.stock("bread", "2", "shelf2")
    shop.execute("update balance set on_hand = 0, allocated = 0 where allocated > 0")
    shop.stock("bread", "2", "shelf1")  # newer than what is on the other shelf
    released = shop.order(("bread", "2"))
    assert got(released.allocated) == 2
    assert shop.places(released.order_id) == [("A-SHELF2", D(2))]
