"""Requests and votes as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, get, post

from app.access.actor import Actor
from app.approvals import queries
from app.approvals.deciding import Decided, WithdrawRequest, withdraw_request
from app.approvals.pages import wanted_requests
from app.approvals.queries import RequestView, VoteView
from app.approvals.voting import CastVote, Voted, vote
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import Cursor, Listing, api, envelope

ApiRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class ApprovalSummary:
    """A request in a list.  ``title`` is in the language of the caller."""

    id: int
    kind: str
    state: str
    title: str
    store_id: int
    subject_kind: str
    subject_id: int
    link: str
    policy: str
    reason: str
    required_votes: int
    yeses: int
    requested_by: int | None
    requester: str
    requested_at: datetime
    expires_at: datetime
    can_vote: bool


@dataclass(frozen=True)
class Approval:
    """A request with its facts (numbers as text), command, votes and what came of it."""

    summary: ApprovalSummary
    roles: list[str]
    facts: dict[str, Any]
    command_kind: str
    command: dict[str, Any]
    command_id: UUID
    ip: str | None
    votes: list[VoteView]
    decided_at: datetime | None
    executed_command_id: UUID | None
    effect: dict[str, Any] | None


@dataclass(frozen=True)
class GivenVote:
    """``vote`` is approve or reject; a rejection needs a reason."""

    vote: str
    reason: str = ""


@dataclass(frozen=True)
class GivenReason:
    reason: str = ""


@get("/approvals", sync_to_thread=True)
def list_approvals(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[ApprovalSummary]:
    """Newest first.  Filters: state, kind, store, subject_kind, subject_id, own=1."""
    wanted = wanted_requests(dict(request.query_params))
    with database.reading(actor.caller) as session:
        listing = queries.requests(session, actor, wanted, Cursor.read(cursor, limit))
    return Listing([_summary(row) for row in listing.rows], listing.next_cursor)


@get("/approvals/{request_id:int}", sync_to_thread=True)
def read_approval(database: Database, actor: Actor, request_id: int) -> Approval:
    """One request with its votes."""
    with database.reading(actor.caller) as session:
        found = queries.request(session, actor, request_id)
        votes = queries.votes(session, request_id)
    return Approval(
        summary=_summary(found),
        roles=found.roles,
        facts=found.plain_facts,
        command_kind=found.command_kind,
        command=found.command,
        command_id=found.command_id,
        ip=found.ip,
        votes=votes,
        decided_at=found.decided_at,
        executed_command_id=found.executed_command_id,
        effect=found.effect,
    )


def _summary(row: RequestView) -> ApprovalSummary:
    return ApprovalSummary(
        id=row.id,
        kind=row.kind,
        state=row.state,
        title=row.words,
        store_id=row.store_id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        link=row.link,
        policy=row.policy_name,
        reason=row.reason,
        required_votes=row.required_votes,
        yeses=row.yeses,
        requested_by=row.requested_by,
        requester=row.requester,
        requested_at=row.requested_at,
        expires_at=row.expires_at,
        can_vote=row.can_vote,
    )


@post("/approvals/{request_id:int}/votes", sync_to_thread=True)
def post_vote(
    request: ApiRequest, database: Database, actor: Actor, request_id: int, data: GivenVote
) -> Voted:
    """The last yes carries out what was asked for."""
    del actor  # who votes travels in the envelope, and the command asks for their rights
    command = CastVote(request_id, data.vote, data.reason)
    return vote(database, request.app.state.executable, command, envelope(request))


@post("/approvals/{request_id:int}/withdrawal", sync_to_thread=True)
def post_withdrawal(
    request: ApiRequest, database: Database, actor: Actor, request_id: int, data: GivenReason
) -> Decided:
    """By the one who asked."""
    del actor
    command = WithdrawRequest(request_id, data.reason)
    return run(database, withdraw_request, command, envelope(request))


router = api([list_approvals, read_approval, post_vote, post_withdrawal], tag="Approvals")
