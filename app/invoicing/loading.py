"""Reading an invoice: its head, its lines, what of the receipts behind them is open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.invoicing.matching import Open
from app.invoicing.problems import InvoiceFixed, InvoiceUnknown
from app.kit import sql

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class Invoice:
    """A locked invoice; ``supplier`` is the supplier's name."""

    id: int
    store_id: int
    number: str
    kind: str
    state: str
    supplier_id: int
    supplier: str
    supplier_number: str
    decimals: int


@dataclass(frozen=True)
class LineRow:
    """A line: ``quantity`` in base units, ``value`` for stock in the company's currency."""

    id: int
    position: int
    kind: str
    receipt_id: int
    receipt: str
    item_id: int
    item_code: str
    item_name: str
    quantity: Decimal
    value: Decimal


@dataclass(frozen=True)
class _OpenRow:
    line_id: int
    receipt_line_id: int
    move_id: int
    quantity: Decimal
    amount: Decimal
    invoiced: Decimal
    return_line_id: int | None

    def open(self) -> Open:
        return Open(
            self.receipt_line_id,
            self.move_id,
            self.quantity,
            self.amount,
            self.invoiced,
            self.return_line_id,
        )


def lock_invoice(session: Session, invoice_id: int) -> Invoice:
    """Raises InvoiceUnknown."""
    found = sql.one(session, Invoice, QUERIES["lock_invoice"], {"invoice_id": invoice_id})
    if found is None:
        raise InvoiceUnknown
    return found


def draft(session: Session, invoice_id: int) -> Invoice:
    """The invoice, locked.  Raises InvoiceUnknown, InvoiceFixed."""
    invoice = lock_invoice(session, invoice_id)
    if invoice.state != "draft":
        raise InvoiceFixed(number=invoice.number, state=invoice.state)
    return invoice


def lines_of(session: Session, invoice_id: int) -> list[LineRow]:
    return sql.rows(session, LineRow, QUERIES["lines"], {"invoice_id": invoice_id})


def open_of(session: Session, invoice_id: int) -> dict[int, list[Open]]:
    """By line: the receipt lines behind it (of returned goods: their entries), oldest first."""
    found: dict[int, list[Open]] = defaultdict(list)
    for name in ("open_of_lines", "due_of_lines"):
        for row in sql.rows(session, _OpenRow, QUERIES[name], {"invoice_id": invoice_id}):
            found[row.line_id].append(row.open())
    return found
