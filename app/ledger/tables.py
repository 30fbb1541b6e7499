"""The ledger's facts (append-only) and the sums kept beside them in the same transaction."""

from __future__ import annotations

from datetime import datetime
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

STATUSES = ("available", "inspection", "frozen", "damaged", "returned")
ENTRY_KINDS = (
    "receipt", "issue", "return_in", "return_out", "landed", "landed_to_cogs", "revaluation",
    "correction", "production_in", "production_out", "transfer", "adjustment",
)  # fmt: skip
KEY = ("location_id", "item_id", "lot_id", "status", "logistic_unit_id")


class StockMove(Table, table=True):
    """Quantity from a place to a place.  Insert only: a trigger refuses everything else.

    A virtual place has no status and no balance; a real one has both.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="stock_move_quantity_positive"),
        CheckConstraint(
            "from_location_id <> to_location_id or from_status <> to_status",
            name="stock_move_goes_somewhere",
        ),
        CheckConstraint(
            "from_status is not null or to_status is not null", name="stock_move_touches_stock"
        ),
        one_of("from_status", *STATUSES, name="stock_move_from_status_known"),
        one_of("to_status", *STATUSES, name="stock_move_to_status_known"),
        ForeignKeyConstraint(
            ["from_location_id", "store_id"], ["location.id", "location.store_id"],
            name="stock_move_from_its_store",
        ),
        ForeignKeyConstraint(
            ["to_location_id", "store_id"], ["location.id", "location.store_id"],
            name="stock_move_to_its_store",
        ),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"], name="stock_move_lot_of_its_item"
        ),
        ForeignKeyConstraint(
            ["command_id"], ["command.id"], name="stock_move_has_its_command",
            deferrable=True, initially="DEFERRED",
        ),
        Index(
            "stock_move_reversed_once", "reverses_id", unique=True,
            postgresql_where=text("reverses_id is not null"),
        ),
        Index("stock_move_of_item", "item_id", "id"),
        Index("stock_move_of_line", "line_kind", "line_id"),
        Index("stock_move_of_command", "command_id"),
        Index(
            "stock_move_amended", "amends_id", postgresql_where=text("amends_id is not null")
        ),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    from_location_id: int = Field(sa_type=BigInteger)
    from_status: str | None = None
    to_location_id: int = Field(sa_type=BigInteger)
    to_status: str | None = None
    quantity: Decimal = quantity_column()
    biz_step: str
    line_kind: str | None = None
    line_id: int | None = Field(default=None, sa_type=BigInteger)
    reason: str | None = None
    command_id: UUID
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(now=True)
    reverses_id: int | None = reference("stock_move.id", null=True)
    amends_id: int | None = reference("stock_move.id", null=True)


class Balance(Table, table=True):
    """What is on hand and promised in one place, of one item, lot, status and logistic unit."""

    __tablename__ = "balance"
    __table_args__ = (
        UniqueConstraint(*KEY, name="balance_key", postgresql_nulls_not_distinct=True),
        CheckConstraint("on_hand >= 0 or may_be_negative", name="balance_on_hand_not_negative"),
        CheckConstraint("allocated >= 0", name="balance_allocated_not_negative"),
        CheckConstraint(
            "allocated <= greatest(on_hand, 0)", name="balance_allocated_within_on_hand"
        ),
        one_of("status", *STATUSES, name="balance_status_known"),
        ForeignKeyConstraint(
            ["location_id", "store_id"], ["location.id", "location.store_id"],
            name="balance_in_its_store",
        ),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"], name="balance_lot_of_its_item"
        ),
        CheckConstraint("not is_serial or on_hand <= 1", name="balance_serial_at_most_one"),
        Index(
            "balance_serial_is_one", "lot_id", unique=True,
            postgresql_where=text("is_serial and on_hand > 0"),
        ),
        Index("balance_of_item", "item_id", "store_id"),
    )  # fmt: skip

    id: int | None = key()
    store_id: int = reference("store.id")
    location_id: int = Field(sa_type=BigInteger)
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    status: str
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    on_hand: Decimal = quantity_column(Decimal(0))
    allocated: Decimal = quantity_column(Decimal(0))
    may_be_negative: bool = False
    is_serial: bool = False
    received_at: datetime = moment(now=True)
    changed_at: datetime = moment(now=True)


class Allocation(Table, table=True):
    """What is promised to a document line, still on the shelf."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("line_kind", "line_id", "balance_id", name="allocation_once_per_line"),
        CheckConstraint("quantity > 0", name="allocation_quantity_positive"),
        Index("allocation_of_balance", "balance_id"),
        Index("allocation_of_line", "line_kind", "line_id"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    balance_id: int = reference("balance.id")
    line_kind: str
    line_id: int = Field(sa_type=BigInteger)
    quantity: Decimal = quantity_column()
    created_at: datetime = moment(now=True)
    expires_at: datetime | None = moment(null=True)


class CostPool(Table, table=True):
    """Where value is averaged or queued.

    ``store_id`` is null in company scope; ``lot_id`` only under the specific method.  Quantity and
    value are the sums of its entries.  Below zero only where a warehouse allows negative stock.
    ``moved_at`` is the newest effective moment, ``issued_at`` that of what left at the average.
    """

    __tablename__ = "cost_pool"
    __table_args__ = (
        UniqueConstraint(
            "item_id",
            "store_id",
            "lot_id",
            name="cost_pool_key",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("value >= 0 or quantity < 0", name="cost_pool_value_not_negative"),
        CheckConstraint("value <= 0 or quantity > 0", name="cost_pool_debt_not_positive"),
        CheckConstraint("quantity <> 0 or value = 0", name="cost_pool_empty_is_worthless"),
        Index("cost_pool_in_debt", "item_id", postgresql_where=text("quantity < 0")),
    )

    id: int | None = key()
    store_id: int | None = reference("store.id", null=True)
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    quantity: Decimal = quantity_column(Decimal(0))
    value: Decimal = amount_column(Decimal(0))
    last_unit_cost: Decimal = price_column(Decimal(0))
    changed_at: datetime = moment(now=True)
    moved_at: datetime | None = moment(null=True)
    issued_at: datetime | None = moment(null=True)


class CostLayer(Table, table=True):
    """One receipt's remaining part, under FIFO; oldest ``occurred_at``, then ``id``, first.

    Below zero, under every method: what the issue ``move_id`` took that was not there.
    """

    __tablename__ = "cost_layer"
    __table_args__ = (
        CheckConstraint("value >= 0 or remaining < 0", name="cost_layer_value_not_negative"),
        CheckConstraint("value <= 0 or remaining > 0", name="cost_layer_debt_not_positive"),
        CheckConstraint("remaining <> 0 or value = 0", name="cost_layer_empty_is_worthless"),
        Index(
            "cost_layer_queue", "pool_id", "occurred_at", "id",
            postgresql_where=text("remaining <> 0"),
        ),
        Index("cost_layer_of_move", "move_id"),
    )  # fmt: skip

    id: int | None = key()
    pool_id: int = reference("cost_pool.id")
    move_id: int = reference("stock_move.id")
    quantity: Decimal = quantity_column()
    remaining: Decimal = quantity_column()
    value: Decimal = amount_column()
    occurred_at: datetime = moment()


class CostEntry(Table, table=True):
    """One append-only value row.

    With a pool it changes the pool's quantity and value (and its layer's), so it is positive where
    value comes in; without one it is signed as a cost: what a reversal could not give back, or,
    negative, what the supplier credits for goods returned.  So the cost of a move that left stock,
    later corrections included, is ``-(entries with a pool) + (entries without)``; the view
    ``issue_cost`` has it.  A later correction of an issue is an entry of quantity zero on the
    issue's own move: ``landed_to_cogs`` for its share of landed cost, else ``correction``, with
    ``cause_id`` the entry that brought it about.

    ``occurred_at`` is the effective moment: for corrections by a voucher that of the voucher, for
    what a backdated move changed that of the corrected move (or, where its day is closed, the first
    open moment).  ``recorded_at`` is when it became known.  ``priced``: the amount was given with
    the goods, and did not follow from the pool.
    """

    __tablename__ = "cost_entry"
    __table_args__ = (
        one_of("kind", *ENTRY_KINDS, name="cost_entry_kind_known"),
        Index("cost_entry_of_move", "move_id"),
        Index("cost_entry_of_pool", "pool_id", "occurred_at", "id"),
        Index("cost_entry_of_layer", "layer_id", postgresql_where=text("layer_id is not null")),
        Index("cost_entry_of_command", "command_id"),
        Index("cost_entry_of_cause", "cause_id", postgresql_where=text("cause_id is not null")),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    move_id: int | None = reference("stock_move.id", null=True)
    pool_id: int | None = reference("cost_pool.id", null=True)
    layer_id: int | None = reference("cost_layer.id", null=True)
    quantity: Decimal = quantity_column()
    amount: Decimal = amount_column()
    kind: str
    cause_id: int | None = reference("cost_entry.id", null=True)
    command_id: UUID
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(now=True)
    priced: bool = Field(default=True, sa_column_kwargs={"server_default": text("true")})


class CostFlow(Table, table=True):
    """Where cost goes on to: what was used up becomes the cost of what came of it.

    Rows of one ``flow_id`` belong together: ``in`` (a move that left stock) and ``overhead`` bring
    cost, ``out`` (a move that entered stock) and ``lost`` take it.  ``basis`` of an out: ``share``
    by ``weight``, ``fixed`` (``amount``), ``component`` (at the unit cost of the same item that
    went in), ``part`` (``weight`` of a shipped quantity arrived).
    """

    __tablename__ = "cost_flow"
    __table_args__ = (
        one_of("side", "in", "overhead", "out", "lost", name="cost_flow_side_known"),
        one_of("basis", "share", "fixed", "component", "part", name="cost_flow_basis_known"),
        CheckConstraint("weight >= 0", name="cost_flow_weight_not_negative"),
        Index("cost_flow_of_move", "move_id", postgresql_where=text("move_id is not null")),
        Index("cost_flow_of_flow", "flow_id"),
    )

    id: int | None = key()
    flow_id: int = Field(sa_type=BigInteger)
    store_id: int = reference("store.id")
    move_id: int | None = reference("stock_move.id", null=True)
    side: str
    basis: str = "share"
    weight: Decimal = quantity_column(Decimal(0))
    amount: Decimal = amount_column(Decimal(0))
    created_at: datetime = moment(now=True)


class StockObservation(Table, table=True):
    """What was counted in one place at a moment, and the move that made the balance agree.

    ``sets_value``: the count also said what one is worth (``unit_cost``), of all that was counted.
    """

    __tablename__ = "stock_observation"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="stock_observation_counted_not_negative"),
        CheckConstraint("unit_cost >= 0", name="stock_observation_unit_cost_not_negative"),
        one_of("status", *STATUSES, name="stock_observation_status_known"),
        Index("stock_observation_of_place", "location_id", "item_id", "occurred_at"),
        Index("stock_observation_of_move", "move_id"),
    )

    id: int | None = key()
    store_id: int = reference("store.id")
    item_id: int = reference("item.id")
    lot_id: int | None = reference("lot.id", null=True)
    location_id: int = reference("location.id")
    status: str
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    counted: Decimal = quantity_column()
    unit_cost: Decimal | None = price_column(null=True)
    sets_value: bool = False
    move_id: int | None = reference("stock_move.id", null=True)
    command_id: UUID
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(now=True)


class CostRecost(Table, table=True):
    """A pool with an entry that lies before others: to be valued anew from ``since`` on."""

    __tablename__ = "cost_recost"

    pool_id: int = Field(
        sa_type=BigInteger, foreign_key="cost_pool.id", primary_key=True,
        sa_column_kwargs={"autoincrement": False},
    )  # fmt: skip
    since: datetime = moment()
    asked_at: datetime = moment(now=True)
    cause_id: int | None = reference("cost_entry.id", null=True)
