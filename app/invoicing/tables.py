"""Suppliers' invoices and credit notes, what they mean for receipts, and goods sent back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.catalog.tables import RATE
from app.kit.tables import (
    Table,
    amount_column,
    key,
    moment,
    one_of,
    price_column,
    quantity_column,
    reference,
)

INVOICE_KINDS = ("invoice", "credit_note")
INVOICE_STATES = ("draft", "posted", "reversed", "cancelled")
LINE_KINDS = ("received", "allowance", "returned")
RETURN_STATES = ("in_progress", "done", "cancelled")
STATUSES = ("available", "inspection", "frozen", "damaged", "returned")


class SupplierInvoice(Table, table=True):
    """What a supplier bills, or with a credit note gives back (amounts are positive then too)."""

    __tablename__ = "supplier_invoice"
    __table_args__ = (
        UniqueConstraint("number", name="supplier_invoice_number_once"),
        one_of("kind", *INVOICE_KINDS, name="supplier_invoice_kind_known"),
        one_of("state", *INVOICE_STATES, name="supplier_invoice_state_known"),
        CheckConstraint("exchange_rate > 0", name="supplier_invoice_rate_positive"),
        CheckConstraint(
            "state <> 'reversed' or reversal_reason <> ''",
            name="supplier_invoice_reversed_with_reason",
        ),
        Index(
            "supplier_invoice_paper_once", "supplier_id", "supplier_number", unique=True,
            postgresql_where=text("state in ('draft', 'posted')"),
        ),
        Index("supplier_invoice_newest", "store_id", "id"),
        Index("supplier_invoice_of_command", "posted_command_id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    kind: str = "invoice"
    state: str = "draft"
    supplier_id: int = reference("partner.id")
    supplier_number: str
    corrects_id: int | None = reference("supplier_invoice.id", null=True)
    invoice_on: date
    currency: str
    exchange_rate: Decimal = Field(sa_type=RATE)
    prices_include_tax: bool = True
    net_amount: Decimal = amount_column(Decimal(0))
    tax_amount: Decimal = amount_column(Decimal(0))
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    posted_by: int | None = reference("app_user.id", null=True)
    posted_at: datetime | None = moment(null=True)
    posted_command_id: UUID | None = None
    reversed_by: int | None = reference("app_user.id", null=True)
    reversed_at: datetime | None = moment(null=True)
    reversed_command_id: UUID | None = None
    reversal_reason: str = ""


class SupplierInvoiceLine(Table, table=True):
    """An item of one receipt.  Quantities in base units, ``unit_price`` per base
    unit in the invoice's currency; ``value`` is what counts for stock, in the company's.

    ``received`` bills goods, ``allowance`` lowers what they cost, ``returned`` credits goods that
    were sent back.
    """

    __tablename__ = "supplier_invoice_line"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position", name="supplier_invoice_line_position_once"),
        UniqueConstraint(
            "invoice_id",
            "kind",
            "receipt_id",
            "item_id",
            name="supplier_invoice_line_item_once",
        ),
        one_of("kind", *LINE_KINDS, name="supplier_invoice_line_kind_known"),
        CheckConstraint("quantity > 0", name="supplier_invoice_line_quantity_positive"),
        CheckConstraint("unit_price >= 0", name="supplier_invoice_line_price_not_negative"),
        CheckConstraint(
            "tax_rate >= 0 and tax_rate < 1", name="supplier_invoice_line_tax_is_a_fraction"
        ),
        Index("supplier_invoice_line_of_receipt", "receipt_id"),
    )

    id: int | None = key()
    invoice_id: int = reference("supplier_invoice.id")
    store_id: int = reference("store.id")
    position: int
    kind: str = "received"
    receipt_id: int = reference("receipt.id")
    item_id: int = reference("item.id")
    quantity: Decimal = quantity_column()
    unit_price: Decimal = price_column()
    tax_rate: Decimal = price_column(Decimal(0))
    net_amount: Decimal = amount_column()
    tax_amount: Decimal = amount_column()
    value: Decimal = amount_column()


class SupplierInvoiceMatch(Table, table=True):
    """What a posted line means for one receipt line: its estimate out, its value in."""

    __tablename__ = "supplier_invoice_match"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="supplier_invoice_match_quantity_not_negative"),
        CheckConstraint(
            "to_stock + to_cogs = value - estimate",
            name="supplier_invoice_match_parts_make_the_whole",
        ),
        Index("supplier_invoice_match_of_line", "line_id"),
        Index("supplier_invoice_match_of_receipt_line", "receipt_line_id"),
        Index(
            "supplier_invoice_match_of_return_line", "return_line_id",
            postgresql_where=text("return_line_id is not null"),
        ),
    )  # fmt: skip

    id: int | None = key()
    line_id: int = reference("supplier_invoice_line.id")
    store_id: int = reference("store.id")
    receipt_line_id: int = reference("receipt_line.id")
    return_line_id: int | None = reference("supplier_return_line.id", null=True)
    quantity: Decimal = quantity_column()
    estimate: Decimal = amount_column()
    value: Decimal = amount_column()
    to_stock: Decimal = amount_column()
    to_cogs: Decimal = amount_column()
    reversed_at: datetime | None = moment(null=True)


class SupplierReturn(Table, table=True):
    """Goods of one receipt that go back to their supplier; lines are booked one by one."""

    __tablename__ = "supplier_return"
    __table_args__ = (
        UniqueConstraint("number", name="supplier_return_number_once"),
        one_of("state", *RETURN_STATES, name="supplier_return_state_known"),
        Index(
            "supplier_return_one_open_per_receipt", "receipt_id", unique=True,
            postgresql_where=text("state = 'in_progress'"),
        ),
        Index("supplier_return_newest", "store_id", "id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    supplier_id: int = reference("partner.id")
    receipt_id: int = reference("receipt.id")
    state: str = "in_progress"
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)


class SupplierReturnLine(Table, table=True):
    """So much of one receipt line went back.

    ``amount`` left stock, ``credit`` is what the supplier is expected to give for it, ``variance``
    lies between them.  Of the quantity ``open_quantity`` was not invoiced yet, worth
    ``open_amount`` of the estimate: no credit is due for it.
    """

    __tablename__ = "supplier_return_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="supplier_return_line_quantity_positive"),
        CheckConstraint(
            "open_quantity between 0 and quantity",
            name="supplier_return_line_open_within_quantity",
        ),
        one_of("status", *STATUSES, name="supplier_return_line_status_known"),
        CheckConstraint("reason <> ''", name="supplier_return_line_reason_given"),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"],
            name="supplier_return_line_lot_of_its_item",
        ),
        Index("supplier_return_line_of_return", "return_id", "id"),
        Index("supplier_return_line_of_receipt_line", "receipt_line_id"),
    )  # fmt: skip

    id: int | None = key()
    return_id: int = reference("supplier_return.id")
    store_id: int = reference("store.id")
    receipt_line_id: int = reference("receipt_line.id")
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    location_id: int = reference("location.id")
    status: str
    quantity: Decimal = quantity_column()
    reason: str
    credit: Decimal = amount_column()
    amount: Decimal = amount_column()
    variance: Decimal = amount_column()
    open_quantity: Decimal = quantity_column()
    open_amount: Decimal = amount_column()
    move_id: int = reference("stock_move.id")
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
