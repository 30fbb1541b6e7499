"""The files of landed cost: the vouchers, and every share of one of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from litestar import Response, get

from app.access.actor import Actor
from app.access.exports import MEDIA_TYPES, Asked, Export
from app.kit import sql
from app.kit.database import Database
from app.kit.exports import Cell, Column, write_csv, write_xlsx
from app.kit.i18n import gettext, mark
from app.kit.visit import visit_of
from app.kit.web import AnyRequest
from app.landing import queries
from app.landing.queries import VoucherRow, VoucherView
from app.landing.words import CHARGE_NAMES, VOUCHER_STATES
from app.spreadsheets.web import SPREADSHEET, file_answer

HEADINGS = (
    mark("Receipt"),
    mark("Item code"),
    mark("Item"),
    mark("Lot"),
    mark("Quantity"),
    mark("Unit"),
    mark("Value of the goods"),
    mark("Weight in kg"),
    mark("Volume in litres"),
)
RESULTS = (
    mark("Charges"),
    mark("Estimate that goes out"),
    mark("Change"),
    mark("To stock"),
    mark("To cost of sales"),
)


def _vouchers(asked: Asked) -> sql.Select[VoucherRow]:
    return queries.every_voucher(asked.query)


def _kinds(row: VoucherRow) -> str:
    return ", ".join(gettext(CHARGE_NAMES[kind]) for kind in (row.kinds or "").split())


VOUCHERS = Export(
    "/landing",
    mark("Landed cost vouchers"),
    "landed_cost_read",
    _vouchers,
    [
        Column(mark("Number"), "number"),
        Column(mark("Date"), "voucher_on"),
        Column(mark("State"), lambda row: gettext(VOUCHER_STATES[row.state])),
        Column(mark("Store"), "store"),
        Column(mark("Supplier"), "supplier"),
        Column(mark("Number of the paper"), "supplier_number"),
        Column(mark("Charges"), _kinds),
        Column(mark("Currency"), "currency"),
        Column(mark("Exchange rate"), "exchange_rate"),
        Column(mark("Value"), "value"),
        Column(mark("Receipt lines"), "lines"),
        Column(mark("To stock"), "to_stock"),
        Column(mark("To cost of sales"), "to_cogs"),
        Column(mark("Posted at"), "posted_at"),
    ],
)
EXPORTS = (VOUCHERS,)


@get("/landing/{voucher_id:int}/shares.xlsx", sync_to_thread=True)
def download_shares(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> Response[bytes]:
    """Every share of every receipt line, posted or as it would be posted now."""
    view = _view(database, actor, voucher_id)
    file = io.BytesIO()
    with visit_of(request).speaking():
        write_xlsx(file, view.head.number, _headings(view), _rows(view))
    return file_answer(file.getvalue(), f"{view.head.number}.xlsx", SPREADSHEET)


@get("/landing/{voucher_id:int}/shares.csv", sync_to_thread=True)
def download_shares_csv(
    request: AnyRequest, database: Database, actor: Actor, voucher_id: int
) -> Response[bytes]:
    """The same as CSV."""
    view = _view(database, actor, voucher_id)
    file = io.BytesIO()
    with visit_of(request).speaking():
        write_csv(file, _headings(view), _rows(view))
    return file_answer(file.getvalue(), f"{view.head.number}.csv", MEDIA_TYPES[".csv"])


def _view(database: Database, actor: Actor, voucher_id: int) -> VoucherView:
    actor.require("landed_cost_read")
    actor.require("export")
    with database.reading(actor.caller) as session:
        return queries.voucher(session, voucher_id)


def _headings(view: VoucherView) -> list[str]:
    return [
        *(gettext(text) for text in HEADINGS),
        *(_charge(charge) for charge in view.charges),
        *(gettext(text) for text in RESULTS),
    ]


def _charge(charge: Any) -> str:
    return f"{charge.position}. {gettext(CHARGE_NAMES[charge.kind])}"


def _rows(view: VoucherView) -> Iterator[list[Cell]]:
    for one in view.lines:
        line = one.line
        shares = [one.shares.get(charge.id) for charge in view.charges]
        yield [
            line.receipt_number, line.item_code, line.title, line.lot_code, line.quantity,
            line.base_unit, line.goods, line.weight, line.volume, *shares, one.value,
            one.estimate, one.value - one.estimate, one.to_stock, one.to_cogs,
        ]  # fmt: skip
