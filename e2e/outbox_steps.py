"""What the tests of the outbox do to a page, a network and a server, and what they look at."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.patience import PATIENCE_MS
from e2e.product import Product, line
from e2e.test_receiving import BREAD, HANDHELD, open_order, sign_in

# The page's own outbox: a module is loaded once, so this is the one that the scan box uses.
OUTBOX = """document.querySelector('script[src$="main.js"]').src.replace("main.js", "outbox.js")"""
PUT = f"""async ([url, codes, ageMs]) => {{
  const {{ outbox }} = await import({OUTBOX});
  const {{ command, stamp }} = await import({OUTBOX}.replace("outbox.js", "lib/command.js"));
  const {{ occurredAt }} = await import({OUTBOX}.replace("outbox.js", "lib/moment.js"));
  for (const code of codes) {{
    const fields = [["code", code], ["symbology", ""], ["source", "wedge"]];
    const made = {{ ...stamp(), occurred_at: occurredAt(new Date(Date.now() - ageMs)) }};
    await outbox.put(command({{ url, fields, kind: "scan" }}, made));
  }}
}}"""
LIST = f"async () => (await import({OUTBOX})).outbox.list()"


def handheld(browser: Browser, address: str, **more: Any) -> BrowserContext:
    return browser.new_context(viewport=HANDHELD, base_url=address, locale="zh-CN", **more)


def signed_in(browser: Browser, address: str) -> Iterator[Page]:
    """The page of operator_a on a handheld, closed at the end."""
    context = handheld(browser, address, service_workers="block")
    page = context.new_page()
    sign_in(page, "operator_a")
    yield page
    context.close()


def chip(page: Page, look: str, patience_ms: int = PATIENCE_MS) -> None:
    expect(page.locator("queue-chip")).to_have_attribute("data-look", look, timeout=patience_ms)


def quiet(page: Page, patience_ms: int = PATIENCE_MS) -> None:
    """Nothing waits and nothing is to be decided."""
    chip(page, "idle", patience_ms)
    expect(page.locator("outbox-badge")).to_have_attribute("data-pending", "0")


def kept(page: Page) -> int:
    """How many scans the device's store has, whatever became of them."""
    return len(states(page))


def pending(page: Page) -> int:
    return int(page.locator("outbox-badge").get_attribute("data-pending") or 0)


def states(page: Page) -> list[str]:
    return [one["state"] for one in page.evaluate(LIST) if one["kind"] == "scan"]


def received(saoku: Product, order_id: int) -> Decimal:
    [(found,)] = saoku.rows(
        "select sum(received) from purchase_order_line where order_id = %s", order_id
    )
    return found


def postings(saoku: Product, receipt_id: str) -> int:
    """Scans of the receipt that were booked: lines, and the moves behind them."""
    [(lines, moves)] = saoku.rows(
        "select count(distinct line.id), count(distinct move.id) from receipt_line line"
        " join stock_move move on move.command_id = line.command_id where line.receipt_id = %s",
        int(receipt_id),
    )
    assert lines == moves
    return lines


def order_of_bread(saoku: Product, page: Page, quantity: int = 5000) -> tuple[int, str]:
    order = saoku.order(line(BREAD, str(quantity), "3"))
    return order.order_id, open_order(page, order.number).rpartition("/")[2]


def received_by(saoku: Product, receipt: str) -> Decimal:
    [(found,)] = saoku.rows(
        "select sum(quantity) from receipt_line where receipt_id = %s", int(receipt)
    )
    return found
