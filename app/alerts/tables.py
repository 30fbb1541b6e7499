"""What calls for somebody's attention, and who is told of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text

from app.kit.tables import Table, json_column, key, moment, one_of, reference

KINDS = (
    "below_safety_stock",
    "no_movement",
    "near_expiry",
    "negative_attempt",
    "stale_allocation",
    "unsynchronised_device",
)


class AlertRule(Table, table=True):
    """When whom to tell.  The closest rule counts: of store and category, of the store, of the
    category or one above it, of the company.

    ``threshold`` counts days (no_movement, near_expiry), hours (negative_attempt,
    stale_allocation) or minutes (unsynchronised_device).  ``makes_count``: who counts next goes to
    see whether the goods of a new alert are there.
    """

    __tablename__ = "alert_rule"
    __table_args__ = (
        UniqueConstraint(
            "store_id",
            "category_id",
            "kind",
            name="alert_rule_once",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("kind", *KINDS, name="alert_rule_kind_known"),
        CheckConstraint("threshold between 0 and 100000", name="alert_rule_threshold"),
        CheckConstraint(
            "category_id is null or kind <> 'unsynchronised_device'",
            name="alert_rule_devices_have_no_category",
        ),
    )

    id: int | None = key()
    store_id: int | None = reference("store.id", null=True)
    category_id: int | None = reference("category.id", null=True)
    kind: str
    threshold: int = 0
    role: str = "store_manager"
    user_id: int | None = reference("app_user.id", null=True)
    is_active: bool = True
    makes_count: bool = False
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class Alert(Table, table=True):
    """A cause for concern, raised once while it lasts; ``cause`` names it within its kind."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "alert_once",
            "store_id",
            "kind",
            "cause",
            unique=True,
            postgresql_where=text("closed_at is null"),
        ),
        Index("alert_newest", "store_id", "id"),
    )

    id: int | None = key()
    rule_id: int = reference("alert_rule.id")
    store_id: int = reference("store.id")
    kind: str
    cause: str
    item_id: int | None = reference("item.id", null=True)
    lot_id: int | None = reference("lot.id", null=True)
    order_line_id: int | None = reference("sales_order_line.id", null=True)
    device_id: int | None = reference("device.id", null=True)
    facts: dict[str, Any] = json_column()
    opened_at: datetime = moment(now=True)
    told_at: datetime | None = moment(null=True)
    snoozed_until: datetime | None = moment(null=True)
    snoozed_by: int | None = reference("app_user.id", null=True)
    snooze_reason: str = ""
    closed_at: datetime | None = moment(null=True)
