"""Commands on purchase orders: create, change while draft, confirm, cancel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.numbers import next_number
from app.catalog.problems import InvalidInput
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import fits, rounded
from app.kit.transactions import Envelope
from app.receiving import order_problems
from app.receiving.loading import QUERIES

MOST_LINES = 2_000

NO_SUCH_ITEM = mark("No item has this code or barcode.")
NO_SUCH_SUPPLIER = mark("There is no supplier with this code or name.")
MORE_THAN_ZERO = mark("It must be more than 0.")
TOO_FINE = mark("This item is counted with {decimals} decimals.")
TOO_MANY = mark("An order has at most {most} lines.")
UNLIKE_COMPANY = mark("The company's own currency has the rate 1.")


@dataclass(frozen=True)
class OrderLine:
    """One line as a person gives it.

    ``item`` is an item's code or any barcode of it; a pack's barcode orders packs.  ``unit_price``
    is per such unit, None takes the item's price; ``tax_rate`` is a fraction, None the item's own.
    ``over_receipt_tolerance`` is a fraction: 0.05 lets 5 % more come in.
    """

    item: given.CodeText
    quantity: given.Quantity
    unit_price: given.Price | None = None
    tax_rate: given.Fraction | None = None
    over_receipt_tolerance: given.Fraction = Decimal(0)


@dataclass(frozen=True)
class CreatePurchaseOrder:
    """``supplier`` is a partner's code or name.  ``exchange_rate`` is company currency per unit of
    ``currency`` (None: the company's own).  ``number`` is given by us where it is empty.
    """

    store_id: given.Id
    supplier: given.CodeText
    lines: list[OrderLine] = field(default_factory=list[OrderLine])
    number: given.Note = ""
    expected_on: date | None = None
    currency: given.Note = ""
    exchange_rate: given.Factor = Decimal(1)
    prices_include_tax: bool = True
    note: given.Note = ""
    confirm: bool = False


@dataclass(frozen=True)
class ChangeOrderLines:
    """The draft's lines from now on."""

    order_id: given.Id
    lines: list[OrderLine]


@dataclass(frozen=True)
class ConfirmPurchaseOrder:
    order_id: int


@dataclass(frozen=True)
class CancelPurchaseOrder:
    order_id: int


@dataclass(frozen=True)
class OrderChanged:
    order_id: int
    number: str
    state: str


@dataclass(frozen=True)
class _Terms:
    """What decides a line's value: the company's settings, the order's currency and rate."""

    decimals: int
    recovers_input_tax: bool
    currency: str
    time_zone: str
    role: str | None


@dataclass(frozen=True)
class _OrderedItem:
    code: str
    item_id: int
    decimals: int
    price: Decimal
    tax_rate: Decimal
    packaging_id: int | None
    factor: Decimal


def create_purchase_order(
    session: Session, command: CreatePurchaseOrder, envelope: Envelope
) -> OrderChanged:
    """Create a draft, or with ``confirm`` an order that can be received.

    Raises:
        InvalidInput: with a mark for every wrong field and line (``lines.3.item``).
        CapabilityMissing, NoLines, OrderNumberTaken.
    """
    command = given.checked(command)
    terms = _terms(session, command.store_id, envelope)
    supplier = _supplier(session, command.supplier)
    marks = _header_marks(command, terms, supplier)
    lines = _priced(session, command.lines, command, terms, marks)
    if command.confirm and not lines:
        raise order_problems.NoLines
    number = command.number or next_number(session, "PO", clock.today(terms.time_zone))
    state = "confirmed" if command.confirm else "draft"
    values = {
        "store_id": command.store_id,
        "number": number.upper(),
        "supplier_id": supplier,
        "state": state,
        "currency": command.currency or terms.currency,
        "exchange_rate": command.exchange_rate,
        "prices_include_tax": command.prices_include_tax,
        "expected_on": command.expected_on,
        "note": command.note,
    }
    order_id = int(sql.value(session, QUERIES["insert_order"], values))
    _write_lines(session, order_id, command.store_id, lines)
    return OrderChanged(order_id, number.upper(), state)


def change_order_lines(
    session: Session, command: ChangeOrderLines, envelope: Envelope
) -> OrderChanged:
    """Replace the lines of a draft."""
    command = given.checked(command)
    order = _locked(session, command.order_id)
    terms = _terms(session, order.store_id, envelope)
    if order.state != "draft":
        raise order_problems.OrderFixed(number=order.number, state=order.state)
    lines = _priced(session, command.lines, order, terms, [])
    sql.execute(session, QUERIES["delete_order_lines"], {"order_id": order.id})
    _write_lines(session, order.id, order.store_id, lines)
    return OrderChanged(order.id, order.number, order.state)


def confirm_purchase_order(
    session: Session, command: ConfirmPurchaseOrder, envelope: Envelope
) -> OrderChanged:
    order = _locked(session, command.order_id)
    _terms(session, order.store_id, envelope)
    if order.state != "draft":
        raise order_problems.OrderFixed(number=order.number, state=order.state)
    if not order.line_count:
        raise order_problems.NoLines
    return _become(session, order, "confirmed")


def cancel_purchase_order(
    session: Session, command: CancelPurchaseOrder, envelope: Envelope
) -> OrderChanged:
    """Nothing more comes in for it.  What was received stays; an open receipt hears of it at its
    next scan, because its row is locked here after the scan before has ended.
    """
    order = _locked(session, command.order_id)
    _terms(session, order.store_id, envelope)
    if order.state in ("done", "cancelled"):
        raise order_problems.OrderDone(number=order.number, state=order.state)
    sql.execute(session, QUERIES["lock_open_receipts"], {"order_id": order.id})
    return _become(session, order, "cancelled")


@dataclass(frozen=True)
class _LockedOrder:
    id: int
    store_id: int
    number: str
    state: str
    exchange_rate: Decimal
    prices_include_tax: bool
    line_count: int


def _locked(session: Session, order_id: int) -> _LockedOrder:
    order = sql.one(session, _LockedOrder, QUERIES["lock_whole_order"], {"order_id": order_id})
    if order is None:
        raise order_problems.NoSuchOrder
    return order


def _become(session: Session, order: _LockedOrder, state: str) -> OrderChanged:
    sql.execute(session, QUERIES["order_state"], {"order_id": order.id, "state": state})
    return OrderChanged(order.id, order.number, state)


def _terms(session: Session, store_id: int, envelope: Envelope) -> _Terms:
    who = {"store_id": store_id, "user_id": envelope.caller.user_id}
    terms = sql.one(session, _Terms, QUERIES["terms"], who)
    if terms is None:
        raise order_problems.NoSuchOrder
    # Without a person it is the system: the demo company and imports.
    if terms.role is not None and not may(terms.role, "purchase_order_write"):
        raise CapabilityMissing(capability="purchase_order_write")
    return terms


def _supplier(session: Session, text: str) -> int | None:
    wanted = {"code": normalised(text), "name": text}
    return sql.value(session, QUERIES["supplier"], wanted)


def _header_marks(
    command: CreatePurchaseOrder, terms: _Terms, supplier: int | None
) -> list[dict[str, Any]]:
    marks: list[dict[str, Any]] = []
    if supplier is None:
        marks.append(_mark("supplier", NO_SUCH_SUPPLIER))
    if len(command.lines) > MOST_LINES:
        marks.append(_mark("lines", TOO_MANY, most=MOST_LINES))
    own = command.currency in ("", terms.currency)
    if own and command.exchange_rate != 1:
        marks.append(_mark("exchange_rate", UNLIKE_COMPANY))
    return marks


def _mark(field: str, text: str, **values: object) -> dict[str, Any]:
    return {"field": field, "text": text, "values": values}


def _priced(
    session: Session,
    lines: list[OrderLine],
    order: CreatePurchaseOrder | _LockedOrder,
    terms: _Terms,
    marks: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The rows of the lines; every mark of every line is raised together with ``marks``."""
    items = _ordered_items(session, lines)
    rows: list[dict[str, Any]] = []
    for position, line in enumerate(lines, 1):
        item = items.get(normalised(line.item))
        marks += _line_marks(position, line, item)
        if item is not None:
            rows.append(_row(position, line, item, order, terms))
    if marks:
        raise InvalidInput.of(marks)
    return rows


def _ordered_items(session: Session, lines: list[OrderLine]) -> dict[str, _OrderedItem]:
    codes = sorted({normalised(line.item) for line in lines})
    found = sql.rows(session, _OrderedItem, QUERIES["ordered_items"], {"codes": codes})
    return {item.code: item for item in found}


def _line_marks(position: int, line: OrderLine, item: _OrderedItem | None) -> list[dict[str, Any]]:
    if item is None:
        return [_mark(f"lines.{position}.item", NO_SUCH_ITEM)]
    if line.quantity <= 0:
        return [_mark(f"lines.{position}.quantity", MORE_THAN_ZERO)]
    if not fits(line.quantity * item.factor, item.decimals):
        return [_mark(f"lines.{position}.quantity", TOO_FINE, decimals=item.decimals)]
    return []


def _row(
    position: int,
    line: OrderLine,
    item: _OrderedItem,
    order: CreatePurchaseOrder | _LockedOrder,
    terms: _Terms,
) -> dict[str, Any]:
    price = item.price * item.factor if line.unit_price is None else line.unit_price
    tax = item.tax_rate if line.tax_rate is None else line.tax_rate
    gross = line.quantity * price * order.exchange_rate
    return {
        "position": position,
        "item_id": item.item_id,
        "packaging_id": item.packaging_id,
        "entered_quantity": line.quantity,
        "factor": item.factor,
        "quantity": line.quantity * item.factor,
        "unit_price": price,
        "tax_rate": tax,
        "net_amount": net_amount(
            gross,
            tax,
            includes_tax=order.prices_include_tax,
            recovers=terms.recovers_input_tax,
            decimals=terms.decimals,
        ),
        "tolerance": line.over_receipt_tolerance,
    }


def net_amount(
    gross: Decimal, tax: Decimal, *, includes_tax: bool, recovers: bool, decimals: int
) -> Decimal:
    """What a line is worth in stock: without the tax that the company gets back (CAS 1, art. 6).

    A company that recovers no input tax carries the tax in the cost of its stock.
    """
    if includes_tax and recovers:
        return rounded(gross / (1 + tax), decimals)
    if not includes_tax and not recovers:
        return rounded(gross * (1 + tax), decimals)
    return rounded(gross, decimals)


def _write_lines(
    session: Session, order_id: int, store_id: int, lines: list[dict[str, Any]]
) -> None:
    for line in lines:
        values = line | {"order_id": order_id, "store_id": store_id}
        sql.execute(session, QUERIES["insert_order_line"], values)
