"""Every scan is posted exactly once, whatever breaks: network, server, app, person, disk."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.bad_network import BadNetwork, bad_network
from e2e.front_end_browser import chromium, needs_chromium
from e2e.product import Product, line
from e2e.test_receiving import BREAD, CASE, HANDHELD, open_order, sign_in, wedge
from tests.harness import assert_verified
from tests.scenarios.test_kill import web_worker

pytestmark = needs_chromium
BREAKS, SCANS_PER_BREAK = 20, 10
OLD_QUEUE = int(os.environ.get("SAOKU_OLD_QUEUE", "100"))
PATIENCE_MS = 60_000
# The page's own outbox: a module is loaded once, so this is the one that the scan box uses.
OUTBOX = """document.querySelector('script[src$="main.js"]').src.replace("main.js", "outbox.js")"""
PUT = f"""async ([url, codes, ageMs]) => {{
  const {{ outbox }} = await import({OUTBOX});
  const {{ command, stamp }} = await import({OUTBOX}.replace("outbox.js", "lib/command.js"));
  const {{ occurredAt }} = await import({OUTBOX}.replace("outbox.js", "lib/moment.js"));
  for (const code of codes) {{
    const fields = [["code", code], ["symbology", ""], ["source", "wedge"]];
    const made = {{ ...stamp(), occurred_at: occurredAt(new Date(Date.now() - ageMs)) }};
    await outbox.put(command({{ url, fields, kind: "scan" }}, made));
  }}
}}"""
LIST = f"async () => (await import({OUTBOX})).outbox.list()"
DAY_MS = 24 * 3600 * 1000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def network(saoku: Product) -> Iterator[BadNetwork]:
    with bad_network(saoku.address) as network:
        yield network


def handheld(browser: Browser, address: str, **more: Any) -> BrowserContext:
    return browser.new_context(viewport=HANDHELD, base_url=address, locale="zh-CN", **more)


@pytest.fixture
def page(browser: Browser, network: BadNetwork) -> Iterator[Page]:
    context = handheld(browser, network.address, service_workers="block")
    page = context.new_page()
    sign_in(page, "operator_a")
    yield page
    context.close()


def chip(page: Page, look: str, patience_ms: int = PATIENCE_MS) -> None:
    expect(page.locator("queue-chip")).to_have_attribute("data-look", look, timeout=patience_ms)


def quiet(page: Page, patience_ms: int = PATIENCE_MS) -> None:
    """Nothing waits and nothing is to be decided."""
    chip(page, "idle", patience_ms)
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")


def states(page: Page) -> list[str]:
    return [kept["state"] for kept in page.evaluate(LIST) if kept["kind"] != "report"]


def received(saoku: Product, order_id: int) -> Decimal:
    [(found,)] = saoku.rows(
        "select sum(received) from purchase_order_line where order_id = %s", order_id
    )
    return found


def postings(saoku: Product, receipt_id: str) -> int:
    """Scans of the receipt that were booked: lines, and the moves behind them."""
    [(lines, moves)] = saoku.rows(
        "select count(distinct line.id), count(distinct move.id) from receipt_line line"
        " join stock_move move on move.command_id = line.command_id where line.receipt_id = %s",
        int(receipt_id),
    )
    assert lines == moves
    return lines


def order_of_bread(saoku: Product, page: Page, quantity: int = 5000) -> tuple[int, str]:
    order = saoku.order(line(BREAD, str(quantity), "3"))
    return order.order_id, open_order(page, order.number).rpartition("/")[2]


# Exactly once -------------------------------------------------------------------------------------


def scan_many(page: Page, codes: list[str]) -> None:
    for code in codes:
        wedge(page, code)


def offline(page: Page, network: BadNetwork, saoku: Product, codes: list[str]) -> None:
    """No network at the trigger, then it is back."""
    page.context.set_offline(True)
    scan_many(page, codes)
    page.context.set_offline(False)


def lost_answers(page: Page, network: BadNetwork, saoku: Product, codes: list[str]) -> None:
    """The server has booked it, and nobody hears."""
    network.swallow = 2
    scan_many(page, codes)


def unreachable(page: Page, network: BadNetwork, saoku: Product, codes: list[str]) -> None:
    """Connections break in the middle, and none can be had for a while."""
    scan_many(page, codes[:3])
    network.go_away()
    scan_many(page, codes[3:])
    network.come_back()
    page.evaluate("window.dispatchEvent(new Event('online'))")


def reloaded(page: Page, network: BadNetwork, saoku: Product, codes: list[str]) -> None:
    """The app goes while scans wait, and comes back."""
    scan_many(page, codes)
    # All are on the disk before the page goes: the trigger is answered only then.
    page.wait_for_function(f"async (count) => (await ({LIST})()).length >= count", arg=len(codes))
    page.reload()


def killed_server(page: Page, network: BadNetwork, saoku: Product, codes: list[str]) -> None:
    """kill -9 in the middle of a replay; its master starts another worker."""
    page.context.set_offline(True)
    scan_many(page, codes)
    page.context.set_offline(False)
    page.wait_for_function("document.querySelector('outbox-badge').dataset.pending < 8")
    os.kill(web_worker(saoku.process.pid), signal.SIGKILL)


CALM = (offline, lost_answers, unreachable, reloaded)


def test_200_scans_over_20_breaks_are_200_postings(
    page: Page, saoku: Product, network: BadNetwork
) -> None:
    order_id, receipt = order_of_bread(saoku, page)
    for number in range(BREAKS):
        breaks = killed_server if number in {6, 13} else CALM[number % len(CALM)]
        # Bread alone is 1, a case of it 6.
        codes = [CASE if at % 5 == 0 else BREAD for at in range(SCANS_PER_BREAK)]
        breaks(page, network, saoku, codes)
        if number % 4 == 3:
            quiet(page)
    quiet(page)
    scans = BREAKS * SCANS_PER_BREAK
    assert postings(saoku, receipt) == scans
    assert received(saoku, order_id) == scans // 5 * 6 + scans // 5 * 4
    check_order(saoku, receipt, scans)
    assert_verified(saoku.database)


def check_order(saoku: Product, receipt: str, scans: int) -> None:
    """Numbered without a gap, and booked in that order."""
    rows = saoku.rows(
        "select sequence, installation, outcome from command where kind = 'receiving.scan'"
        " and (payload ->> 'receipt_id')::bigint = %s order by recorded_at", int(receipt),
    )  # fmt: skip
    numbers = [sequence for sequence, _, _ in rows]
    assert {outcome for _, _, outcome in rows} == {"done"}
    assert len({installation for _, installation, _ in rows}) == 1
    assert numbers == list(range(numbers[0], numbers[0] + scans))


def test_a_day_old_queue_goes_quickly_and_new_scans_are_taken_meanwhile(
    page: Page, saoku: Product
) -> None:
    _, receipt = order_of_bread(saoku, page)
    page.context.set_offline(True)
    page.evaluate(PUT, [f"/receiving/{receipt}/scans", [BREAD] * OLD_QUEUE, DAY_MS])
    began = monotonic()
    page.context.set_offline(False)
    page.wait_for_function(f"document.querySelector('outbox-badge').dataset.pending < {OLD_QUEUE}")
    wedge(page, BREAD)
    stored = f"async (count) => (await ({LIST})()).length > count"
    page.wait_for_function(stored, arg=OLD_QUEUE, timeout=3000)
    quiet(page, 120_000)
    seconds = monotonic() - began
    print(f"{OLD_QUEUE} scans of yesterday in {seconds:.1f} s")
    assert postings(saoku, receipt) == OLD_QUEUE + 1
    assert seconds < 60
    [(late,)] = saoku.rows(
        "select min(recorded_at - occurred_at) > interval '23 hours' from command where id in"
        " (select command_id from receipt_line where receipt_id = %s order by id limit 50)",
        int(receipt),
    )
    assert late


# Two pages, two people, two devices ---------------------------------------------------------------


def test_two_tabs_share_one_queue(page: Page, saoku: Product, network: BadNetwork) -> None:
    _, receipt = order_of_bread(saoku, page)
    other = page.context.new_page()
    other.goto(f"/receiving/{receipt}")
    expect(other.locator("queue-chip")).to_have_attribute("data-look", "idle")
    page.context.set_offline(True)
    for _ in range(5):
        wedge(page, BREAD)
        wedge(other, BREAD)
    expect(other.locator("queue-chip")).to_have_attribute("data-look", "trouble")
    page.context.set_offline(False)
    quiet(page)
    quiet(other)
    assert postings(saoku, receipt) == 10
    [(numbers,)] = saoku.rows(
        "select array_agg(sequence order by recorded_at) from command where id in"
        " (select command_id from receipt_line where receipt_id = %s)", int(receipt),
    )  # fmt: skip
    assert numbers == list(range(numbers[0], numbers[0] + 10))
    # Each sees its own answers: the last one counted ten.
    expect(other.locator("#step .quantity").first).to_contain_text("10")


def test_another_persons_scans_wait_for_them(page: Page, saoku: Product) -> None:
    _, receipt = order_of_bread(saoku, page)
    page.context.clear_cookies()
    wedge(page, BREAD)
    expect(page.locator("outbox-badge")).to_have_attribute("data-state", "login")
    sign_in(page, "supervisor_a")
    chip(page, "sending")
    page.goto("/outbox")
    expect(page.locator("#queue-waiting")).to_contain_text("别人扫描")
    assert postings(saoku, receipt) == 0
    page.context.clear_cookies()
    sign_in(page, "operator_a")
    chip(page, "idle")
    [(who,)] = saoku.rows(
        "select app_user.login from receipt_line join app_user on app_user.id = user_id"
        " where receipt_id = %s", int(receipt),
    )  # fmt: skip
    assert who == "operator_a"


RESET_NUMBER = """() => new Promise((done) => {
  const opening = indexedDB.open("saoku-outbox");
  opening.onsuccess = () => {
    const writing = opening.result.transaction("settings", "readwrite");
    const settings = writing.objectStore("settings");
    settings.get("device").onsuccess = ({ target }) =>
      settings.put({ ...target.result, sequence: 0 }, "device");
    writing.oncomplete = done;
  };
})"""


def test_cloned_storage_gets_a_number_of_its_own(page: Page, saoku: Product) -> None:
    _, receipt = order_of_bread(saoku, page)
    wedge(page, BREAD)
    quiet(page)
    # As on a second device that was set up from a copy of this one.
    page.evaluate(RESET_NUMBER)
    wedge(page, BREAD)
    expect(page.locator("feedback-player")).to_contain_text("编号")
    quiet(page)
    assert postings(saoku, receipt) == 2
    [(installations,)] = saoku.rows(
        "select count(distinct installation) from command where id in"
        " (select command_id from receipt_line where receipt_id = %s)", int(receipt),
    )  # fmt: skip
    assert installations == 2
    [(reports,)] = saoku.rows(
        "select count(*) from command where kind = 'outbox.report_new_number'"
    )
    assert reports == 1


# What the server refuses late ---------------------------------------------------------------------


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
    assert sorted(states(page)) == ["accepted", "accepted", "retried"]
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
    assert states(page) == ["inbox", "accepted"]
    page.unroute(re.compile(r"/scans$"))
    page.goto("/outbox")
    page.locator("#queue-inbox").get_by_role("button", name="重发").click()
    chip(page, "idle")
    assert received_by(saoku, receipt) == 7


def received_by(saoku: Product, receipt: str) -> Decimal:
    [(found,)] = saoku.rows(
        "select sum(quantity) from receipt_line where receipt_id = %s", int(receipt)
    )
    return found
