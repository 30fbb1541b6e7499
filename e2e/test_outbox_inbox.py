"""What the server refuses late, cannot take, or a browser cannot keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.bad_network import BadNetwork
from e2e.front_end_browser import needs_chromium
from e2e.outbox_steps import (
    PUT,
    chip,
    handheld,
    order_of_bread,
    postings,
    received_by,
    signed_in,
    states,
)
from e2e.product import Product
from e2e.test_receiving import BREAD, CASE, sign_in, wedge

pytestmark = needs_chromium


# What the server refuses late ---------------------------------------------------------------------


@pytest.fixture
def page(browser: Browser, network: BadNetwork) -> Iterator[Page]:
    yield from signed_in(browser, network.address)


def refused_late(page: Page, receipt: str, code: str) -> None:
    page.evaluate(PUT, [f"/receiving/{receipt}/scans", [code, BREAD], 60_000])
    chip(page, "refused")
    page.goto("/outbox")
    expect(page.locator("#queue-inbox li")).to_have_count(1)


def test_a_late_refusal_is_corrected_on_the_device(page: Page, saoku: Product) -> None:
    _, receipt = order_of_bread(saoku, page)
    refused_late(page, receipt, "6909999999996")
    entry = page.locator("#queue-inbox li")
    expect(entry).to_contain_text("6909999999996")
    entry.get_by_text("更正", exact=True).click()
    entry.locator("input[name=code]").fill(BREAD)
    entry.get_by_role("button", name="更正后发送").click()
    expect(page.locator("#queue-inbox")).to_be_hidden()
    chip(page, "idle")
    assert postings(saoku, receipt) == 2
    assert states(page)[-3:] == ["retried", "accepted", "accepted"]
    [(retried,)] = saoku.rows("select count(*) from command where retry_of is not null")
    assert retried == 1


def test_a_late_refusal_is_handed_over_and_settled(
    page: Page, saoku: Product, browser: Browser
) -> None:
    _, receipt = order_of_bread(saoku, page)
    refused_late(page, receipt, "6909999999989")
    entry = page.locator("#queue-inbox li")
    entry.get_by_text("转交或作废").click()
    entry.get_by_role("button", name="转交主管").click()
    expect(entry).to_contain_text("请填写原因")
    entry.locator("input[name=note]").fill("外箱条码不认识")
    entry.get_by_role("button", name="转交主管").click()
    chip(page, "idle")
    context = handheld(browser, saoku.address)
    desk = context.new_page()
    sign_in(desk, "supervisor_a")
    desk.goto("/outbox/conflicts")
    card = desk.locator("section.card", has_text="6909999999989")
    expect(card).to_contain_text("外箱条码不认识")
    card.get_by_role("button", name="我来处理").click()
    expect(card).to_contain_text("supervisor_a 正在处理")
    card.get_by_text("处理完毕", exact=True).first.click()
    card.locator("input[name=note]").fill("已补录条码")
    card.get_by_role("button", name="处理完毕").click()
    expect(card).to_have_count(0)
    context.close()


def test_a_supervisor_settles_what_waits_for_somebody_who_is_gone(
    page: Page, saoku: Product
) -> None:
    _, receipt = order_of_bread(saoku, page)
    page.context.clear_cookies()
    wedge(page, CASE)
    expect(page.locator("outbox-badge")).to_have_attribute("data-state", "login")
    sign_in(page, "supervisor_a")
    page.goto("/outbox")
    entry = page.locator("#queue-waiting li")
    entry.get_by_text("转交或作废").click()
    entry.locator("input[name=note]").fill("已离职")
    entry.get_by_role("button", name="作废").click()
    expect(page.locator("#queue-waiting")).to_be_hidden()
    chip(page, "idle")
    assert postings(saoku, receipt) == 0
    assert saoku.rows("select event, sequence > 0 from conflict_event where note = '已离职'") == [
        ("discarded", True)
    ]


# A browser that keeps nothing ---------------------------------------------------------------------


def test_without_storage_it_says_so_and_works_online(
    browser: Browser, saoku: Product, network: BadNetwork
) -> None:
    context = handheld(browser, network.address, service_workers="block")
    context.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); }"
    )
    page = context.new_page()
    sign_in(page, "operator_a")
    expect(page.locator(".storage-warning")).to_contain_text("不能保存扫描")
    _, receipt = order_of_bread(saoku, page)
    wedge(page, BREAD)
    expect(page.locator("#step .quantity").first).to_contain_text("1")
    assert postings(saoku, receipt) == 1
    context.close()


def test_a_command_that_always_fails_makes_way(page: Page, saoku: Product) -> None:
    _, receipt = order_of_bread(saoku, page)

    def fail(route: Any) -> None:
        if CASE in (route.request.post_data or ""):
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    page.route(re.compile(r"/scans$"), fail)
    page.evaluate(PUT, [f"/receiving/{receipt}/scans", [CASE, BREAD], 0])
    for _ in range(30):
        # Not to wait out the pauses between the tries.
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_timeout(50)
    chip(page, "refused")
    assert states(page)[-2:] == ["inbox", "accepted"]
    page.unroute(re.compile(r"/scans$"))
    page.goto("/outbox")
    page.locator("#queue-inbox").get_by_role("button", name="重发").click()
    chip(page, "idle")
    assert received_by(saoku, receipt) == 7
