"""What a person asks the report for, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.kit.forms import number_in
from app.periods.months import Month
from app.periods.problems import BadDays
from app.periods.rolling import LEVELS, Wanted


def wanted_of(query: Mapping[str, str], today: date, zone: str) -> Wanted:
    """``month``, or ``since`` and ``till``; ``known`` (a moment in the zone), ``store``, ``by``.

    Without any days it is this month so far.

    Raises:
        BadDays, NoSuchMonth.
    """
    month = Month.read(query["month"]) if query.get("month") else Month.of(today)
    since = _day(query.get("since")) or month.starts_on
    till = _day(query.get("till")) or (month.ends_on if query.get("month") else max(today, since))
    if since > till:
        raise BadDays
    level = query.get("by", "item")
    return Wanted(
        since=since,
        till=till,
        known=_moment(query.get("known"), zone),
        store_id=number_in(query, "store"),
        level=level if level in LEVELS else "item",
    )


def _day(given: str | None) -> date | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadDays from None


def _moment(given: str | None, zone: str) -> datetime | None:
    """``2026-11-22T18:30``, as a browser's field gives it; with its own zone where it has one."""
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise BadDays from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def query_of(wanted: Wanted, known: str) -> dict[str, str]:
    """The address that asks for the same again; ``known`` as it was typed."""
    return {
        "since": wanted.since.isoformat(),
        "till": wanted.till.isoformat(),
        "known": known,
        "store": str(wanted.store_id or ""),
        "by": wanted.level,
    }
