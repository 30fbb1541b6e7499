"""What a stock list is narrowed to, read from the query of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.catalog.codes import normalised
from app.kit import clock
from app.scanning.parse import parse
from app.stock.problems import BadFilter
from app.stock.views import STATUS_NAMES

LONGEST_TEXT = 100
MOST_DAYS = 3650
_DIGITS_OF_AN_ID = 18


@dataclass(frozen=True)
class StockFilter:
    """The filter of stock lists.

    ``text`` is part of a code, name or specification, or a whole barcode; ``place`` the beginning
    of a location's code; ``expiring`` keeps lots that expire within so many days.
    """

    text: str = ""
    category: int | None = None
    status: str | None = None
    place: str = ""
    store: int | None = None
    expiring: int | None = None
    short: bool = False
    empty: bool = False

    @classmethod
    def read(cls, query: Mapping[str, str]) -> StockFilter:
        """Raises BadFilter for a value that cannot be one."""
        return cls(
            text=_text(query, "text"),
            category=number(query, "category"),
            status=_status(query.get("status") or None),
            place=_text(query, "place"),
            store=number(query, "store"),
            expiring=_days(query),
            short=query.get("short") == "1",
            empty=query.get("empty") == "1",
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return self != StockFilter(empty=self.empty)

    @property
    def has_more_than_text(self) -> bool:
        """Whether a filter besides the text is set: its box is shown open then."""
        return self != StockFilter(text=self.text)

    @property
    def hides_part(self) -> bool:
        """Whether part of an item's stock is left out, so that its sums say nothing of a lack."""
        return bool(self.status or self.place or self.store or self.expiring is not None)

    def parameters(self, today: date) -> dict[str, Any]:
        until = None if self.expiring is None else today + timedelta(days=self.expiring)
        return {
            "today": today,
            "category_id": self.category,
            "status": self.status,
            "place": beginning(self.place),
            "store_id": self.store,
            "until": until,
            "short_only": self.short,
            "empty_too": self.empty or self.short,
            **searched(self.text),
        }


@dataclass(frozen=True)
class MoveFilter:
    """``since`` and ``till`` are days of the store, both included."""

    text: str = ""
    place: str = ""
    item: int | None = None
    lot: int | None = None
    location: int | None = None
    store: int | None = None
    person: int | None = None
    since: date | None = None
    till: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> MoveFilter:
        """Raises BadFilter for a value that cannot be one."""
        return cls(
            text=_text(query, "text"),
            place=_text(query, "place"),
            item=number(query, "item"),
            lot=number(query, "lot"),
            location=number(query, "location"),
            store=number(query, "store"),
            person=number(query, "person"),
            since=_day(query, "since"),
            till=_day(query, "till"),
        )

    @property
    def is_narrow(self) -> bool:
        return self != MoveFilter()

    def parameters(self, zone: str) -> dict[str, Any]:
        # No day comes after the last that can be written.
        next_day = self.till + timedelta(days=1) if self.till and self.till < date.max else None
        return {
            "item_id": self.item,
            "lot_id": self.lot,
            "location_id": self.location,
            "place": beginning(self.place),
            "store_id": self.store,
            "user_id": self.person,
            "since": _midnight(self.since, zone),
            "till": _midnight(next_day, zone),
            "move_id": None,
            "before": None,
            **searched(self.text),
        }


def searched(text: str) -> dict[str, str | None]:
    """The parameters ``like`` and ``barcode`` of a text search.

    A scanned text is read for the GTIN inside it, so a GS1 code finds its item too.
    """
    if not text:
        return {"like": None, "barcode": None}
    found = parse(text).gtin
    return {"like": f"%{_literal(text)}%", "barcode": found or normalised(text)}


def beginning(text: str) -> str | None:
    return f"{_literal(text)}%" if text else None


def number(query: Mapping[str, str], name: str) -> int | None:
    """The id under this name; None where there is none.  Raises BadFilter for anything else."""
    given = query.get(name, "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS_OF_AN_ID):
        raise BadFilter(given=given[:40], field=name)
    return int(given)


def today_of(zone: str) -> date:
    return clock.today(zone)


def _literal(text: str) -> str:
    """The text with LIKE's own signs escaped."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _text(query: Mapping[str, str], name: str) -> str:
    text = " ".join(query.get(name, "").replace("\0", "").split())
    if len(text) > LONGEST_TEXT:
        raise BadFilter(given=text[:40], field=name)
    return text


def _status(given: str | None) -> str | None:
    if given is not None and given not in STATUS_NAMES:
        raise BadFilter(given=given[:40], field="status")
    return given


def _days(query: Mapping[str, str]) -> int | None:
    days = number(query, "expiring")
    if days is not None and days > MOST_DAYS:
        raise BadFilter(given=days, field="expiring")
    return days


def _day(query: Mapping[str, str], name: str) -> date | None:
    given = query.get(name, "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadFilter(given=given[:40], field=name) from None


def _midnight(day: date | None, zone: str) -> datetime | None:
    return clock.midnight(day, zone) if day else None
