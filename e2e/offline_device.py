"""A handheld that loses its network: what tests of the offline work share."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from e2e.patience import until
from e2e.product import Product, line
from e2e.test_receiving import BREAD, FLOUR, open_order

KEPT = """async () => {
  const main = document.querySelector('script[type="module"]').src;
  const { kept } = await import(new URL("offline/packages.js", main).href);
  return (await kept()).map(({ key }) => key);
}"""
# Not `ready`: that waits for ever where an installation has failed.
ACTIVE = "navigator.serviceWorker.controller !== null"


def kept(page: Page) -> list[str]:
    """The work that this device carries along."""
    return page.evaluate(KEPT)


def working(page: Page) -> None:
    """Wait until the worker of the site serves this page."""
    until(page, lambda: page.evaluate(ACTIVE))


def carried(page: Page, key: str) -> None:
    """Wait until the worker is there and the package is kept."""
    working(page)
    until(page, lambda: key in kept(page))


def reloaded(page: Page) -> None:
    """Open the page again; its scan box is ready."""
    page.reload()
    expect(page.locator("scan-field textarea")).to_be_focused()


def open_carried(page: Page, saoku: Product) -> tuple[Any, str]:
    """An order being received, known to the device: the order, and the receipt's path."""
    order = saoku.order(
        line(BREAD, "12", "3.10"), line("MILK", "5", "6.66"), line(FLOUR, "25", "4")
    )
    path = "/" + open_order(page, order.number)
    carried(page, path.strip("/"))
    return order, path


def unconfirmed(page: Page, item: str, quantity: str) -> None:
    """The line counts so many that the server has not confirmed, and says so in words."""
    row = page.locator("#lines .lines__row", has_text=item)
    expect(row.locator(".unconfirmed")).to_have_text(quantity)
    expect(row).to_contain_text(re.compile("尚未确认|not yet confirmed"))


def received(saoku: Product, order_id: int) -> dict[str, Any]:
    rows = saoku.rows(
        "select item.code, line.received from purchase_order_line line"
        " join item on item.id = line.item_id where order_id = %s", order_id,
    )  # fmt: skip
    return dict(rows)
