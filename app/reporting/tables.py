"""Sums of what was sold, how far they follow the facts, and the classes of items."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer
from sqlmodel import Field

from app.kit.tables import (
    Table,
    amount_column,
    moment,
    one_of,
    price_column,
    quantity_column,
    reference,
)


def _number(*, null: bool = False) -> Any:
    """An id of the facts.  No foreign key: the row is made from them, and ``verify`` compares."""
    return Field(default=None if null else ..., sa_type=BigInteger, nullable=null)


def _part_of_key(target: str) -> Any:
    return Field(sa_type=BigInteger, foreign_key=target, primary_key=True)


class SaleMargin(Table, table=True):
    """What was booked on one day on one movement of goods sold.

    ``quantity`` (base unit) is negative for what came back, and so are its amounts.  ``gross`` is
    at list price, ``revenue`` after the discount, both net of tax; ``returned`` (positive) is the
    revenue of what came back, already taken off ``revenue``.  ``corrected`` is the part of ``cost``
    that was found later.  Amounts are in the company's currency.
    """

    __tablename__ = "sale_margin"
    __table_args__ = (
        Index("sale_margin_by_day", "booked_on", "store_id"),
        Index("sale_margin_of_line", "order_line_id"),
    )

    move_id: int = Field(sa_type=BigInteger, primary_key=True)
    booked_on: date = Field(primary_key=True)
    store_id: int = _number()
    order_id: int = _number()
    order_line_id: int = _number()
    item_id: int = _number()
    lot_id: int | None = _number(null=True)
    customer_id: int = _number()
    salesperson_id: int | None = _number(null=True)
    region: str
    quantity: Decimal = quantity_column()
    gross: Decimal = amount_column()
    revenue: Decimal = amount_column()
    returned: Decimal = amount_column()
    cost: Decimal = amount_column()
    corrected: Decimal = amount_column()


class MarginProgress(Table, table=True):
    """Up to which move and cost entry the sums are complete, whatever commits later: one row."""

    __tablename__ = "margin_progress"
    __table_args__ = (CheckConstraint("id = 1", name="margin_progress_is_one"),)

    id: int = Field(default=1, primary_key=True, sa_type=Integer)
    settled_move_id: int = Field(default=0, sa_type=BigInteger)
    settled_entry_id: int = Field(default=0, sa_type=BigInteger)
    noted_move_id: int = Field(default=0, sa_type=BigInteger)
    noted_entry_id: int = Field(default=0, sa_type=BigInteger)
    barrier: int | None = Field(default=None, sa_type=BigInteger)
    complete_at: datetime | None = moment(null=True)


class ReportRule(Table, table=True):
    """The company's thresholds: one row.  Shares and rates are fractions."""

    __tablename__ = "report_rule"
    __table_args__ = (
        CheckConstraint("id = 1", name="report_rule_is_one"),
        CheckConstraint("window_days between 7 and 730", name="report_rule_window"),
        CheckConstraint(
            "0 < a_share and a_share < b_share and b_share < 1", name="report_rule_shares"
        ),
        CheckConstraint(
            "0 < x_limit and x_limit < y_limit and y_limit <= 10", name="report_rule_limits"
        ),
        CheckConstraint("low_rate >= 0 and low_rate < 1", name="report_rule_low_rate"),
    )

    id: int = Field(default=1, primary_key=True, sa_type=Integer)
    window_days: int = 90
    a_share: Decimal = price_column(Decimal("0.8"))
    b_share: Decimal = price_column(Decimal("0.95"))
    x_limit: Decimal = price_column(Decimal("0.5"))
    y_limit: Decimal = price_column(Decimal(1))
    low_rate: Decimal = price_column(Decimal("0.05"))
    changed_by: int | None = reference("app_user.id", null=True)
    changed_at: datetime = moment(now=True)


class AbcClass(Table, table=True):
    """The class of an item in a store on the day that it was computed.

    A, B or C by the value of what was issued (``cumulated_share`` with everything above it); X, Y
    or Z by how steady the issues of each week were (``variation``: deviation over mean).
    """

    __tablename__ = "abc_class"
    __table_args__ = (
        one_of("class", "A", "B", "C", name="abc_class_known"),
        one_of("steadiness", "X", "Y", "Z", name="abc_class_steadiness_known"),
        Index("abc_class_by_class", "store_id", "class"),
    )

    store_id: int = _part_of_key("store.id")
    item_id: int = _part_of_key("item.id")
    class_: str = Field(sa_column_kwargs={"name": "class"})
    steadiness: str
    issued_value: Decimal = amount_column()
    issued_quantity: Decimal = quantity_column()
    cumulated_share: Decimal = price_column()
    variation: Decimal | None = price_column(null=True)
    computed_on: date
