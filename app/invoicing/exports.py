"""The files of invoices: the list, one invoice, what is open, how the estimate moved, returns."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.invoicing import open_goods, queries, return_queries
from app.invoicing.open_goods import MovementRow, OpenRow
from app.invoicing.queries import InvoiceRow, LineView
from app.invoicing.return_queries import EVERY_RETURN, ReturnLine, ReturnRow
from app.invoicing.words import (
    INVOICE_NAMES,
    INVOICE_STATES,
    LINE_NAMES,
    RETURN_STATES,
    STATUS_NAMES,
    reason_words,
)
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark

READ = "supplier_invoice_read"


def _invoices(asked: Asked) -> sql.Select[InvoiceRow]:
    return queries.every_invoice(asked.query)


def _lines(asked: Asked) -> sql.Select[LineView]:
    return queries.every_line(asked.session, asked.ids["invoice_id"])


def _open(asked: Asked) -> sql.Select[OpenRow]:
    return open_goods.every_open(asked.query, asked.actor.time_zone)


def _movements(asked: Asked) -> sql.Select[MovementRow]:
    return open_goods.movements(asked.query, asked.actor.time_zone)


def _returns(asked: Asked) -> sql.Select[ReturnRow]:
    del asked
    return EVERY_RETURN


def _return_lines(asked: Asked) -> sql.Select[ReturnLine]:
    return return_queries.lines_of(asked.session, asked.ids["return_id"])


INVOICES = Export(
    "/invoices",
    mark("Supplier invoices"),
    READ,
    _invoices,
    [
        Column(mark("Number"), "number"),
        Column(mark("Kind"), lambda row: gettext(INVOICE_NAMES[row.kind])),
        Column(mark("State"), lambda row: gettext(INVOICE_STATES[row.state])),
        Column(mark("Number of the paper"), "supplier_number"),
        Column(mark("Supplier (code)"), "supplier_code"),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Store"), "store"),
        Column(mark("Date"), "invoice_on"),
        Column(mark("Currency"), "currency"),
        Column(mark("Exchange rate"), "exchange_rate"),
        Column(mark("Net amount"), "net_amount"),
        Column(mark("Tax"), "tax_amount"),
        Column(mark("Gross amount"), "gross_amount"),
        Column(mark("Difference to the estimate"), "difference"),
        Column(mark("Posted at"), "posted_at"),
    ],
)
LINES = Export(
    "/invoices/{invoice_id:int}/lines",
    mark("Invoice lines"),
    READ,
    _lines,
    [
        Column(mark("Line"), "position"),
        Column(mark("Kind"), lambda row: gettext(LINE_NAMES[row.kind])),
        Column(mark("Receipt"), "receipt"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "title"),
        Column(mark("Quantity"), "quantity"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Price"), "unit_price"),
        Column(mark("Tax rate"), "tax_rate"),
        Column(mark("Net amount"), "net_amount"),
        Column(mark("Tax"), "tax_amount"),
        Column(mark("Value for stock"), "value"),
        Column(mark("Estimate reversed"), "estimate"),
        Column(mark("To stock"), "to_stock"),
        Column(mark("To cost of sales"), "to_cogs"),
        Column(mark("Difference by exchange rate"), "by_rate"),
        Column(mark("Difference by price"), "by_price"),
    ],
)
OPEN = Export(
    "/invoices/open",
    mark("Goods received, not invoiced"),
    READ,
    _open,
    [
        Column(mark("Month"), "period"),
        Column(mark("Supplier (code)"), "supplier_code"),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Receipt"), "receipt"),
        Column(mark("Purchase order"), "order_number"),
        Column(mark("Received at"), "since"),
        Column(mark("Receipts"), "receipts"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "item_name"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Received"), "received"),
        Column(mark("Invoiced"), "invoiced"),
        Column(mark("Sent back"), "returned"),
        Column(mark("Not invoiced"), "open_quantity"),
        Column(mark("Value received"), "goods_amount"),
        Column(mark("Estimate"), "open_amount"),
    ],
)
MOVEMENTS = Export(
    "/invoices/open/movements",
    mark("Movement of the estimate"),
    READ,
    _movements,
    [
        Column(mark("Supplier (code)"), "supplier_code"),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Opening estimate"), "opening"),
        Column(mark("Received at estimate"), "received"),
        Column(mark("Reversed by invoices"), "reversed"),
        Column(mark("Sent back unbilled"), "returned"),
        Column(mark("Closing estimate"), "closing"),
    ],
)
RETURNS = Export(
    "/supplier-returns",
    mark("Supplier returns"),
    "supplier_return",
    _returns,
    [
        Column(mark("Number"), "number"),
        Column(mark("State"), lambda row: gettext(RETURN_STATES[row.state])),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Receipt"), "receipt"),
        Column(mark("Store"), "store"),
        Column(mark("Created"), "created_at"),
        Column(mark("Entries"), "lines"),
        Column(mark("Cost that left stock"), "amount", "view_cost"),
        Column(mark("Credit expected"), "credit", "view_cost"),
        Column(mark("Variance"), "variance", "view_cost"),
    ],
)
RETURN_LINES = Export(
    "/supplier-returns/{return_id:int}/lines",
    mark("Supplier return lines"),
    "supplier_return",
    _return_lines,
    [
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "title"),
        Column(mark("Lot"), "lot_code"),
        Column(mark("Location"), "location_code"),
        Column(mark("Status"), lambda row: gettext(STATUS_NAMES[row.status])),
        Column(mark("Quantity"), "quantity"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Reason"), lambda row: reason_words(row.reason)),
        Column(mark("Taken back"), "is_undone"),
        Column(mark("Cost that left stock"), "amount", "view_cost"),
        Column(mark("Credit expected"), "credit", "view_cost"),
        Column(mark("Variance"), "variance", "view_cost"),
        Column(mark("By"), "user_name"),
        Column(mark("At"), "created_at"),
    ],
)
EXPORTS = (INVOICES, LINES, OPEN, MOVEMENTS)
RETURN_EXPORTS = (RETURNS, RETURN_LINES)
