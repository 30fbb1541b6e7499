"""Asking for approval, from inside a command that is about to do something delicate.

A command asks once, before it changes anything::

    waiting = ask(session, envelope, Ask(kind="status_release", ...))
    if waiting:
        return Released(waiting=waiting)  # says so, and does nothing else

The last vote runs the same handler with the same command again, in its own transaction and with
``envelope.approval_id`` set: asking then checks that the facts are still what they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.approvals.conditions import Failed, holds, shown, stored
from app.approvals.problems import ChangedUnderneath
from app.kit import clock, sql
from app.kit.transactions import Envelope, Handler, kind_of
from app.notifications.publishing import Event, publish

QUERIES = sql.Queries.beside(__file__)
LONGEST_REASON = 300

log = structlog.get_logger("saoku.approvals")


@dataclass(frozen=True)
class Subject:
    """What it is about: the row's kind and id, and the page that shows it."""

    kind: str
    id: int
    link: str = ""


@dataclass(frozen=True)
class Title:
    """An English sentence to translate (``mark``), and what fills its braces, as text."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Ask:
    """What is asked for.

    Args:
        kind: one of ``kinds.KINDS``.
        facts: what the condition of a policy sees, and what must not change until the last vote;
            named as ``kinds`` says, numbers as Decimal or int.
        command: the frozen dataclass that the handler was called with.
        handler: the handler itself; ``main.EXECUTABLE`` must list it.
        reason: what the person said about it; empty where nothing was asked.
    """

    kind: str
    facts: Mapping[str, Any]
    command: Any
    handler: Handler[Any, Any]
    subject: Subject
    store_id: int
    reason: str
    title: Title


@dataclass(frozen=True)
class Waiting:
    """The request that waits for votes: shown at ``/approvals/{request_id}``."""

    request_id: int
    required_votes: int


@dataclass(frozen=True)
class Policy:
    """A policy that may apply; see ``tables.ApprovalPolicy``."""

    id: int
    name: str
    condition: str
    required_votes: int
    roles: list[str]
    expires_after_hours: int


def ask(session: Session, envelope: Envelope, asked: Ask) -> Waiting | None:
    """None: go ahead.  Otherwise the command waits, and has to leave everything as it is.

    The same command that waits already, on the same facts, is not asked for twice.

    Raises:
        ChangedUnderneath: this is the execution, and the facts are not what was approved.
    """
    facts = {name: stored(value) for name, value in asked.facts.items()}
    if envelope.approval_id is not None:
        _refuse_changes(session, envelope.approval_id, asked, facts)
        return None
    policy = strictest(matching(session, envelope, asked.kind, asked.store_id, facts))
    if policy is None:
        return None
    values = _values(envelope, asked, facts, policy)
    same = sql.value(session, QUERIES["waiting_already"], values)
    if same is not None:
        return Waiting(same, policy.required_votes)
    request_id = int(sql.value(session, QUERIES["insert_request"], values))
    _tell(session, envelope, asked, facts, policy, request_id)
    return Waiting(request_id, policy.required_votes)


def is_governed(session: Session, kind: str, store_id: int) -> bool:
    """Whether any policy speaks of this kind here: what nobody may approve stays forbidden."""
    return bool(sql.value(session, QUERIES["is_governed"], {"kind": kind, "store_id": store_id}))


def matching(
    session: Session, envelope: Envelope, kind: str, store_id: int, facts: Mapping[str, Any]
) -> list[Policy]:
    """The policies that apply to these facts, a store's own before the company's.

    One that cannot be evaluated applies: better one question too many.
    """
    asked = {"kind": kind, "store_id": store_id, "user_id": envelope.caller.user_id}
    policies = sql.rows(session, Policy, QUERIES["policies"], asked)
    if not any(policy.condition for policy in policies):
        return policies
    common = sql.one(session, _Common, QUERIES["common_facts"], asked)
    assert common is not None, "facts of a store that there is not"
    seen = {**facts, "store": common.store, "role": common.role}
    return [policy for policy in policies if _applies(policy, seen)]


def strictest(policies: list[Policy]) -> Policy | None:
    """The one that asks for most votes, of the fewest roles; the first of equals."""
    return min(
        policies, key=lambda policy: (-policy.required_votes, len(policy.roles)), default=None
    )


@dataclass(frozen=True)
class _Common:
    store: str
    role: str


def _applies(policy: Policy, facts: Mapping[str, Any]) -> bool:
    answer = holds(policy.condition, facts)
    if isinstance(answer, Failed):
        log.error("condition of a policy failed", policy=policy.id, why=answer.why)
        return True
    return answer


def reason_said(given: str) -> str:
    """What a person said, on one line."""
    return " ".join(given.split())[:LONGEST_REASON]


def _values(
    envelope: Envelope, asked: Ask, facts: dict[str, Any], policy: Policy
) -> dict[str, Any]:
    caller = envelope.caller
    return {
        "kind": asked.kind,
        "store_id": asked.store_id,
        "policy_id": policy.id,
        "policy_name": policy.name,
        "subject_kind": asked.subject.kind,
        "subject_id": asked.subject.id,
        "link": asked.subject.link,
        "title": Jsonb({"text": asked.title.text, "values": dict(asked.title.values)}),
        "command_kind": kind_of(asked.handler),
        "command": Jsonb(msgspec.to_builtins(asked.command)),
        "facts": Jsonb(facts),
        "reason": reason_said(asked.reason),
        "required_votes": policy.required_votes,
        "roles": policy.roles,
        "requested_by": caller.user_id,
        "command_id": envelope.command_id,
        "device_id": caller.device_id,
        "ip": caller.ip,
        "expires_at": clock.now() + timedelta(hours=policy.expires_after_hours),
    }


def _tell(
    session: Session,
    envelope: Envelope,
    asked: Ask,
    facts: dict[str, Any],
    policy: Policy,
    request_id: int,
) -> None:
    said = {name: shown(value) for name, value in facts.items()}
    event = Event(
        kind="approval_requested",
        store_id=asked.store_id,
        title=asked.title.text,
        facts={**said, **asked.title.values, "reason": reason_said(asked.reason)},
        link=f"/approvals/{request_id}",
        roles=policy.roles,
    )
    publish(session, event, envelope)


# Execution --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    kind: str
    store_id: int
    command_kind: str
    subject_kind: str
    subject_id: int
    facts: dict[str, Any]


def _refuse_changes(session: Session, request_id: int, asked: Ask, facts: dict[str, Any]) -> None:
    was = sql.one(session, _Asked, QUERIES["asked"], {"request_id": request_id})
    assert was is not None, "an approval that there is not"
    now = (asked.kind, asked.store_id, kind_of(asked.handler), asked.subject.kind, asked.subject.id)
    if now != (was.kind, was.store_id, was.command_kind, was.subject_kind, was.subject_id):
        raise ChangedUnderneath(kind=asked.kind, changes=[])
    changes = changed(was.facts, facts)
    if changes:
        raise ChangedUnderneath(kind=asked.kind, changes=changes)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """[name, value before, value after] of each fact that differs."""
    return [
        [name, shown(before.get(name)), shown(after.get(name))]
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
