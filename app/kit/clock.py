"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The current moment, with zone (UTC)."""
    return datetime.now(UTC)


def today(zone: str = "Asia/Shanghai") -> date:
    """The current day where the store is."""
    return now().astimezone(ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """The moment at which the day begins where the store is."""
    return datetime.combine(day, time(), ZoneInfo(zone))
