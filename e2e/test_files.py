"""Files in and out at a desk: a list goes out as a workbook, order lines come in from one."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from e2e.front_end_browser import needs_chromium
from e2e.product import Product, line
from e2e.test_receiving import sign_in
from tests.spreadsheets.files_made import csv_text

pytestmark = needs_chromium
DESKTOP = {"width": 1280, "height": 800}
XLSX = "导出 Excel"
LINES = [["商品编码", "数量", "单价"], ["BREAD", "12", "3.5"], ["GHOST", "x", "1"]]


@pytest.fixture
def page(browser: Browser, saoku: Product) -> Iterator[Page]:
    context = browser.new_context(
        viewport=DESKTOP,  # type: ignore[arg-type]
        base_url=saoku.address, locale="zh-CN",
    )  # fmt: skip
    page = context.new_page()
    sign_in(page, "manager_a")
    yield page
    context.close()


def test_a_list_is_taken_along_as_it_is_shown(page: Page, saoku: Product) -> None:
    order = saoku.order(line("BREAD", "3", "2.5"))
    page.goto(f"/purchase-orders?text={order.number}")
    with page.expect_download() as started:
        page.get_by_role("link", name=XLSX).click()
    path = started.value.path()
    assert started.value.suggested_filename.startswith("采购单-")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())).get_sheet_by_index(0)
    [headings, row] = sheet.to_python()
    assert (headings[0], row[0]) == ("单号", order.number)


def test_order_lines_come_from_a_file_and_are_corrected_in_the_box(
    page: Page, saoku: Product
) -> None:
    page.goto("/purchase-orders/new")
    page.get_by_label("供应商").fill("S1")
    content = csv_text(LINES).encode("gbk")
    page.set_input_files("#file", {"name": "订单.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="读取文件").click()
    expect(page.locator("#preview .tag--bad")).to_have_count(3)
    box = page.locator("textarea[name=lines]")
    expect(box).to_have_value("BREAD\t12\t3.5\nGHOST\tx\t1")
    box.fill("BREAD\t12\t3.5\nFLOUR\t2.5\t4")
    # Enter in a field saves the draft; it does not look for a file.
    page.get_by_label("供应商").press("Enter")
    expect(page).to_have_url(re.compile(r"/purchase-orders/\d+$"))
    [(state,)] = saoku.rows("select state from purchase_order order by id desc limit 1")
    assert state == "draft"
