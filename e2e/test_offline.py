"""Receiving without network: opened, scanned and tallied on the device, booked when it is back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.kit import clock
from e2e.front_end_browser import needs_chromium
from e2e.offline_device import carried, kept, open_carried, received, reloaded, unconfirmed
from e2e.product import Product
from e2e.test_receiving import BREAD, CASE, HANDHELD, sign_in, wedge
from tests.harness import GTINS, assert_verified

pytestmark = needs_chromium
MILK = GTINS["milk"][1:]
EXPIRY = clock.today() + timedelta(days=20)
LABEL = f"(01){GTINS['milk']}(17){EXPIRY:%y%m%d}(10)L88"


@pytest.fixture
def context(browser: Browser, saoku: Product) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=HANDHELD, base_url=saoku.address, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, "operator_a")
    yield page
    assert errors == []


def at_step(page: Page, step: str) -> None:
    expect(page.locator("#step")).to_have_attribute("data-step", step)


def all_sent(page: Page) -> None:
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")
    expect(page.locator("#step[data-local]")).to_have_count(0)


def test_opened_scanned_and_tallied_without_network(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    order, path = open_carried(page, saoku)
    context.set_offline(True)
    reloaded(page)
    expect(page.locator("h1")).to_have_text(order.number)
    wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+1")
    wedge(page, CASE)
    unconfirmed(page, "BREAD", "+7")
    wedge(page, MILK)
    at_step(page, "scan_lot")
    wedge(page, "L77")
    at_step(page, "enter_expiry")
    # As fast as a person: faster would be a scan.
    page.locator("#expires_on").press_sequentially(f"{EXPIRY:%Y%m%d}", delay=150)
    page.locator("#step form button[type=submit]").click()
    unconfirmed(page, "MILK", "+1")
    reloaded(page)
    unconfirmed(page, "BREAD", "+7")
    wedge(page, LABEL)
    unconfirmed(page, "MILK", "+2")
    assert received(saoku, order.order_id) == {"BREAD": 0, "MILK": 0, "FLOUR": 0}
    context.set_offline(False)
    all_sent(page)
    expect(page.locator("#lines .unconfirmed")).to_have_count(0)
    assert received(saoku, order.order_id) == {"BREAD": 7, "MILK": 2, "FLOUR": 0}
    lots = saoku.rows(
        "select lot.code, lot.expires_on, line.quantity from receipt_line line join lot"
        " on lot.id = line.lot_id where line.receipt_id = %s order by 1", int(path.split("/")[-1]),
    )  # fmt: skip
    assert lots == [("L77", EXPIRY, 1), ("L88", EXPIRY, 1)]
    assert page.url.endswith(path)
    assert_verified(saoku.database)


def test_the_network_goes_in_the_middle_of_the_work(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    order, _ = open_carried(page, saoku)
    wedge(page, BREAD)
    expect(page.locator("#step .quantity").first).to_contain_text("1")
    context.set_offline(True)
    for _ in range(3):
        wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+3")
    expect(page.locator("#lines .lines__row", has_text="BREAD")).to_contain_text("1")
    page.get_by_role("button", name="撤销").click()
    unconfirmed(page, "BREAD", "+2")
    page.get_by_role("button", name="撤销").click()
    unconfirmed(page, "BREAD", "+1")
    context.set_offline(False)
    all_sent(page)
    expect(page.locator("#lines .lines__row", has_text="BREAD")).to_contain_text("2 / 12")
    assert received(saoku, order.order_id)["BREAD"] == 2
    wedge(page, BREAD)
    expect(page.locator("#step .quantity").first).to_contain_text("3")


def test_what_only_the_server_knows_is_kept_and_what_is_wrong_is_said(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    open_carried(page, saoku)
    context.set_offline(True)
    reloaded(page)
    wedge(page, "4006381333931")
    expect(page.locator("#step .said")).to_contain_text("4006381333931 已保存")
    wedge(page, "6901234567893")
    expect(page.locator("#problem [role=alert]")).to_contain_text("校验")
    wedge(page, MILK)
    at_step(page, "scan_lot")
    expect(page.locator("#problem [role=alert]")).to_have_count(0)
    wedge(page, BREAD)
    expect(page.locator("#problem [role=alert]")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")


def test_without_network_the_start_page_lists_the_work_of_this_device(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    order, path = open_carried(page, saoku)
    context.set_offline(True)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("没有网络")
    row = page.locator("#lines a.lines__row", has_text=order.number)
    row.click()
    page.wait_for_url(f"**{path}")
    expect(page.locator("scan-field textarea")).to_be_focused()
    wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+1")
    context.set_offline(False)
    all_sent(page)
    assert received(saoku, order.order_id)["BREAD"] == 1


def test_after_sign_out_nobody_sees_the_work_and_the_queue_stays(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    order, path = open_carried(page, saoku)
    page.locator("details.menu summary").click()
    page.locator("form[action='/logout'] button").click()
    page.wait_for_url("**/login")
    context.set_offline(True)
    page.goto(path)
    expect(page.locator("h1")).to_have_text("没有网络")
    expect(page.locator("#lines")).not_to_contain_text(order.number)
    assert kept(page) == []
    context.set_offline(False)


def test_open_work_is_carried_along_from_the_home_screen(page: Page, saoku: Product) -> None:
    _, path = open_carried(page, saoku)
    page.evaluate("sessionStorage.clear(); indexedDB.deleteDatabase('saoku-work')")
    page.goto("/")
    carried(page, path.strip("/"))
