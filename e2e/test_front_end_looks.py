"""The components as people meet them: large enough for gloves, readable, open to everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from e2e.front_end_browser import needs_chromium
from e2e.front_end_server import Stage, serving

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with serving() as stage:
        yield stage


@pytest.mark.parametrize("view", ["step", "parts", "table"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(browser: Browser, stage: Stage, view: str, scheme: str) -> None:
    page = browser.new_page(
        viewport={"width": 360, "height": 640},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page.goto(f"{stage.address}/{view}-zh_CN.html")
    found = Axe().run(page)
    page.close()
    assert found.violations_count == 0, found.generate_report()


SMALL = """() => [...document.querySelectorAll(
    'button, a[href], summary, select, input:not([type=hidden]), textarea, label.icon-button')]
  .filter((one) => one.checkVisibility() && !one.matches('.skip-link, photo-scanner input'))
  .map((one) => one.matches('textarea') ? one.closest('label') : one)
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => Math.round(box.width) < 48 || Math.round(box.height) < 48)
  .map(([html, box]) => `${box.width}x${box.height} ${html}`)"""


@pytest.mark.parametrize("view", ["step", "parts", "table"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_target_fits_a_glove_at_320_pixels(
    browser: Browser, stage: Stage, view: str, language: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 568})
    page.goto(f"{stage.address}/{view}-{language}.html")
    page.locator("summary").click()
    small = page.evaluate(SMALL)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    assert small == []
    assert wider <= 0
