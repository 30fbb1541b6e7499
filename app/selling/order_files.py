"""Whole orders from a file: a row is a line, rows with the same order number are one order.

What was read is checked twice: for the preview, and again in the command that takes it in, from the
cells as the person saw them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from app.catalog.codes import normalised
from app.kit import sql
from app.kit.i18n import mark
from app.orders.creating import (
    MOST_LINES,
    NO_SUCH_CUSTOMER,
    NO_SUCH_PERSON,
    NO_SUCH_WAREHOUSE,
    TOO_MANY,
)
from app.selling.columns import HEAD_FIELDS, ORDERS
from app.selling.problems import TooManyRows
from app.selling.queries import VIEWS, Choice
from app.selling.sold import Sold, assortment, check_line, line_fields
from app.spreadsheets.cells import CellFault
from app.spreadsheets.files import Table, read
from app.spreadsheets.findings import Row
from app.spreadsheets.problems import FileEmpty, NoHeadings, NoSpreadsheet
from app.spreadsheets.reading import read_rows

MOST_ROWS = 5_000
_SOURCE = "file"


@dataclass(frozen=True)
class FileLine:
    row: Row
    sold: Sold | None

    @property
    def cells(self) -> list[str]:
        return [self.row.cells[c.field] for c in ORDERS.columns if c.field in self.row.cells]


@dataclass
class FileOrder:
    """The rows of one order number; ``head`` is what its rows say about the order itself."""

    number: str
    lines: list[FileLine] = field(default_factory=list[FileLine])
    head: dict[str, Any] = field(default_factory=dict[str, Any])
    customer: str = ""

    @property
    def is_bad(self) -> bool:
        return any(line.row.is_bad for line in self.lines)

    @property
    def found(self) -> list[FileLine]:
        """The lines with something to say about."""
        return [line for line in self.lines if line.row.findings]

    @property
    def fields(self) -> dict[str, Any]:
        """As the fields of ``CreateOrder``, without store and source."""
        lines = [line_fields(line.row) for line in self.lines]
        return {**self.head, "external_number": self.number, "lines": lines}


@dataclass(frozen=True)
class OrdersFile:
    """What a file would bring in.  ``ignored`` are the headings that are unknown to us."""

    file_name: str
    ignored: list[str]
    orders: list[FileOrder]

    @property
    def bad_count(self) -> int:
        return sum(order.is_bad for order in self.orders)

    @property
    def good_count(self) -> int:
        return len(self.orders) - self.bad_count

    @property
    def line_count(self) -> int:
        return sum(len(order.lines) for order in self.orders)

    @property
    def content(self) -> str:
        """The rows as they were read, each in the line that it had in the file."""
        rows = sorted(
            (line.row for order in self.orders for line in order.lines), key=lambda row: row.number
        )
        fields = [column.field for column in ORDERS.columns]
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter="\t", lineterminator="\n")
        writer.writerow([column.label for column in ORDERS.columns])
        line = 1
        for row in rows:
            text.write("\n" * (row.number - line - 1))
            writer.writerow([row.cells.get(name, "") for name in fields])
            line = row.number
        return text.getvalue()


def check_file(session: Session, store_id: int, file_name: str, content: bytes) -> OrdersFile:
    """The orders of an XLSX or CSV file and, in one pass, whatever is wrong with each row.

    Raises:
        Unreadable: the file as a whole, see ``app.spreadsheets.problems``; or too many rows.
    """
    return _check(session, store_id, file_name, read(content))


def check_content(session: Session, store_id: int, content: str) -> OrdersFile:
    """The same for what ``OrdersFile.content`` gave.

    Raises:
        Unreadable: it is something else.
    """
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), delimiter="\t"))
    except csv.Error as error:
        raise NoSpreadsheet(reason=str(error)) from error
    if not rows:
        raise FileEmpty
    return _check(session, store_id, "", Table(rows, "checked"))


def _check(session: Session, store_id: int, file_name: str, table: Table) -> OrdersFile:
    headings, rows = read_rows(ORDERS, table, {}, lambda _done, _all: None)
    if not headings.fields.keys() & {"item", "barcode"}:
        needed = [ORDERS.column(name).label for name in ("order", "item", "quantity")]
        raise NoHeadings(needed=", ".join(needed))
    if len(rows) > MOST_ROWS:
        raise TooManyRows(rows=len(rows), most=MOST_ROWS)
    orders = _grouped(session, rows)
    known = _known(session, store_id, orders)
    for order in orders:
        _check_head(order, known)
    return OrdersFile(file_name, headings.ignored, orders)


def _grouped(session: Session, rows: Sequence[Row]) -> list[FileOrder]:
    """Orders in the order of the file; a row without a number stays alone, refused."""
    known = assortment(session, rows)
    orders: dict[str, FileOrder] = {}
    first: dict[str, dict[int, int]] = {}
    for row in rows:
        number = str(row.values.get("order", ""))
        key = number or f"\0{row.number}"
        order = orders.setdefault(key, FileOrder(number))
        sold = check_line(row, known, first.setdefault(key, {}))
        order.lines.append(FileLine(row, sold))
    return list(orders.values())


# ---- What an order says beside its lines ------------------------------------------------------


@dataclass(frozen=True)
class _Customer:
    text: str
    id: int
    name: str
    kind: str
    is_active: bool


@dataclass(frozen=True)
class _Login:
    login: str


@dataclass(frozen=True)
class _Number:
    external_number: str
    number: str


@dataclass(frozen=True)
class _Known:
    """What the company has of what the orders name."""

    customers: Mapping[str, _Customer]
    warehouses: frozenset[str]
    people: frozenset[str]
    numbers: Mapping[str, str]


def _known(session: Session, store_id: int, orders: Sequence[FileOrder]) -> _Known:
    rows = [line.row for order in orders for line in order.lines]
    texts = sorted({str(row.values["customer"]) for row in rows if "customer" in row.values})
    logins = sorted({str(row.values["salesperson"]) for row in rows if "salesperson" in row.values})
    asked = {"texts": texts, "codes": [normalised(text) for text in texts]}
    numbers = {"source": _SOURCE, "numbers": [order.number for order in orders]}
    places = sql.rows(session, Choice, VIEWS["warehouses"], {"store_id": store_id})
    return _Known(
        {one.text: one for one in sql.rows(session, _Customer, VIEWS["named_customers"], asked)},
        frozenset(name for place in places for name in (place.code, place.name)),
        frozenset(
            one.login
            for one in sql.rows(session, _Login, VIEWS["named_people"], {"logins": logins})
        ),
        {
            one.external_number: one.number
            for one in sql.rows(session, _Number, VIEWS["known_numbers"], numbers)
        },
    )


def _check_head(order: FileOrder, known: _Known) -> None:
    """Gather what the rows say about their order; what is wrong is noted where it stands."""
    said_by = _gather(order)
    top = order.lines[0].row
    if "customer" not in order.head and not any("customer" in one.row.cells for one in order.lines):
        top.refuse("customer", CellFault(mark("It is needed."), mark("Fill in the cell.")))
    _check_customer(order, said_by, known)
    if "warehouse" in said_by and order.head["warehouse"] not in known.warehouses:
        said_by["warehouse"].refuse("warehouse", CellFault(NO_SUCH_WAREHOUSE))
    if "salesperson" in said_by and order.head["salesperson"] not in known.people:
        said_by["salesperson"].refuse("salesperson", CellFault(NO_SUCH_PERSON))
    if order.head.get("priority") == 0:
        least = mark("It must be at least {ge}.")
        said_by["priority"].refuse("priority", CellFault(least, ge=1))
    if order.number in known.numbers:
        text = mark("This order came in already: it is {number}.")
        advice = mark("Leave it out, or change the order itself.")
        top.refuse("order", CellFault(text, advice, number=known.numbers[order.number]))
    if len(order.lines) > MOST_LINES:
        top.refuse("order", CellFault(TOO_MANY, most=MOST_LINES))


def _gather(order: FileOrder) -> dict[str, Row]:
    """Fills ``head`` from the first row that says something; the rows that said it, by field.

    Only the row that contradicts is refused: which of the two is right is for people to say.
    """
    said_by: dict[str, Row] = {}
    for line in order.lines:
        for name in HEAD_FIELDS:
            value = line.row.values.get(name)
            if value is None:
                continue
            if name not in said_by:
                said_by[name] = line.row
                order.head[name] = date.fromisoformat(value) if name == "requested_on" else value
            elif said_by[name].values[name] != value:
                _refuse_contradiction(line.row, name, said_by[name])
    return said_by


def _refuse_contradiction(row: Row, name: str, other: Row) -> None:
    text = mark("Row {row} says {other} for the same order.")
    advice = mark("Make both the same, or leave this one empty.")
    row.refuse(name, CellFault(text, advice, row=other.number, other=other.values[name]))


def _check_customer(order: FileOrder, said_by: Mapping[str, Row], known: _Known) -> None:
    if "customer" not in said_by:
        return
    row = said_by["customer"]
    found = known.customers.get(str(order.head["customer"]))
    create = mark("Create the customer first, or correct the cell.")
    if found is None:
        row.refuse("customer", CellFault(NO_SUCH_CUSTOMER, create))
    elif not found.is_active:
        text, advice = mark("{name} is archived."), mark("Restore it first, or name another.")
        row.refuse("customer", CellFault(text, advice, name=found.name))
    elif found.kind not in ("customer", "both"):
        text = mark("{name} is a supplier, not a customer.")
        advice = mark("Make it a customer as well, or name another.")
        row.refuse("customer", CellFault(text, advice, name=found.name))
    else:
        order.customer = found.name
