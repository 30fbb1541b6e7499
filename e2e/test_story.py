"""The case that Saoku is judged by: the books say enough, the order will not ship.

A picker is refused and asks why; the supervisor sees the lot in inspection and asks for its
release; two others approve in their own browsers, told by DingTalk; the order can be picked, is
picked by scan and ships.  Four browsers, and nobody reloads a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from time import monotonic, sleep
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from app.catalog.commands import CreateLocation, CreatePartner, create_location, create_partner
from app.kit.database import SYSTEM
from app.kit.ids import new_id
from app.kit.transactions import Envelope, Secret, run
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.notifications.commands import (
    ChannelFacts,
    CreateChannel,
    CreateRule,
    create_channel,
    create_rule,
)
from app.notifications.robots import dingtalk_sign
from app.notifications.sealing import seal
from app.orders import commands as orders
from e2e.front_end_browser import needs_chromium
from e2e.patience import PATIENCE_SECONDS
from e2e.product import SECRET_KEY, Product
from e2e.test_receiving import HANDHELD, sign_in, wedge
from tests.harness import GTINS, assert_verified
from tests.notifications.receivers import WebServer

pytestmark = needs_chromium
DESKTOP = {"width": 1280, "height": 800}
PEOPLE = {
    "operator_a": HANDHELD,
    "supervisor_a": DESKTOP,
    "manager_a": HANDHELD,
    "headquarters": DESKTOP,
}
MILK = GTINS["milk"]
ROBOT_SECRET = "SEC-of-the-warehouse-group"


def do(saoku: Product, handler: Any, command: object, login: str = "manager_a") -> Any:
    company = saoku.company
    caller = replace(company.callers[login], store_id=company.a.store_id) if login else SYSTEM
    return run(saoku.database, handler, command, Envelope(new_id(), caller))


@dataclass(frozen=True)
class Bring:
    """Goods that a supplier brought, still to be inspected."""

    item_id: int
    lot_id: int
    quantity: Decimal


def bring(session, command: Bring, envelope) -> None:
    """Tests enter stock as it would be after receiving."""
    movement = Movement(
        store_id=Setting.store_id, item_id=command.item_id, lot_id=command.lot_id,
        quantity=command.quantity, source=Place(Setting.supplier),
        target=Place(Setting.shelf, "inspection"), biz_step="receiving",
        amount=command.quantity * 5,
    )  # fmt: skip
    post(session, envelope, [movement])


class Setting:
    """Where the story plays."""

    store_id: int
    supplier: int
    shelf: int


@dataclass(frozen=True)
class Sold:
    order_id: int
    number: str
    line_id: int


@pytest.fixture(scope="module")
def saoku(alone: Product) -> Product:
    """The orders and the stock of others would change the story."""
    return alone


@pytest.fixture(scope="module")
def robot() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture(scope="module")
def sold(saoku: Product, robot: WebServer) -> Sold:
    """Forty milk on the shelf, all of it in inspection; a released order for twelve of them."""
    company, place = saoku.company, saoku.company.a
    Setting.store_id, Setting.shelf = place.store_id, place.locations["shelf1"]
    Setting.supplier = place.locations["supplier"]
    for code, kind in (("A-STAGE", "staging"), ("A-CART-1", "cart")):
        made = CreateLocation(place.warehouse_id, code, place.zone_id, kind=kind)
        do(saoku, create_location, made)
    do(saoku, create_partner, CreatePartner("K77", "云上咖啡", "customer"), "headquarters")
    do(saoku, bring, Bring(company.items["milk"], company.lots["milk"], Decimal(40)))
    _connect(saoku, robot)
    order = orders.CreateOrder(
        store_id=place.store_id, customer="K77", lines=[orders.SalesLine("MILK", Decimal(12))]
    )
    order_id = do(saoku, orders.create_order, order).order_id
    released = do(saoku, orders.release_order, orders.ReleaseOrder(order_id))
    [(line_id,)] = saoku.rows("select id from sales_order_line where order_id = %s", order_id)
    return Sold(order_id, released.number, line_id)


def _connect(saoku: Product, robot: WebServer) -> None:
    """The group's robot, told of approvals that are wanted."""
    secrets = {"url": f"{robot.url}/robot/send?access_token=t", "secret": ROBOT_SECRET}
    facts = ChannelFacts("仓库值班群", "zh_CN", sealed=Secret(seal(SECRET_KEY, secrets)))
    command = CreateChannel(None, "dingtalk", facts)
    channel = do(saoku, create_channel, command, "headquarters").channel_id
    rule = CreateRule(None, "approval_requested", channel)
    do(saoku, create_rule, rule, "headquarters")


@pytest.fixture(scope="module")
def screens(saoku: Product, browser: Browser) -> dict[str, Page]:
    """Everybody's own browser, signed in."""
    found: dict[str, Page] = {}
    for login, size in PEOPLE.items():
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=saoku.address, locale="zh-CN", service_workers="block",
        )  # fmt: skip
        found[login] = context.new_page()
        sign_in(found[login], login)
    return found


