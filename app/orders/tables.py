"""Sales orders, holds and locks on stock, and what is asked of others to fill an order."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.catalog.tables import PICKING_RULES
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
)

ORDER_STATES = ("draft", "confirmed", "in_progress", "done", "cancelled")
PARTIAL_POLICIES = ("partial", "whole_lines", "whole_order")
PLAN_KINDS = ("class", "full", "expiry", "empty")
COUNT_CAUSES = ("short_pick", "zero_check", "request", "count", "recount", "alert")
COUNT_KINDS = (
    "full", "zone", "item", "lot", "expiry", "class", "empty", "tasks", "opening",
)  # fmt: skip
COUNT_DOCUMENT_STATES = ("draft", "confirmed", "in_progress", "done", "cancelled")
COUNT_STATES = ("open", "in_progress", "done", "cancelled")
TRANSFER_STATES = ("open", "done", "cancelled")


class SalesOrder(Table, table=True):
    """What a customer wants from a store.

    ``confirmed`` means released: stock may be promised to it and picked.  ``warehouse_id`` None
    takes from every main warehouse of the store.  Priority 1 goes first.  ``exchange_rate`` is
    company currency per unit of ``currency``; ``net_amount`` and ``total_amount`` (with tax) are
    in the company's currency.
    """

    __tablename__ = "sales_order"
    __table_args__ = (
        UniqueConstraint("number", name="sales_order_number_once"),
        UniqueConstraint("source", "external_number", name="sales_order_external_once"),
        one_of("state", *ORDER_STATES, name="sales_order_state_known"),
        one_of("partial_policy", *PARTIAL_POLICIES, name="sales_order_partial_policy_known"),
        one_of("allocation_rule", *PICKING_RULES, name="sales_order_rule_known"),
        CheckConstraint("priority between 1 and 9", name="sales_order_priority"),
        CheckConstraint("minimum_days between 0 and 3650", name="sales_order_minimum_days"),
        CheckConstraint("exchange_rate > 0", name="sales_order_rate_positive"),
        ForeignKeyConstraint(
            ["warehouse_id", "store_id"], ["warehouse.id", "warehouse.store_id"],
            name="sales_order_warehouse_of_its_store",
        ),
        Index("sales_order_open", "store_id", "state", "priority", "due_at"),
        Index("sales_order_of_customer", "customer_id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    warehouse_id: int | None = Field(default=None, sa_type=BigInteger)
    number: str
    customer_id: int = reference("partner.id")
    state: str = "draft"
    priority: int = 5
    requested_on: date | None = None
    due_at: datetime | None = moment(null=True)
    minimum_days: int = 0
    partial_policy: str = "partial"
    allocation_rule: str | None = None
    salesperson_id: int | None = reference("app_user.id", null=True)
    region: str = ""
    currency: str
    exchange_rate: Decimal = price_column(Decimal(1))
    prices_include_tax: bool = True
    net_amount: Decimal = amount_column(Decimal(0))
    total_amount: Decimal = amount_column(Decimal(0))
    address: str = ""
    contact: str = ""
    phone: str = ""
    note: str = ""
    source: str = "manual"
    external_number: str | None = None
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    released_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)


class SalesOrderLine(Table, table=True):
    """One item of an order.

    ``entered_quantity`` and ``unit_price`` are in the unit the person chose (``packaging_id``, or
    the base unit), ``factor`` base units each; the other quantities are in the base unit.
    ``allocated`` is the sum of the line's allocations, goods picked but not shipped included;
    ``picked`` and ``shipped`` only grow, but for what is taken back.  ``short_reason`` says why
    the rest will not be delivered.  ``lapsed_at``: its promise lapsed or was taken away, and
    it gets no other until somebody asks.
    """

    __tablename__ = "sales_order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "position", name="sales_order_line_position_once"),
        CheckConstraint("quantity > 0", name="sales_order_line_quantity_positive"),
        CheckConstraint("unit_price >= 0", name="sales_order_line_price_not_negative"),
        CheckConstraint(
            "discount_rate >= 0 and discount_rate <= 1",
            name="sales_order_line_discount_is_a_fraction",
        ),
        CheckConstraint("allocated >= 0", name="sales_order_line_allocated_not_negative"),
        CheckConstraint("shipped >= 0", name="sales_order_line_shipped_not_negative"),
        CheckConstraint(
            "allocated + shipped <= quantity", name="sales_order_line_not_over_allocated"
        ),
        CheckConstraint(
            "picked >= shipped and picked <= allocated + shipped",
            name="sales_order_line_picked_is_promised",
        ),
        CheckConstraint("minimum_days between 0 and 3650", name="sales_order_line_minimum_days"),
        Index("sales_order_line_of_item", "item_id", "store_id"),
    )

    id: int | None = key()
    order_id: int = reference("sales_order.id")
    store_id: int = reference("store.id")
    position: int
    item_id: int = reference("item.id")
    packaging_id: int | None = reference("packaging.id", null=True)
    entered_quantity: Decimal = quantity_column()
    factor: Decimal = quantity_column(Decimal(1))
    quantity: Decimal = quantity_column()
    whole_packs: bool = False
    unit_price: Decimal = price_column()
    discount_rate: Decimal = price_column(Decimal(0))
    tax_rate: Decimal = price_column(Decimal(0))
    net_amount: Decimal = amount_column()
    minimum_days: int | None = None
    allocated: Decimal = quantity_column(Decimal(0))
    picked: Decimal = quantity_column(Decimal(0))
    shipped: Decimal = quantity_column(Decimal(0))
    short_reason: str | None = None
    lapsed_at: datetime | None = moment(null=True)


class LotHold(Table, table=True):
    """A lot that must not ship anywhere in the company, whatever the status of its stock."""

    __tablename__ = "lot_hold"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="lot_hold_reason_given"),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"], name="lot_hold_lot_of_its_item"
        ),
        Index("lot_hold_once", "lot_id", unique=True, postgresql_where=text("lifted_at is null")),
    )

    id: int | None = key()
    lot_id: int = Field(sa_type=BigInteger)
    item_id: int = Field(sa_type=BigInteger)
    reason: str
    placed_by: int = reference("app_user.id")
    placed_at: datetime = moment(now=True)
    lifted_by: int | None = reference("app_user.id", null=True)
    lifted_at: datetime | None = moment(null=True)


class CountLock(Table, table=True):
    """A location that is being counted: nothing is promised or picked from it meanwhile."""

    __tablename__ = "count_lock"
    __table_args__ = (
        ForeignKeyConstraint(
            ["location_id", "store_id"], ["location.id", "location.store_id"],
            name="count_lock_of_its_store",
        ),
    )  # fmt: skip

    location_id: int = Field(
        sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    store_id: int = Field(sa_type=BigInteger)
    reason: str
    locked_by: int | None = reference("app_user.id", null=True)
    locked_at: datetime = moment(now=True)


class CountPlan(Table, table=True):
    """What is counted how often.

    ``class``: items of class A every ``a_days`` days and so on, at most ``daily_cap`` places a day.
    ``full``: everything, on the ``month_day`` of each month.  ``expiry`` and ``empty``: every
    ``every_days`` days what expires within ``expiry_days`` days, or the places that hold nothing.
    """

    __tablename__ = "count_plan"
    __table_args__ = (
        UniqueConstraint("store_id", "name", name="count_plan_name_once"),
        CheckConstraint("name <> ''", name="count_plan_name_given"),
        one_of("kind", *PLAN_KINDS, name="count_plan_kind_known"),
        CheckConstraint("a_days > 0 and b_days > 0 and c_days > 0", name="count_plan_days"),
        CheckConstraint("daily_cap between 1 and 5000", name="count_plan_daily_cap"),
        CheckConstraint("month_day between 1 and 28", name="count_plan_month_day"),
        CheckConstraint("every_days > 0 and expiry_days >= 0", name="count_plan_every_days"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    name: str
    kind: str
    is_active: bool = True
    zone_id: int | None = reference("zone.id", null=True)
    a_days: int = 7
    b_days: int = 30
    c_days: int = 91
    daily_cap: int = 40
    month_day: int = 1
    freezes: bool = False
    is_blind: bool = True
    recount_quantity: Decimal | None = quantity_column(null=True)
    recount_value: Decimal | None = amount_column(null=True)
    recount_share: Decimal | None = price_column(null=True)
    recount_class: str | None = None
    last_run_on: date | None = None
    every_days: int = 7
    expiry_days: int = 30
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class StockCount(Table, table=True):
    """A count: which places, how blindly, and when a difference is counted again by another.

    ``confirmed`` has its tasks, ``in_progress`` somebody began; all tasks done, it waits for
    review.  A difference is counted again where it reaches one of the ``recount_...`` limits
    (quantity in the base unit, value in the company's currency, share of the book quantity) or is
    of an item of that class.
    ``freezes``: its places are locked for orders until they are counted.  ``from_move_id`` is the
    last movement when it was made; ``posting_by`` who had it posted, while that goes on.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        UniqueConstraint("number", name="stock_count_number_once"),
        UniqueConstraint("id", "store_id", name="stock_count_of_its_store"),
        one_of("kind", *COUNT_KINDS, name="stock_count_kind_known"),
        one_of("state", *COUNT_DOCUMENT_STATES, name="stock_count_state_known"),
        CheckConstraint("recount_quantity >= 0", name="stock_count_recount_quantity"),
        CheckConstraint("recount_value >= 0", name="stock_count_recount_value"),
        CheckConstraint("recount_share >= 0", name="stock_count_recount_share"),
        one_of("recount_class", "A", "B", "C", name="stock_count_recount_class_known"),
        Index("stock_count_open", "store_id", "state"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    number: str
    kind: str
    state: str = "draft"
    freezes: bool = False
    is_blind: bool = True
    recount_quantity: Decimal | None = quantity_column(null=True)
    recount_value: Decimal | None = amount_column(null=True)
    recount_share: Decimal | None = price_column(null=True)
    recount_class: str | None = None
    selection: dict[str, Any] = json_column()
    plan_id: int | None = reference("count_plan.id", null=True)
    note: str = ""
    from_move_id: int = Field(default=0, sa_type=BigInteger)
    posting_by: int | None = reference("app_user.id", null=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    started_at: datetime | None = moment(null=True)
    closed_at: datetime | None = moment(null=True)


class CountTask(Table, table=True):
    """A place that somebody should count, and why; ``item_id`` None means all that is there.

    It stands alone (``count_id`` None: a wish of picking) or is part of a count, once per round.
    """

    __tablename__ = "count_task"
    __table_args__ = (
        one_of("cause", *COUNT_CAUSES, name="count_task_cause_known"),
        one_of("state", *COUNT_STATES, name="count_task_state_known"),
        ForeignKeyConstraint(
            ["location_id", "store_id"], ["location.id", "location.store_id"],
            name="count_task_of_its_store",
        ),
        ForeignKeyConstraint(
            ["count_id", "store_id"], ["stock_count.id", "stock_count.store_id"],
            name="count_task_of_its_count",
        ),
        CheckConstraint("round between 1 and 3", name="count_task_round"),
        Index("count_task_open", "store_id", "state"),
        Index(
            "count_task_once", "location_id", "item_id", "cause", unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state = 'open' and count_id is null"),
        ),
        Index(
            "count_task_once_a_round", "count_id", "location_id", "item_id", "round", unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("count_id is not null and state <> 'cancelled'"),
        ),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = Field(sa_type=BigInteger)
    location_id: int = Field(sa_type=BigInteger)
    item_id: int | None = reference("item.id", null=True)
    cause: str
    state: str = "open"
    note: str = ""
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)
    count_id: int | None = Field(default=None, sa_type=BigInteger)
    round: int = 1
    priority: int = 5
    due_on: date | None = None
    held_by: int | None = reference("app_user.id", null=True)
    counted_by: int | None = reference("app_user.id", null=True)
    begun_at: datetime | None = moment(null=True)
    is_empty: bool = False
    step: dict[str, Any] | None = json_column(null=True)
    version: int = 0


class TransferRequest(Table, table=True):
    """Stock asked of another store or warehouse; the transfer itself is a document of its own."""

    __tablename__ = "transfer_request"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="transfer_request_quantity_positive"),
        one_of("state", *TRANSFER_STATES, name="transfer_request_state_known"),
        Index("transfer_request_open", "store_id", "state"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    from_store_id: int = reference("store.id")
    from_warehouse_id: int | None = reference("warehouse.id", null=True)
    item_id: int = reference("item.id")
    quantity: Decimal = quantity_column()
    order_line_id: int | None = reference("sales_order_line.id", null=True)
    state: str = "open"
    note: str = ""
    created_by: int = reference("app_user.id")
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)
