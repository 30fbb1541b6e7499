"""Numbers, money and moments for people: in the form of their language, the zone of their store."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.kit.i18n import current_language

DEFAULT_ZONE = "Asia/Shanghai"
_zone: ContextVar[str] = ContextVar("zone", default=DEFAULT_ZONE)

# One form of a day per language, alone and before a time: a list must not mix two.
_DAY = {"zh_CN": "yyyy-MM-dd", "en": "d MMM yyyy"}
_BEFORE_TIME = {"zh_CN": " ", "en": ", "}


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
    """``2026-11-22``, in English ``22 Nov 2026``; empty for None."""
    return "" if value is None else _day(value, current_language())


def moment(value: datetime | None) -> str:
    """A moment to the minute, in the store's time zone; empty for None."""
    if value is None:
        return ""
    shown, language = local(value), current_language()
    return f"{_day(shown.date(), language)}{_BEFORE_TIME[language]}{shown:%H:%M}"


def local(value: datetime) -> datetime:
    """What the clock on the store's wall showed: the moment in the store's zone, without it."""
    return value.astimezone(_zone_info(_zone.get())).replace(tzinfo=None)


@lru_cache(4096)
def _day(value: date, language: str) -> str:
    return format_date(value, _DAY[language], locale=language)


@lru_cache(64)
def _zone_info(name: str) -> ZoneInfo:
    return ZoneInfo(name)
