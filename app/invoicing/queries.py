"""What the screens and the API of invoices show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.invoicing.posting import matched, parts_of, previewed
from app.invoicing.problems import InvoiceUnknown
from app.kit import sql
from app.kit.money import ZERO
from app.kit.problems import Problem
from app.kit.web import Cursor, Listing

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice in the list; amounts in its own currency, ``difference`` in the company's."""

    id: int
    number: str
    kind: str
    state: str
    supplier_number: str
    supplier_code: str
    supplier: str
    store: str
    invoice_on: date
    currency: str
    exchange_rate: Decimal
    net_amount: Decimal
    tax_amount: Decimal
    gross_amount: Decimal
    created_at: datetime
    posted_at: datetime | None
    user_name: str | None
    difference: Decimal | None


@dataclass(frozen=True)
class InvoiceHead:
    id: int
    number: str
    kind: str
    state: str
    store_id: int
    store: str
    supplier_code: str
    supplier: str
    supplier_number: str
    corrects_id: int | None
    corrects: str | None
    invoice_on: date
    currency: str
    exchange_rate: Decimal
    prices_include_tax: bool
    net_amount: Decimal
    tax_amount: Decimal
    note: str
    created_at: datetime
    posted_at: datetime | None
    reversed_at: datetime | None
    reversal_reason: str
    made_by: str | None
    posted_by: str | None
    reversed_by: str | None
    company_currency: str
    decimals: int

    @property
    def gross_amount(self) -> Decimal:
        return self.net_amount + self.tax_amount


@dataclass(frozen=True)
class LineView:
    """A line of the paper.  ``estimate`` is reversed by it, ``value`` takes its place; the
    difference goes ``to_stock`` and ``to_cogs``.  None: not known, because it cannot be posted.
    ``by_rate`` is the part of the difference that comes of another exchange rate than the order's,
    the rest is price; None where both are the same.
    """

    id: int
    position: int
    kind: str
    receipt_id: int
    receipt: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    net_amount: Decimal
    tax_amount: Decimal
    value: Decimal
    estimate: Decimal | None
    to_stock: Decimal | None
    to_cogs: Decimal | None
    by_rate: Decimal | None

    @property
    def by_price(self) -> Decimal | None:
        """What of the difference is not the exchange rate's."""
        if self.by_rate is None or self.estimate is None:
            return None
        return self.value - self.estimate - self.by_rate

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class CreditNoteRow:
    id: int
    number: str
    state: str


@dataclass(frozen=True)
class InvoiceView:
    """An invoice as it was posted, or as it would be posted now; ``refusal`` says why it waits."""

    head: InvoiceHead
    lines: list[LineView]
    credit_notes: list[CreditNoteRow]
    refusal: Problem | None = None

    @property
    def estimate(self) -> Decimal:
        return sum((line.estimate or ZERO for line in self.lines), ZERO)

    @property
    def to_stock(self) -> Decimal:
        return sum((line.to_stock or ZERO for line in self.lines), ZERO)

    @property
    def to_cogs(self) -> Decimal:
        return sum((line.to_cogs or ZERO for line in self.lines), ZERO)


@dataclass(frozen=True)
class Offered:
    """What can be billed or credited of an item of a receipt; prices per base unit."""

    receipt_id: int
    receipt: str
    supplier_code: str | None
    supplier: str | None
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    received: Decimal
    invoiced: Decimal
    returned: Decimal
    open_quantity: Decimal
    open_amount: Decimal
    order_price: Decimal | None
    tax_rate: Decimal
    currency: str | None
    exchange_rate: Decimal | None
    prices_include_tax: bool | None

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class Choice:
    code: str
    name: str


@dataclass(frozen=True)
class Counts:
    drafts: int
    open_receipts: int


def invoices(session: Session, query: Mapping[str, str], cursor: Cursor) -> Listing[InvoiceRow]:
    """Newest first; ``query`` may hold ``state``, ``kind`` and ``text``."""
    whole = every_invoice(query)
    page = {"after": after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, InvoiceRow, whole.text, {**whole.parameters, **page}), "id")


def every_invoice(query: Mapping[str, str]) -> sql.Select[InvoiceRow]:
    """All of that list."""
    text = query.get("text", "").strip()[:100]
    given = {"state": query.get("state", ""), "kind": query.get("kind", "")}
    given |= {"text": text, "inside": f"%{text}%"}
    return sql.Select(InvoiceRow, VIEWS["invoices"], {**given, "after": None, "limit": None})


def head(session: Session, invoice_id: int) -> InvoiceHead:
    """Raises InvoiceUnknown."""
    found = sql.one(session, InvoiceHead, VIEWS["head"], {"invoice_id": invoice_id})
    if found is None:
        raise InvoiceUnknown
    return found


def invoice(session: Session, invoice_id: int) -> InvoiceView:
    """The whole invoice.  Of a draft: what posting would do now.  Raises InvoiceUnknown."""
    top = head(session, invoice_id)
    asked = {"invoice_id": invoice_id}
    notes = sql.rows(session, CreditNoteRow, VIEWS["credit_notes"], asked)
    lines = sql.rows(session, LineView, VIEWS["lines"], asked)
    if top.state != "draft":
        return InvoiceView(top, lines, notes)
    try:
        return InvoiceView(top, _previewed(session, top, lines), notes)
    except Problem as problem:
        return InvoiceView(top, lines, notes, problem)


def every_line(session: Session, invoice_id: int) -> sql.Select[LineView]:
    """The lines of an invoice.  Raises InvoiceUnknown."""
    head(session, invoice_id)
    return sql.Select(LineView, VIEWS["lines"], {"invoice_id": invoice_id})


def offered(
    session: Session, store_id: int, *, numbers: list[str], supplier: str = "", credit: bool = False
) -> list[Offered]:
    """What can be billed of these receipts, or of all of a supplier's; ``credit``: credited."""
    given = {"store_id": store_id, "numbers": numbers, "supplier": supplier, "credit": credit}
    return sql.rows(session, Offered, VIEWS["offered"], given)


def suppliers(session: Session) -> list[Choice]:
    return sql.rows(session, Choice, VIEWS["suppliers"])


def counts(session: Session, store_id: int) -> Counts:
    found = sql.one(session, Counts, VIEWS["counts"], {"store_id": store_id})
    return found or Counts(0, 0)


def after(cursor: Cursor) -> int | None:
    """The id behind which a list goes on."""
    key = cursor.after
    return key[0] if key and isinstance(key[0], int) else None


def _previewed(session: Session, top: InvoiceHead, lines: list[LineView]) -> list[LineView]:
    found = matched(session, top.id, top.decimals)
    sums: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for line, match, stock, cogs in parts_of(found, previewed(session, found)):
        before = sums.get(line.id, (ZERO, ZERO, ZERO))
        sums[line.id] = (before[0] + match.estimate, before[1] + stock, before[2] + cogs)
    return [_with(line, *sums.get(line.id, (ZERO, ZERO, ZERO))) for line in lines]


def _with(line: LineView, estimate: Decimal, stock: Decimal, cogs: Decimal) -> LineView:
    return replace(line, estimate=estimate, to_stock=stock, to_cogs=cogs)
