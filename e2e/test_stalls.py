"""A handheld that is slow or stalls: what is scanned meanwhile comes whole, and once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from e2e.front_end_browser import needs_chromium
from e2e.front_end_server import Stage, serving
from e2e.patience import until
from e2e.test_front_end import QUANTITY_BOX, all_answered_scans, wedge

pytestmark = needs_chromium


@pytest.fixture
def stage() -> Iterator[Stage]:
    with serving() as stage:
        yield stage


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640}, service_workers="block")
    yield context.new_page()
    context.close()


def opened(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.address}/step-en.html")
    page.wait_for_function("customElements.get('key-pad') && document.activeElement.id")


def test_a_scan_before_the_page_is_ready_is_kept(page: Page, stage: Stage) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/main.js", hold)
    page.goto(f"{stage.address}/step-en.html", wait_until="commit")
    page.locator("scan-field").wait_for()
    for code in ("6901234567892", "A-7"):
        wedge(page, code)
    until(page, lambda: held)
    held[0].continue_()
    all_answered_scans(page, stage, ["6901234567892", "A-7"])


# A device that is busy with something else between two characters.
STALLED = """([keys, at]) => {
  keys.forEach((key, place) => {
    const ends = performance.now() + 120;
    while (place === at && performance.now() < ends);
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
  });
}"""


def test_a_device_that_stalls_cuts_no_code_in_two(page: Page, stage: Stage) -> None:
    code = "6901234567892"
    opened(page, stage)
    page.evaluate(QUANTITY_BOX)
    for number, at in enumerate((1, 3, 9, len(code)), start=1):
        page.locator("#box").focus()
        page.evaluate(STALLED, [[*code, "Enter"], at])
        assert page.locator("#box").input_value() == "6"
        page.locator("#scan-input").focus()
        page.evaluate(STALLED, [[*code, "Enter"], at])
        all_answered_scans(page, stage, [code] * 2 * number)
        assert page.locator("#scan-input").input_value() == ""
