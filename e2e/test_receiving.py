"""The main job on a handheld: a purchase order comes in by wedge, camera and photo."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.kit import clock
from e2e.front_end_browser import chromium, needs_chromium
from e2e.patience import until
from e2e.product import PASSWORD, Product, line
from tests.harness import GTINS, assert_verified

pytestmark = needs_chromium
HANDHELD = {"width": 360, "height": 640}
BREAD = GTINS["bread"][1:]
FLOUR = GTINS["flour"][1:]
CASE = "16901234567899"
EXPIRY = clock.today() + timedelta(days=20)


def picture(symbol: zxingcpp.Barcode, scale: int = 5) -> Image.Image:
    """A photo's worth of paper with one symbol on it."""
    drawn = Image.fromarray(symbol.to_image(scale=scale)).convert("RGB")
    frame = Image.new("RGB", (640, 480), "#c8ccca")
    left, top = (640 - drawn.width) // 2, (480 - drawn.height) // 2
    frame.paste("white", (left - 20, top - 20, left + drawn.width + 20, top + drawn.height + 20))
    frame.paste(drawn, (left, top))
    return frame


def milk_label() -> Image.Image:
    """What a dairy prints: GTIN, expiry and lot in one QR."""
    content = f"[01]{GTINS['milk']}[17]{EXPIRY:%y%m%d}[10]L2026"
    return picture(zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, gs1=True))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    video = tmp_path_factory.mktemp("camera") / "camera.mjpeg"
    milk_label().save(video, format="JPEG", quality=90)
    with chromium(video) as running:
        yield running


@pytest.fixture
def page(browser: Browser, saoku: Product) -> Iterator[Page]:
    context = browser.new_context(
        viewport=HANDHELD, base_url=saoku.address, permissions=["camera"], locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, "operator_a")
    yield page
    context.close()


def sign_in(page: Page, login: str) -> None:
    page.goto("/login")
    page.get_by_label("账号").or_(page.get_by_label("登录名")).or_(
        page.locator("input[name=login]")
    ).first.fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url("**/")


def wedge(page: Page, code: str) -> None:
    """A trigger pull: the code's keys without a pause, then Enter."""
    page.evaluate(
        """(code) => { for (const key of [...code, "Enter"]) {
             const event = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
             (document.activeElement ?? document.body).dispatchEvent(event); } }""",
        code,
    )


def open_order(page: Page, number: str) -> str:
    """Scan the order's own label on the list; the receipt's path."""
    page.goto("/receiving")
    wedge(page, f"SK:D{number}")
    page.wait_for_url("**/receiving/orders/*")
    page.locator(".action-bar__main button").click()
    page.wait_for_url(re.compile(r"/receiving/\d+$"))
    return page.url.removeprefix("http://").partition("/")[2]


def quantity(page: Page, received: str, expected: str) -> None:
    shown = page.locator("#step .quantity").first
    expect(shown).to_contain_text(received)
    expect(shown).to_contain_text(f"/ {expected}")


def test_an_order_comes_in_by_wedge_camera_and_photo(page: Page, saoku: Product, tmp_path) -> None:
    order = saoku.order(
        line(BREAD, "12", "3.10"), line("MILK", "5", "6.66"), line(FLOUR, "25", "4")
    )
    open_order(page, order.number)

    wedge(page, BREAD)
    quantity(page, "1", "12")
    wedge(page, CASE)
    quantity(page, "7", "12")

    page.locator("[data-camera]:visible").first.click()
    expect(page.locator("#step")).to_contain_text("L2026")
    quantity(page, "1", "5")
    page.locator("[data-camera]:visible").first.click()

    photo = tmp_path / "flour.jpg"
    symbol = zxingcpp.create_barcode(FLOUR, zxingcpp.BarcodeFormat.EAN13)
    picture(symbol, 3).save(photo, quality=85)
    page.locator("photo-scanner input[type=file]").set_input_files(photo)
    quantity(page, "1", "25")

    check_books(saoku, order.order_id)
    check_label(page, saoku)
    assert_verified(saoku.database)


