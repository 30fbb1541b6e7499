"""What was counted against the books: places that are finished, recounts, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog import values
from app.counting import problems
from app.counting.loading import QUERIES, LockedTask
from app.counting.reasons import REASONS
from app.counting.state import State
from app.kit import sql
from app.kit.transactions import Envelope
from app.orders.counting import unlock_location

RESULTS = sql.Queries(Path(__file__).with_name("results.sql"))
MOST_NOTE = 200
LAST_ROUND = 3


@dataclass(frozen=True)
class LockedCount:
    """The count as ``lock_count`` found it; its row is ours until the commit."""

    id: int
    store_id: int
    number: str
    kind: str
    state: str
    freezes: bool
    is_blind: bool
    recount_quantity: Decimal | None
    recount_value: Decimal | None
    recount_share: Decimal | None
    recount_class: str | None
    posting_by: int | None
    role: str | None
    time_zone: str

    def require(self, capability: str) -> None:
        """Raises CapabilityMissing for who may not do it."""
        if self.role is None or not may(self.role, capability):
            raise CapabilityMissing(capability=capability)


@dataclass(frozen=True)
class AcceptResult:
    """Decide for what was counted in one round (1, 2 or 3)."""

    result_id: int
    round: int


@dataclass(frozen=True)
class RecountResult:
    """Have it counted once more, by somebody else."""

    result_id: int


@dataclass(frozen=True)
class SetReason:
    """Why the books were wrong: of some lines, or of all that have a difference."""

    count_id: int
    reason: str
    note: str = ""
    result_ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class SetCost:
    """What one base unit costs, typed: for opening stock and for goods that had no cost yet."""

    result_id: int
    unit_cost: str


@dataclass(frozen=True)
class Decided:
    count_id: int
    changed: int = 1


@dataclass(frozen=True)
class _Result:
    id: int
    count_id: int
    store_id: int
    location_id: int
    item_id: int
    state: str
    first_quantity: Decimal | None
    second_quantity: Decimal | None
    third_quantity: Decimal | None
    number: str
    count_state: str
    freezes: bool
    item: str
    unit: str


# A place is finished ------------------------------------------------------------------------------


def finish_task(session: Session, task: LockedTask, envelope: Envelope, *, is_empty: bool) -> int:
    """End the task; how many things another person counts again."""
    done = {
        "task_id": task.id,
        "user_id": envelope.caller.user_id,
        "ended_at": envelope.occurred_at,
        "is_empty": is_empty,
        "step": Jsonb(msgspec.to_builtins(State("done"))),
    }
    sql.execute(session, QUERIES["end_task"], done)
    recounts = settle(session, [task.id])
    if task.freezes and not _is_open_here(session, task):
        unlock_location(session, envelope, task.location_id)
    return recounts


def settle(session: Session, task_ids: Sequence[int]) -> int:
    """Compare finished tasks with the books and ask for recounts; how many tasks that makes."""
    asked = {"task_ids": list(task_ids)}
    sql.execute(session, RESULTS["settle_place"], asked)
    sql.execute(session, RESULTS["judge_place"], asked)
    return len(sql.rows(session, _Id, RESULTS["ask_recounts"], asked))


@dataclass(frozen=True)
class _Id:
    id: int


def _is_open_here(session: Session, task: LockedTask) -> bool:
    asked = {"count_id": task.count_id, "location_id": task.location_id}
    return bool(sql.value(session, QUERIES["has_open_tasks_here"], asked))


# Review -------------------------------------------------------------------------------------------


def lock_count(
    session: Session, count_id: int, envelope: Envelope, capability: str = "count_manage"
) -> LockedCount:
    """A count of one's stores.

    Raises:
        NoSuchCount, CapabilityMissing.
    """
    asked = {"count_id": count_id, "user_id": envelope.caller.user_id}
    found = sql.one(session, LockedCount, QUERIES["lock_count"], asked)
    if found is None:
        raise problems.NoSuchCount
    found.require(capability)
    return found


def open_count(
    session: Session, count_id: int, envelope: Envelope, capability: str = "count_manage"
) -> LockedCount:
    """A count that is neither over nor being posted.

    Raises:
        NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted.
    """
    found = lock_count(session, count_id, envelope, capability)
    if found.state == "cancelled":
        raise problems.CountClosed(number=found.number)
    if found.state == "done" or found.posting_by is not None:
        raise problems.AlreadyPosted(number=found.number)
    return found


def accept_result(session: Session, command: AcceptResult, envelope: Envelope) -> Decided:
    """Raises NoSuchCountResult, CapabilityMissing, CountClosed, AlreadyPosted, NoQuantity.

    A recount of it that is still open is not wanted any more.
    """
    found = _result(session, command.result_id, envelope)
    rounds = (found.first_quantity, found.second_quantity, found.third_quantity)
    if not 1 <= command.round <= LAST_ROUND or rounds[command.round - 1] is None:
        raise problems.NoQuantityToAccept
    chosen = {
        "result_id": found.id,
        "round": command.round,
        "user_id": envelope.caller.user_id,
    }
    sql.execute(session, RESULTS["accept"], chosen)
    _call_recounts_off(session, found, envelope)
    return Decided(found.count_id)


def _call_recounts_off(session: Session, found: _Result, envelope: Envelope) -> None:
    """Nobody has to look there again; orders may have what a count that freezes had locked."""
    place = _place_of(found)
    called_off = sql.execute(session, RESULTS["cancel_recounts"], place)
    if (
        called_off
        and found.freezes
        and not sql.value(session, QUERIES["has_open_tasks_here"], place)
    ):
        unlock_location(session, envelope, found.location_id)


def recount_result(session: Session, command: RecountResult, envelope: Envelope) -> Decided:
    """A task of the next round for the item in its place.

    Raises:
        NoSuchCountResult, CapabilityMissing, CountClosed, AlreadyPosted, ThirdRoundDone.
    """
    found = _result(session, command.result_id, envelope)
    place = _place_of(found)
    last = int(sql.value(session, RESULTS["last_round"], place) or 1)
    if last >= LAST_ROUND:
        raise problems.ThirdRoundDone
    sql.execute(session, RESULTS["insert_recount"], place | {"round": last + 1})
    sql.execute(session, RESULTS["set_recount"], place)
    return Decided(found.count_id)


def _place_of(found: _Result) -> dict[str, int]:
    return {
        "count_id": found.count_id,
        "store_id": found.store_id,
        "location_id": found.location_id,
        "item_id": found.item_id,
    }


def _result(session: Session, result_id: int, envelope: Envelope) -> _Result:
    found = sql.one(session, _Result, RESULTS["result"], {"result_id": result_id})
    if found is None or found.state == "posted":
        raise problems.NoSuchResult
    open_count(session, found.count_id, envelope)
    return found


def set_reason(session: Session, command: SetReason, envelope: Envelope) -> Decided:
    """Raises NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted, ReasonMissing."""
    open_count(session, command.count_id, envelope)
    if command.reason not in REASONS:
        raise problems.ReasonMissing(count=1)
    chosen = {
        "count_id": command.count_id,
        "reason": command.reason,
        "note": values.one_line(command.note)[:MOST_NOTE],
        "result_ids": list(command.result_ids) if command.result_ids is not None else None,
    }
    return Decided(command.count_id, sql.execute(session, RESULTS["set_reason"], chosen))


def set_cost(session: Session, command: SetCost, envelope: Envelope) -> Decided:
    """Raises NoSuchCountResult, CapabilityMissing, CountClosed, AlreadyPosted, NotANumber."""
    found = _result(session, command.result_id, envelope)
    try:
        unit_cost = values.number(command.unit_cost[:60])
    except ValueError:
        raise problems.NotANumber(given=command.unit_cost[:40]) from None
    if unit_cost < 0:
        raise problems.NotANumber(given=command.unit_cost[:40])
    sql.execute(session, RESULTS["set_cost"], {"result_id": found.id, "unit_cost": unit_cost})
    return Decided(found.count_id)
