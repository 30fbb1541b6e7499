"""What counters saw, and what it means for the books.

The count itself and its tasks are in ``app.orders``: promises have to know them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
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

SOURCES = ("scan", "keypad", "rfid", "sheet", "offline")
SHEET_STATES = ("making", "ready", "failed")
UPLOAD_STATES = ("preview", "applied", "discarded")
RESULT_STATES = ("open", "recount", "decided", "posted")
KEY = ("count_id", "location_id", "item_id", "lot_id", "logistic_unit_id")


class CountLine(Table, table=True):
    """One scan or entry of a counter: so much more (or less) was seen.

    ``unit_cost`` is only given with opening stock.
    """

    __tablename__ = "count_line"
    __table_args__ = (
        one_of("source", *SOURCES, name="count_line_source_known"),
        CheckConstraint("abs(quantity) < 1000000000000", name="count_line_quantity_not_absurd"),
        CheckConstraint("unit_cost >= 0", name="count_line_unit_cost_not_negative"),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"], name="count_line_lot_of_its_item"
        ),
        Index("count_line_of_task", "task_id", "id"),
        Index("count_line_of_count", "count_id", "location_id", "item_id"),
        Index(
            "count_line_serial_once", "count_id", "round", "lot_id", unique=True,
            postgresql_where=text("is_serial and undone_at is null and quantity > 0"),
        ),
    )  # fmt: skip

    id: int | None = key()
    count_id: int = reference("stock_count.id")
    task_id: int = reference("count_task.id")
    store_id: int = reference("store.id")
    location_id: int = reference("location.id")
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    packaging_id: int | None = reference("packaging.id", null=True)
    entered_quantity: Decimal = quantity_column()
    factor: Decimal = quantity_column(Decimal(1))
    quantity: Decimal = quantity_column()
    is_serial: bool = False
    is_unexpected: bool = False
    unit_cost: Decimal | None = price_column(null=True)
    source: str = "scan"
    raw_code: str = ""
    round: int = 1
    command_id: UUID
    user_id: int | None = reference("app_user.id", null=True)
    occurred_at: datetime = moment()
    recorded_at: datetime = moment(now=True)
    undone_at: datetime | None = moment(null=True)


class CountResult(Table, table=True):
    """What a count found of one thing in one place, against the books at the moment it was seen.

    Up to three rounds, each by another person: ``..._book`` is what the books say of the moment
    ``..._at``.  ``variance`` = ``quantity`` - the book quantity at ``counted_at``; ``value`` is
    what that is worth in the company's currency.  What nobody saw was counted at some moment since
    ``unseen_since``, the begin of the task, and ``counted_at``, its end.  ``posted_...`` follow the
    moves of the result (their ``line_kind`` is ``count_result``), those that late papers added
    included (``late_variance``); ``posted_before`` is what had moved before ``counted_at`` since
    the count was made, as far as it is known by now.  ``owed`` is what the books were to be lowered
    by and did not have, because a paper is still to come.
    """

    __tablename__ = "count_result"
    __table_args__ = (
        UniqueConstraint(*KEY, name="count_result_key", postgresql_nulls_not_distinct=True),
        one_of("state", *RESULT_STATES, name="count_result_state_known"),
        CheckConstraint("quantity >= 0", name="count_result_quantity_not_negative"),
        CheckConstraint(
            "state not in ('decided', 'posted')"
            " or (quantity is not null and counted_at is not null)",
            name="count_result_decided_has_quantity",
        ),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"], name="count_result_lot_of_its_item"
        ),
        Index("count_result_of_item", "item_id", "location_id", "counted_at"),
        Index("count_result_of_day", "store_id", "counted_at"),
    )

    id: int | None = key()
    count_id: int = reference("stock_count.id")
    store_id: int = reference("store.id")
    location_id: int = reference("location.id")
    item_id: int = reference("item.id")
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    state: str = "open"
    first_quantity: Decimal | None = quantity_column(null=True)
    first_book: Decimal | None = quantity_column(null=True)
    first_at: datetime | None = moment(null=True)
    first_by: int | None = reference("app_user.id", null=True)
    second_quantity: Decimal | None = quantity_column(null=True)
    second_book: Decimal | None = quantity_column(null=True)
    second_at: datetime | None = moment(null=True)
    second_by: int | None = reference("app_user.id", null=True)
    third_quantity: Decimal | None = quantity_column(null=True)
    third_book: Decimal | None = quantity_column(null=True)
    third_at: datetime | None = moment(null=True)
    third_by: int | None = reference("app_user.id", null=True)
    quantity: Decimal | None = quantity_column(null=True)
    counted_at: datetime | None = moment(null=True)
    unseen_since: datetime | None = moment(null=True)
    variance: Decimal | None = quantity_column(null=True)
    unit_cost: Decimal | None = price_column(null=True)
    value: Decimal | None = amount_column(null=True)
    reason: str = ""
    note: str = ""
    decided_by: int | None = reference("app_user.id", null=True)
    posted_at: datetime | None = moment(null=True)
    posted_before: Decimal | None = quantity_column(null=True)
    posted_variance: Decimal | None = quantity_column(null=True)
    posted_value: Decimal | None = amount_column(null=True)
    late_variance: Decimal = quantity_column(Decimal(0))
    owed: Decimal = quantity_column(Decimal(0))


class CountProgress(Table, table=True):
    """Up to which move late papers have been looked for: exactly one row."""

    __tablename__ = "count_progress"
    __table_args__ = (CheckConstraint("id = 1", name="count_progress_is_one"),)

    id: int = Field(default=1, primary_key=True)
    settled_move_id: int = Field(default=0, sa_type=BigInteger)


def _of_its_count(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["count_id", "store_id"], ["stock_count.id", "stock_count.store_id"],
        name=f"{table}_of_its_count",
    )  # fmt: skip


class CountSheet(Table, table=True):
    """Some places of a count as they are to be walked; ``code`` is on paper and in the file.

    A long one has its ``file`` (PDF) made by a job.
    """

    __tablename__ = "count_sheet"
    __table_args__ = (
        UniqueConstraint("code", name="count_sheet_code_once"),
        UniqueConstraint("id", "store_id", name="count_sheet_of_its_store"),
        one_of("state", *SHEET_STATES, name="count_sheet_state_known"),
        _of_its_count("count_sheet"),
        Index("count_sheet_of_count", "count_id", "id"),
    )

    id: int | None = key()
    count_id: int = Field(sa_type=BigInteger)
    store_id: int = Field(sa_type=BigInteger)
    code: str
    is_blind: bool = True
    line_count: int
    page_count: int
    state: str = "ready"
    language: str = "zh"
    address: str = ""
    file: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class CountSheetLine(Table, table=True):
    """One line of it, with what the books had; a place without goods has one without an item."""

    __tablename__ = "count_sheet_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sheet_id", "store_id"], ["count_sheet.id", "count_sheet.store_id"],
            name="count_sheet_line_of_its_sheet", ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["lot_id", "item_id"], ["lot.id", "lot.item_id"],
            name="count_sheet_line_lot_of_its_item",
        ),
    )  # fmt: skip

    sheet_id: int = Field(sa_type=BigInteger, primary_key=True)
    number: int = Field(primary_key=True)
    store_id: int = Field(sa_type=BigInteger)
    task_id: int = reference("count_task.id")
    location_id: int = reference("location.id")
    item_id: int | None = reference("item.id", null=True)
    lot_id: int | None = Field(default=None, sa_type=BigInteger)
    logistic_unit_id: int | None = reference("logistic_unit.id", null=True)
    book: Decimal = quantity_column(Decimal(0))


class CountUpload(Table, table=True):
    """A filled sheet that came back: its rows as they were read, and what is wrong with them.

    ``digest`` is of what its rows say, however the file was saved; ``figures`` are what the preview
    shows in short.
    """

    __tablename__ = "count_upload"
    __table_args__ = (
        one_of("state", *UPLOAD_STATES, name="count_upload_state_known"),
        _of_its_count("count_upload"),
        ForeignKeyConstraint(
            ["sheet_id", "store_id"], ["count_sheet.id", "count_sheet.store_id"],
            name="count_upload_of_its_sheet",
        ),
        Index(
            "count_upload_once", "count_id", "digest", unique=True,
            postgresql_where=text("state <> 'discarded'"),
        ),
    )  # fmt: skip

    id: int | None = key()
    count_id: int = Field(sa_type=BigInteger)
    store_id: int = Field(sa_type=BigInteger)
    sheet_id: int = Field(sa_type=BigInteger)
    file_name: str
    digest: str
    state: str = "preview"
    counted_by: int = reference("app_user.id")
    counted_at: datetime = moment()
    rows: list[Any] = json_column()
    findings: dict[str, Any] = json_column()
    figures: dict[str, Any] = json_column()
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)
    closed_at: datetime | None = moment(null=True)
