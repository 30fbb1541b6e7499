"""Numbers, money and moments for people: in the form of their language, the zone of their store."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from app.kit.i18n import current_language

DEFAULT_ZONE = "Asia/Shanghai"
_zone: ContextVar[str] = ContextVar("zone", default=DEFAULT_ZONE)


@contextmanager
def in_zone(zone: str) -> Generator[None]:
    """Show every moment inside the block in this time zone (IANA name)."""
    token = _zone.set(zone)
    try:
        yield
    finally:
        _zone.reset(token)


def quantity(value: Decimal | int | None, decimals: int | None = None) -> str:
    """``1,234.5``: trailing zeros dropped, or exactly ``decimals`` of them; empty for None."""
    if value is None:
        return ""
    if decimals is not None:
        return f"{value:,.{decimals}f}"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal | None, decimals: int = 2) -> str:
    """An amount of money with the decimals of its currency, without the currency's sign."""
    return quantity(value, decimals)


def day(value: date | None) -> str:
    """A date in the medium form of the language; empty for None."""
    return "" if value is None else _day(value, current_language())


def moment(value: datetime | None) -> str:
    """A moment to the minute, in the store's time zone; empty for None."""
    if value is None:
        return ""
    local = value.astimezone(_zone_info(_zone.get())).replace(second=0, microsecond=0, tzinfo=None)
    return _moment(local, current_language())


@lru_cache(4096)
def _day(value: date, language: str) -> str:
    return format_date(value, "medium", locale=language)


@lru_cache(4096)
def _moment(local: datetime, language: str) -> str:
    pattern = "yyyy-MM-dd HH:mm" if language == "zh_CN" else "d MMM yyyy, HH:mm"
    return format_datetime(local, pattern, locale=language)


@lru_cache(64)
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)
