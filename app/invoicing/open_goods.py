"""Goods received and not invoiced: what stands at an estimate, and how that moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from app.invoicing.queries import VIEWS
from app.invoicing.words import GROUPS
from app.kit import clock, sql
from app.kit.forms import start_of

SHOWN = 500
LAST_MONTH = 12
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True)
class OpenRow:
    """What is open of a line, a receipt, a supplier or a month; the other columns are None."""

    receipt_id: int | None
    receipt: str | None
    order_number: str | None
    supplier_code: str | None
    supplier: str | None
    item_code: str | None
    item_name: str | None
    base_unit: str | None
    period: str | None
    since: datetime
    receipts: int
    received: Decimal | None
    invoiced: Decimal | None
    returned: Decimal | None
    open_quantity: Decimal | None
    goods_amount: Decimal
    open_amount: Decimal


@dataclass(frozen=True)
class MovementRow:
    """The estimate of a supplier's goods in a month; ``closing`` is the sum of the others."""

    supplier_code: str
    supplier: str
    opening: Decimal
    received: Decimal
    reversed: Decimal
    returned: Decimal
    closing: Decimal


def open_goods(session: Session, query: Mapping[str, str], zone: str) -> list[OpenRow]:
    """``query`` may hold ``by``, ``text``, ``from`` and ``to`` (days of the receipt)."""
    whole = every_open(query, zone)
    return sql.rows(session, OpenRow, whole.text, {**whole.parameters, "limit": SHOWN})


def every_open(query: Mapping[str, str], zone: str) -> sql.Select[OpenRow]:
    """All of that list."""
    text = query.get("text", "").strip()[:100]
    by = query.get("by", "receipt")
    given = {
        "by": by if by in GROUPS else "receipt",
        "text": text,
        "inside": f"%{text}%",
        "since": start_of(query.get("from", ""), zone),
        "until": start_of(query.get("to", ""), zone, days_later=1),
        "limit": None,
    }
    return sql.Select(OpenRow, VIEWS["open"], given)


def movements(query: Mapping[str, str], zone: str) -> sql.Select[MovementRow]:
    """By supplier, in the month ``2026-11`` of the query; the present one without."""
    first = month_of(query, zone)
    months = first.year * LAST_MONTH + first.month
    following = date(months // LAST_MONTH, months % LAST_MONTH + 1, 1)
    given = {
        "since": start_of(first.isoformat(), zone),
        "until": start_of(following.isoformat(), zone),
    }
    return sql.Select(MovementRow, VIEWS["movements"], given)


def month_of(query: Mapping[str, str], zone: str) -> date:
    """The first day of the month that is asked for."""
    try:
        first = date.fromisoformat(query.get("month", "") + "-01")
    except ValueError:
        first = date.min
    known = FIRST_YEAR <= first.year <= LAST_YEAR
    return first if known else clock.today(zone).replace(day=1)


def read_movements(session: Session, select: sql.Select[MovementRow]) -> list[MovementRow]:
    return sql.rows(session, MovementRow, select.text, select.parameters)
