"""Counting without network: places opened, counted and finished on the device, settled later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.catalog.commands import CreateLocation, create_location
from app.catalog.tables import Lot
from app.counting import scans
from app.counting.beginning import BeginTask, begin_task
from app.counting.making import CancelCount, MakeCount, Selection, cancel_count, make_count
from app.kit.database import SYSTEM
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from e2e.front_end_browser import needs_chromium
from e2e.offline_device import carried, unconfirmed
from e2e.product import Product
from e2e.test_offline import at_step
from e2e.test_receiving import BREAD, FLOUR, HANDHELD, sign_in, wedge
from tests.harness import GTINS, assert_verified
from tests.ledger.moves import PostMoves, movement, post_moves, receive

pytestmark = needs_chromium
PLACES = ("K-01", "K-02", "K-03")
SERIAL = f"01{GTINS['oven']}21S9"


def do(saoku: Product, handler: Any, command: object, login: str = "manager_a") -> Any:
    company = saoku.company
    caller = replace(company.callers[login], store_id=company.a.store_id)
    return run(saoku.database, handler, command, Envelope(new_id(), caller))


@dataclass(frozen=True)
class Zone:
    """Three places that nobody else touches; ``tasks`` by their codes."""

    saoku: Product
    count_id: int
    tasks: dict[str, int]

    def scan(self, login: str, place: str, *codes: str) -> None:
        """Somebody with network counts there."""
        for code in (f"SK:L{place}", *codes):
            do(self.saoku, scans.scan, scans.scan_of(self.tasks[place], code), login)

    def move_out(self, item: str, quantity: str) -> None:
        moved = movement(self.saoku.company, item, quantity, "K-01", "dock")
        do(self.saoku, post_moves, PostMoves([moved]))

    def found(self) -> list[tuple[Any, ...]]:
        return self.saoku.rows(
            "select item.code, result.quantity, result.first_book, result.variance"
            " from count_result result join item on item.id = result.item_id"
            " where count_id = %s order by item.code", self.count_id,
        )  # fmt: skip

    def states(self) -> dict[str, str]:
        rows = self.saoku.rows(
            "select id, state from count_task where count_id = %s", self.count_id
        )
        return {place: dict(rows)[task] for place, task in self.tasks.items()}


@pytest.fixture(scope="module")
def saoku(alone: Product) -> Product:
    """The orders of others would reserve what is counted."""
    return alone


@pytest.fixture
def zone(saoku: Product) -> Iterator[Zone]:
    """Eight bread in the first place; the operator has begun the first two."""
    own = saoku.company.a
    with saoku.database.session(SYSTEM) as session:
        session.add(Lot(item_id=saoku.company.items["oven"], code="S9"))
        session.commit()
    for code in PLACES:
        command = CreateLocation(own.warehouse_id, code, own.zone_id)
        own.locations[code] = do(saoku, create_location, command).id
    bought = receive(saoku.company, "bread", "8", "16")
    do(
        saoku,
        post_moves,
        PostMoves([bought, movement(saoku.company, "bread", "8", "dock", "K-01")]),
    )
    chosen = Selection(location_ids=tuple(own.locations[code] for code in PLACES))
    made = do(saoku, make_count, MakeCount(own.store_id, "tasks", chosen))
    tasks = saoku.rows(
        "select location.code, task.id from count_task task join location"
        " on location.id = task.location_id where count_id = %s", made.count_id,
    )  # fmt: skip
    zone = Zone(saoku, made.count_id, dict(tasks))
    for code in PLACES[:2]:
        do(saoku, begin_task, BeginTask(zone.tasks[code]), "operator_a")
    yield zone
    do(saoku, cancel_count, CancelCount(made.count_id))
    for code in PLACES:
        own.locations.pop(code)


@pytest.fixture
def context(browser: Browser, saoku: Product) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=HANDHELD, base_url=saoku.address, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, zone: Zone) -> Iterator[Page]:
    """A handheld that has seen the list of places."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, "operator_a")
    for code in PLACES[:2]:
        carried(page, f"counting/{zone.tasks[code]}")
    yield page
    assert errors == []


def open_kept(page: Page, place: str) -> None:
    """Without network, from the list of what this device carries along."""
    page.locator("#lines a.lines__row", has_text=place).click()
    expect(page.locator("h1")).to_have_text(place)
    at_step(page, "scan_location")
    wedge(page, f"SK:L{place}")
    at_step(page, "scan_goods")


def finish(page: Page) -> None:
    page.get_by_role("button", name="本库位盘完").click()
    at_step(page, "done")


def count_first(page: Page) -> None:
    """Eight bread by two scans and the keypad, and flour that nobody expected."""
    open_kept(page, "K-01")
    wedge(page, BREAD)
    wedge(page, BREAD)
    unconfirmed(page, "BREAD", "+2")
    page.locator("#step summary").click()
    page.locator("#step input[name=quantity]").fill("8")
    page.locator("#step .keypad__ok").click()
    unconfirmed(page, "BREAD", "+8")
    wedge(page, FLOUR)
    unconfirmed(page, "FLOUR", "+1")
    expect(page.locator("#lines .lines__row", has_text="FLOUR")).to_contain_text("账上这里没有")
    finish(page)


def back(page: Page, context: BrowserContext) -> None:
    """The list that stood in becomes the server's own; everything is sent."""
    context.set_offline(False)
    expect(page.locator("form[action='/counting/next']")).to_be_visible()
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")


def test_places_are_counted_without_network_and_a_refusal_is_kept(
    page: Page, context: BrowserContext, zone: Zone
) -> None:
    context.set_offline(True)
    page.goto("/counting")
    count_first(page)
    zone.move_out("bread", "3")
    zone.scan("supervisor_a", "K-03", SERIAL)

    page.locator(".dock a.action-bar__main").click()
    open_kept(page, "K-02")
    wedge(page, SERIAL)
    unconfirmed(page, "OVEN", "+1")
    finish(page)
    page.goto("/counting")
    kept = page.locator("#lines a.lines__row", has_text="K-01")
    expect(kept).to_contain_text("6 尚未确认")
    assert zone.found() == []
    back(page, context)
    assert zone.states() == {"K-01": "done", "K-02": "in_progress", "K-03": "in_progress"}
    assert zone.found() == [("BREAD", 8, 8, 0), ("FLOUR", 1, 0, 1)], "as it was at the scan"

    page.goto("/outbox")
    refused = page.locator("#queue-inbox li")
    expect(refused).to_have_count(2)
    expect(refused.first).to_contain_text("K-03")
    expect(refused.last).to_contain_text("没有发送")
    assert_verified(zone.saoku.database)
