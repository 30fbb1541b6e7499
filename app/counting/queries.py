"""What the screens of counting show: typed views of ``views.sql``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.counting import problems
from app.counting.loading import QUERIES
from app.counting.state import State
from app.kit import sql
from app.kit.trips import Trip
from app.kit.web import Cursor, Listing

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
SHOWN_ROWS = 8
MOST_TASKS, MOST_RESULTS = 200, 500


@dataclass(frozen=True)
class TaskHead:
    """A place to count; ``tasks`` and ``done`` are those of its whole count, and ``recounts`` is
    what waits here for somebody else.
    """

    id: int
    store_id: int
    count_id: int | None
    location_id: int
    location: str
    zone: str | None
    item: str | None
    state: str
    round: int
    held_by: int | None
    holder: str | None
    step: dict[str, Any] | None
    version: int
    cause: str
    note: str
    is_empty: bool
    number: str
    kind: str
    is_blind: bool
    freezes: bool
    tasks: int
    done: int
    recounts: int


@dataclass(frozen=True)
class SeenRow:
    """One thing as it was counted; ``book`` only where the count is not blind."""

    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    decimals: int
    lot: str | None
    last_day: date | None
    sscc: str | None
    quantity: Decimal
    is_unexpected: bool
    newest: int
    pack: Decimal | None
    book: Decimal | None


@dataclass(frozen=True)
class TaskView:
    """The whole screen of one place."""

    head: TaskHead
    state: State
    rows: list[SeenRow]

    @property
    def last(self) -> SeenRow | None:
        return self.rows[0] if self.rows else None


@dataclass(frozen=True)
class TaskRow:
    id: int
    location: str
    item: str | None
    state: str
    round: int
    cause: str
    note: str
    number: str
    due_on: date | None
    holder: str | None
    held_by: int | None


@dataclass(frozen=True)
class CountRow:
    id: int
    number: str
    kind: str
    state: str
    store: str
    note: str
    freezes: bool
    created_at: datetime
    closed_at: datetime | None
    created_by: str | None
    posting_by: int | None
    tasks: int
    done: int
    recounts: int


@dataclass(frozen=True)
class CountHead:
    id: int
    number: str
    kind: str
    state: str
    store_id: int
    store: str
    note: str
    freezes: bool
    is_blind: bool
    recount_quantity: Decimal | None
    recount_value: Decimal | None
    recount_share: Decimal | None
    recount_class: str | None
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    posting_by: int | None
    created_by: str | None
    currency: str
    currency_decimals: int
    request_id: int | None


@dataclass(frozen=True)
class Sums:
    """``gain`` and ``loss`` (negative) are worth so much in the company's currency."""

    results: int
    undecided: int
    differences: int
    without_reason: int
    gain: Decimal
    loss: Decimal
    posted: Decimal
    posted_lines: int
    tasks: int
    tasks_done: int


@dataclass(frozen=True)
class ResultRow:
    """One thing in one place, by rounds, against the books of the same moment."""

    id: int
    location: str
    code: str
    name: str
    specification: str
    unit: str
    item_id: int
    lot: str | None
    sscc: str | None
    state: str
    first_quantity: Decimal | None
    first_book: Decimal | None
    second_quantity: Decimal | None
    second_book: Decimal | None
    third_quantity: Decimal | None
    third_book: Decimal | None
    first_by: str | None
    second_by: str | None
    third_by: str | None
    quantity: Decimal | None
    book: Decimal | None
    variance: Decimal | None
    unit_cost: Decimal | None
    value: Decimal | None
    reason: str
    note: str
    posted_variance: Decimal | None
    posted_value: Decimal | None
    late_variance: Decimal

    @property
    def rounds(self) -> list[tuple[int, Decimal, str]]:
        """(round, what was counted, by whom) of those that were."""
        counted = (
            (1, self.first_quantity, self.first_by),
            (2, self.second_quantity, self.second_by),
            (3, self.third_quantity, self.third_by),
        )
        return [
            (number, quantity, by or "—")
            for number, quantity, by in counted
            if quantity is not None
        ]


@dataclass(frozen=True)
class TaskOfCount:
    id: int
    location: str
    item: str | None
    state: str
    round: int
    held_by: int | None
    holder: str | None
    counted_by: str | None
    begun_at: datetime | None
    closed_at: datetime | None
    is_empty: bool


@dataclass(frozen=True)
class CountView:
    """The screen of one count: how far it is, and what it found."""

    head: CountHead
    sums: Sums
    tasks: list[TaskOfCount]
    results: list[ResultRow]

    @property
    def open_tasks(self) -> int:
        return sum(task.state in ("open", "in_progress") for task in self.tasks)

    @property
    def is_open(self) -> bool:
        return self.head.state in ("confirmed", "in_progress") and self.head.posting_by is None


@dataclass(frozen=True)
class Named:
    id: int
    name: str


def task(session: Session, task_id: int, rows: int = SHOWN_ROWS) -> TaskView:
    """Raises NoSuchCountTask: or it is another store's."""
    head = sql.one(session, TaskHead, VIEWS["task"], {"task_id": task_id})
    if head is None:
        raise problems.NoSuchCountTask
    asked = {"task_id": task_id, "limit": rows, "with_books": _shows_books(head)}
    return TaskView(head, _state(head), sql.rows(session, SeenRow, VIEWS["seen"], asked))


