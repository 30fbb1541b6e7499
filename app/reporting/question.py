"""What a report is asked: dimensions, period, filters, read from the query of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, LiteralString

from app.kit import clock
from app.reporting.dimensions import DIMENSIONS, NO_REGION, Dimension, last_day
from app.reporting.figures import MEASURES
from app.reporting.problems import (
    BadReportFilter,
    PeriodReversed,
    PeriodTooLong,
    SameDimension,
    UnknownDimension,
    UnknownMeasure,
)

USUAL_DAYS, MOST_DAYS = 30, 3660
_DIGITS_OF_AN_ID, _LONGEST_TEXT = 18, 200
SORTS: dict[str, LiteralString] = {
    "revenue": "revenue",
    "margin": "revenue - cost",
    "cost": "cost",
    "rate": "(revenue - cost) / nullif(revenue, 0)",
}


@dataclass(frozen=True)
class Question:
    """``columns`` None for a plain list; ``since`` and ``till`` are days, both included.

    ``filters`` are keys by dimension, as the address has them.  ``sort`` is of ``SORTS``, with a
    minus for the largest first.
    """

    rows: Dimension
    columns: Dimension | None
    since: date
    till: date
    measure: str = "margin"
    sort: str = "-revenue"
    filters: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def read(cls, query: Mapping[str, str], zone: str) -> Question:
        """Without a period the last 30 days where the reader is, or so many ``days``.

        Raises:
            UnknownDimension, SameDimension, UnknownMeasure, BadReportFilter, PeriodReversed,
                PeriodTooLong.
        """
        rows = _dimension(query.get("rows") or "item")
        columns = _dimension(query["columns"]) if query.get("columns") else None
        if rows == columns:
            raise SameDimension
        measure = query.get("measure") or "margin"
        if measure not in MEASURES:
            raise UnknownMeasure(given=measure[:40], offered=", ".join(MEASURES))
        since, till = _period(query, zone)
        sort = query.get("sort", "")
        sort = sort if sort.removeprefix("-") in SORTS else "-revenue"
        return cls(rows, columns, since, till, measure, sort, _filters(query))

    @property
    def query(self) -> dict[str, str]:
        """The same as an address has it."""
        asked = {
            "rows": self.rows.name,
            "columns": self.columns.name if self.columns else "",
            "since": self.since.isoformat(),
            "till": self.till.isoformat(),
            "measure": self.measure,
            "sort": self.sort,
            **self.filters,
        }
        return {name: value for name, value in asked.items() if value}

    def narrowed(self, dimension: Dimension, key: str) -> Question:
        """The same question of only one row or column."""
        if not dimension.is_period:
            given = NO_REGION if dimension.name == "region" and not key else key
            return replace(self, filters={**self.filters, dimension.name: given})
        first = date.fromisoformat(key)
        since = max(self.since, first)
        return replace(self, since=since, till=min(self.till, last_day(dimension.name, first)))

    # For SQL -------------------------------------------------------------------------------

    @property
    def joins(self) -> LiteralString:
        """What the keys of all its dimensions need."""
        used = [self.rows, *([self.columns] if self.columns else []), *self._narrowing]
        return " ".join(dict.fromkeys(dimension.join for dimension in used))

    @property
    def conditions(self) -> LiteralString:
        """One condition for each filter; ``parameters`` fills it."""
        return " ".join(
            "and " + one.key + " = %(" + _LITERAL[one.name] + ")s::" + one.cast
            for one in self._narrowing
        )

    @property
    def parameters(self) -> dict[str, Any]:
        keys = {name: "" if value == NO_REGION else value for name, value in self.filters.items()}
        return {"since": self.since, "till": self.till, **keys}

    @property
    def order(self) -> LiteralString:
        """Periods in their order, everything else by a figure."""
        by = SORTS[self.sort.removeprefix("-")]
        return by + (" desc nulls last" if self.sort.startswith("-") else " nulls last")

    @property
    def _narrowing(self) -> list[Dimension]:
        return [DIMENSIONS[name] for name in self.filters]


_LITERAL: dict[str, LiteralString] = {
    "item": "item", "category": "category", "customer": "customer", "region": "region",
    "area": "area", "store": "store", "salesperson": "salesperson", "lot": "lot", "order": "order",
}  # fmt: skip


def _dimension(given: str) -> Dimension:
    if given not in DIMENSIONS:
        raise UnknownDimension(given=given[:40], offered=", ".join(DIMENSIONS))
    return DIMENSIONS[given]


def _period(query: Mapping[str, str], zone: str) -> tuple[date, date]:
    till = _day(query, "till") or clock.today(zone)
    since = _day(query, "since") or _days_before(till, query.get("days", ""))
    if since > till:
        raise PeriodReversed(since=since.isoformat(), till=till.isoformat())
    days = (till - since).days + 1
    if days > MOST_DAYS:
        raise PeriodTooLong(days=days, most=MOST_DAYS)
    return since, till


def _days_before(till: date, given: str) -> date:
    if given and not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST_DAYS):
        raise BadReportFilter(given=given[:40], field="days")
    days = timedelta(days=int(given or USUAL_DAYS) - 1)
    return till - days if till - date.min > days else date.min


def _day(query: Mapping[str, str], name: str) -> date | None:
    given = query.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadReportFilter(given=given[:40], field=name) from None


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    given = {name: query.get(name, "").strip() for name in _LITERAL}
    for name, value in given.items():
        is_id = value.isascii() and value.isdigit() and len(value) <= _DIGITS_OF_AN_ID
        is_text = value.isprintable() and len(value) <= _LONGEST_TEXT
        if value and not (is_text if name == "region" else is_id):
            raise BadReportFilter(given=value[:40], field=name)
    return {name: value for name, value in given.items() if value}
