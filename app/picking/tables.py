"""Picks, their orders, their stops and what was taken."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, quantity_column, reference

PICK_KINDS = ("order", "batch", "cluster", "zone")
PICK_STATES = ("confirmed", "in_progress", "paused", "done", "cancelled")
TASK_STATES = ("open", "done", "short", "cancelled")


class Pick(Table, table=True):
    """One round of one person: of one order, several summed up, several on a cart, or one zone.

    ``confirmed`` waits for somebody.  ``step`` is the state of the scan flow; the server owns it.
    """

    __tablename__ = "pick"
    __table_args__ = (
        UniqueConstraint("number", name="pick_number_once"),
        one_of("kind", *PICK_KINDS, name="pick_kind_known"),
        one_of("state", *PICK_STATES, name="pick_state_known"),
        Index("pick_open", "store_id", "state", "priority", "due_at"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    kind: str
    state: str = "confirmed"
    zone_id: int | None = reference("zone.id", null=True)
    priority: int = 5
    due_at: datetime | None = moment(null=True)
    staging_location_id: int = reference("location.id")
    held_by: int | None = reference("app_user.id", null=True)
    step: dict[str, Any] = json_column()
    version: int = 0
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)


class PickOrder(Table, table=True):
    """An order of a pick; in a cluster with its position on the cart."""

    __tablename__ = "pick_order"
    __table_args__ = (
        UniqueConstraint("pick_id", "cart_location_id", name="pick_order_position_once"),
        Index("pick_order_of_order", "order_id"),
    )

    pick_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="pick.id")
    order_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="sales_order.id")
    store_id: int = reference("store.id")
    cart_location_id: int | None = reference("location.id", null=True)


class PickTask(Table, table=True):
    """So much of a balance for an order's line.  It follows the line's allocation there."""

    __tablename__ = "pick_task"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="pick_task_quantity_positive"),
        CheckConstraint(
            "picked >= 0 and picked <= quantity", name="pick_task_picked_within_quantity"
        ),
        one_of("state", *TASK_STATES, name="pick_task_state_known"),
        CheckConstraint(
            "state <> 'short' or short_reason is not null", name="pick_task_short_has_reason"
        ),
        Index("pick_task_of_pick", "pick_id", "sequence", "id"),
        Index(
            "pick_task_once", "order_line_id", "balance_id", unique=True,
            postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: int | None = key()
    pick_id: int = reference("pick.id")
    store_id: int = reference("store.id")
    order_line_id: int = reference("sales_order_line.id")
    balance_id: int = reference("balance.id")
    location_id: int = reference("location.id")
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    quantity: Decimal = quantity_column()
    picked: Decimal = quantity_column(Decimal(0))
    state: str = "open"
    sequence: int = 0
    short_reason: str | None = None


class PickLine(Table, table=True):
    """What was taken by one scan or entry, and where it was put."""

    __tablename__ = "pick_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="pick_line_quantity_positive"),
        Index("pick_line_of_pick", "pick_id", "id"),
        Index("pick_line_of_order_line", "order_line_id"),
    )

    id: int | None = key()
    pick_id: int = reference("pick.id")
    store_id: int = reference("store.id")
    task_id: int = reference("pick_task.id")
    order_line_id: int = reference("sales_order_line.id")
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    quantity: Decimal = quantity_column()
    from_location_id: int = reference("location.id")
    to_location_id: int = reference("location.id")
    move_id: int = reference("stock_move.id")
    raw_code: str = ""
    command_id: UUID
    user_id: int = reference("app_user.id")
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
