"""The end of a request: decided, withdrawn or expired; the one who asked is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.approvals import problems
from app.approvals.asking import LONGEST_REASON
from app.kit import jobs, sql
from app.kit.database import SYSTEM
from app.kit.i18n import mark
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from app.notifications.publishing import Event, publish

QUERIES = sql.Queries.beside(__file__)
STATE_NAMES = {
    "waiting": mark("Waiting for approval"),
    "approved": mark("Approved and carried out"),
    "rejected": mark("Rejected"),
    "withdrawn": mark("Withdrawn"),
    "expired": mark("Expired"),
    "failed": mark("Could not be carried out"),
}


@dataclass(frozen=True)
class Decided:
    """The request and its state now."""

    request_id: int
    state: str


@dataclass(frozen=True)
class WithdrawRequest:
    """By the one who asked."""

    request_id: int
    reason: str = ""


@dataclass(frozen=True)
class _Own:
    state: str
    is_over: bool
    requested_by: int | None


def withdraw_request(session: Session, command: WithdrawRequest, envelope: Envelope) -> Decided:
    """Nobody can vote on it any more.

    Raises:
        NoSuchRequest, NotTheOneWhoAsked, DecidedAlready, RequestExpired.
    """
    found = sql.one(session, _Own, QUERIES["lock_own"], {"request_id": command.request_id})
    if found is None:
        raise problems.NoSuchRequest
    if found.requested_by is None or found.requested_by != envelope.caller.user_id:
        raise problems.NotTheOneWhoAsked
    if found.state == "expired" or (found.state == "waiting" and found.is_over):
        raise problems.RequestExpired
    if found.state != "waiting":
        raise problems.DecidedAlready
    effect = {"reason": reason_of(command.reason)}
    decide(session, envelope, command.request_id, "withdrawn", effect)
    return Decided(command.request_id, "withdrawn")


@dataclass(frozen=True)
class ExpireRequests:
    """Close what nobody decided in time."""


@dataclass(frozen=True)
class Expired:
    count: int


def expire_requests(session: Session, command: ExpireRequests, envelope: Envelope) -> Expired:
    """They count as expired from their moment on; this writes it down and tells those who asked."""
    del command
    overdue = sql.rows(session, _Overdue, QUERIES["overdue"])
    for request in overdue:
        decide(session, envelope, request.id, "expired", {})
    return Expired(len(overdue))


@dataclass(frozen=True)
class _Overdue:
    id: int


@jobs.hourly("approvals.expire", minute=7)
def expire(job: jobs.Job) -> None:
    """Each hour; the audit is not filled where there was nothing to do."""
    with job.database.reading(SYSTEM) as session:
        found = sql.value(session, QUERIES["any_overdue"])
    if found:
        run(job.database, expire_requests, ExpireRequests(), Envelope(new_id(), SYSTEM))


def reason_of(given: str) -> str:
    """What a person said, on one line.  Raises ReasonTooLong."""
    reason = " ".join(given.split())
    if len(reason) > LONGEST_REASON:
        raise problems.ReasonTooLong(longest=LONGEST_REASON)
    return reason


@dataclass(frozen=True)
class _Told:
    store_id: int
    title: dict[str, Any]
    requested_by: int | None


def decide(
    session: Session, envelope: Envelope, request_id: int, state: str, effect: dict[str, Any]
) -> None:
    """Write the decision down and tell the one who asked."""
    values = {
        "request_id": request_id,
        "state": state,
        "effect": Jsonb(effect),
        "command_id": envelope.command_id if state == "approved" else None,
    }
    told = sql.one(session, _Told, QUERIES["decide"], values)
    assert told is not None, "a decision about nothing"
    if told.requested_by is None or state == "withdrawn":
        return
    event = Event(
        kind="approval_decided",
        store_id=told.store_id,
        title=told.title["text"],
        facts={
            **told.title["values"],
            "decision": STATE_NAMES[state],
            "reason": effect.get("reason", ""),
        },
        link=f"/approvals/{request_id}",
        user_ids=(told.requested_by,),
    )
    publish(session, event, envelope)
