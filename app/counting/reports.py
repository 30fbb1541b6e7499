"""What counts found (盘盈盘亏), how accurate the books were, and how well people count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.catalog import values
from app.counting import sheet_problems as problems
from app.kit import clock, sql
from app.kit.i18n import mark

REPORTS = sql.Queries(Path(__file__).with_name("reports.sql"))
DAYS = 90
MOST_SHOWN, MOST_BARS = 200, 24
LONGEST_ID = 18
ONE, HUNDRED = Decimal(1), Decimal(100)
DIMENSIONS = {
    "item": mark("Item"),
    "location": mark("Location"),
    "class": mark("Class (ABC)"),
    "counter": mark("Counted by"),
    "reason": mark("Reason"),
    "count": mark("Count"),
    "month": mark("Month"),
}
POSTED = {
    "": mark("Before and after posting"),
    "yes": mark("Posted only"),
    "no": mark("Not posted yet"),
}


@dataclass(frozen=True)
class Wanted:
    """Which lines, and by what they are summed up.  Days are the store's own, both included."""

    by: str = "item"
    count_id: int | None = None
    store_id: int | None = None
    since: date | None = None
    till: date | None = None
    posted: str = ""
    time_zone: str = "Asia/Shanghai"

    def parameters(self, limit: int | None = None) -> dict[str, object]:
        """For the statements of ``reports.sql``."""
        zone = ZoneInfo(self.time_zone)
        since = datetime.combine(self.since, time(), zone) if self.since else None
        last = self.till + timedelta(days=1) if self.till else None
        return {
            "by": self.by,
            "count_id": self.count_id,
            "store_id": self.store_id,
            "since": since,
            "before": datetime.combine(last, time(), zone) if last else None,
            "posted": self.posted,
            "limit": limit,
        }

    @property
    def query(self) -> dict[str, str]:
        """As the address says it."""
        said = {
            "by": self.by,
            "count": self.count_id,
            "store": self.store_id,
            "since": self.since,
            "till": self.till,
            "posted": self.posted,
        }
        return {name: str(value) if value is not None else "" for name, value in said.items()}


@dataclass(frozen=True)
class Group:
    """Settled lines that have something in common.

    Quantities only mean something where all are in one ``unit``; values are in the company's
    currency, losses negative.
    """

    key: str
    code: str
    name: str
    unit: str
    lines: int
    differing: int
    gain: Decimal
    gain_value: Decimal
    loss: Decimal
    loss_value: Decimal
    net: Decimal
    net_value: Decimal
    book_value: Decimal
    moved_value: Decimal
    quantity_share: Decimal
    last_at: datetime

    @property
    def line_accuracy(self) -> Decimal:
        """Percent of the lines where the books were right."""
        return HUNDRED * (self.lines - self.differing) / self.lines

    @property
    def quantity_accuracy(self) -> Decimal:
        """Percent: the mean over the lines of the smaller of book and counted over the larger."""
        return HUNDRED * self.quantity_share

    @property
    def value_accuracy(self) -> Decimal | None:
        """Percent of the books' value that was not off; None where nothing was worth anything."""
        if self.book_value <= 0:
            return None
        return HUNDRED * max(ONE - self.moved_value / self.book_value, Decimal(0))


@dataclass(frozen=True)
class Differing:
    """One line that differs; of a posted one ``variance`` and ``value`` are what was booked."""

    id: int
    number: str
    location: str
    code: str
    name: str
    specification: str
    unit: str
    lot: str
    sscc: str
    class_: str
    book: Decimal
    quantity: Decimal
    variance: Decimal
    unit_cost: Decimal | None
    value: Decimal
    reason: str
    note: str
    counter: str | None
    counted_at: datetime
    posted_at: datetime | None


@dataclass(frozen=True)
class Counter:
    """``hits`` of a person's ``lines`` stood in the end; ``confirmed`` of those counted again."""

    name: str
    lines: int
    hits: int
    recounted: int
    confirmed: int

    @property
    def rate(self) -> Decimal:
        """Percent."""
        return HUNDRED * self.hits / self.lines


@dataclass(frozen=True)
class Company:
    name: str
    currency: str
    decimals: int


@dataclass(frozen=True)
class Report:
    """The whole screen; ``total`` is None where nothing is settled."""

    wanted: Wanted
    company: Company
    number: str | None
    groups: list[Group]
    total: Group | None
    counters: list[Counter]
    trend: list[Group]


def wanted_of(query: Mapping[str, str], time_zone: str) -> Wanted:
    """What an address asks for; without a count and days the last ninety."""
    count_id = _id(query.get("count"))
    since, till = _day(query.get("since")), _day(query.get("till"))
    if count_id is None and since is None and till is None:
        since = clock.today(time_zone) - timedelta(days=DAYS)
    by, posted = query.get("by", "item"), query.get("posted", "")
    return Wanted(
        by if by in DIMENSIONS else "item",
        count_id,
        _id(query.get("store")),
        since,
        till,
        posted if posted in POSTED else "",
        time_zone,
    )


def _id(text: str | None) -> int | None:
    is_number = text and text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
    return int(text) if text and is_number else None


def _day(text: str | None) -> date | None:
    try:
        return values.day(text) if text else None
    except ValueError:
        return None


def report(session: Session, wanted: Wanted) -> Report:
    """Everything that the screen shows."""
    company = sql.one(session, Company, REPORTS["company"])
    assert company is not None, "the company is there from the beginning"
    number = None
    if wanted.count_id is not None:
        number = sql.value(session, REPORTS["number_of_count"], {"count_id": wanted.count_id})
    sums = sql.rows(session, Group, REPORTS["grouped"], wanted.parameters() | {"by": "all"})
    trend = {"by": "count", "limit": MOST_BARS, "count_id": None, "since": None, "before": None}
    return Report(
        wanted,
        company,
        number,
        sql.rows(session, Group, REPORTS["grouped"], wanted.parameters(MOST_SHOWN + 1)),
        sums[0] if sums else None,
        sql.rows(session, Counter, REPORTS["counters"], wanted.parameters(MOST_SHOWN)),
        sql.rows(session, Group, REPORTS["grouped"], wanted.parameters() | trend)[::-1],
    )


def every_group(wanted: Wanted) -> sql.Select[Group]:
    """For a file."""
    return sql.Select(Group, REPORTS["grouped"], wanted.parameters())


def every_line(wanted: Wanted) -> sql.Select[Differing]:
    """Each line that differs, for a file."""
    return sql.Select(Differing, REPORTS["differing"], wanted.parameters())


def every_counter(wanted: Wanted) -> sql.Select[Counter]:
    """For a file."""
    return sql.Select(Counter, REPORTS["counters"], wanted.parameters())


def lines(session: Session, wanted: Wanted, most: int) -> list[Differing]:
    """Raises TooLongForPaper."""
    select = every_line(wanted)
    found = sql.rows(session, Differing, select.text, wanted.parameters(most + 1))
    if len(found) > most:
        raise problems.TooLongForPaper(rows=sql.count(session, select), most=most)
    return found