def send_task(trip: Trip, task_id: int, rows: int = SHOWN_ROWS) -> Callable[[], TaskView]:
    """Ask for the screen on a trip; the answers are read by what it returns.

    Whether the books may be seen is not known yet, so they are not shown beside a scan.
    """
    head = trip.ask(TaskHead, VIEWS["task"], {"task_id": task_id})
    asked = {"task_id": task_id, "limit": rows, "with_books": False}
    seen = trip.ask(SeenRow, VIEWS["seen"], asked)

    def read() -> TaskView:
        found = head.first()
        if found is None:
            raise problems.NoSuchCountTask
        return TaskView(found, _state(found), seen.all())

    return read


def _shows_books(head: TaskHead) -> bool:
    return not head.is_blind and head.round == 1


def _state(head: TaskHead) -> State:
    return msgspec.convert(head.step or {}, State, strict=False)


def waiting_tasks(session: Session, store_id: int, user_id: int | None) -> list[TaskRow]:
    """One's own places first, then what waits, by the way through the house."""
    asked = {"store_id": store_id, "user_id": user_id, "limit": MOST_TASKS}
    return sql.rows(session, TaskRow, VIEWS["own_tasks"], asked)


def count_waiting(session: Session, store_id: int) -> int:
    return int(sql.value(session, VIEWS["waiting"], {"store_id": store_id}))


def task_at(session: Session, location_id: int, user_id: int | None) -> int | None:
    """The task of a scanned location."""
    asked = {"location_id": location_id, "user_id": user_id}
    return sql.value(session, QUERIES["task_at"], asked)


def counts(session: Session, wanted: Mapping[str, str], cursor: Cursor) -> Listing[CountRow]:
    """Newest first.  ``wanted``: state (or ``open``), search, store_id."""
    select = every_count(wanted)
    given = {
        **select.parameters,
        "after": cursor.after[0] if cursor.after else None,
        "limit": cursor.limit + 1,
    }
    return cursor.cut(sql.rows(session, CountRow, select.text, given), "id")


def every_count(wanted: Mapping[str, str]) -> sql.Select[CountRow]:
    """The list without its pages, for a file."""
    search = wanted.get("search", "").strip()[:80]
    store = wanted.get("store_id", "")
    given = {
        "state": wanted.get("state", ""),
        "search": search,
        "part": f"%{search}%",
        "store_id": int(store) if store.isascii() and store.isdigit() else None,
        "after": None,
        "limit": None,
    }
    return sql.Select(CountRow, VIEWS["counts"], given)


def summary(session: Session, count_id: int) -> tuple[CountHead, Sums]:
    """Raises NoSuchCount: or it is another store's."""
    asked = {"count_id": count_id}
    head = sql.one(session, CountHead, VIEWS["head"], asked)
    sums = sql.one(session, Sums, VIEWS["sums"], asked)
    if head is None or sums is None:
        raise problems.NoSuchCount
    return head, sums


def count(session: Session, count_id: int, only: str = "differences") -> CountView:
    """One count.  ``only``: differences, undecided, without_reason, or nothing for every line.

    Raises:
        NoSuchCount: or it is another store's.
    """
    head, sums = summary(session, count_id)
    tasks = sql.rows(session, TaskOfCount, VIEWS["tasks"], _first(count_id))
    asked = _first(count_id) | {"only": only}
    return CountView(head, sums, tasks, sql.rows(session, ResultRow, VIEWS["results"], asked))


def _first(count_id: int) -> dict[str, Any]:
    """What wants attention first, as far as a screen shows."""
    return {"count_id": count_id, "by_id": False, "after": None, "limit": MOST_RESULTS}


def tasks_of_count(session: Session, count_id: int, cursor: Cursor) -> Listing[TaskOfCount]:
    """All of them, as they were made.  Raises NoSuchCount."""
    summary(session, count_id)
    rows = sql.rows(session, TaskOfCount, VIEWS["tasks"], _page(count_id, cursor))
    return cursor.cut(rows, "id")


def results_of_count(
    session: Session, count_id: int, only: str, cursor: Cursor
) -> Listing[ResultRow]:
    """The lines of a count, ``only`` as for ``count``.  Raises NoSuchCount."""
    summary(session, count_id)
    asked = _page(count_id, cursor) | {"only": only}
    return cursor.cut(sql.rows(session, ResultRow, VIEWS["results"], asked), "id")


def _page(count_id: int, cursor: Cursor) -> dict[str, Any]:
    after = cursor.after[0] if cursor.after else None
    return {"count_id": count_id, "by_id": True, "after": after, "limit": cursor.limit + 1}


def zones(session: Session, store_id: int) -> list[Named]:
    return sql.rows(session, Named, VIEWS["zones"], {"store_id": store_id})


def people(session: Session, store_id: int) -> list[Named]:
    return sql.rows(session, Named, VIEWS["people"], {"store_id": store_id})
