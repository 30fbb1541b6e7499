"""Making and changing policies."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.access.actor import ALL_STORES
from app.access.problems import StoreNotYours
from app.access.tables import ROLES
from app.approvals import problems
from app.approvals.conditions import check
from app.approvals.kinds import KINDS, facts_of
from app.approvals.tables import ApprovalPolicy
from app.kit import clock
from app.kit.tables import saved_id
from app.kit.transactions import Envelope


@dataclass(frozen=True)
class PolicyFacts:
    """What a policy says; without a store it is the company's, an empty condition holds always."""

    kind: str
    name: str
    store_id: int | None
    condition: str
    required_votes: int
    roles: tuple[str, ...]
    expires_after_hours: int = 72
    position: int = 100


@dataclass(frozen=True)
class CreatePolicy:
    facts: PolicyFacts


@dataclass(frozen=True)
class ChangePolicy:
    """``facts.kind`` stays what it was: conditions speak of the facts of their kind."""

    policy_id: int
    facts: PolicyFacts


@dataclass(frozen=True)
class UsePolicy:
    """Out of use, or back in use.  Policies are never deleted: requests name them."""

    policy_id: int
    active: bool


@dataclass(frozen=True)
class PolicySaved:
    policy_id: int


def create_policy(session: Session, command: CreatePolicy, envelope: Envelope) -> PolicySaved:
    """Raises KindUnknown, and what ``change_policy`` refuses."""
    row = ApprovalPolicy(kind=command.facts.kind, name="", roles=[])
    _fill(row, command.facts, envelope)
    session.add(row)
    session.flush()
    return PolicySaved(saved_id(row.id))


def change_policy(session: Session, command: ChangePolicy, envelope: Envelope) -> PolicySaved:
    """Requests that wait already keep what was so when they were asked for.

    Raises:
        NoSuchPolicy, NotYourPolicy, StoreNotYours, RolesMissing, and what ``check`` refuses.
    """
    row = _mine(session, command.policy_id, envelope)
    _fill(row, command.facts, envelope)
    session.flush()
    return PolicySaved(command.policy_id)


def use_policy(session: Session, command: UsePolicy, envelope: Envelope) -> PolicySaved:
    """Raises NoSuchPolicy, NotYourPolicy."""
    row = _mine(session, command.policy_id, envelope)
    row.is_active = command.active
    _sign(row, envelope)
    session.flush()
    return PolicySaved(command.policy_id)


def _mine(session: Session, policy_id: int, envelope: Envelope) -> ApprovalPolicy:
    row = session.get(ApprovalPolicy, policy_id)
    if row is None:
        raise problems.NoSuchPolicy
    _refuse_others(row.store_id, envelope)
    session.refresh(row, with_for_update=True)
    return row


def _refuse_others(store_id: int | None, envelope: Envelope) -> None:
    """The company's are changed by who sees all stores, a store's by who sees it."""
    stores = envelope.caller.stores
    if stores == ALL_STORES:
        return
    if store_id is None:
        raise problems.NotYourPolicy
    if str(store_id) not in stores.split(","):
        raise StoreNotYours


def _fill(row: ApprovalPolicy, facts: PolicyFacts, envelope: Envelope) -> None:
    _refuse_others(facts.store_id, envelope)
    if row.kind not in KINDS or KINDS[row.kind].never:
        raise problems.KindUnknown(given=row.kind[:40])
    roles = [role for role in ROLES if role in facts.roles]
    if not roles:
        raise problems.RolesMissing
    condition = facts.condition.strip()
    check(condition, facts_of(row.kind))
    row.name, row.store_id, row.condition = facts.name, facts.store_id, condition
    row.required_votes, row.roles = facts.required_votes, roles
    row.expires_after_hours, row.position = facts.expires_after_hours, facts.position
    _sign(row, envelope)


def _sign(row: ApprovalPolicy, envelope: Envelope) -> None:
    row.changed_by, row.changed_at = envelope.caller.user_id, clock.now()
