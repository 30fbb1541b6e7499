"""Every scan is posted exactly once, whatever breaks: network, server, app, person, disk."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.bad_network import BadNetwork
from e2e.front_end_browser import needs_chromium
from e2e.outbox_steps import (
    PUT,
    chip,
    kept,
    order_of_bread,
    pending,
    postings,
    quiet,
    received,
    signed_in,
)
from e2e.patience import until
from e2e.product import Product
from e2e.test_receiving import BREAD, CASE, sign_in, wedge
from tests.harness import assert_verified
from tests.scenarios.test_kill import web_worker

pytestmark = needs_chromium
BREAKS, SCANS_PER_BREAK = 20, 10
OLD_QUEUE = int(os.environ.get("SAOKU_OLD_QUEUE", "100"))
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def page(browser: Browser, network: BadNetwork) -> Iterator[Page]:
    yield from signed_in(browser, network.address)


@dataclass
class Scene:
    """What breaks, and how many scans were triggered so far."""

    page: Page
    network: BadNetwork
    saoku: Product
    triggered: int

    def scan(self, codes: list[str]) -> None:
        for code in codes:
            wedge(self.page, code)
        self.triggered += len(codes)

    def is_up(self) -> bool:
        try:
            with urlopen(self.saoku.address + "/health", timeout=5):  # noqa: S310 - our own server
                return True
        except (URLError, OSError):
            return False


def offline(scene: Scene, codes: list[str]) -> None:
    """No network at the trigger, then it is back."""
    scene.page.context.set_offline(True)
    scene.scan(codes)
    scene.page.context.set_offline(False)


def lost_answers(scene: Scene, codes: list[str]) -> None:
    """The server has booked it, and nobody hears."""
    scene.network.swallow = 2
    scene.scan(codes)


def unreachable(scene: Scene, codes: list[str]) -> None:
    """Connections break in the middle, and none can be had for a while."""
    scene.scan(codes[:3])
    scene.network.go_away()
    scene.scan(codes[3:])
    scene.network.come_back()
    scene.page.evaluate("window.dispatchEvent(new Event('online'))")


def reloaded(scene: Scene, codes: list[str]) -> None:
    """The app goes while scans wait, and comes back."""
    scene.scan(codes)
    # All are on the disk before the page goes: only then is a trigger answered.
    until(scene.page, lambda: kept(scene.page) == scene.triggered)
    scene.network.swallow = 0
    until(scene.page, scene.is_up)
    scene.page.reload()


def killed_server(scene: Scene, codes: list[str]) -> None:
    """kill -9 in the middle of a replay; its master starts another worker."""
    scene.page.context.set_offline(True)
    scene.scan(codes)
    scene.page.context.set_offline(False)
    until(scene.page, lambda: pending(scene.page) < SCANS_PER_BREAK)
    os.kill(web_worker(scene.saoku.process.pid), signal.SIGKILL)


CALM = (offline, lost_answers, unreachable, reloaded)


def test_200_scans_over_20_breaks_are_200_postings(
    page: Page, saoku: Product, network: BadNetwork
) -> None:
    order_id, receipt = order_of_bread(saoku, page)
    quiet(page)
    scene = Scene(page, network, saoku, kept(page))
    for number in range(BREAKS):
        # Once: a worker that dies twice within seconds is taken for one that cannot live.
        breaks = killed_server if number == 9 else CALM[number % len(CALM)]
        # Bread alone is 1, a case of it 6.
        breaks(scene, [CASE if at % 5 == 0 else BREAD for at in range(SCANS_PER_BREAK)])
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
    until(page, lambda: pending(page) < OLD_QUEUE)
    before = kept(page)
    wedge(page, BREAD)
    until(page, lambda: kept(page) > before)
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
    until(page, lambda: postings(saoku, receipt) == 1)
    chip(page, "idle")
    [(who,)] = saoku.rows(
        "select login from receipt_line line join command on command.id = line.command_id"
        " join app_user on app_user.id = command.user_id where receipt_id = %s",
        int(receipt),
    )
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
    expect(page.locator(".storage-warning")).to_contain_text("本机已换新编号")
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
