"""Counting while others work: two counters and a picker side by side, a third person decides.

Four browsers: two people count the places of a zone blindly while a picker takes goods from there;
what differs is counted again by somebody else; the difference is posted after approval by another.
Then on paper: a sheet is printed, filled in as a workbook, taken in, and approved by two others.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.approvals.policies import CreatePolicy, PolicyFacts, create_policy
from app.catalog.commands import CreateLocation, CreatePartner, create_location, create_partner
from app.counting.making import MakeCount, RecountRule, Selection, make_count
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from app.orders import commands as orders
from app.picking import commands as picking
from e2e.counting import filled, looked_at
from e2e.front_end_browser import needs_chromium
from e2e.product import Product
from e2e.test_receiving import BREAD, FLOUR, HANDHELD, sign_in, wedge
from tests.harness import assert_verified
from tests.ledger.moves import PostMoves, movement, post_moves, receive

pytestmark = needs_chromium
DESKTOP = {"width": 1280, "height": 800}
PEOPLE = {
    "operator_a": HANDHELD,
    "supervisor_a": HANDHELD,
    "manager_a": HANDHELD,
    "headquarters": DESKTOP,
    "area_manager": DESKTOP,
}
HELD = """
select location.code, sum(on_hand)
from balance join location on location.id = location_id group by 1
"""
SHELF1, SHELF2, STAGE = "SK:LA-SHELF1", "SK:LA-SHELF2", "SK:LA-STAGE"


def do(saoku: Product, handler: Any, command: object, login: str = "manager_a") -> Any:
    company = saoku.company
    caller = replace(company.callers[login], store_id=company.a.store_id)
    return run(saoku.database, handler, command, Envelope(new_id(), caller))


@pytest.fixture(scope="module")
def saoku(alone: Product) -> Product:
    """The stock of others would change the count."""
    return alone


@pytest.fixture(scope="module")
def pick_id(saoku: Product) -> int:
    """Forty bread and flour on two shelves, worth 100 each; an order for five bread to pick."""
    place = saoku.company.a
    staging = CreateLocation(place.warehouse_id, "A-STAGE", place.zone_id, kind="staging")
    do(saoku, create_location, staging)
    do(saoku, create_partner, CreatePartner("K9", "云上咖啡", "customer"), "headquarters")
    for item, shelf in (("bread", "shelf1"), ("flour", "shelf2")):
        bought = receive(saoku.company, item, "40", "4000")
        shelved = movement(saoku.company, item, "40", "dock", shelf)
        do(saoku, post_moves, PostMoves([bought, shelved]))
    lines = [orders.SalesLine("BREAD", Decimal(5))]
    command = orders.CreateOrder(store_id=place.store_id, customer="K9", lines=lines)
    order_id = do(saoku, orders.create_order, command).order_id
    do(saoku, orders.release_order, orders.ReleaseOrder(order_id))
    made = do(saoku, picking.create_picks, picking.CreatePicks([order_id], "order"))
    pick_id = made.picks[0].pick_id
    do(saoku, picking.start_pick, picking.StartPick(pick_id), "operator_a")
    return pick_id


@pytest.fixture(scope="module")
def count_id(saoku: Product, pick_id: int) -> int:
    """Both shelves; a difference of a tenth is counted again."""
    place = saoku.company.a
    chosen = Selection(location_ids=(place.locations["shelf1"], place.locations["shelf2"]))
    wanted = MakeCount(place.store_id, "tasks", chosen, RecountRule(share=Decimal("0.1")))
    return do(saoku, make_count, wanted).count_id


@pytest.fixture(scope="module")
def screens(saoku: Product, browser: Browser) -> dict[str, Page]:
    """Everybody's own browser, signed in; ``picker`` is a second one of the operator."""
    found: dict[str, Page] = {}
    for name, size in (PEOPLE | {"picker": HANDHELD}).items():
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=saoku.address, locale="zh-CN", service_workers="block",
        )  # fmt: skip
        found[name] = context.new_page()
        sign_in(found[name], "operator_a" if name == "picker" else name)
    return found


