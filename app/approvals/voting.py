"""Votes, and the execution of what was asked for by the last of them, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import ROLE_NAMES
from app.approvals import problems
from app.approvals.deciding import decide, reason_of
from app.approvals.tables import VOTES, ApprovalVote
from app.kit import clock, sql
from app.kit.database import Caller, Database, answers
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, Handler, kind_of, refusal_in, run

QUERIES = sql.Queries.beside(__file__)
Executable = Mapping[str, Handler[Any, Any]]
"""The handlers that ask for approval, by the kind of their commands."""


def executable(handlers: Iterable[Handler[Any, Any]]) -> Executable:
    """The composition root names every handler that asks: the last vote runs it."""
    return {kind_of(handler): handler for handler in handlers}


@dataclass(frozen=True)
class CastVote:
    """``vote`` is ``approve`` or ``reject``; a rejection has a reason."""

    request_id: int
    vote: str
    reason: str = ""


@dataclass(frozen=True)
class Voted:
    """What became of the request: still waiting for ``missing`` votes, approved or rejected."""

    request_id: int
    state: str
    missing: int


def vote(database: Database, known: Executable, command: CastVote, envelope: Envelope) -> Voted:
    """Cast the vote; the last yes executes the command.

    Where the command itself is refused by now, nothing of it and no vote remains: the request is
    closed as failed, in a transaction of its own.

    Raises:
        NoSuchRequest, NotOnesOwn, RoleDoesNotVote, DecidedAlready, RequestExpired, VotedAlready,
        RejectionNeedsReason, NotExecutable, ExecutionRefused.
    """
    try:
        return run(database, voting(known), command, envelope)
    except problems.ExecutionRefused as refused:
        failed = FailRequest(command.request_id, refused.data)
        own = replace(envelope, command_id=new_id(), sequence=None, installation=None)
        run(database, fail_request, failed, own)
        raise


def voting(known: Executable) -> Callable[[Session, CastVote, Envelope], Voted]:
    """The handler of votes that can execute these."""

    def cast_vote(session: Session, command: CastVote, envelope: Envelope) -> Voted:
        request = _open_request(session, command, envelope)
        reason = reason_of(command.reason)
        if command.vote == "reject" and not reason:
            raise problems.RejectionNeedsReason
        yeses = _count(session, request, command.vote, reason, envelope)
        if command.vote == "reject":
            decide(session, envelope, request.id, "rejected", {"reason": reason})
            return Voted(request.id, "rejected", 0)
        if yeses < request.required_votes:
            return Voted(request.id, "waiting", request.required_votes - yeses)
        effect = _execute(session, known, request, envelope)
        decide(session, envelope, request.id, "approved", {"answer": effect})
        return Voted(request.id, "approved", 0)

    return cast_vote


@dataclass(frozen=True)
class FailRequest:
    """Close a request whose command was refused: ``cause`` and ``cause_data`` in ``refusal``."""

    request_id: int
    refusal: dict[str, Any]


def fail_request(session: Session, command: FailRequest, envelope: Envelope) -> Voted:
    """Where it is not decided yet: two votes may find out at once."""
    request = sql.one(
        session, _Request, QUERIES["lock_request"], {"request_id": command.request_id}
    )
    if request is not None and request.state == "waiting":
        decide(session, envelope, request.id, "failed", command.refusal)
    return Voted(command.request_id, "failed", 0)


# A vote ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Request:
    id: int
    store_id: int
    state: str
    is_over: bool
    required_votes: int
    roles: list[str]
    requested_by: int | None
    command_kind: str
    command: dict[str, Any]
    command_id: UUID
    device_id: int | None
    ip: str | None


@dataclass(frozen=True)
class _Voter:
    role: str
    has_voted: bool


def _open_request(session: Session, command: CastVote, envelope: Envelope) -> _Request:
    """The request, locked, if this person may vote on it now."""
    if command.vote not in VOTES:
        raise problems.VoteUnknown(given=command.vote[:20])
    asked = {"request_id": command.request_id, "user_id": envelope.caller.user_id}
    request = sql.one(session, _Request, QUERIES["lock_request"], asked)
    if request is None:
        raise problems.NoSuchRequest
    voter = sql.one(session, _Voter, QUERIES["voter"], asked)
    if voter is None:
        raise CapabilityMissing(capability="approval")
    _refuse_voter(request, voter, envelope.caller.user_id)
    return request


def _refuse_voter(request: _Request, voter: _Voter, user_id: int | None) -> None:
    if request.requested_by == user_id:
        raise problems.NotOnesOwn
    if voter.role not in request.roles:
        raise problems.RoleDoesNotVote(roles=[ROLE_NAMES.get(role, role) for role in request.roles])
    if voter.has_voted:
        raise problems.VotedAlready
    if request.state == "expired" or (request.state == "waiting" and request.is_over):
        raise problems.RequestExpired
    if request.state != "waiting":
        raise problems.DecidedAlready


def _count(
    session: Session, request: _Request, choice: str, reason: str, envelope: Envelope
) -> int:
    """Write the vote down; how many said yes so far."""
    caller = envelope.caller
    assert caller.user_id is not None, "a vote of nobody"
    row = ApprovalVote(
        request_id=request.id, store_id=request.store_id, user_id=caller.user_id, vote=choice,
        reason=reason, ip=caller.ip, device_id=caller.device_id, command_id=envelope.command_id,
        voted_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return int(sql.value(session, QUERIES["count_yeses"], {"request_id": request.id}))


# Execution ---------------------------------------------------------------------------------------


def _execute(
    session: Session, known: Executable, request: _Request, envelope: Envelope
) -> dict[str, Any]:
    """Run the command that was asked for; its answer as data.

    Raises:
        ExecutionRefused: the command was refused, or what it rests on has changed.
    """
    if request.command_kind not in known:
        raise problems.NotExecutable(kind=request.command_kind)
    handler = known[request.command_kind]
    command = msgspec.convert(request.command, get_type_hints(handler)["command"], strict=False)
    try:
        answer = handler(session, command, _as_asked(request, envelope))
        session.flush()
        answers(session)
    except Problem as refused:
        raise _refused(refused) from refused
    except (psycopg.Error, DBAPIError) as error:
        refused = refusal_in(error)
        if refused is None:
            raise
        raise _refused(refused) from error
    return msgspec.to_builtins(answer)


def _as_asked(request: _Request, envelope: Envelope) -> Envelope:
    """The vote's command in the name of the one who asked: work in their hands stays theirs.

    What may be seen is what the voter sees.
    """
    caller = Caller(
        request.requested_by, envelope.caller.stores, request.device_id, request.ip,
        request.store_id,
    )  # fmt: skip
    return replace(envelope, caller=caller, approval_id=request.id)


def _refused(cause: Problem) -> problems.ExecutionRefused:
    return problems.ExecutionRefused(cause=cause.code, cause_data=msgspec.to_builtins(cause.data))
