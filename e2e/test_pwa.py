"""The product as an installed app: manifest, worker, update, badge, and open to everybody."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from e2e.front_end_browser import needs_chromium
from e2e.offline_device import carried, open_carried, unconfirmed, working
from e2e.patience import until
from e2e.product import Product
from e2e.test_receiving import BREAD, HANDHELD, sign_in, wedge
from e2e.test_screens import AXE, SERIOUS, SMALL

pytestmark = needs_chromium
BADGES = """
  window.badges = [];
  navigator.setAppBadge = async (count) => { window.badges.push(count); };
  navigator.clearAppBadge = async () => { window.badges.push(0); };
"""


@pytest.fixture
def context(browser: Browser, saoku: Product) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=HANDHELD, base_url=saoku.address, locale="zh-CN")
    context.add_init_script(BADGES)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    sign_in(page, "operator_a")
    return page


def test_the_app_can_be_installed(page: Page, context: BrowserContext, saoku: Product) -> None:
    working(page)
    address = page.locator("link[rel=manifest]").get_attribute("href") or ""
    manifest: dict[str, Any] = page.request.get(address).json()
    assert manifest["name"]
    assert manifest["short_name"]
    assert manifest["start_url"] == "/"
    assert manifest["display"] in ("standalone", "fullscreen", "minimal-ui")
    assert manifest["scope"] == "/"
    assert manifest["theme_color"]
    assert manifest["background_color"]
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= sizes
    for icon in manifest["icons"]:
        if icon["type"] == "image/png":
            picture = page.request.get(address.rpartition("/")[0] + "/" + icon["src"]).body()
            width, height = Image.open(io.BytesIO(picture)).size
            assert icon["sizes"] == f"{width}x{height}"
    for shortcut in manifest["shortcuts"]:
        assert page.request.get(shortcut["url"]).ok
    session = context.new_cdp_session(page)
    found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error for error in found if error["errorId"] != "in-incognito"] == []


def test_the_worker_is_served_right(page: Page, saoku: Product) -> None:
    answer = page.request.get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    shell = json.loads(answer.text().partition("self.SHELL=")[2].partition(";\n")[0])
    names = {name for name, _ in shell["files"]}
    assert {"js/main.js", "css/app.css", "js/offline/receiving/flow.js"} <= names
    assert not any("zxing" in name for name in names)
    assert any("zxing" in name for name, _ in shell["later"])


def test_nothing_but_files_and_frames_is_cached(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    open_carried(page, saoku)
    wedge(page, BREAD)
    expect(page.locator("#step .quantity").first).to_contain_text("1")
    paths = page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys()) {
            for (const { method, url } of await (await caches.open(name)).keys()) {
              found.push([method, new URL(url).pathname]);
            }
          }
          return found;
        }"""
    )
    assert {method for method, _ in paths} == {"GET"}
    others = {path for _, path in paths if not path.startswith("/static/")}
    assert others <= {"/offline", "/outbox"}


def test_the_offline_pages_are_open_to_everybody(
    page: Page, context: BrowserContext, saoku: Product
) -> None:
    _, path = open_carried(page, saoku)
    context.set_offline(True)
    for address in ("/stock", path):
        page.goto(address)
        if address == path:
            expect(page.locator("scan-field textarea")).to_be_focused()
            wedge(page, BREAD)
            unconfirmed(page, "BREAD", "+1")
        expect(page.locator("#lines")).to_be_visible()
        violations = Axe().run(page, options=AXE).response["violations"]
        assert [one["id"] for one in violations if one["impact"] in SERIOUS] == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.set_offline(False)


def test_the_badge_counts_unsent_scans(page: Page, context: BrowserContext, saoku: Product) -> None:
    open_carried(page, saoku)
    context.set_offline(True)
    wedge(page, BREAD)
    wedge(page, BREAD)
    until(page, lambda: page.evaluate("window.badges.at(-1)") == 2)
    context.set_offline(False)
    until(page, lambda: page.evaluate("window.badges.at(-1)") == 0)


def test_a_page_that_began_before_the_worker_is_served_too(
    context: BrowserContext, saoku: Product
) -> None:
    early, other = context.new_page(), context.new_page()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    early.route("**/login?early", hold)
    early.evaluate("(to) => { location.href = to; }", f"{saoku.address}/login?early")
    until(early, lambda: held)
    other.goto("/login")
    working(other)
    held[0].continue_()
    early.wait_for_url("**/login?early")
    working(early)


def test_an_update_waits_for_a_quiet_moment_and_a_tap(page: Page, saoku: Product) -> None:
    _, path = open_carried(page, saoku)
    page.evaluate("navigator.serviceWorker.register('/sw.js?next')")
    bar = page.locator("#offline-update")
    expect(bar).to_be_visible()
    wedge(page, BREAD)
    expect(page.locator("#step .quantity").first).to_contain_text("1")
    with page.expect_navigation():
        bar.get_by_role("button").click()
    controller = "navigator.serviceWorker.controller?.scriptURL"
    until(page, lambda: page.evaluate(controller).endswith("next"))
    carried(page, path.strip("/"))


def test_installing_is_offered_on_the_home_screen_until_waved_away(page: Page) -> None:
    page.goto("/")
    offer = """() => {
      const event = new Event("beforeinstallprompt", { cancelable: true });
      event.prompt = () => { window.prompted = true; };
      window.dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    until(page, lambda: page.evaluate(offer))
    hint = page.locator("#offline-install")
    expect(hint).to_be_visible()
    hint.get_by_role("button", name="以后再说").click()
    page.reload()
    working(page)
    page.evaluate(offer)
    expect(hint).to_have_count(0)