def test_a_zone_is_counted_while_somebody_picks_from_it(
    saoku: Product, pick_id: int, count_id: int, screens: dict[str, Page]
) -> None:
    first, second, picker = (screens[one] for one in ("operator_a", "supervisor_a", "picker"))
    begin(first, SHELF1)
    begin(second, SHELF2)
    pick(picker, pick_id, 2)
    wedge(first, BREAD)
    wedge(second, FLOUR)
    typed(first, "24")
    typed(second, "40")
    expect(first.locator("main")).not_to_contain_text("38")
    pick(picker, pick_id, 3)
    done(first)
    done(second)
    expect(first.locator("#step")).to_contain_text("1/3")
    expect(first.locator("#step")).to_contain_text("复盘")

    third = screens["manager_a"]
    begin(third, SHELF1)
    wedge(third, BREAD)
    typed(third, "21")
    done(third)
    assert saoku.rows("select state, quantity, variance from count_result order by item_id") == [
        ("decided", 21, -14), ("decided", 40, 0),
    ]  # fmt: skip

    review(second, count_id)
    assert on_hand(saoku, "shelf1") == 35, "it waits for approval"
    approve(screens["headquarters"])
    assert on_hand(saoku, "shelf1") == 21
    second.goto(f"/counting/counts/{count_id}")
    expect(second.locator("main")).to_contain_text("-14")
    second.goto(f"/counting/reports?count={count_id}")
    expect(second.locator("main")).to_contain_text("可颂")
    expect(second.locator("main")).to_contain_text("-14")
    assert_verified(saoku.database)


def test_a_sheet_is_printed_filled_in_taken_in_and_approved_by_two(
    saoku: Product, pick_id: int, screens: dict[str, Page], tmp_path: Path
) -> None:
    page = screens["manager_a"]
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    two = PolicyFacts(
        "adjustment", "两人批准", saoku.company.a.store_id, "amount > 1000", 2,
        ("store_manager", "area_manager", "headquarters"),
    )  # fmt: skip
    do(saoku, create_policy, CreatePolicy(two))
    here = new_count(page)
    workbook = printed(page, here)
    before = on_hand(saoku, "shelf1")
    found = dict(saoku.rows(HELD)) | {"A-SHELF1": before - 11}
    preview(page, here, filled(workbook, lambda row: row["商品编码"] and "几个"))
    expect(page.locator("main")).to_contain_text("不是数字。")
    page.get_by_role("button", name="作废").click()
    page.wait_for_url(f"**{here}/sheets")
    preview(page, here, filled(workbook, lambda row: found.get(row["库位"], 0)))
    expect(page.locator("main")).to_contain_text("没有问题。")
    page.get_by_role("button", name="导入").click()
    page.wait_for_url(f"**{here}")

    review(page, int(here.rpartition("/")[2]))
    for name in ("area_manager", "headquarters"):
        page.goto("/approvals")
        expect(page.locator("main")).to_contain_text("我提交的")
        expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
        assert on_hand(saoku, "shelf1") == before, "two others have to approve"
        approve(screens[name])
    assert on_hand(saoku, "shelf1") == before - 11

    page.goto(f"{here}?only=")
    expect(page.locator("#count-head")).to_contain_text("已过账")
    page.goto(f"/counting/reports?count={here.rpartition('/')[2]}")
    expect(page.locator("main")).to_contain_text("-1,100.00")
    text = looked_at(downloaded(page, "PDF"), tmp_path / "variance.png")
    for words in ("盘盈盘亏表", "可颂", "A-SHELF1", "-11", "-1,100.00", "manager_a"):
        assert words in text, text
    assert_verified(saoku.database)


