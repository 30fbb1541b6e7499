"""Writing an invoice or a credit note: a draft with its lines, worth what its paper says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from sqlmodel import Session

from app.catalog import input as given
from app.catalog.codes import normalised
from app.catalog.currencies import document_rate, own
from app.catalog.numbers import next_number
from app.catalog.problems import InvalidInput
from app.invoicing.amounts import LineAmounts, Terms, line_amounts
from app.invoicing.loading import QUERIES, draft
from app.invoicing.problems import InvoiceUnknown
from app.kit import clock, sql
from app.kit.i18n import mark
from app.kit.money import ZERO, fits
from app.kit.transactions import Envelope

PREFIXES = {"invoice": "PI", "credit_note": "CN"}
MOST_LINES = 2_000
NO_SUCH_SUPPLIER = mark("There is no supplier with this code or name.")
NO_SUCH_ITEM = mark("No item has this code or barcode.")
NO_SUCH_RECEIPT = mark("There is no such receipt in this store.")
OTHER_SUPPLIER = mark("This receipt is of another supplier.")
STILL_OPEN = mark("This receipt is still open or was cancelled: close it first.")
MORE_THAN_ZERO = mark("It must be more than 0.")
TOO_FINE = mark("This item is counted with {decimals} decimals.")
NO_LINES = mark("Enter at least one line.")
TOO_MANY = mark("There are more than {most}.")
TWICE = mark("This item of this receipt stands on another line already.")
ABSURD = mark("The number is absurdly large.")
NO_SUCH_INVOICE = mark("This is no posted invoice of this supplier.")
MOST_AMOUNT = Decimal(10) ** 14
NOT_HERE = mark("An invoice bills received goods; credits belong on a credit note.")

LineKind = Literal["received", "allowance", "returned"]


@dataclass(frozen=True)
class InvoiceLine:
    """``receipt`` is its number, ``item`` a code of the item; ``quantity`` in base units, and
    ``unit_price`` per base unit in the document's currency.  ``tax_rate`` None: the order's.
    """

    receipt: given.CodeText
    item: given.CodeText
    quantity: given.Quantity
    unit_price: given.Price
    tax_rate: given.Fraction | None = None
    kind: LineKind = "received"


@dataclass(frozen=True)
class CreateInvoice:
    """``kind`` credit_note: lines take off (``allowance``) or are for goods sent back.

    ``supplier_number`` is what stands on the paper; ``corrects_id`` the invoice that a credit note
    is for, where it is for one.
    """

    store_id: given.Id
    supplier: given.CodeText
    supplier_number: given.Name
    lines: list[InvoiceLine]
    kind: Literal["invoice", "credit_note"] = "invoice"
    corrects_id: given.Id | None = None
    invoice_on: date | None = None
    currency: given.Note = ""
    exchange_rate: given.Rate | None = None
    prices_include_tax: bool = True
    note: given.Note = ""


@dataclass(frozen=True)
class ChangeInvoice:
    """Everything of a draft, written anew; store and kind stay."""

    invoice_id: given.Id
    content: CreateInvoice


@dataclass(frozen=True)
class CancelInvoice:
    invoice_id: int


@dataclass(frozen=True)
class InvoiceChanged:
    """``request_id`` where votes are needed first; nothing has changed then."""

    invoice_id: int
    number: str
    state: str
    request_id: int | None = None


@dataclass(frozen=True)
class _Store:
    id: int
    time_zone: str


@dataclass(frozen=True)
class _Receipt:
    number: str
    id: int
    store_id: int
    supplier_id: int | None
    state: str


@dataclass(frozen=True)
class _Item:
    code: str
    item_id: int
    decimals: int
    tax_rate: Decimal


@dataclass(frozen=True)
class _TaxRate:
    receipt_id: int
    item_id: int
    tax_rate: Decimal


def create_invoice(session: Session, command: CreateInvoice, envelope: Envelope) -> InvoiceChanged:
    """Write a draft.  Nothing is posted by it, and it may bill more than what came.

    Raises:
        InvalidInput: with a mark for every wrong field and line (``lines.2.receipt``).
        CurrencyWithoutRate, PaperEntered, InvoiceUnknown (of a store that is not one's own).
    """
    command = given.checked(command)
    store = sql.one(session, _Store, QUERIES["store_of"], {"store_id": command.store_id})
    if store is None:
        raise InvoiceUnknown
    head, lines = _content(session, command, clock.today(store.time_zone))
    number = next_number(session, PREFIXES[command.kind], clock.today(store.time_zone))
    values = head | {
        "store_id": store.id,
        "number": number,
        "kind": command.kind,
        "corrects_id": command.corrects_id,
        "user_id": envelope.caller.user_id,
    }
    invoice_id = int(sql.value(session, QUERIES["insert_invoice"], values))
    _write_lines(session, invoice_id, store.id, lines)
    return InvoiceChanged(invoice_id, number, "draft")


def change_invoice(session: Session, command: ChangeInvoice, _envelope: Envelope) -> InvoiceChanged:
    """As ``create_invoice``, of a draft.  Raises InvoiceFixed too."""
    invoice = draft(session, command.invoice_id)
    kind: Any = invoice.kind
    content = replace(given.checked(command.content), store_id=invoice.store_id, kind=kind)
    head, lines = _content(session, content, clock.today())
    sql.execute(session, QUERIES["change_invoice"], head | {"invoice_id": invoice.id})
    sql.execute(session, QUERIES["delete_lines"], {"invoice_id": invoice.id})
    _write_lines(session, invoice.id, invoice.store_id, lines)
    return InvoiceChanged(invoice.id, invoice.number, invoice.state)


def cancel_invoice(session: Session, command: CancelInvoice, _envelope: Envelope) -> InvoiceChanged:
    """A draft that is not wanted any more; its number stays used."""
    invoice = draft(session, command.invoice_id)
    state = {"invoice_id": invoice.id, "state": "cancelled"}
    sql.execute(session, QUERIES["set_state"], state)
    return InvoiceChanged(invoice.id, invoice.number, "cancelled")


# ---- Behind them -------------------------------------------------------------------------------

_Row = dict[str, Any]


def _content(session: Session, command: CreateInvoice, today: date) -> tuple[_Row, list[_Row]]:
    """The columns of the head and of the lines.  Raises InvalidInput, CurrencyWithoutRate."""
    day = command.invoice_on or today
    rate = document_rate(session, command.currency, day, command.exchange_rate)
    company = own(session)
    terms = Terms(
        rate.rate, company.decimals, command.prices_include_tax, company.recovers_input_tax
    )
    wanted = {"code": normalised(command.supplier), "name": command.supplier}
    supplier_id: int | None = sql.value(session, QUERIES["supplier_named"], wanted)
    marks = [] if supplier_id else [_mark("supplier", NO_SUCH_SUPPLIER)]
    marks += _correction_marks(session, command, supplier_id)
    lines = _lines(session, command, supplier_id, terms, marks)
    head = {
        "supplier_id": supplier_id,
        "supplier_number": command.supplier_number,
        "invoice_on": day,
        "currency": rate.currency,
        "exchange_rate": rate.rate,
        "prices_include_tax": command.prices_include_tax,
        "net_amount": sum((line["net_amount"] for line in lines), ZERO),
        "tax_amount": sum((line["tax_amount"] for line in lines), ZERO),
        "note": command.note,
    }
    return head, lines


def _correction_marks(
    session: Session, command: CreateInvoice, supplier_id: int | None
) -> list[_Row]:
    if command.corrects_id is None or supplier_id is None:
        return []
    asked = {
        "corrects_id": command.corrects_id,
        "store_id": command.store_id,
        "supplier_id": supplier_id,
    }
    if sql.value(session, QUERIES["invoice_to_correct"], asked) is not None:
        return []
    return [_mark("corrects_id", NO_SUCH_INVOICE)]


def _lines(
    session: Session,
    command: CreateInvoice,
    supplier_id: int | None,
    terms: Terms,
    marks: list[_Row],
) -> list[_Row]:
    """Every mark of every line is raised together with ``marks``."""
    if not command.lines or len(command.lines) > MOST_LINES:
        text = TOO_MANY if command.lines else NO_LINES
        raise InvalidInput.of([*marks, _mark("lines", text, most=MOST_LINES)])
    known = _known(session, command.lines)
    rows: list[_Row] = []
    seen: set[tuple[str, int, int]] = set()
    for place, line in enumerate(command.lines, 1):
        receipt, item = known.of(line)
        found = _line_marks(command, line, receipt, item, supplier_id, terms.rate)
        if not found and receipt and item:
            key = (line.kind, receipt.id, item.item_id)
            if key in seen:
                found["item"] = (TWICE, {})
            seen.add(key)
            rows.append(_row(place, line, receipt.id, item, known.tax_rate(line), terms))
        marks += [
            _mark(f"lines.{place}.{name}", text, **said) for name, (text, said) in found.items()
        ]
    if marks:
        raise InvalidInput.of(marks)
    return rows


@dataclass(frozen=True)
class _Known:
    receipts: Mapping[str, _Receipt]
    items: Mapping[str, _Item]
    tax_rates: Mapping[tuple[int, int], Decimal]

    def of(self, line: InvoiceLine) -> tuple[_Receipt | None, _Item | None]:
        return self.receipts.get(line.receipt.upper()), self.items.get(normalised(line.item))

    def tax_rate(self, line: InvoiceLine) -> Decimal:
        if line.tax_rate is not None:
            return line.tax_rate
        receipt, item = self.of(line)
        assert receipt is not None, "a line that was marked"
        assert item is not None, "a line that was marked"
        return self.tax_rates.get((receipt.id, item.item_id), item.tax_rate)


def _known(session: Session, lines: Sequence[InvoiceLine]) -> _Known:
    numbers = sorted({line.receipt.upper() for line in lines})
    codes = sorted({normalised(line.item) for line in lines})
    receipts = sql.rows(session, _Receipt, QUERIES["receipts_named"], {"numbers": numbers})
    items = sql.rows(session, _Item, QUERIES["items_named"], {"codes": codes})
    asked = {"receipt_ids": [receipt.id for receipt in receipts]}
    rates = sql.rows(session, _TaxRate, QUERIES["order_tax_rates"], asked)
    return _Known(
        {receipt.number: receipt for receipt in receipts},
        {item.code: item for item in items},
        {(rate.receipt_id, rate.item_id): rate.tax_rate for rate in rates},
    )


def _line_marks(
    command: CreateInvoice,
    line: InvoiceLine,
    receipt: _Receipt | None,
    item: _Item | None,
    supplier_id: int | None,
    rate: Decimal,
) -> dict[str, tuple[str, dict[str, object]]]:
    """Field -> what is wrong with it, and what fills its braces."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    if receipt is None or receipt.store_id != command.store_id:
        found["receipt"] = (NO_SUCH_RECEIPT, {})
    elif receipt.state != "done":
        found["receipt"] = (STILL_OPEN, {})
    elif supplier_id and receipt.supplier_id not in {None, supplier_id}:
        found["receipt"] = (OTHER_SUPPLIER, {})
    if item is None:
        found["item"] = (NO_SUCH_ITEM, {})
    elif not fits(line.quantity, item.decimals):
        found["quantity"] = (TOO_FINE, {"decimals": item.decimals})
    if line.quantity <= 0:
        found["quantity"] = (MORE_THAN_ZERO, {})
    if line.quantity * line.unit_price * max(rate, Decimal(1)) > MOST_AMOUNT:
        found["unit_price"] = (ABSURD, {})
    if (line.kind == "received") != (command.kind == "invoice"):
        found["kind"] = (NOT_HERE, {})
    return found


def _row(
    place: int, line: InvoiceLine, receipt_id: int, item: _Item, tax_rate: Decimal, terms: Terms
) -> _Row:
    amounts: LineAmounts = line_amounts(line.quantity, line.unit_price, tax_rate, terms)
    return {
        "position": place,
        "kind": line.kind,
        "receipt_id": receipt_id,
        "item_id": item.item_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "tax_rate": tax_rate,
        "net_amount": amounts.net,
        "tax_amount": amounts.tax,
        "value": amounts.value,
    }


def _write_lines(session: Session, invoice_id: int, store_id: int, lines: Sequence[_Row]) -> None:
    for line in lines:
        values = line | {"invoice_id": invoice_id, "store_id": store_id}
        sql.execute(session, QUERIES["insert_line"], values)


def _mark(field_name: str, text: str, **values: object) -> _Row:
    return {"field": field_name, "text": text, "values": values}
