"""Stock as CSV, a row at a time: the memory it takes does not grow with the company."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from app.kit.database import Caller, Database
from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.stock.filters import StockFilter
from app.stock.queries import every_balance
from app.stock.views import STATUS_NAMES, BalanceRow

# Excel takes a CSV for UTF-8 only behind this mark.
BYTE_ORDER_MARK = "\ufeff"
HEADINGS = (
    mark("Store"),
    mark("Location"),
    mark("Item code"),
    mark("Item"),
    mark("Specification"),
    mark("Lot"),
    mark("Expires on"),
    mark("Status"),
    mark("Logistic unit"),
    mark("On hand"),
    mark("Allocated"),
    mark("Unit"),
)
_CHUNK = 64 << 10
# What a spreadsheet takes for a formula (OWASP, CSV injection): such a text gets an apostrophe.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def balances_csv(
    database: Database, caller: Caller, wanted: StockFilter, today: date
) -> Iterator[bytes]:
    """The bytes of the file, in pieces.

    Headings and words are in the language of the moment when this is called: the pieces are made
    later, on other threads, which know nothing of it.
    """
    headings = [gettext(heading) for heading in HEADINGS]
    statuses = {status: gettext(name) for status, name in STATUS_NAMES.items()}
    return _pieces(database, caller, wanted, today, headings, statuses)


def _pieces(
    database: Database,
    caller: Caller,
    wanted: StockFilter,
    today: date,
    headings: list[str],
    statuses: dict[str, str],
) -> Iterator[bytes]:
    buffer = io.StringIO(BYTE_ORDER_MARK, newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(headings)
    with database.reading(caller) as session:
        for row in every_balance(session, wanted, today):
            writer.writerow(_cells(row, statuses))
            if buffer.tell() > _CHUNK:
                yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cells(row: BalanceRow, statuses: dict[str, str]) -> list[str]:
    return [
        _harmless(row.store_name),
        _harmless(row.location_code),
        _harmless(row.item_code),
        _harmless(row.item_name),
        _harmless(row.specification),
        _harmless(row.lot_code or ""),
        row.expires_on.isoformat() if row.expires_on else "",
        statuses[row.status],
        row.sscc or "",
        plain(row.on_hand),
        plain(row.allocated),
        _harmless(row.base_unit),
    ]


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
