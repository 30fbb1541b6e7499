"""What the pages and the API show of requests, votes and policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.access.actor import Actor
from app.approvals import problems
from app.approvals.conditions import number_in
from app.approvals.words import fact_name, fact_order, fact_words, title_words
from app.kit import sql
from app.kit.problems import Problem, problem_named
from app.kit.web import Cursor, Listing

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class RequestView:
    """A request as one person sees it: ``can_vote`` is whether they may decide about it now.

    ``state`` is ``expired`` from its moment on; ``title`` is a sentence with its values.
    """

    id: int
    kind: str
    state: str
    title: dict[str, Any]
    store_id: int
    store_name: str
    policy_id: int | None
    policy_name: str
    subject_kind: str
    subject_id: int
    link: str
    command_kind: str
    command: dict[str, Any]
    facts: dict[str, Any]
    reason: str
    required_votes: int
    yeses: int
    roles: list[str]
    requested_by: int | None
    requester: str
    requested_at: datetime
    command_id: UUID
    device_name: str
    ip: str | None
    expires_at: datetime
    decided_at: datetime | None
    executed_command_id: UUID | None
    effect: dict[str, Any] | None
    is_own: bool
    has_voted: bool
    can_vote: bool

    @property
    def words(self) -> str:
        """The title in the language of the one who looks."""
        return title_words(self.title)

    @property
    def missing(self) -> int:
        """How many yeses it still needs."""
        return max(self.required_votes - self.yeses, 0)

    @property
    def said(self) -> list[tuple[str, str]]:
        """The facts in words: (name, value); empty ones are left out."""
        names = sorted(self.facts, key=partial(fact_order, self.kind))
        each = [(fact_name(self.kind, name), fact_words(self.facts[name])) for name in names]
        return [(name, words) for name, words in each if words]

    @property
    def refusal(self) -> Problem | None:
        """Why it could not be carried out."""
        effect = self.effect or {}
        return problem_named(effect["cause"], effect["cause_data"]) if "cause" in effect else None

    @property
    def plain_facts(self) -> dict[str, Any]:
        """For the API: numbers as text."""
        return {name: number_in(value) or value for name, value in self.facts.items()}


@dataclass(frozen=True)
class VoteView:
    vote: str
    reason: str
    voted_at: datetime
    ip: str | None
    command_id: UUID
    user_id: int
    name: str
    role: str
    device_name: str


@dataclass(frozen=True)
class RequestFilter:
    """Which requests; empty words and None ask for all."""

    state: str = ""
    kind: str = ""
    store: int | None = None
    own: bool = False
    subject_kind: str = ""
    subject_id: int | None = None


def requests(
    session: Session, actor: Actor, wanted: RequestFilter, cursor: Cursor
) -> Listing[RequestView]:
    """Newest first; who leads nobody sees what they asked for or decide about."""
    after = int(cursor.after[0]) if cursor.after else None
    found = _requests(session, actor, wanted, after=after, limit=cursor.limit + 1)
    return cursor.cut(found, "id")


def request(session: Session, actor: Actor, request_id: int) -> RequestView:
    """Raises NoSuchRequest."""
    found = _requests(session, actor, RequestFilter(), request_id=request_id)
    if not found:
        raise problems.NoSuchRequest
    return found[0]


def every_request(actor: Actor, wanted: RequestFilter) -> sql.Select[RequestView]:
    """The whole list."""
    return sql.Select(RequestView, QUERIES["requests"], _asked(actor, wanted))


def _requests(
    session: Session, actor: Actor, wanted: RequestFilter, **narrowed: int | None
) -> list[RequestView]:
    values = _asked(actor, wanted) | narrowed
    return sql.rows(session, RequestView, QUERIES["requests"], values)


def _asked(actor: Actor, wanted: RequestFilter) -> dict[str, Any]:
    return {
        **vars(wanted),
        "sees_all": actor.can("approval_read"),
        "user_id": actor.user_id,
        "role": actor.role,
        "request_id": None,
        "after": None,
        "limit": None,
    }


def votes(session: Session, request_id: int) -> list[VoteView]:
    """In their order."""
    return sql.rows(session, VoteView, QUERIES["votes"], {"request_id": request_id})


def to_decide(session: Session, actor: Actor) -> int:
    """How many requests wait for this person."""
    values = {"user_id": actor.user_id, "role": actor.role}
    return int(sql.value(session, QUERIES["to_decide"], values))


@dataclass(frozen=True)
class PolicyView:
    """A policy; without a store it is the company's."""

    id: int
    kind: str
    name: str
    store_id: int | None
    store_name: str
    condition: str
    required_votes: int
    roles: list[str]
    expires_after_hours: int
    is_active: bool
    position: int
    changed_at: datetime
    changed_by: str


def policies(session: Session) -> list[PolicyView]:
    """By kind, the company's first."""
    return sql.rows(session, PolicyView, QUERIES["policy_list"], {"policy_id": None})


def policy(session: Session, policy_id: int) -> PolicyView:
    """Raises NoSuchPolicy."""
    found = sql.one(session, PolicyView, QUERIES["policy_list"], {"policy_id": policy_id})
    if found is None:
        raise problems.NoSuchPolicy
    return found
