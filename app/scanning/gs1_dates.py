"""Dates and times inside GS1 element strings."""

from __future__ import annotations

import calendar
from datetime import date

from app.kit.i18n import mark
from app.scanning.check_digits import is_digits


def date_of(yymmdd: str, today: date) -> date | None:
    """The day that six digits YYMMDD mean, None when there is no such day.

    Day 00 means the last day of the month.  The century is the one that puts the year between 49
    years before and 50 years after this one (GS1 General Specifications, section 7.12).
    """
    if len(yymmdd) != 6 or not is_digits(yymmdd):
        return None
    year, month, day = _full_year(int(yymmdd[:2]), today), int(yymmdd[2:4]), int(yymmdd[4:])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def _full_year(two_digits: int, today: date) -> int:
    century, this_year = divmod(today.year, 100)
    ahead = two_digits - this_year
    if ahead >= 51:
        century -= 1
    elif ahead <= -50:
        century += 1
    return century * 100 + two_digits


def fault_in_day(year: int, month: int, day: int, *, day_optional: bool) -> str | None:
    """Why these numbers are no calendar day, None when they are."""
    if not 1 <= month <= 12:
        return mark("The date contains an illegal month of the year.")
    if day == 0 and day_optional:
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return mark("The date contains an illegal day of the month.")
    return None


def fault_in_short_date(yymmdd: str, *, day_optional: bool) -> str | None:
    """Why YYMMDD is no date, None when it is one.

    Only leap years depend on the century, and every fourth year is one from 1976 to 2076.
    """
    year, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])
    return fault_in_day(2000 + year, month, day, day_optional=day_optional)
