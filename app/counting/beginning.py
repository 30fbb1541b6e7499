"""Who counts where: the next task, a place that is taken up, one that is handed on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog.numbers import next_number
from app.counting import problems
from app.counting.loading import QUERIES, LockedTask, guard, locked
from app.kit import clock, sql
from app.kit.transactions import Envelope

NUMBERS = "PD"  # 盘点


@dataclass(frozen=True)
class GetTask:
    """The next place to count, of a zone or a count where one is named."""

    store_id: int
    zone_id: int | None = None
    count_id: int | None = None


@dataclass(frozen=True)
class BeginTask:
    task_id: int


@dataclass(frozen=True)
class HandOver:
    """Give a task to somebody, or to nobody in particular; what was counted there stays."""

    task_id: int
    user_id: int | None = None


@dataclass(frozen=True)
class Begun:
    task_id: int
    count_id: int | None


def get_task(session: Session, command: GetTask, envelope: Envelope) -> Begun:
    """One's own unfinished place first, else the next one that nobody holds.

    Raises:
        NobodyCounts, NoTaskWaits, and what ``begin_task`` refuses.
    """
    user_id = envelope.caller.user_id
    if user_id is None:
        raise problems.NobodyCounts
    asked = {
        "store_id": command.store_id,
        "zone_id": command.zone_id,
        "count_id": command.count_id,
        "user_id": user_id,
    }
    task_id = sql.value(session, QUERIES["own_task"], asked)
    if task_id is None:
        task_id = sql.value(session, QUERIES["next_task"], asked)
    if task_id is None:
        raise problems.NoTaskWaits
    return begin_task(session, BeginTask(int(task_id)), envelope)


def begin_task(session: Session, command: BeginTask, envelope: Envelope) -> Begun:
    """Take a place up.

    Raises:
        NoSuchCountTask, NobodyCounts, CapabilityMissing, TaskClosed, CountClosed, SamePerson,
        TaskHeld.
    """
    task, _ = locked(session, command.task_id, envelope)
    guard(task, envelope)
    task = ensure_begun(session, task, envelope)
    return Begun(task.id, task.count_id)


def ensure_begun(session: Session, task: LockedTask, envelope: Envelope) -> LockedTask:
    """The task as somebody's; one that stands alone gets a count of its own."""
    user_id = envelope.caller.user_id
    if task.state == "in_progress" and task.held_by == user_id:
        return task
    count_id = task.count_id or _own_count(session, task, envelope)
    begun = {
        "task_id": task.id,
        "user_id": user_id,
        "count_id": count_id,
        "begun_at": envelope.occurred_at,
    }
    sql.execute(session, QUERIES["begin_task"], begun)
    sql.execute(session, QUERIES["begin_count"], {"count_id": count_id})
    return replace(task, state="in_progress", held_by=user_id, count_id=count_id)


def _own_count(session: Session, task: LockedTask, envelope: Envelope) -> int:
    values = {
        "store_id": task.store_id,
        "number": next_number(session, NUMBERS, clock.today(task.time_zone)),
        "kind": "tasks",
        "freezes": False,
        "is_blind": True,
        "selection": Jsonb({"task_ids": [task.id]}),
        "plan_id": None,
        "note": "",
        "user_id": envelope.caller.user_id,
        "made_at": envelope.occurred_at,
    }
    limits = dict.fromkeys(
        ("recount_quantity", "recount_value", "recount_share", "recount_class"), None
    )
    return int(sql.value(session, QUERIES["insert_count"], values | limits))


def hand_over(session: Session, command: HandOver, envelope: Envelope) -> Begun:
    """Raises NoSuchCountTask, CapabilityMissing, TaskClosed."""
    task, _ = locked(session, command.task_id, envelope)
    if task.held_by != envelope.caller.user_id:
        task.require("count_manage")
    if task.state not in ("open", "in_progress"):
        raise problems.TaskClosed(location=task.location)
    state = "in_progress" if command.user_id else "open"
    values = {"task_id": task.id, "holder_id": command.user_id, "state": state}
    sql.execute(session, QUERIES["hand_back"], values)
    return Begun(task.id, task.count_id)
