"""Purchase orders, receipts and what was scanned into them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.kit.tables import (
    Table,
    amount_column,
    json_column,
    key,
    moment,
    one_of,
    price_column,
    quantity_column,
    reference,
)  # fmt: skip

ORDER_STATES = ("draft", "confirmed", "in_progress", "done", "cancelled")
RECEIPT_STATES = ("in_progress", "paused", "done", "cancelled")
LINE_KINDS = ("received", "damaged", "short")


class PurchaseOrder(Table, table=True):
    """What was ordered.  ``exchange_rate`` is company currency per unit of ``currency``."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        UniqueConstraint("number", name="purchase_order_number_once"),
        one_of("state", *ORDER_STATES, name="purchase_order_state_known"),
        CheckConstraint("exchange_rate > 0", name="purchase_order_rate_positive"),
        Index("purchase_order_open", "store_id", "state", "expected_on"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    supplier_id: int = reference("partner.id")
    state: str = "draft"
    currency: str
    exchange_rate: Decimal = price_column(Decimal(1))
    prices_include_tax: bool = True
    expected_on: date | None = None
    note: str = ""
    created_at: datetime = moment(now=True)


class PurchaseOrderLine(Table, table=True):
    """One item of an order.

    ``entered_quantity`` and ``unit_price`` are in the unit the person chose (``packaging_id``, or
    the base unit), ``factor`` base units each.  ``net_amount`` is the line's value for stock: net
    of recoverable tax, in the company currency.  ``received_value`` is what receipts have taken of
    it, cumulatively rounded, so that the parts of a line always sum to the whole.
    ``landed_estimate`` is what charges such as freight are expected to add to ``net_amount``: goods
    enter stock with both (the slice ``landing`` writes it, while nothing was received).
    """

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position", name="purchase_order_line_position_once"),
        CheckConstraint("quantity > 0", name="purchase_order_line_quantity_positive"),
        CheckConstraint("unit_price >= 0", name="purchase_order_line_price_not_negative"),
        CheckConstraint("received >= 0", name="purchase_order_line_received_not_negative"),
        CheckConstraint(
            "received <= quantity * (1 + over_receipt_tolerance)",
            name="purchase_order_line_within_tolerance",
        ),
        CheckConstraint(
            "over_receipt_tolerance between 0 and 10", name="purchase_order_line_tolerance_sane"
        ),
        CheckConstraint("landed_estimate >= 0", name="purchase_order_line_estimate_not_negative"),
        Index("purchase_order_line_of_item", "item_id"),
    )

    id: int | None = key()
    order_id: int = reference("purchase_order.id")
    store_id: int = reference("store.id")
    position: int
    item_id: int = reference("item.id")
    packaging_id: int | None = reference("packaging.id", null=True)
    entered_quantity: Decimal = quantity_column()
    factor: Decimal = quantity_column(Decimal(1))
    quantity: Decimal = quantity_column()
    unit_price: Decimal = price_column()
    tax_rate: Decimal = price_column(Decimal(0))
    net_amount: Decimal = amount_column()
    over_receipt_tolerance: Decimal = price_column(Decimal(0))
    received: Decimal = quantity_column(Decimal(0))
    received_value: Decimal = amount_column(Decimal(0))
    short_reason: str | None = None
    landed_estimate: Decimal = amount_column(Decimal(0))


class Receipt(Table, table=True):
    """One person receiving goods.  ``step`` is the state of the scan flow; the server owns it."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("number", name="receipt_number_once"),
        one_of("state", *RECEIPT_STATES, name="receipt_state_known"),
        Index(
            "receipt_one_open_per_order", "order_id", unique=True,
            postgresql_where=text("order_id is not null and state in ('in_progress', 'paused')"),
        ),
        Index("receipt_open", "store_id", "state"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    order_id: int | None = reference("purchase_order.id", null=True, index=True)
    supplier_id: int | None = reference("partner.id", null=True)
    state: str = "in_progress"
    dock_location_id: int = reference("location.id")
    held_by: int | None = reference("app_user.id", null=True)
    step: dict[str, Any] = json_column()
    version: int = 0
    delivery_note: str = ""
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)


class ReceiptLine(Table, table=True):
    """One accepted scan or entry, as the person made it.

    ``net_amount`` is the value that went into stock with it.  A ``short`` line moves no stock: it
    records that ``quantity`` will not come, and why.
    """

    __tablename__ = "receipt_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="receipt_line_quantity_positive"),
        one_of("kind", *LINE_KINDS, name="receipt_line_kind_known"),
        CheckConstraint(
            "kind = 'received' or reason is not null", name="receipt_line_deviation_has_reason"
        ),
        CheckConstraint(
            "put_away >= 0 and put_away <= quantity", name="receipt_line_put_away_within_quantity"
        ),
        Index("receipt_line_of_receipt", "receipt_id", "id"),
        Index("receipt_line_of_order_line", "order_line_id"),
        Index("receipt_line_damaged", "order_line_id", postgresql_where=text("kind = 'damaged'")),
        Index(
            "receipt_line_beside_the_order",
            "receipt_id",
            "item_id",
            postgresql_where=text("order_line_id is null"),
        ),
    )

    id: int | None = key()
    receipt_id: int = reference("receipt.id")
    store_id: int = reference("store.id")
    order_line_id: int | None = reference("purchase_order_line.id", null=True)
    kind: str = "received"
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    packaging_id: int | None = reference("packaging.id", null=True)
    entered_quantity: Decimal = quantity_column()
    factor: Decimal = quantity_column(Decimal(1))
    quantity: Decimal = quantity_column()
    status: str = "available"
    net_amount: Decimal = amount_column(Decimal(0))
    put_away: Decimal = quantity_column(Decimal(0))
    reason: str | None = None
    move_id: int | None = reference("stock_move.id", null=True)
    command_id: UUID
    created_by: int = reference("app_user.id")
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
    raw_code: str = ""


class TakenTag(Table, table=True):
    """A radio tag that was received; ``released_at`` is set when its line was taken back."""

    __tablename__ = "taken_tag"
    __table_args__ = (
        Index(
            "taken_tag_once_per_receipt", "receipt_id", "epc", unique=True,
            postgresql_where=text("released_at is null"),
        ),
        Index("taken_tag_of_epc", "epc", postgresql_where=text("released_at is null")),
    )  # fmt: skip

    line_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="receipt_line.id")
    epc: str = Field(primary_key=True)
    store_id: int = reference("store.id")
    receipt_id: int = reference("receipt.id")
    session_id: int = reference("rfid_session.id")
    taken_at: datetime = moment(now=True)
    released_at: datetime | None = moment(null=True)
