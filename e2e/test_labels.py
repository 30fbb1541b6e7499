"""Labels in the browser: a printer is registered, two taps print, a template changes the label."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from e2e.front_end_browser import needs_chromium
from e2e.patience import until
from e2e.product import Product
from e2e.test_receiving import HANDHELD, sign_in
from tests.labelling.stand_in import StandIn, host_status

pytestmark = needs_chromium
# Printed, or sent where the printer's own word came too late on a busy machine.
PRINTED = re.compile("已打印|已送打印机")


def visit(browser: Browser, saoku: Product, login: str) -> Page:
    context = browser.new_context(
        viewport=HANDHELD,  # type: ignore[arg-type]
        base_url=saoku.address, locale="zh-CN", service_workers="block",
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, login)
    return page


def test_a_printer_is_registered_and_prints_with_two_taps(browser: Browser, saoku: Product) -> None:
    with StandIn(host_status) as stand_in:
        page = visit(browser, saoku, "supervisor_a")
        page.goto("/printers")
        page.get_by_role("link", name="新增打印机").click()
        page.get_by_label("名称").fill("收货台")
        page.get_by_label("公司网络中的地址").fill("8.8.8.8")
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("alert")).to_contain_text("8.8.8.8")
        page.get_by_label("公司网络中的地址").fill("127.0.0.1")
        page.get_by_label("端口").fill(str(stand_in.port))
        page.get_by_role("button", name="保存").click()
        page.get_by_role("button", name="在 收货台 上测试打印").click()
        expect(page.locator("#step")).to_contain_text(PRINTED)
        # A first label: what is sent is not read at once.
        until(page, lambda: stand_in.received.count(b"^XA") == 1)

        page = visit(browser, saoku, "operator_a")
        page.goto(f"/catalog/items/{saoku.company.items['bread']}")
        page.get_by_role("link", name="标签", exact=True).click()
        page.get_by_role("button", name="打印到 收货台").click()
        expect(page.locator("#lines")).to_contain_text(PRINTED)
        until(page, lambda: stand_in.received.count(b"^XA") == 2)
        page.get_by_role("link", name="回到作业").click()
        expect(page).to_have_url(f"{saoku.address}/catalog/items/{saoku.company.items['bread']}")


def test_a_template_shows_every_change_at_once(browser: Browser, saoku: Product) -> None:
    page = visit(browser, saoku, "manager_a")
    page.goto("/label-templates/item/60x40")
    preview = page.locator("#lines img")
    first = preview.get_attribute("src")
    page.locator("[name=s_code_form]").select_option("qr")
    expect(preview).not_to_have_attribute("src", first or "")
    second = preview.get_attribute("src")
    page.locator("[name=move][value='1:down']").click()
    expect(preview).not_to_have_attribute("src", second or "")
    page.locator("details.card > summary").click()
    page.locator("#source").fill('{"kind": "item",\n "size": 1}')
    expect(page.get_by_role("alert")).to_contain_text("size")
    page.goto("/label-templates/item/60x40")
    page.locator("[name=s_code_form]").select_option("qr")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("自定义", exact=True)).to_be_visible()
