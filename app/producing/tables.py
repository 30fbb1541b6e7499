"""Recipes by version; production orders with what they take, give and cost."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

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

ISSUES = ("backflush", "scan")
STATES = ("planned", "in_progress", "done", "cancelled")


def _json() -> Any:
    return Field(sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")))


class Recipe(Table, table=True):
    __tablename__ = "recipe"
    __table_args__ = (UniqueConstraint("item_id", name="recipe_once_per_item"),)

    id: int | None = key()
    item_id: int = reference("item.id")
    is_active: bool = True
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class RecipeVersion(Table, table=True):
    """One run gives ``quantity`` base units before the yield.  Insert only."""

    __tablename__ = "recipe_version"
    __table_args__ = (
        UniqueConstraint("recipe_id", "version", name="recipe_version_once"),
        CheckConstraint("quantity > 0", name="recipe_version_quantity_positive"),
        CheckConstraint("yield_rate > 0 and yield_rate <= 100", name="recipe_version_yield_sane"),
        CheckConstraint("hours >= 0", name="recipe_version_hours_not_negative"),
        CheckConstraint(
            "labour_rate >= 0 and overhead_rate >= 0 and overhead_amount >= 0",
            name="recipe_version_rates_not_negative",
        ),
        CheckConstraint("tolerance between 0 and 10", name="recipe_version_tolerance_sane"),
    )

    id: int | None = key()
    recipe_id: int = reference("recipe.id")
    version: int
    valid_from: date
    quantity: Decimal = quantity_column()
    yield_rate: Decimal = price_column(Decimal(1))
    hours: Decimal = quantity_column(Decimal(0))
    labour_rate: Decimal = price_column(Decimal(0))
    overhead_rate: Decimal = price_column(Decimal(0))
    overhead_amount: Decimal = amount_column(Decimal(0))
    tolerance: Decimal = price_column(Decimal("0.05"))
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class RecipeLine(Table, table=True):
    """What a run takes: net ``quantity``; ``quantity / (1 - scrap_rate)`` goes in.  Insert only."""

    __tablename__ = "recipe_line"
    __table_args__ = (
        UniqueConstraint("version_id", "position", name="recipe_line_position_once"),
        UniqueConstraint("version_id", "item_id", name="recipe_line_item_once"),
        CheckConstraint(
            "quantity > 0 and entered_quantity > 0", name="recipe_line_quantity_positive"
        ),
        CheckConstraint("factor > 0", name="recipe_line_factor_positive"),
        CheckConstraint(
            "scrap_rate >= 0 and scrap_rate < 1", name="recipe_line_scrap_is_a_fraction"
        ),
        one_of("issue", *ISSUES, name="recipe_line_issue_known"),
        Index("recipe_line_of_item", "item_id"),
    )

    id: int | None = key()
    version_id: int = reference("recipe_version.id")
    position: int
    item_id: int = reference("item.id")
    packaging_id: int | None = reference("packaging.id", null=True)
    entered_quantity: Decimal = quantity_column()
    factor: Decimal = quantity_column(Decimal(1))
    quantity: Decimal = quantity_column()
    scrap_rate: Decimal = price_column(Decimal(0))
    issue: str = "backflush"
    is_made_along: bool = False


class RecipeOutput(Table, table=True):
    """What a run gives besides; valued by ``share`` of the cost or ``unit_value``.  Insert only."""

    __tablename__ = "recipe_output"
    __table_args__ = (
        UniqueConstraint("version_id", "position", name="recipe_output_position_once"),
        UniqueConstraint("version_id", "item_id", name="recipe_output_item_once"),
        CheckConstraint("quantity > 0", name="recipe_output_quantity_positive"),
        CheckConstraint("num_nonnulls(share, unit_value) = 1", name="recipe_output_valued_one_way"),
        CheckConstraint("share >= 0 and share < 1", name="recipe_output_share_is_a_fraction"),
        CheckConstraint("unit_value >= 0", name="recipe_output_value_not_negative"),
    )

    id: int | None = key()
    version_id: int = reference("recipe_version.id")
    position: int
    item_id: int = reference("item.id")
    quantity: Decimal = quantity_column()
    share: Decimal | None = price_column(null=True)
    unit_value: Decimal | None = price_column(null=True)


class ProductionOrder(Table, table=True):
    """Make (or take apart) so much of an item.  ``step`` is the state of the scan flow."""

    __tablename__ = "production_order"
    __table_args__ = (
        UniqueConstraint("number", name="production_order_number_once"),
        UniqueConstraint("source", "external_number", name="production_order_external_once"),
        one_of("kind", "assembly", "disassembly", name="production_order_kind_known"),
        one_of("state", *STATES, name="production_order_state_known"),
        CheckConstraint("quantity > 0", name="production_order_quantity_positive"),
        CheckConstraint(
            "completed >= 0 and scrapped >= 0", name="production_order_completed_not_negative"
        ),
        CheckConstraint(
            "completed <= quantity * (1 + tolerance)", name="production_order_within_tolerance"
        ),
        CheckConstraint("tolerance between 0 and 10", name="production_order_tolerance_sane"),
        ForeignKeyConstraint(
            ["supply_location_id", "store_id"], ["location.id", "location.store_id"],
            name="production_order_supply_of_its_store",
        ),
        ForeignKeyConstraint(
            ["output_location_id", "store_id"], ["location.id", "location.store_id"],
            name="production_order_output_of_its_store",
        ),
        Index("production_order_open", "store_id", "state", "planned_on"),
        Index("production_order_of_item", "item_id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    kind: str = "assembly"
    item_id: int = reference("item.id")
    recipe_version_id: int | None = reference("recipe_version.id", null=True)
    quantity: Decimal = quantity_column()
    completed: Decimal = quantity_column(Decimal(0))
    scrapped: Decimal = quantity_column(Decimal(0))
    tolerance: Decimal = price_column(Decimal(0))
    state: str = "planned"
    planned_on: date | None = None
    lot_code: str = ""
    supply_location_id: int | None = Field(default=None, sa_type=BigInteger)
    output_location_id: int = Field(sa_type=BigInteger)
    note: str = ""
    source: str = "manual"
    external_number: str | None = None
    step: dict[str, Any] = _json()
    version: int = 0
    worked_by: int | None = reference("app_user.id", null=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    started_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)


class ProductionLine(Table, table=True):
    """What the whole order takes or gives besides.

    ``consumed`` went into what was made (or came of it); ``issued`` also counts what was brought to
    the work and is promised to the line there.
    """

    __tablename__ = "production_line"
    __table_args__ = (
        UniqueConstraint("order_id", "kind", "item_id", name="production_line_item_once"),
        one_of("kind", "component", "side_output", name="production_line_kind_known"),
        one_of("issue", *ISSUES, name="production_line_issue_known"),
        CheckConstraint("quantity >= 0", name="production_line_quantity_positive"),
        CheckConstraint(
            "consumed >= 0 and consumed <= issued", name="production_line_consumed_was_issued"
        ),
        Index("production_line_of_order", "order_id", "position"),
    )

    id: int | None = key()
    order_id: int = reference("production_order.id")
    store_id: int = reference("store.id")
    position: int
    kind: str
    item_id: int = reference("item.id")
    quantity: Decimal = quantity_column()
    issued: Decimal = quantity_column(Decimal(0))
    consumed: Decimal = quantity_column(Decimal(0))
    issue: str = "backflush"
    scrap_rate: Decimal = price_column(Decimal(0))
    share: Decimal | None = price_column(null=True)
    unit_value: Decimal | None = price_column(null=True)


class ProductionCompletion(Table, table=True):
    """So much came out at once, or went to waste, with its cost in parts.

    ``external_key`` is what another system calls it: the same key again changes nothing.
    """

    __tablename__ = "production_completion"
    __table_args__ = (
        UniqueConstraint("source", "external_key", name="production_completion_key_once"),
        one_of("kind", "output", "scrap", name="production_completion_kind_known"),
        CheckConstraint("quantity > 0", name="production_completion_quantity_positive"),
        Index("production_completion_of_order", "order_id", "id"),
    )

    id: int | None = key()
    order_id: int = reference("production_order.id")
    store_id: int = reference("store.id")
    kind: str
    quantity: Decimal = quantity_column()
    is_abnormal: bool = False
    lot_id: int | None = reference("lot.id", null=True)
    location_id: int | None = reference("location.id", null=True)
    material: Decimal = amount_column(Decimal(0))
    labour: Decimal = amount_column(Decimal(0))
    overhead: Decimal = amount_column(Decimal(0))
    elements: Decimal = amount_column(Decimal(0))
    parts: dict[str, Any] = _json()
    amount: Decimal = amount_column(Decimal(0))
    reason: str = ""
    source: str = "scan"
    external_key: str | None = None
    fingerprint: str = ""
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    occurred_at: datetime = moment()
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
    undone_by: int | None = reference("app_user.id", null=True)
    undo_reason: str = ""


class ProductionMove(Table, table=True):
    """Goods brought to the work, used up or made; ``amount`` as it was posted.

    ``move_id`` is None where goods that lay at the work already were promised to the order.
    """

    __tablename__ = "production_move"
    __table_args__ = (
        UniqueConstraint("move_id", name="production_move_once"),
        one_of(
            "kind", "issue", "consumed", "output", "side_output", name="production_move_kind_known"
        ),
        CheckConstraint("quantity > 0", name="production_move_quantity_positive"),
        Index("production_move_of_order", "order_id", "id"),
        Index("production_move_of_completion", "completion_id"),
    )

    id: int | None = key()
    order_id: int = reference("production_order.id")
    store_id: int = reference("store.id")
    line_id: int | None = reference("production_line.id", null=True)
    completion_id: int | None = reference("production_completion.id", null=True)
    kind: str
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    location_id: int = reference("location.id")
    balance_id: int | None = reference("balance.id", null=True)
    quantity: Decimal = quantity_column()
    amount: Decimal = amount_column(Decimal(0))
    was_promised: bool = False
    move_id: int | None = reference("stock_move.id", null=True)
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)
