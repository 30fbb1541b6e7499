"""Months that were closed, and stock and its value on their last day."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field

from app.kit.tables import (
    Table,
    amount_column,
    json_column,
    key,
    moment,
    quantity_column,
    reference,
)


class PeriodClosing(Table, table=True):
    """One month that was closed; reopening leaves the row, closing again makes a new one.

    ``findings`` is what the checks found and a person accepted, with the reason in ``note``.
    """

    __tablename__ = "period_closing"
    __table_args__ = (
        CheckConstraint(
            "starts_on = date_trunc('month', starts_on)::date"
            " and ends_on = (starts_on + interval '1 month - 1 day')::date",
            name="period_closing_is_a_month",
        ),
        CheckConstraint(
            "(reopened_at is null) = (reopening_reason = '')",
            name="period_closing_reopened_with_reason",
        ),
        Index(
            "period_closed_once",
            "starts_on",
            unique=True,
            postgresql_where=text("reopened_at is null"),
        ),
    )

    id: int | None = key()
    starts_on: date
    ends_on: date
    closed_at: datetime = moment(now=True)
    closed_by: int | None = reference("app_user.id", null=True)
    note: str = ""
    findings: list[dict[str, Any]] = json_column()
    command_id: UUID
    reopened_at: datetime | None = moment(null=True)
    reopened_by: int | None = reference("app_user.id", null=True)
    reopening_reason: str = ""
    approval_request_id: int | None = reference("approval_request.id", null=True)


class ClosingBalance(Table, table=True):
    """Stock of an item in a store on the last day of a closed month, and what it was worth."""

    __tablename__ = "closing_balance"

    closing_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="period_closing.id")
    store_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="store.id")
    item_id: int = Field(sa_type=BigInteger, primary_key=True, foreign_key="item.id")
    quantity: Decimal = quantity_column()
    amount: Decimal = amount_column()
