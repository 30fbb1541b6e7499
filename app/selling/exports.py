"""The files of the sales order screens."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.orders.words import ORDER_STATES
from app.selling import queries
from app.selling.words import LINE_STATES, READINESS, word_of

DEFAULT_STATE = "open"
"""Of the list of orders, where the address names none."""


def _orders(asked: Asked) -> sql.Select[queries.OrderRow]:
    return queries.every_order({"state": DEFAULT_STATE, **asked.query})


def _lines(asked: Asked) -> sql.Select[queries.OrderLineView]:
    """Raises NoSuchSalesOrder."""
    head = queries.order_head(asked.session, asked.ids["order_id"])
    return queries.every_line(head.id)


ORDERS = Export(
    "/sales-orders",
    mark("Sales orders"),
    "sales_order_read",
    _orders,
    [
        Column(mark("Number"), "number"),
        Column(mark("External number"), "external_number"),
        Column(mark("Customer"), "customer"),
        Column(mark("Store"), "store"),
        Column(mark("State"), lambda row: gettext(ORDER_STATES[row.state])),
        Column(mark("Readiness"), lambda row: word_of(READINESS, row.readiness)),
        Column(mark("Priority"), "priority"),
        Column(mark("Requested on"), "requested_on"),
        Column(mark("Due"), "due_at"),
        Column(mark("Created"), "created_at"),
        Column(mark("Lines"), "lines"),
        Column(mark("Lines done"), "done"),
        Column(mark("Amount with tax"), "total_amount"),
    ],
)  # fmt: skip
LINES = Export(
    "/sales-orders/{order_id:int}/lines",
    mark("Sales order lines"),
    "sales_order_read",
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
        Column(mark("Allocated"), "allocated"),
        Column(mark("Picked"), "picked"),
        Column(mark("Shipped"), "shipped"),
        Column(mark("Left to ship"), "open"),
        Column(mark("Missing"), "missing"),
        Column(mark("Readiness"), lambda row: word_of(LINE_STATES, row.state)),
        Column(mark("Short"), "short_reason"),
        Column(mark("Price"), "unit_price"),
        Column(mark("Discount"), "discount_rate"),
        Column(mark("Tax rate"), "tax_rate"),
        Column(mark("Net amount"), "net_amount"),
    ],
)  # fmt: skip
EXPORTS = (ORDERS, LINES)
