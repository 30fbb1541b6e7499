"""Reading what a scan of a count task needs, locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.counting import problems
from app.counting.state import Content, Event, Facts, Place, Seen, State, TypedLot
from app.kit import sql
from app.kit.database import together
from app.kit.transactions import Envelope
from app.scanning.meanings import ItemMeaning, LogisticUnitMeaning, LotMeaning
from app.scanning.queries import LookupKey, LookupRow, send_lookup

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class LockedTask:
    """The task as ``lock_task`` found it; its row is ours until the commit.

    ``others_at`` is when somebody else than the caller saw something here last.
    """

    id: int
    store_id: int
    count_id: int | None
    location_id: int
    location: str
    item_id: int | None
    item: str | None
    state: str
    round: int
    held_by: int | None
    step: dict[str, Any] | None
    version: int
    count_state: str
    count_number: str
    count_kind: str
    is_blind: bool
    freezes: bool
    holder: str | None
    role: str | None
    time_zone: str
    counted_before: bool
    others_at: datetime | None

    @property
    def flow_state(self) -> State:
        return msgspec.convert(self.step or {}, State, strict=False)

    @property
    def place(self) -> Place:
        return Place(self.location_id, self.location, self.item_id, self.item)

    def require(self, capability: str) -> None:
        """Raises CapabilityMissing for who may not do it."""
        if self.role is None or not may(self.role, capability):
            raise CapabilityMissing(capability=capability)


@dataclass(frozen=True)
class _FactsRow:
    last: dict[str, Any] | None
    lines: int
    entries: int
    on_books: list[list[int | None]]
    elsewhere: str | None
    unit: list[dict[str, Any]]
    unit_seen: bool


def locked(
    session: Session, task_id: int, envelope: Envelope, key: LookupKey | None = None
) -> tuple[LockedTask, Sequence[LookupRow]]:
    """The task and what the scanned code means, in one round trip.

    Raises:
        NoSuchCountTask: or it is another store's.
    """
    asked = {"task_id": task_id, "user_id": envelope.caller.user_id}
    with together(session) as trip:
        lock = trip.ask(LockedTask, QUERIES["lock_task"], asked)
        found = send_lookup(trip, key) if key else None
    task = lock.first()
    if task is None:
        raise problems.NoSuchCountTask
    return task, found.all() if found else ()


def open_task(
    session: Session, task_id: int, envelope: Envelope, key: LookupKey | None = None
) -> tuple[LockedTask, Sequence[LookupRow]]:
    """A task that this person is counting now.

    Raises:
        NoSuchCountTask, NobodyCounts, CapabilityMissing, TaskCancelled, TaskClosed, CountClosed,
        SamePerson, TaskHeld, CountedSince.
    """
    task, found = locked(session, task_id, envelope, key)
    guard(task, envelope)
    return task, found


def guard(task: LockedTask, envelope: Envelope) -> None:
    """Refuse who may not count here now, in this order.

    Raises:
        NobodyCounts, CapabilityMissing, TaskCancelled, TaskClosed, CountClosed, SamePerson,
        TaskHeld, CountedSince.
    """
    user_id = envelope.caller.user_id
    if user_id is None or task.role is None:
        raise problems.NobodyCounts
    task.require("count")
    if task.state == "cancelled":
        raise problems.TaskCancelled(location=task.location)
    if task.state == "done":
        raise problems.TaskClosed(location=task.location)
    if task.count_state not in ("confirmed", "in_progress"):
        raise problems.CountClosed(number=task.count_number)
    if task.counted_before:
        raise problems.SamePerson(location=task.location)
    if task.held_by not in (None, user_id):
        raise problems.TaskHeld(holder=task.holder or "?", location=task.location, task_id=task.id)
    if task.others_at is not None and envelope.occurred_at < task.others_at:
        # Of a device that was without network: the place was taken up by others meanwhile.
        raise problems.CountedSince(location=task.location)


def facts_of(session: Session, task: LockedTask, event: Event) -> Facts:
    """The facts for ``flow.step``, as far as they concern what was scanned."""
    asked = {
        "task_id": task.id,
        "count_id": task.count_id,
        "location_id": task.location_id,
        "store_id": task.store_id,
        "round": task.round,
        **_scanned(task, event),
    }
    row = sql.one(session, _FactsRow, QUERIES["facts"], asked)
    assert row is not None, "one row of sub-queries"
    return Facts(
        place=task.place,
        closed=task.state not in ("open", "in_progress"),
        last=msgspec.convert(row.last, Seen, strict=False) if row.last else None,
        lines=row.lines,
        entries=row.entries,
        on_books=frozenset((int(item or 0), lot) for item, lot in row.on_books),
        elsewhere=row.elsewhere,
        unit=msgspec.convert(row.unit, tuple[Content, ...], strict=False),
        unit_seen=row.unit_seen,
    )


def _scanned(task: LockedTask, event: Event) -> dict[str, int | None]:
    """The item, lot and logistic unit that an event is about."""
    pending = task.flow_state.pending
    ids: dict[str, int | None] = {"item_id": pending.item.id if pending else None}
    ids |= {"lot_id": None, "unit_id": None}
    match event:
        case ItemMeaning():
            return ids | {
                "item_id": event.item.id,
                "lot_id": event.known.id if event.known else None,
            }
        case LotMeaning():
            return ids | {"item_id": event.item.id, "lot_id": event.lot.id}
        case TypedLot():
            return ids | {"lot_id": event.known.id if event.known else None}
        case LogisticUnitMeaning():
            return ids | {"unit_id": event.id}
        case _:
            return ids
