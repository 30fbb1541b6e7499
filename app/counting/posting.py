"""Making the books say what was counted: adjustments, with what moved since taken into account.

A count with few differences is posted in one transaction.  A large one is posted by a job in parts
of ``PART`` differences; until the last part it says that it is being posted, and nothing of it can
be changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask
from app.counting import problems
from app.counting.adjusting import LATE, POSTING, STEP, Booked, book, deltas_of
from app.counting.loading import QUERIES
from app.counting.results import LockedCount, open_count
from app.kit import jobs, sql
from app.kit.i18n import mark
from app.kit.transactions import Envelope
from app.orders import allocating
from app.orders.counting import unlock_location

PART = 500
JOB = "counting.post"


@dataclass(frozen=True)
class PostCount:
    """Book the differences of a count that is decided."""

    count_id: int


@dataclass(frozen=True)
class PostPart:
    """The next part of a large count: what its job asks for."""

    count_id: int


@dataclass(frozen=True)
class CountPosted:
    """``left`` differences are still to be booked, by a job; ``request_id``: it waits for votes."""

    count_id: int
    left: int = 0
    request_id: int | None = None


@dataclass(frozen=True)
class _Standing:
    open_tasks: int
    undecided: int
    differences: int
    without_reason: int
    amount: Decimal
    quantity: Decimal


@dataclass(frozen=True)
class _Key:
    id: int
    item_id: int
    store_id: int


@dataclass(frozen=True)
class _Missing:
    item: str
    unit: str


def post_count(session: Session, command: PostCount, envelope: Envelope) -> CountPosted:
    """Book the differences, once those who have to approve them have done so.

    Raises:
        NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted.
        TasksOpen, RecountsOpen, ReasonMissing, CostMissing: what is still to be done first.
        ChangedUnderneath, PeriodClosed, and what ``posting.post`` refuses.
    """
    count = open_count(session, command.count_id, envelope, "count_post")
    unseen = {"count_id": count.id, "state": "decided", "reason": LATE}
    sql.execute(session, POSTING["add_unseen"], unseen)
    standing = _ready(session, count)
    waiting = ask(session, envelope, _question(count, command, standing))
    if waiting is not None:
        return CountPosted(count.id, request_id=waiting.request_id)
    who = {"count_id": count.id, "user_id": envelope.caller.user_id}
    sql.execute(session, POSTING["begin_posting"], who)
    if standing.differences <= PART:
        while _post_part(session, count.id, envelope):
            pass
        return _finish(session, count, envelope)
    jobs.defer(session, JOB, caller=envelope.caller, lock=f"count-{count.id}", count_id=count.id)
    return CountPosted(count.id, left=standing.differences)


def post_part(session: Session, command: PostPart, envelope: Envelope) -> CountPosted:
    """The next ``PART`` lines of a count that is being posted.

    Raises:
        NoSuchCount, PeriodClosed, and what ``posting.post`` refuses: the part stays as it is.
    """
    asked = {"count_id": command.count_id, "user_id": envelope.caller.user_id}
    count = sql.one(session, LockedCount, QUERIES["lock_count"], asked)
    if count is None or count.posting_by is None:
        raise problems.NoSuchCount
    _post_part(session, count.id, envelope)
    left = int(sql.value(session, POSTING["left_to_post"], asked))
    return CountPosted(count.id, left) if left else _finish(session, count, envelope)


def _ready(session: Session, count: LockedCount) -> _Standing:
    asked = {"count_id": count.id}
    found = sql.one(session, _Standing, POSTING["standing"], asked)
    assert found is not None, "sums are always one row"
    if found.open_tasks:
        raise problems.TasksOpen(open=found.open_tasks, number=count.number)
    if found.undecided:
        raise problems.RecountsOpen(open=found.undecided, number=count.number)
    if found.without_reason and count.kind != "opening":
        raise problems.ReasonMissing(count=found.without_reason)
    missing = sql.one(session, _Missing, POSTING["without_cost"], asked)
    if missing is not None and count.kind == "opening":
        raise problems.CostMissing(item=missing.item, unit=missing.unit)
    return found


def _question(count: LockedCount, command: PostCount, standing: _Standing) -> Ask:
    facts = {
        "item": "",
        "quantity": standing.quantity,
        "amount": standing.amount,
        "step": STEP,
        "count": count.number,
        "differences": standing.differences,
    }
    values = {"number": count.number, "count": str(standing.differences)}
    return Ask(
        kind="adjustment",
        facts=facts,
        command=command,
        handler=post_count,
        subject=Subject("stock_count", count.id, f"/counting/counts/{count.id}"),
        store_id=count.store_id,
        reason="",
        title=Title(mark("Post count {number}: {count} differences"), values),
    )


def _finish(session: Session, count: LockedCount, envelope: Envelope) -> CountPosted:
    sql.execute(session, POSTING["end_posting"], {"count_id": count.id})
    free_places(session, count, envelope)
    return CountPosted(count.id)


def free_places(session: Session, count: LockedCount, envelope: Envelope) -> None:
    """Let orders have what is in the places that the count had locked."""
    locked = {"reason": count.number, "store_id": count.store_id}
    for place in sql.rows(session, _Id, QUERIES["locked_places"], locked):
        unlock_location(session, envelope, place.id)


@dataclass(frozen=True)
class _Id:
    id: int


# One part -----------------------------------------------------------------------------------------


def _post_part(session: Session, count_id: int, envelope: Envelope) -> int:
    """Book the next part; how many results it settled."""
    asked = {"count_id": count_id, "most": PART}
    keys = sql.rows(session, _Key, POSTING["next_results"], asked)
    if not keys:
        return 0
    allocating.lock_items(session, {(key.store_id, key.item_id) for key in keys})
    deltas = deltas_of(session, [key.id for key in keys])
    booked = book(session, envelope, deltas)
    found = [booked.get(one.id, Booked()) for one in deltas]
    done = {
        "ids": [one.id for one in deltas],
        "variances": [one.quantity for one in found],
        "values": [one.value for one in found],
        "befores": [one.before for one in deltas],
        "owed": [one.owed for one in deltas],
    }
    sql.execute(session, POSTING["mark_posted"], done)
    freed = sorted({(one.store_id, one.item_id) for one in deltas if one.delta})
    for store_id in sorted({store_id for store_id, _ in freed}):
        items = [item_id for store, item_id in freed if store == store_id]
        allocating.allocate_waiting(session, envelope, store_id, items)
    return len(keys)
