"""Where messages go, what goes there, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from app.kit.tables import Table, json_column, key, moment, one_of, reference

CHANNEL_KINDS = ("dingtalk", "wecom", "feishu", "email", "webhook", "apprise")
DELIVERY_STATES = ("waiting", "sending", "sent", "failed")


class Contact(Table, table=True):
    """Where a person is reached outside of Saoku."""

    __tablename__ = "notification_contact"

    user_id: int = Field(primary_key=True, foreign_key="app_user.id", sa_type=BigInteger)
    email: str = ""
    mobile: str = ""
    changed_at: datetime = moment(now=True)


class Channel(Table, table=True):
    """A way out; without a store it is the company's.

    ``settings`` may be shown; ``sealed`` holds its address and secrets, encrypted.  ``failures`` in
    a row set ``blocked_until``; ``busy_until`` is the claim of the job that sends.
    """

    __tablename__ = "notification_channel"
    __table_args__ = (
        UniqueConstraint(
            "store_id",
            "name",
            name="notification_channel_name_once",
            postgresql_nulls_not_distinct=True,
        ),
        one_of("kind", *CHANNEL_KINDS, name="notification_channel_kind_known"),
    )

    id: int | None = key()
    store_id: int | None = reference("store.id", null=True)
    name: str
    kind: str
    language: str = "zh_CN"
    settings: dict[str, Any] = json_column()
    sealed: str
    is_active: bool = True
    failures: int = 0
    blocked_until: datetime | None = moment(null=True)
    busy_until: datetime | None = moment(null=True)
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class Rule(Table, table=True):
    """Events of a kind (``*`` every kind) of a store (None every store) go to a channel.

    With a role or a person only where it concerns them, and then for them only.
    """

    __tablename__ = "notification_rule"
    __table_args__ = (
        UniqueConstraint(
            "store_id",
            "event_kind",
            "channel_id",
            "role",
            "user_id",
            name="notification_rule_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("role is null or user_id is null", name="notification_rule_for_one"),
        Index("notification_rule_of_kind", "event_kind", postgresql_where=text("is_active")),
    )

    id: int | None = key()
    store_id: int | None = reference("store.id", null=True)
    event_kind: str
    channel_id: int = reference("notification_channel.id")
    role: str | None = None
    user_id: int | None = reference("app_user.id", null=True)
    is_active: bool = True
    created_by: int | None = reference("app_user.id", null=True)
    created_at: datetime = moment(now=True)


class EventRow(Table, table=True):
    """Something happened that people may want to hear of."""

    __tablename__ = "notification_event"
    __table_args__ = (Index("notification_event_newest", "store_id", "id"),)

    id: int | None = key()
    kind: str
    store_id: int | None = reference("store.id", null=True)
    title: str
    facts: dict[str, Any] = json_column()
    link: str
    roles: list[str] = json_column()
    people: list[int] = json_column()
    command_id: UUID | None = None
    created_at: datetime = moment(now=True)


class Delivery(Table, table=True):
    """An event on its way through a channel; ``identity`` is the same in each attempt.

    ``recipients`` are people as {user_id, name, email, mobile}.
    """

    __tablename__ = "notification_delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "channel_id", name="notification_delivery_once"),
        one_of("state", *DELIVERY_STATES, name="notification_delivery_state_known"),
        CheckConstraint("attempts >= 0", name="notification_delivery_attempts"),
        Index(
            "notification_delivery_due",
            "channel_id",
            "next_try_at",
            postgresql_where=text("state in ('waiting', 'sending')"),
        ),
        Index("notification_delivery_newest", "store_id", "id"),
    )

    id: int | None = key()
    identity: UUID = Field(sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    event_id: int = reference("notification_event.id")
    channel_id: int = reference("notification_channel.id")
    store_id: int | None = reference("store.id", null=True)
    recipients: list[dict[str, Any]] = json_column()
    state: str = "waiting"
    attempts: int = 0
    next_try_at: datetime = moment(now=True)
    sending_since: datetime | None = moment(null=True)
    answer: str = ""
    problem: dict[str, Any] | None = json_column(null=True)
    created_at: datetime = moment(now=True)
    sent_at: datetime | None = moment(null=True)
