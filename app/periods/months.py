"""Months: the periods of the books, there by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.periods.problems import NoSuchMonth

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """Written as ``2026-11``."""

    starts_on: date

    @classmethod
    def of(cls, day: date) -> Month:
        """The month that a day lies in."""
        return cls(day.replace(day=1))

    @classmethod
    def read(cls, given: str) -> Month:
        """Raises NoSuchMonth."""
        if not _MONTH.fullmatch(given) or given.startswith("0000"):
            raise NoSuchMonth(given=given[:20])
        return cls(date.fromisoformat(f"{given}-01"))

    @property
    def after(self) -> Month:
        return Month.of(self.starts_on + timedelta(days=31))

    @property
    def ends_on(self) -> date:
        return self.after.starts_on - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m}"


def months(first: date, last: date) -> Iterator[Month]:
    """Each month from the first day's to the last day's, the latest first."""
    found = [Month.of(first)]
    while found[-1] < Month.of(last):
        found.append(found[-1].after)
    return reversed(found)