def new_count(page: Page) -> str:
    """A count of everything, made on the page; nothing is counted twice."""
    page.goto("/counting/counts/new")
    for name in ("recount_value", "recount_percent"):
        page.locator(f"[name={name}]").fill("")
    page.get_by_role("button", name="生成盘点单").click()
    page.wait_for_url(re.compile(r"/counting/counts/\d+$"))
    return page.url.removeprefix(page.url.split("/counting")[0])


def printed(page: Page, here: str) -> bytes:
    """The workbook of the only sheet, once its paper was looked at."""
    page.goto(f"{here}/sheets")
    page.locator("#make button[type=submit]").click()
    row = page.locator("#lines .lines__row")
    expect(row).to_have_count(1)
    code = row.locator(".lines__name").inner_text()
    text = looked_at(downloaded(page, "PDF"))
    for words in ("盘点表", code, "A-SHELF1", "可颂", "高筋面粉", "盲盘"):
        assert words in text, text
    return downloaded(page, "Excel")


def downloaded(page: Page, name: str) -> bytes:
    """The file behind a link; with Alt it is saved where a click would show it."""
    with page.expect_download() as started:
        page.get_by_role("link", name=name, exact=True).first.click(modifiers=["Alt"])
    return started.value.path().read_bytes()


def preview(page: Page, here: str, content: bytes) -> None:
    """Look at a filled workbook before it counts."""
    page.goto(f"{here}/sheets")
    file = {"name": "盘点.xlsx", "mimeType": "application/zip", "buffer": content}
    page.set_input_files("#file", file)  # type: ignore[arg-type]
    page.locator("#take button[type=submit]").click()
    page.wait_for_url(re.compile(r"/counting/uploads/\d+$"))


def begin(page: Page, shelf: str) -> None:
    page.goto("/counting")
    wedge(page, shelf)
    page.wait_for_url(re.compile(r"/counting/\d+$"))
    if page.locator("#step").get_attribute("data-step") == "scan_location":
        wedge(page, shelf)
    expect(page.locator("#step")).to_have_attribute("data-step", "scan_goods")


def typed(page: Page, quantity: str) -> None:
    """How many there are in all, by the keypad."""
    expect(page.locator("#step .quantity__now")).to_have_text("1")
    page.locator("#step summary").click()
    page.locator("#step input[name=quantity]").fill(quantity)
    page.locator("#step .keypad__ok").click()
    expect(page.locator("#step .quantity__now")).to_have_text(quantity)


def done(page: Page) -> None:
    page.get_by_role("button", name="本库位盘完").click()
    expect(page.locator("#step")).to_have_attribute("data-step", "done")


def pick(page: Page, pick_id: int, pieces: int) -> None:
    if f"/picking/{pick_id}" not in page.url:
        page.goto(f"/picking/{pick_id}")
        wedge(page, SHELF1)
        expect(page.locator("#step")).to_have_attribute("data-step", "scan_item")
    for _ in range(pieces):
        before = page.locator("#step .quantity").inner_text()
        wedge(page, BREAD)
        expect(page.locator("#step .quantity")).not_to_have_text(before)


def review(page: Page, count_id: int) -> None:
    """A reason for all differences, then post: more than 1000 waits for another person."""
    page.goto(f"/counting/counts/{count_id}")
    page.locator("#reason").select_option("theft")
    with page.expect_navigation():
        page.locator("form[action$='/reasons']:has(#reason) button[type=submit]").click()
    with page.expect_navigation():
        page.locator("form[action$='/posting'] button[type=submit]").first.click()


def approve(page: Page) -> None:
    page.goto("/approvals")
    with page.expect_navigation():
        page.get_by_role("button", name="批准", exact=True).first.click()


def on_hand(saoku: Product, place: str) -> Decimal:
    [(quantity,)] = saoku.rows(
        "select sum(on_hand) from balance where location_id = %s",
        saoku.company.a.locations[place],
    )  # fmt: skip
    return quantity