class Loads:
    """The page loads of a browser after the moment this was made: nobody reloads."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.is_navigation_request():
            self.found.append(request.url)


def test_the_order_that_would_not_ship(
    saoku: Product, robot: WebServer, sold: Sold, screens: dict[str, Page]
) -> None:
    picker, lead = screens["operator_a"], screens["supervisor_a"]
    voters = [screens["manager_a"], screens["headquarters"]]
    for voter in voters:
        voter.goto("/approvals")
        expect(voter.locator("#waiting")).not_to_contain_text("鲜牛奶")
    ask_why(picker, sold)
    seen = [Loads(page) for page in (picker, *voters)]

    ask_for_release(lead, sold)
    for voter in voters:
        expect(voter.locator("#waiting")).to_contain_text("鲜牛奶")
    check_message(robot)
    check_own_vote(lead)
    assert [one.found for one in seen] == [[], [], []]

    approve(voters[0])
    expect(lead.locator("#waiting")).to_contain_text("1/2")
    assert promised(saoku, sold) == 0
    approve(voters[1])
    wait_for(lambda: promised(saoku, sold) == 12)
    expect(picker.locator("#diagnosis .verdict__facts")).to_contain_text("12")
    assert seen[0].found == []

    pick(picker)
    ship(lead, saoku, sold)
    assert_verified(saoku.database)


def ask_why(picker: Page, sold: Sold) -> None:
    """The order refuses; the picker asks why, and waits on that screen."""
    picker.goto("/picking")
    wedge(picker, f"SK:D{sold.number}")
    picker.locator("#problem").get_by_role("link", name="为什么？").click()
    picker.locator("#diagnosis, #trouble-waiting").wait_for()
    if picker.locator("#trouble-waiting").count():  # an order of several lines: which of them?
        picker.get_by_role("link", name="鲜牛奶").click()
    expect(picker.locator("#diagnosis")).to_contain_text("待检")


def ask_for_release(lead: Page, sold: Sold) -> None:
    """The supervisor sees the lot in inspection, on the board and in the diagnosis."""
    lead.goto("/board")
    cause = lead.locator("#cause-inspection")
    if cause.get_attribute("open") is None:  # another cause blocks more
        cause.locator("summary").click()
    cause.get_by_role("link", name=sold.number).click()
    bucket = lead.locator("#bucket-inspection")
    bucket.wait_for()
    action = bucket.locator("details.act").first
    action.locator("summary").click()
    action.get_by_label("原因").fill("已复检，合格")
    with lead.expect_navigation():
        action.locator("button.button--primary").click()


def check_own_vote(lead: Page) -> None:
    """Who asked has no button to vote, and a vote sent all the same is refused."""
    lead.goto("/approvals")
    link = lead.locator("#waiting").get_by_role("link", name="鲜牛奶").first
    expect(link).to_be_visible()
    expect(lead.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    token = lead.locator("meta[name=csrf-token]").get_attribute("content") or ""
    vote = {"vote": "approve", "_csrf": token, "command_id": str(new_id())}
    answer = lead.request.post(f"{link.get_attribute('href')}/votes", form=vote)
    assert answer.status in {403, 409}


def pick(picker: Page) -> None:
    """By scan: the place, the goods, the quantity, the place where they wait for the lorry."""
    picker.goto("/picking")
    expect(picker.locator("#counts")).to_contain_text("1")
    picker.get_by_role("button", name="下一个任务").click()
    picker.wait_for_url(re.compile(r"/picking/\d+$"))
    wedge(picker, "SK:LA-SHELF1")
    wedge(picker, f"01{MILK}10M1")
    expect(picker.locator("#step .quantity")).to_contain_text("1")
    picker.get_by_text("输入数量").click()
    picker.locator("#step input[name=quantity]").fill("12")
    picker.locator("#step .keypad__ok").click()
    expect(picker.locator("#step")).to_contain_text("A-STAGE")
    wedge(picker, "SK:LA-STAGE")
    expect(picker.locator("#step")).to_contain_text("已完成")


def ship(lead: Page, saoku: Product, sold: Sold) -> None:
    """Every piece is checked once more, then it leaves."""
    lead.goto("/shipping")
    expect(lead.locator("#waiting")).to_contain_text(sold.number)
    lead.get_by_role("button", name="去装箱").click()
    lead.wait_for_url(re.compile(r"/shipping/\d+$"))
    for _ in range(12):
        wedge(lead, f"01{MILK}10M1")
    expect(lead.locator("#step")).to_contain_text("全部复核完")
    lead.locator(".action-bar__main").click()
    lead.wait_for_url("**/departure")
    lead.locator("#departure button[type=submit]").click()
    wait_for(lambda: shipped(saoku, sold) == ("done", 12))


def shipped(saoku: Product, sold: Sold) -> tuple[str, int]:
    [(state, quantity)] = saoku.rows(
        "select sales_order.state, shipped from sales_order join sales_order_line line"
        " on line.order_id = sales_order.id where line.id = %s",
        sold.line_id,
    )
    return state, int(quantity)


def approve(voter: Page) -> None:
    card = voter.locator("#waiting section", has_text="鲜牛奶").first
    with voter.expect_navigation():
        card.get_by_role("button", name="批准", exact=True).first.click()


def promised(saoku: Product, sold: Sold) -> int:
    [(quantity,)] = saoku.rows("select allocated from sales_order_line where id = %s", sold.line_id)
    return int(quantity)


def wait_for(is_so) -> None:
    ends = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < ends, "it did not happen in time"
        sleep(0.05)


def check_message(robot: WebServer) -> None:
    """The group is told once, signed, with the way to the request."""
    wait_for(lambda: robot.received)
    [posted] = robot.received
    assert posted.path == "/robot/send"
    assert posted.query["sign"] == dingtalk_sign(posted.query["timestamp"], ROBOT_SECRET)
    text = posted.json["text"]["content"]
    assert "鲜牛奶" in text
    assert "/approvals/" in text
