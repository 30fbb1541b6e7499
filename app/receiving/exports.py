"""The files of the purchase order screens."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.receiving import queries
from app.receiving.order_problems import ORDER_STATES
from app.receiving.words import reason

DEFAULT_STATE = "open"
"""Of the list of orders, where the address names none."""


def _orders(asked: Asked) -> sql.Select[queries.OrderRow]:
    return queries.every_order({"state": DEFAULT_STATE, **asked.query})


def _lines(asked: Asked) -> sql.Select[queries.OrderLineView]:
    """Raises NoSuchOrder."""
    head = queries.order_head(asked.session, asked.ids["order_id"])
    return queries.every_line(head.id)


ORDERS = Export(
    "/purchase-orders",
    mark("Purchase orders"),
    "purchase_order_read",
    _orders,
    [
        Column(mark("Number"), "number"),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Store"), "store"),
        Column(mark("State"), lambda row: gettext(ORDER_STATES[row.state])),
        Column(mark("Created"), "created_at"),
        Column(mark("Expected"), "expected_on"),
        Column(mark("Lines"), "lines"),
        Column(mark("Lines received"), "done"),
        Column(mark("Currency"), "currency"),
    ],
)
LINES = Export(
    "/purchase-orders/{order_id:int}/lines",
    mark("Order lines"),
    "purchase_order_read",
    _lines,
    [
        Column(mark("Line"), "position"),
        Column(mark("Item code"), "code"),
        Column(mark("Item"), "name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Ordered"), "quantity"),
        Column(mark("Unit"), "unit"),
        Column(mark("Packs"), lambda row: row.entered_quantity if row.packaging else None),
        Column(mark("Pack"), "packaging"),
        Column(mark("Received"), "received"),
        Column(mark("Still open"), lambda row: None if row.short_reason else row.missing),
        Column(mark("Short"), lambda row: reason(row.short_reason)),
        Column(mark("Price"), "unit_price", "view_cost"),
        Column(mark("Tax rate"), "tax_rate", "view_cost"),
        Column(mark("Value received"), "received_value", "view_cost"),
        Column(mark("Value ordered"), "net_amount", "view_cost"),
    ],
)
EXPORTS = (ORDERS, LINES)
