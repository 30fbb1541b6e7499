"""Changes of status with their photos, and what customers brought back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.kit.tables import Table, key, moment, one_of, quantity_column, reference

STATUSES = ("available", "inspection", "frozen", "damaged", "returned")
RETURN_STATES = ("in_progress", "done", "cancelled")
RETURN_STATUSES = ("returned", "inspection")


class Photo(Table, table=True):
    """A small picture, made anew from what was sent: nothing of the camera's own data is in it."""

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint("octet_length(content) between 1 and 2000000", name="photo_size"),
        one_of("mime", "image/jpeg", name="photo_mime_known"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    content: bytes = Field(sa_type=LargeBinary)
    mime: str = "image/jpeg"
    width: int
    height: int
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class StatusChange(Table, table=True):
    """The document of one change: its lines are what was changed, each with its move.

    ``approval_request_id`` is the request that was voted on, where it needed one.
    """

    __tablename__ = "status_change"
    __table_args__ = (
        UniqueConstraint("number", name="status_change_number_once"),
        one_of("to_status", *STATUSES, name="status_change_status_known"),
        CheckConstraint("reason <> ''", name="status_change_reason_given"),
        Index("status_change_newest", "store_id", "id"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    to_status: str
    reason: str
    note: str = ""
    photo_id: int | None = reference("photo.id", null=True)
    approval_request_id: int | None = Field(default=None, sa_type=BigInteger)
    command_id: UUID
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class StatusChangeLine(Table, table=True):
    """So much of one balance, from one status to the document's."""

    __tablename__ = "status_change_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="status_change_line_quantity_positive"),
        one_of("from_status", *STATUSES, name="status_change_line_status_known"),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"],
            name="status_change_line_lot_of_its_item",
        ),
        Index("status_change_line_of_change", "change_id"),
        Index("status_change_line_of_lot", "lot_id"),
    )  # fmt: skip

    id: int | None = key()
    change_id: int = reference("status_change.id")
    store_id: int = reference("store.id")
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    location_id: int = reference("location.id")
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    from_status: str
    quantity: Decimal = quantity_column()
    move_id: int | None = reference("stock_move.id", null=True)


class CustomerReturn(Table, table=True):
    """Goods that a customer brings back, of one order; lines are booked one by one."""

    __tablename__ = "customer_return"
    __table_args__ = (
        UniqueConstraint("number", name="customer_return_number_once"),
        one_of("state", *RETURN_STATES, name="customer_return_state_known"),
        Index(
            "customer_return_one_open_per_order", "order_id", unique=True,
            postgresql_where=text("state = 'in_progress'"),
        ),
        Index("customer_return_newest", "store_id", "id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    customer_id: int = reference("partner.id")
    order_id: int | None = reference("sales_order.id", null=True)
    shipment_id: int | None = reference("shipment.id", null=True)
    state: str = "in_progress"
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)


class CustomerReturnLine(Table, table=True):
    """What came back of one shipped line; taken back by a reversing move (``undone_at``)."""

    __tablename__ = "customer_return_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="customer_return_line_quantity_positive"),
        one_of("status", *RETURN_STATUSES, name="customer_return_line_status_known"),
        CheckConstraint("reason <> ''", name="customer_return_line_reason_given"),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"],
            name="customer_return_line_lot_of_its_item",
        ),
        Index("customer_return_line_of_return", "return_id", "id"),
        Index("customer_return_line_of_order_line", "order_line_id"),
        Index("customer_return_line_of_shipment_line", "shipment_line_id"),
    )  # fmt: skip

    id: int | None = key()
    return_id: int = reference("customer_return.id")
    store_id: int = reference("store.id")
    order_line_id: int | None = reference("sales_order_line.id", null=True)
    shipment_line_id: int | None = reference("shipment_line.id", null=True)
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    location_id: int = reference("location.id")
    quantity: Decimal = quantity_column()
    status: str
    reason: str
    note: str = ""
    photo_id: int | None = reference("photo.id", null=True)
    move_id: int | None = reference("stock_move.id", null=True)
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
