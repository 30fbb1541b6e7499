"""Typed reading of months and their closings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.periods.commands import next_open
from app.periods.months import Month, months
from app.periods.rolling import QUERIES, Setting, setting


@dataclass(frozen=True)
class Closing:
    """A month that was closed; ``amount`` is what stock was worth then, in the stores one sees."""

    id: int
    starts_on: date
    ends_on: date
    closed_at: datetime
    note: str
    findings: list[dict[str, Any]]
    closed_by: str | None
    reopened_at: datetime | None
    reopened_by: str | None
    reopening_reason: str
    amount: Decimal

    @property
    def stands(self) -> bool:
        return self.reopened_at is None


@dataclass(frozen=True)
class _Asked:
    id: int
    starts_on: str


@dataclass(frozen=True)
class MonthRow:
    """A month with its closing that stands, those before, and a request that waits."""

    month: Month
    closing: Closing | None
    former: list[Closing]
    request_id: int | None
    may_close: bool
    may_reopen: bool

    @property
    def state(self) -> str:
        return "closed" if self.closing else "open"


@dataclass(frozen=True)
class Months:
    """Every month since something was first valued, the latest first."""

    setting: Setting
    rows: list[MonthRow]


def every_month(session: Session) -> Months:
    own = setting(session)
    if own.first_on is None or own.today is None:
        return Months(own, [])
    closings = sql.rows(session, Closing, QUERIES["closings"])
    asked = {
        row.starts_on: row.id for row in sql.rows(session, _Asked, QUERIES["waiting_reopenings"])
    }
    first = min([own.first_on, *(closing.starts_on for closing in closings)])
    return Months(
        own,
        [_row(own, month, closings, asked) for month in months(first, own.today)],
    )


def one_month(session: Session, month: Month) -> MonthRow:
    """The month, also where nothing was ever valued in it."""
    for row in every_month(session).rows:
        if row.month == month:
            return row
    return MonthRow(month, None, [], None, may_close=False, may_reopen=False)


def _row(own: Setting, month: Month, closings: list[Closing], asked: dict[str, int]) -> MonthRow:
    mine = [closing for closing in closings if closing.starts_on == month.starts_on]
    standing = next((closing for closing in mine if closing.stands), None)
    is_over = own.today is not None and month.ends_on < own.today
    latest = max((one.starts_on for one in closings if one.stands), default=None)
    return MonthRow(
        month=month,
        closing=standing,
        former=[closing for closing in mine if not closing.stands],
        request_id=asked.get(month.starts_on.isoformat()),
        may_close=standing is None and is_over and next_open(own) == month,
        may_reopen=latest == month.starts_on,
    )
