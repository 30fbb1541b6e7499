"""Every screen of the product: it opens, fits a handheld, is open to everybody, logs no error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from sqlmodel import Session

from app.alerts.watching import watch
from app.importing.commands import Choices, StartImport, file_hash, starting
from app.kit.ids import new_id
from app.kit.sql import execute
from app.kit.transactions import Envelope, Secret, run
from app.labelling.commands import Paper, PrintLabels, print_labels
from app.labelling.contents import Wanted
from app.labelling.printers import PrinterFacts, RegisterPrinter, register_printer
from app.notifications.commands import (
    ChannelFacts,
    CreateChannel,
    CreateRule,
    create_channel,
    create_rule,
)
from app.notifications.sealing import seal
from app.receiving import commands as receiving
from app.receiving.allowance import AllowMore, allow_more
from app.rfid.commands import RecordReads, recording
from app.rfid.reading import reads_in
from e2e.baking import baking_of
from e2e.buying import buying_of
from e2e.counting import counting_of
from e2e.front_end_browser import needs_chromium
from e2e.product import Product, line
from e2e.sales import sales_of
from e2e.test_receiving import BREAD, FLOUR, HANDHELD, sign_in

pytestmark = needs_chromium
DESKTOP = {"width": 1280, "height": 800}
OPERATOR, MANAGER, ADMINISTRATOR = "operator_a", "manager_a", "administrator"

PAGES: dict[str, list[str]] = {
    "": ["/login", "/no-such-page", "/offline"],
    OPERATOR: [
        "/", "/receiving", "/receiving/orders/{order}", "/receiving/{receipt}",
        "/receiving/{receipt}/lines", "/receiving/{receipt}/lines/{line}",
        "/receiving/{receipt}/closure", "/receiving/{closed}", "/labels/items/{item}",
        "/labels/lots/{lot}", "/labels/locations/{location}", "/labels/receipts/{receipt}",
        "/labels", "/labels?show=all", "/labels/new", "/labels/new-units", "/labels/runs/{run}",
        "/labels/queue/{label}/reprint", "/printers", "/lock", "/rfid", "/rfid/{rfid}",
        "/rfid/{rfid}/receipts", "/rfid/{rfid}/receipts/{receipt}", "/approvals/{approval}",
        "/purchase-orders/{order}/allowances/new?item_id={item}&total=9", "/returns",
        "/picking", "/producing", "/producing/{production}", "/producing/disassembly",
        "/production-orders/{production}",
    ],
    MANAGER: [
        "/", "/board", "/picking", "/picking/picks", "/picking/new",
        "/receiving/{receipt}", "/receiving/{receipt}/barcodes/new?barcode=6900000000014",
        "/purchase-orders", "/purchase-orders?text=nothing", "/purchase-orders/new",
        "/purchase-orders/{order}", "/sales-orders", "/sales-orders?text=nothing",
        "/sales-orders/new", "/sales-orders/{sale}", "/sales-orders/{sale_draft}",
        "/sales-orders/{sale_draft}/form", "/sales-orders/imports", "/stock",
        "/stock?text=nothing", "/stock/items/{item}",
        "/stock/lots/{lot}", "/stock/locations/{location}", "/stock/moves", "/stock/moves/{move}",
        "/troubleshooting", "/troubleshooting?item_id={item}", "/troubleshooting?lot_id={lot}",
        "/troubleshooting/history?item_id={item}", "/troubleshooting?location_id={location}",
        "/catalog/items", "/catalog/items/new", "/catalog/items/{item}",
        "/catalog/items/{item}/form", "/catalog/items/{item}/packagings/new",
        "/catalog/locations", "/catalog/locations/{location}",
        "/catalog/new-places/warehouses", "/catalog/new-places/zones",
        "/catalog/new-places/locations", "/catalog/new-places/ranges", "/catalog/partners",
        "/catalog/partners/new", "/catalog/partners/{partner}", "/catalog/lists",
        "/catalog/units/new", "/catalog/categories/new", "/imports", "/imports/{import}",
        "/users", "/devices", "/tokens", "/audit", "/account", "/company", "/outbox",
        "/outbox/conflicts", "/outbox/devices", "/scans", "/scans/{scan}",
        "/printers", "/printers/new", "/printers/{printer}", "/label-templates",
        "/label-templates/lot/60x40", "/alerts", "/alerts/rules", "/alerts/rules/new",
        "/notifications", "/notifications/rules", "/notifications/log",
        "/notifications/contacts", "/notifications/channels/new",
        "/approvals", "/approvals/{approval}", "/approvals/requests", "/approvals/policies",
        "/approvals/policies/new?kind=order_release", "/quality", "/quality/status-changes",
        "/quality?location_id={location}", "/quality/lots/{lot}",
        "/landing", "/landing/new", "/landing/{voucher}", "/landing/{voucher_draft}",
        "/landing/{voucher_draft}/form", "/landing/orders/{charged}", "/invoices",
        "/invoices/open", "/invoices/open?by=line", "/invoices/open/movements",
        "/invoices/{invoice}", "/invoices/{invoice_held}", "/invoices/{invoice_held}/form",
        "/invoices/new?supplier=S1", "/invoices/new?kind=credit_note&supplier=S1",
        "/supplier-returns", "/supplier-returns/{send_back}",
        "/supplier-returns/{send_back}?balance_id={send_balance}", "/currencies",
        "/reports/margin", "/reports/margin?rows=month&columns=store", "/reports/margin/lines",
        "/reports/poor", "/reports/abc", "/counting/counts", "/counting/counts/new",
        "/counting/counts/{count}", "/counting/counts/{count}?only=", "/counting/plans",
        "/counting/reports", "/counting/counts/{count}/sheets", "/counting/uploads/{upload}",
        "/counting", "/counting/{counted}", "/counting/{counting}", "/counting/{tagged}",
        "/counting/{tagged}/tags", "/counting/{tagged}/tags/{rfid}",
        "/recipes", "/recipes?search=nothing", "/recipes/new", "/recipes/{recipe}",
        "/recipes/{recipe}/versions/new", "/production-orders",
        "/production-orders?search=nothing", "/production-orders/new",
        "/production-orders/{produced}", "/producing/consumption", "/cost-elements",
        "/cost-elements/{element}", "/costing/items/{item}", "/costing/moves/{move}",
    ],
    ADMINISTRATOR: [
        "/", "/users/new", "/users/{user}", "/company", "/company/settings", "/areas/new",
        "/areas/{area}", "/stores/new", "/stores/{store}", "/stores/current", "/stock/proof",
        "/notifications/channels/new?kind=email", "/notifications/channels/{channel}",
        "/alerts/rules/1", "/notifications/contacts", "/reports/abc/rule",
        "/cost-elements/new", "/cost-elements/{element}", "/cost-elements/prices",
        "/periods", "/periods/2026-11", "/periods/report", "/periods/report?by=store",
    ],
}  # fmt: skip
KEY_PAGES: list[tuple[str, str, Any]] = [
    (OPERATOR, "/receiving/{receipt}", HANDHELD), (MANAGER, "/", DESKTOP),
    (OPERATOR, "/receiving/{receipt}/closure", HANDHELD), (MANAGER, "/stock", HANDHELD),
    (MANAGER, "/stock", DESKTOP), (MANAGER, "/purchase-orders/new", DESKTOP),
    (MANAGER, "/sales-orders/{sale}", DESKTOP), (MANAGER, "/sales-orders/{sale}", HANDHELD),
    (MANAGER, "/imports/{import}", HANDHELD), (MANAGER, "/imports/{import}", DESKTOP),
    (MANAGER, "/stock/moves/{move}", HANDHELD), (MANAGER, "/users", DESKTOP),
    (MANAGER, "/labels", DESKTOP), (MANAGER, "/label-templates/lot/60x40", DESKTOP),
    (MANAGER, "/board", DESKTOP), (MANAGER, "/approvals", HANDHELD),
    (MANAGER, "/recipes/{recipe}", DESKTOP), (OPERATOR, "/producing/{production}", HANDHELD),
    (ADMINISTRATOR, "/periods/report", DESKTOP), (MANAGER, "/costing/moves/{move}", HANDHELD),
    (MANAGER, "/landing/{voucher_draft}", DESKTOP), (MANAGER, "/invoices/{invoice}", DESKTOP),
]  # fmt: skip
ANSWERS = {"/no-such-page": 404}
# htmx wants a style of its own and is refused by the policy; it works without.
KNOWN = ("Applying inline style", "Refused to apply inline style")
AXE = {"resultTypes": ["violations"], "preload": False}
# Too small for a glove: a box that is ticked counts with its words, a hidden file box not at all.
SMALL = """() => [...document.querySelectorAll(
    'button, a[href], summary, select, input:not([type=hidden]), textarea, label.icon-button')]
  .filter((one) => one.checkVisibility() && !one.matches('.skip-link, photo-scanner input'))
  .map((one) => one.matches('textarea, [type=checkbox], [type=radio]')
    ? one.closest('label') ?? one : one)
  .map((one) => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
  .filter(([, box]) => Math.round(box.width) < 48 || Math.round(box.height) < 48)
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def saoku(alone: Product) -> Product:
    """What it leaves open would meet the tests of others."""
    return alone


@pytest.fixture(scope="module")
def places(saoku: Product) -> dict[str, Any]:
    """What the paths name: an order half received, another closed, an import with bad rows."""
    order, receipt = receipt_of(saoku, BREAD, BREAD, "MILK")
    _, closed = receipt_of(saoku, BREAD)
    do(saoku, receiving.close_receipt, receiving.CloseReceipt(closed))
    [(scan,)] = saoku.rows("select id from command where kind = 'receiving.scan' limit 1")
    [(move, line_id)] = saoku.rows(
        "select (select max(id) from stock_move), min(id) from purchase_order_line"
        " where order_id = %s", order,
    )  # fmt: skip
    company = saoku.company
    return {
        "order": order, "receipt": receipt, "closed": closed, "scan": scan,
        "move": move, "line": line_id,
        "item": company.items["milk"], "lot": company.lots["milk"], "partner": company.supplier,
        "location": company.a.locations["shelf1"], "user": company.users[OPERATOR],
        "store": company.a.store_id, "area": saoku.rows("select min(id) from area")[0][0],
        "rfid": rfid_of(saoku),
        "approval": approval_of(saoku, order),
        "channel": channel_of(saoku),
        **labels_of(saoku), **sales_of(saoku, do), **buying_of(saoku, do), **baking_of(saoku, do),
        **counting_of(saoku, do),
        "import": import_of(saoku, b"code,name,base unit\nX1,Croissant,\n,Bread,kg\nX2,,box\n"),
    }  # fmt: skip


def do(saoku: Product, handler: Callable[..., Any], command: object, login: str = OPERATOR) -> Any:
    caller = replace(saoku.company.callers[login], store_id=saoku.company.a.store_id)
    return run(saoku.database, handler, command, Envelope(new_id(), caller))


def receipt_of(saoku: Product, *codes: str) -> tuple[int, int]:
    order = saoku.order(line(BREAD, "12", "3.1"), line("MILK", "5", "6.66"), line(FLOUR, "25", "4"))
    opened = do(saoku, receiving.open_receipt, receiving.OpenReceipt(order.order_id))
    for code in codes:
        do(saoku, receiving.scan, receiving.scan_of(opened.receipt_id, code, source="wedge"))
    return order.order_id, opened.receipt_id


def approval_of(saoku: Product, order: int) -> int:
    """More has come than was ordered, and somebody has to say whether it stays."""
    more = AllowMore(order, saoku.company.items["bread"], Decimal(20), "换了大箱")
    asked = do(saoku, allow_more, more)
    assert asked.request_id is not None
    return asked.request_id


def rfid_of(saoku: Product) -> int:
    """What a reader saw: bread and milk, a pallet, an unknown item, and nonsense."""
    tags = [f"urn:epc:id:sgtin:6901234.0{item}.{n}" for item in ("56789", "50000") for n in "12"]
    tags += ["urn:epc:id:sgtin:6901234.033333.1", "urn:epc:id:sscc:6901234.0000000001", "zz"]
    reads = reads_in({"reads": tags})
    store = saoku.company.a.store_id
    command = RecordReads(store, "GATE-1", "dock 1", "digest", len(reads))
    return do(saoku, recording(reads), command).session_id


def labels_of(saoku: Product) -> dict[str, int]:
    """A printer that is off, and a run whose label did not come out."""
    store, item = saoku.company.a.store_id, saoku.company.items["bread"]
    facts = PrinterFacts("停着的", "127.0.0.1", 1024, "zpl", 203, "50x30")
    printer = do(saoku, register_printer, RegisterPrinter(store, facts)).printer_id
    paper = Paper(store, printer)
    started = do(saoku, print_labels, PrintLabels(Wanted("items", (item,)), paper))
    [(label,)] = saoku.rows("select id from print_label where run_id = %s", started.run_id)
    return {"printer": printer, "run": started.run_id, "label": label}


def channel_of(saoku: Product) -> int:
    """A robot that nobody answers for, with a message that waits; and an alert about bread."""
    sealed = seal("of no installation", {"url": "https://robot.test/"})
    facts = ChannelFacts("仓库群", "zh_CN", {"shown": "https://robot.test/…"}, Secret(sealed))
    channel = do(saoku, create_channel, CreateChannel(None, "dingtalk", facts), ADMINISTRATOR)
    do(saoku, create_rule, CreateRule(None, "*", channel.channel_id), ADMINISTRATOR)
    do(saoku, ask_for_bread, "999")
    watch(saoku.database)
    return channel.channel_id


def ask_for_bread(session: Session, least: str, _envelope: Envelope) -> str:
    values = {"least": least, "code": "BREAD"}
    execute(session, "update item set safety_stock = %(least)s where code = %(code)s", values)
    return least


def import_of(saoku: Product, content: bytes) -> int:
    command = StartImport("items", "items.csv", file_hash(content), Choices())
    return do(saoku, starting(content), command, MANAGER).import_id


class Visitors:
    """One signed-in page per person and look; the complaints of its console."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.pages: dict[str, tuple[Page, list[str]]] = {}

    def page(self, login: str) -> tuple[Page, list[str]]:
        if login not in self.pages:
            context: BrowserContext = self.browser.new_context(
                viewport=HANDHELD,  # type: ignore[arg-type]
                base_url=self.address, locale="zh-CN", color_scheme="light",
                service_workers="block",
            )  # fmt: skip
            page, errors = context.new_page(), list[str]()
            page.on("console", lambda message: note(message, errors))
            page.on("pageerror", lambda error: errors.append(str(error)))
            if login:
                sign_in(page, login)
            self.pages[login] = page, errors
        page, errors = self.pages[login]
        errors.clear()
        return page, errors


def note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error" and not message.text.startswith(KNOWN):
        errors.append(f"{message.text} {message.location.get('url')}")


@pytest.fixture(scope="module")
def visitors(browser: Browser, saoku: Product) -> Visitors:
    return Visitors(browser, saoku.address)


def check(page: Page, errors: list[str], path: str) -> None:
    """Open ``path`` and assert everything that holds for every screen."""
    answer = page.goto(path)
    expected = ANSWERS.get(path, 200)
    assert answer is not None
    assert answer.status == expected, page.inner_text("main")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert expected != 200 or errors == []
    assert page.viewport_size == DESKTOP or page.evaluate(SMALL) == []
    found = cast("Any", Axe()).run(page, options=AXE).response["violations"]
    assert [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in found
        if one["impact"] in SERIOUS
    ] == []


@pytest.mark.parametrize(
    ("login", "path"), [(login, path) for login, paths in PAGES.items() for path in paths]
)
def test_every_screen_on_a_handheld(
    visitors: Visitors, places: dict[str, Any], login: str, path: str
) -> None:
    page, errors = visitors.page(login)
    check(page, errors, path.format_map(places))


@pytest.mark.parametrize(("login", "path", "viewport"), KEY_PAGES)
def test_key_screens_in_the_dark_and_in_english(
    visitors: Visitors, places: dict[str, Any], login: str, path: str, viewport: Any
) -> None:
    page, errors = visitors.page(login)
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme="dark")
    prefer(page, "en")
    try:
        check(page, errors, path.format_map(places))
        assert page.locator("html").get_attribute("lang") == "en"
    finally:
        prefer(page, "zh_CN")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(HANDHELD)  # type: ignore[arg-type]


def prefer(page: Page, language: str) -> None:
    """As the menu does: the choice belongs to the person."""
    token = page.locator("meta[name=csrf-token]").get_attribute("content") or ""
    page.request.post(
        "/preferences", form={"language": language, "_csrf": token, "return_to": "/health"}
    )
