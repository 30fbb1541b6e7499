"""Shipments and what was checked into them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.kit.tables import Table, key, moment, one_of, quantity_column, reference

SHIPMENT_STATES = ("in_progress", "done", "cancelled")


class Shipment(Table, table=True):
    """What leaves at once for one order.  ``step`` is the state of the packing flow."""

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("number", name="shipment_number_once"),
        one_of("state", *SHIPMENT_STATES, name="shipment_state_known"),
        Index(
            "shipment_one_open_per_order", "order_id", unique=True,
            postgresql_where=text("state = 'in_progress'"),
        ),
        Index("shipment_open", "store_id", "state"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    order_id: int = reference("sales_order.id")
    state: str = "in_progress"
    carrier: str = ""
    tracking_number: str = ""
    step: dict[str, Any] = Field(
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'"))
    )
    version: int = 0
    packed_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    shipped_at: datetime | None = moment(null=True)


class ShipmentLine(Table, table=True):
    """So much of a balance checked, into a carton or loose; ``move_id`` when it has left."""

    __tablename__ = "shipment_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="shipment_line_quantity_positive"),
        Index("shipment_line_of_shipment", "shipment_id", "id"),
        Index("shipment_line_of_order_line", "order_line_id"),
    )

    id: int | None = key()
    shipment_id: int = reference("shipment.id")
    store_id: int = reference("store.id")
    order_line_id: int = reference("sales_order_line.id")
    balance_id: int = reference("balance.id")
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    quantity: Decimal = quantity_column()
    move_id: int | None = reference("stock_move.id", null=True)
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
