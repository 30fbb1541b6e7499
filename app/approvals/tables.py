"""Policies, the commands that wait for votes, and the votes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, INET
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, reference

STATES = ("waiting", "approved", "rejected", "withdrawn", "expired", "failed")
VOTES = ("approve", "reject")


def _roles() -> Any:
    return Field(sa_column=Column(ARRAY(Text), nullable=False))


class ApprovalPolicy(Table, table=True):
    """Which commands need votes: those of a kind, where the condition (CEL) holds.

    A store's own policies come before the company's (``store_id`` null); ``position`` orders the
    ones beside each other.
    """

    __tablename__ = "approval_policy"
    __table_args__ = (
        UniqueConstraint(
            "kind", "store_id", "name",
            name="approval_policy_name_once", postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("name <> ''", name="approval_policy_name_given"),
        CheckConstraint("required_votes between 1 and 5", name="approval_policy_votes"),
        CheckConstraint("cardinality(roles) > 0", name="approval_policy_roles_given"),
        CheckConstraint("expires_after_hours between 1 and 8760", name="approval_policy_hours"),
    )  # fmt: skip

    id: int | None = key()
    kind: str
    name: str
    store_id: int | None = reference("store.id", null=True)
    condition: str = ""
    required_votes: int = 1
    roles: list[str] = _roles()
    expires_after_hours: int = 72
    is_active: bool = True
    position: int = 100
    changed_by: int | None = reference("app_user.id", null=True)
    changed_at: datetime = moment(now=True)


class ApprovalRequest(Table, table=True):
    """A command that waits for votes, with what was so when it was asked for (``facts``).

    ``executed_command_id`` is the vote that executed it, ``effect`` what it answered, or why it
    failed.  Asked for once: only the decision changes, and only once.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        one_of("state", *STATES, name="approval_request_state_known"),
        CheckConstraint("required_votes between 1 and 5", name="approval_request_votes"),
        CheckConstraint(
            "(state = 'waiting') = (decided_at is null)", name="approval_request_decided"
        ),
        CheckConstraint(
            "(state = 'approved') = (executed_command_id is not null)",
            name="approval_request_executed",
        ),
        Index(
            "approval_request_waiting", "store_id", "expires_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("approval_request_newest", "store_id", "id"),
        Index("approval_request_of_subject", "subject_kind", "subject_id"),
    )  # fmt: skip

    id: int | None = key()
    kind: str
    store_id: int = reference("store.id")
    policy_id: int | None = reference("approval_policy.id", null=True)
    policy_name: str
    subject_kind: str
    subject_id: int = Field(sa_type=BigInteger)
    link: str = ""
    title: dict[str, Any] = json_column()
    command_kind: str
    command: dict[str, Any] = json_column()
    facts: dict[str, Any] = json_column()
    reason: str = ""
    required_votes: int
    roles: list[str] = _roles()
    requested_by: int | None = reference("app_user.id", null=True)
    requested_at: datetime = moment(now=True)
    command_id: UUID
    device_id: int | None = reference("device.id", null=True)
    ip: str | None = Field(default=None, sa_column=Column(INET, nullable=True))
    expires_at: datetime = moment()
    state: str = "waiting"
    decided_at: datetime | None = moment(null=True)
    executed_command_id: UUID | None = None
    effect: dict[str, Any] | None = json_column(null=True)


class ApprovalVote(Table, table=True):
    """A person's yes or no; once, and never to what they asked for themselves."""

    __tablename__ = "approval_vote"
    __table_args__ = (
        UniqueConstraint("request_id", "user_id", name="approval_vote_once"),
        one_of("vote", *VOTES, name="approval_vote_known"),
        CheckConstraint(
            "vote = 'approve' or reason <> ''", name="approval_vote_rejection_has_reason"
        ),
    )

    id: int | None = key()
    request_id: int = reference("approval_request.id")
    store_id: int = reference("store.id")
    user_id: int = reference("app_user.id")
    vote: str
    reason: str = ""
    ip: str | None = Field(default=None, sa_column=Column(INET, nullable=True))
    device_id: int | None = reference("device.id", null=True)
    command_id: UUID
    voted_at: datetime = moment(now=True)
