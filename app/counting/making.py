"""Making counts: a selection becomes one task for each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import values
from app.catalog.numbers import next_number
from app.counting import problems
from app.counting.beginning import NUMBERS
from app.counting.loading import QUERIES
from app.counting.posting import free_places
from app.counting.results import open_count
from app.kit import clock, sql
from app.kit.transactions import Envelope
from app.orders.tables import COUNT_KINDS

MOST_NOTE = 200
BY_ITEM = frozenset({"item", "lot", "expiry", "class"})
"""Kinds of count whose tasks are one item in a place, not the whole place."""
NARROWED_BY = {
    "zone": "zone_ids",
    "item": "item_ids",
    "lot": "lot_ids",
    "expiry": "days",
    "class": "item_class",
    "tasks": "location_ids",
}
"""What a kind of count has to be narrowed by; the others can be narrowed, too."""


@dataclass(frozen=True)
class Selection:
    """What is counted; empty means everything.  ``days``: what expires within so many days."""

    warehouse_id: int | None = None
    zone_ids: tuple[int, ...] = ()
    location_ids: tuple[int, ...] = ()
    item_ids: tuple[int, ...] = ()
    lot_ids: tuple[int, ...] = ()
    days: int | None = None
    item_class: str | None = None


@dataclass(frozen=True)
class RecountRule:
    """From which difference on another person counts again; None: never for that reason.

    ``quantity`` in base units, ``value`` in the company's currency, ``share`` of the book quantity
    (0.05 is 5 %), ``item_class`` A, B or C.
    """

    quantity: Decimal | None = None
    value: Decimal | None = None
    share: Decimal | None = None
    item_class: str | None = None


@dataclass(frozen=True)
class MakeCount:
    """A count with its tasks.  ``freezes`` locks its places for orders until they are counted."""

    store_id: int
    kind: str = "full"
    selection: Selection = Selection()
    rule: RecountRule = RecountRule()
    freezes: bool = False
    is_blind: bool = True
    note: str = ""
    plan_id: int | None = None
    due_on: date | None = None
    priority: int = 5


@dataclass(frozen=True)
class Made:
    count_id: int
    number: str
    tasks: int


@dataclass(frozen=True)
class CancelCount:
    """Nothing of it is booked; what was counted stays readable."""

    count_id: int


@dataclass(frozen=True)
class CancelTasks:
    """Places that nobody will count any more; what is counted already goes on to review."""

    count_id: int


@dataclass(frozen=True)
class Cancelled:
    count_id: int
    tasks: int = field(default=0)


@dataclass(frozen=True)
class _Store:
    id: int
    time_zone: str


def make_count(session: Session, command: MakeCount, envelope: Envelope) -> Made:
    """One task for each place that the selection finds.

    Raises:
        SelectionUnknown, NothingToCount.
    """
    _check(command)
    count_id, number = insert_count(session, command, envelope)
    wanted = _wanted(command, _store(session, command), count_id, envelope)
    tasks = sql.execute(session, QUERIES["insert_tasks"], wanted)
    if not tasks:
        raise problems.NothingToCount
    if command.freezes:
        who = {"count_id": count_id, "reason": number, "user_id": envelope.caller.user_id}
        sql.execute(session, QUERIES["lock_places"], who)
    return Made(count_id, number, tasks)


def insert_count(session: Session, command: MakeCount, envelope: Envelope) -> tuple[int, str]:
    """The id and number of a count that has no tasks yet."""
    store = _store(session, command)
    number = next_number(session, NUMBERS, clock.today(store.time_zone))
    row = _values(command, number, envelope)
    return int(sql.value(session, QUERIES["insert_count"], row)), number


def _store(session: Session, command: MakeCount) -> _Store:
    found = sql.one(session, _Store, QUERIES["store"], {"store_id": command.store_id})
    if found is None:
        raise problems.NoSuchCount
    return found


def _check(command: MakeCount) -> None:
    if command.kind not in COUNT_KINDS:
        raise problems.SelectionUnknown(given=command.kind[:40])
    narrowed = NARROWED_BY.get(command.kind)
    if narrowed and getattr(command.selection, narrowed) in (None, ()):
        raise problems.SelectionUnknown(given=narrowed)
    for given in (command.selection.item_class, command.rule.item_class):
        if given not in (None, "A", "B", "C"):
            raise problems.SelectionUnknown(given=str(given)[:40])
    limits = (command.rule.quantity, command.rule.value, command.rule.share)
    for limit in limits:
        if limit is not None and limit < 0:
            raise problems.LimitUnreadable(given=str(limit)[:40])


def _values(command: MakeCount, number: str, envelope: Envelope) -> dict[str, Any]:
    chosen = command.selection
    return {
        "store_id": command.store_id,
        "number": number,
        "kind": command.kind,
        "freezes": command.freezes,
        "is_blind": command.is_blind,
        "recount_quantity": command.rule.quantity,
        "recount_value": command.rule.value,
        "recount_share": command.rule.share,
        "recount_class": command.rule.item_class,
        "selection": Jsonb({name: value for name, value in vars(chosen).items() if value}),
        "plan_id": command.plan_id,
        "note": values.one_line(command.note)[:MOST_NOTE],
        "user_id": envelope.caller.user_id,
        "made_at": envelope.occurred_at,
    }


def _wanted(
    command: MakeCount, store: _Store, count_id: int, envelope: Envelope
) -> Mapping[str, Any]:
    chosen = command.selection
    until = None
    if chosen.days is not None:
        until = clock.today(store.time_zone) + timedelta(days=chosen.days)
    return {
        "store_id": command.store_id,
        "count_id": count_id,
        "user_id": envelope.caller.user_id,
        "by_item": command.kind in BY_ITEM,
        "warehouse_id": chosen.warehouse_id,
        "zone_ids": list(chosen.zone_ids) or None,
        "location_ids": list(chosen.location_ids) or None,
        "item_ids": list(chosen.item_ids) or None,
        "lot_ids": list(chosen.lot_ids) or None,
        "expires_before": until,
        "class": chosen.item_class,
        "only_empty": command.kind == "empty",
        "due_on": command.due_on,
        "priority": command.priority,
    }


def cancel_count(session: Session, command: CancelCount, envelope: Envelope) -> Cancelled:
    """Raises NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted."""
    count = open_count(session, command.count_id, envelope)
    tasks = sql.execute(session, QUERIES["cancel_tasks"], {"count_id": count.id})
    sql.execute(session, QUERIES["end_count"], {"count_id": count.id, "state": "cancelled"})
    free_places(session, count, envelope)
    return Cancelled(count.id, tasks)


def cancel_tasks(session: Session, command: CancelTasks, envelope: Envelope) -> Cancelled:
    """Raises NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted."""
    count = open_count(session, command.count_id, envelope)
    tasks = sql.execute(session, QUERIES["cancel_tasks"], {"count_id": count.id})
    free_places(session, count, envelope)
    return Cancelled(count.id, tasks)
