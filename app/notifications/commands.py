"""Commands on channels, rules, contacts and messages that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import jobs, sql
from app.kit.i18n import mark
from app.kit.tables import saved_id
from app.kit.transactions import Envelope, Secret
from app.notifications.problems import AlreadySent, NoSuchChannel, NoSuchDelivery, NoSuchRule
from app.notifications.publishing import SEND
from app.notifications.sending import QUERIES
from app.notifications.tables import Channel, Delivery, Rule

TEST_TITLE = mark("{user} tries the channel {channel}.")


@dataclass(frozen=True)
class ChannelFacts:
    """A channel as its form describes it, checked.

    ``settings`` may be shown; ``sealed`` is None where the secrets stay as they are.
    """

    name: str
    language: str
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    sealed: Secret | None = None


@dataclass(frozen=True)
class ChannelDone:
    channel_id: int
    name: str


@dataclass(frozen=True)
class CreateChannel:
    """``store_id`` None: the company's, for who sees every store."""

    store_id: int | None
    kind: str
    facts: ChannelFacts


def create_channel(session: Session, command: CreateChannel, envelope: Envelope) -> ChannelDone:
    facts = command.facts
    _refuse_company(command.store_id, envelope)
    if facts.sealed is None:
        raise AssertionError("a new channel has its secrets")
    channel = Channel(
        store_id=command.store_id,
        kind=command.kind,
        name=facts.name,
        language=facts.language,
        settings=facts.settings,
        sealed=facts.sealed.reveal(),
        created_by=envelope.caller.user_id,
    )
    session.add(channel)
    session.flush()
    return ChannelDone(saved_id(channel.id), channel.name)


@dataclass(frozen=True)
class ChangeChannel:
    channel_id: int
    facts: ChannelFacts


def change_channel(session: Session, command: ChangeChannel, _envelope: Envelope) -> ChannelDone:
    """What waits for it is tried at once: perhaps this was the fault."""
    channel, facts = _locked(session, command.channel_id), command.facts
    channel.name, channel.language = facts.name, facts.language
    channel.settings = facts.settings
    if facts.sealed is not None:
        channel.sealed = facts.sealed.reveal()
    _wake(session, channel)
    return ChannelDone(command.channel_id, channel.name)


@dataclass(frozen=True)
class UseChannel:
    """Out of use, or back in use (``active``)."""

    channel_id: int
    active: bool


def use_channel(session: Session, command: UseChannel, _envelope: Envelope) -> ChannelDone:
    """Messages that wait for it stay, and go out once it is used again."""
    channel = _locked(session, command.channel_id)
    channel.is_active = command.active
    _wake(session, channel)
    return ChannelDone(command.channel_id, channel.name)


def _wake(session: Session, channel: Channel) -> None:
    channel.failures, channel.blocked_until = 0, None
    session.add(channel)
    session.flush()
    if channel.is_active:
        jobs.defer(session, SEND, channel_id=saved_id(channel.id))


@dataclass(frozen=True)
class TryChannel:
    """``user_name`` is who tries it; they are called by name in the message."""

    channel_id: int
    user_name: str


@dataclass(frozen=True)
class MessageDone:
    delivery_id: int


def try_channel(session: Session, command: TryChannel, envelope: Envelope) -> MessageDone:
    """A message that goes the way of all others, and stands in the log like them."""
    channel = _locked(session, command.channel_id)
    channel.blocked_until = None
    session.add(channel)
    session.flush()
    values = {
        "channel_id": command.channel_id,
        "title": TEST_TITLE,
        "facts": Jsonb({"user": command.user_name, "channel": channel.name}),
        "user_id": envelope.caller.user_id,
        "command_id": envelope.command_id,
    }
    delivery_id = sql.value(session, QUERIES["send_test"], values)
    jobs.defer(session, SEND, channel_id=command.channel_id)
    return MessageDone(delivery_id)


@dataclass(frozen=True)
class SendAgain:
    delivery_id: int


def send_again(session: Session, command: SendAgain, _envelope: Envelope) -> MessageDone:
    """Now, under the same identity.  Refuses one that was delivered."""
    delivery = session.get(Delivery, command.delivery_id)
    if delivery is None:
        raise NoSuchDelivery
    if delivery.state == "sent":
        raise AlreadySent
    sql.execute(session, QUERIES["again"], {"id": command.delivery_id})
    jobs.defer(session, SEND, channel_id=delivery.channel_id)
    return MessageDone(command.delivery_id)


# ---- Rules and contacts -----------------------------------------------------------------------


@dataclass(frozen=True)
class CreateRule:
    """``role`` and ``user_id``: at most one of them; neither: everyone whom the event concerns."""

    store_id: int | None
    event_kind: str
    channel_id: int
    role: str | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class RuleDone:
    rule_id: int


def create_rule(session: Session, command: CreateRule, envelope: Envelope) -> RuleDone:
    _refuse_company(command.store_id, envelope)
    if session.get(Channel, command.channel_id) is None:
        raise NoSuchChannel
    rule = Rule(
        store_id=command.store_id,
        event_kind=command.event_kind,
        channel_id=command.channel_id,
        role=command.role,
        user_id=command.user_id,
        created_by=envelope.caller.user_id,
    )
    session.add(rule)
    session.flush()
    return RuleDone(saved_id(rule.id))


@dataclass(frozen=True)
class DropRule:
    rule_id: int


def drop_rule(session: Session, command: DropRule, _envelope: Envelope) -> RuleDone:
    """Gone: what it sent stands in the log."""
    rule = session.get(Rule, command.rule_id, with_for_update=True)
    if rule is None:
        raise NoSuchRule
    session.delete(rule)
    return RuleDone(command.rule_id)


@dataclass(frozen=True)
class SaveContact:
    """Where a person is reached; empty: not by that."""

    user_id: int
    email: str
    mobile: str


@dataclass(frozen=True)
class ContactDone:
    user_id: int


def save_contact(session: Session, command: SaveContact, _envelope: Envelope) -> ContactDone:
    """One's own; of others for who sees every store."""
    sql.execute(session, QUERIES["save_contact"], vars(command))
    return ContactDone(command.user_id)


def _refuse_company(store_id: int | None, envelope: Envelope) -> None:
    if store_id is None and envelope.caller.stores != "*":
        raise NoSuchChannel


def _locked(session: Session, channel_id: int) -> Channel:
    channel = session.get(Channel, channel_id, with_for_update=True)
    if channel is None:
        raise NoSuchChannel
    return channel