def check_books(saoku: Product, order_id: int) -> None:
    """Stock, cost and audit say the same as the screen did."""
    lines = saoku.rows(
        "select item.code, line.received, line.received_value from purchase_order_line line"
        " join item on item.id = line.item_id where order_id = %s order by position", order_id,
    )  # fmt: skip
    assert lines == [
        ("BREAD", 7, Decimal("21.70")), ("MILK", 1, Decimal("6.66")), ("FLOUR", 1, Decimal("4.00")),
    ]  # fmt: skip
    milk = saoku.rows(
        "select lot.code, lot.expires_on::text, balance.on_hand, balance.status from balance"
        " join lot on lot.id = balance.lot_id where lot.code = 'L2026'"
    )
    assert milk == [("L2026", EXPIRY.isoformat(), 1, "available")]
    values = saoku.rows(
        "select item.code, sum(entry.quantity), sum(entry.amount) from cost_entry entry"
        " join receipt_line line on line.move_id = entry.move_id"
        " join purchase_order_line ordered on ordered.id = line.order_line_id"
        " join item on item.id = ordered.item_id"
        " where ordered.order_id = %s and item.code in ('MILK', 'FLOUR') group by 1 order by 1",
        order_id,
    )
    assert values == [("FLOUR", 1, Decimal("4.00")), ("MILK", 1, Decimal("6.66"))]
    scans = saoku.rows(
        "select command.kind, app_user.login, host(ip), outcome, payload ->> 'source' from command"
        " join app_user on app_user.id = user_id where kind = 'receiving.scan'"
        " and (payload ->> 'receipt_id')::bigint in (select id from receipt where order_id = %s)"
        " order by recorded_at",
        order_id,
    )
    operator = ("receiving.scan", "operator_a", "127.0.0.1", "done")
    assert scans == [(*operator, source) for source in ("wedge", "wedge", "camera", "photo")]


def check_label(page: Page, saoku: Product) -> None:
    [(lot,)] = saoku.rows("select id from lot where code = 'L2026'")
    answer = page.request.get(f"/labels/lots/{lot}/pdf?size=60x40")
    assert answer.headers["content-type"] == "application/pdf"
    with pypdfium2.PdfDocument(io.BytesIO(answer.body())) as pdf:
        printed = pdf[0].render(scale=203 / 72).to_pil().convert("L")
    [found] = zxingcpp.read_barcodes(printed)
    assert found.text == f"(01){GTINS['milk']}(17){EXPIRY:%y%m%d}(10)L2026"


def test_ten_scans_in_one_second_count_ten(page: Page, saoku: Product) -> None:
    order = saoku.order(line(BREAD, "30", "3"))
    open_order(page, order.number)
    for _ in range(10):
        wedge(page, BREAD)
    quantity(page, "10", "30")
    assert saoku.rows(
        "select received from purchase_order_line where order_id = %s", order.order_id
    ) == [(10,)]


def test_goods_are_put_away_taken_back_and_the_rest_stays_open(page: Page, saoku: Product) -> None:
    order = saoku.order(line(BREAD, "4", "3"))
    open_order(page, order.number)
    for _ in range(3):
        wedge(page, BREAD)
    quantity(page, "3", "4")
    page.get_by_role("button", name="撤销").click()
    quantity(page, "2", "4")
    page.get_by_role("button", name=re.compile("上架")).first.click()
    expect(page.locator("#step")).to_have_attribute("data-step", "scan_put_away_item")
    wedge(page, BREAD)
    expect(page.locator("#step")).to_have_attribute("data-step", "scan_put_away_location")
    wedge(page, "SK:LA-SHELF1")
    wedge(page, "SK:LA-SHELF1")
    expect(page.locator("#step")).to_have_attribute("data-step", "scan_put_away_item")
    shelf = saoku.company.a.locations["shelf1"]
    assert saoku.rows("select on_hand from balance where location_id = %s", shelf) == [(2,)]


def test_a_wrong_code_says_what_it_is_and_nothing_moves(page: Page, saoku: Product) -> None:
    order = saoku.order(line(BREAD, "4", "3"))
    open_order(page, order.number)
    wedge(page, "6901234567899")
    expect(page.locator("#problem")).to_contain_text("校验")
    wedge(page, "SK:LA-SHELF1")
    expect(page.locator("#problem [role=alert]")).to_be_visible()
    assert saoku.rows(
        "select received from purchase_order_line where order_id = %s", order.order_id
    ) == [(0,)]


def test_a_session_that_ends_loses_no_scan(page: Page, saoku: Product) -> None:
    order = saoku.order(line(BREAD, "4", "3"))
    receipt = open_order(page, order.number).rpartition("/")[2]
    wedge(page, BREAD)
    quantity(page, "1", "4")
    page.context.clear_cookies()
    wedge(page, BREAD)
    expect(page.locator("outbox-badge")).to_have_attribute("data-state", "login")
    other = page.context.new_page()
    # It sends what waits, and cannot tell this page of it.
    other.add_init_script("delete window.BroadcastChannel")
    sign_in(other, "operator_a")
    scans = "select from command where kind = 'receiving.scan' and payload->>'receipt_id' = %s"
    until(other, lambda: len(saoku.rows(scans, receipt)) == 2)
    expect(other.get_by_role("link", name="本机的扫描：0 条等待结果")).to_be_visible()
    other.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    quantity(page, "2", "4")
