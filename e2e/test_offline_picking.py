"""Picking without network: taken on the device, booked when it is back; a refusal is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.catalog.commands import CreateLocation, CreatePartner, create_location, create_partner
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from app.orders import commands as orders
from app.picking import commands as picking
from e2e.front_end_browser import needs_chromium
from e2e.offline_device import carried, reloaded, unconfirmed
from e2e.product import Product
from e2e.test_offline import all_sent, at_step
from e2e.test_receiving import BREAD, CASE, FLOUR, HANDHELD, sign_in, wedge
from tests.harness import assert_verified
from tests.ledger.moves import PostMoves, movement, post_moves, receive

pytestmark = needs_chromium
SHELF, STAGE = "SK:LA-SHELF1", "SK:LA-STAGE"


def do(saoku: Product, handler: Any, command: object, login: str = "manager_a") -> Any:
    company = saoku.company
    caller = replace(company.callers[login], store_id=company.a.store_id)
    return run(saoku.database, handler, command, Envelope(new_id(), caller))


@pytest.fixture(scope="module")
def saoku(alone: Product) -> Product:
    """The places and the stock of others would change the way."""
    return alone


@pytest.fixture(scope="module")
def shop(saoku: Product) -> None:
    """A customer, a place to bring goods to, and bread on a shelf."""
    place = saoku.company.a
    staging = CreateLocation(place.warehouse_id, "A-STAGE", place.zone_id, kind="staging")
    do(saoku, create_location, staging)
    do(saoku, create_partner, CreatePartner("K9", "云上咖啡", "customer"), "headquarters")
    for item in ("bread", "flour"):
        bought = receive(saoku.company, item, "40", "40")
        shelved = movement(saoku.company, item, "40", "dock", "shelf1")
        do(saoku, post_moves, PostMoves([bought, shelved]))


@pytest.fixture
def order_id(saoku: Product, shop: None) -> int:
    """A released order whose pick is begun."""
    lines = [orders.SalesLine("BREAD", Decimal(8))]
    command = orders.CreateOrder(store_id=saoku.company.a.store_id, customer="K9", lines=lines)
    order_id = do(saoku, orders.create_order, command).order_id
    do(saoku, orders.release_order, orders.ReleaseOrder(order_id))
    return order_id


@pytest.fixture
def pick_id(saoku: Product, order_id: int) -> int:
    made = do(saoku, picking.create_picks, picking.CreatePicks([order_id], "order"), "supervisor_a")
    pick_id = made.picks[0].pick_id
    do(saoku, picking.start_pick, picking.StartPick(pick_id), "operator_a")
    return pick_id


@pytest.fixture
def context(browser: Browser, saoku: Product) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=HANDHELD, base_url=saoku.address, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, pick_id: int) -> Iterator[Page]:
    """The pick's screen, its work kept on the device."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, "operator_a")
    page.goto(f"/picking/{pick_id}")
    carried(page, f"picking/{pick_id}")
    yield page
    assert errors == []


def picked(saoku: Product, order_id: int) -> int:
    [(quantity,)] = saoku.rows(
        "select picked from sales_order_line where order_id = %s", order_id
    )  # fmt: skip
    return quantity


def test_a_pick_goes_on_without_network(
    page: Page, context: BrowserContext, saoku: Product, order_id: int
) -> None:
    context.set_offline(True)
    reloaded(page)
    wedge(page, SHELF)
    at_step(page, "scan_item")
    wedge(page, FLOUR)
    expect(page.locator("#problem [role=alert]")).to_be_visible()
    wedge(page, CASE)
    unconfirmed(page, "BREAD", "+6")
    wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+7")
    page.get_by_role("button", name="撤销").click()
    unconfirmed(page, "BREAD", "+6")
    wedge(page, BREAD)
    page.get_by_text("输入数量").click()
    page.locator("#step input[name=quantity]").fill("8")
    page.locator("#step .keypad__ok").click()
    unconfirmed(page, "BREAD", "+8")
    at_step(page, "scan_staging")
    wedge(page, STAGE)
    at_step(page, "done")
    assert picked(saoku, order_id) == 0
    context.set_offline(False)
    all_sent(page)
    assert picked(saoku, order_id) == 8
    states = saoku.rows(
        "select pick.state from pick join pick_order on pick_order.pick_id = pick.id"
        " where pick_order.order_id = %s", order_id,
    )  # fmt: skip
    assert states == [("done",)]
    assert_verified(saoku.database)


def test_an_order_cancelled_meanwhile_lands_in_the_inbox(
    page: Page, context: BrowserContext, saoku: Product, order_id: int
) -> None:
    wedge(page, SHELF)
    wedge(page, BREAD)
    expect(page.locator("#step .quantity")).to_contain_text("1")
    context.set_offline(True)
    wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+1")
    do(saoku, orders.cancel_order, orders.CancelOrder(order_id))
    context.set_offline(False)
    all_sent(page)
    assert picked(saoku, order_id) == 1
    page.goto("/outbox")
    expect(page.locator("main")).to_contain_text("刚被取消")
    assert_verified(saoku.database)
