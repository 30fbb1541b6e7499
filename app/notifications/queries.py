"""What the pages of notifications show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.kit.i18n import gettext, mark
from app.kit.problems import Problem, problem_named
from app.kit.sql import rows, value
from app.kit.web import BadCursor, Cursor, Listing
from app.notifications.problems import NoSuchChannel
from app.notifications.sending import QUERIES
from app.notifications.wording import EVERY_KIND, KINDS, filled

CHANNEL_NAMES = {
    "dingtalk": mark("DingTalk group robot"),
    "wecom": mark("WeCom group robot"),
    "feishu": mark("Feishu group robot"),
    "email": mark("E-mail"),
    "webhook": mark("Webhook of another program"),
    "apprise": mark("Another service (Apprise)"),
}
STATE_NAMES = {
    "waiting": mark("Waiting"),
    "sending": mark("Being sent"),
    "sent": mark("Delivered"),
    "failed": mark("Given up"),
}
STATE_TONES = {"waiting": "warn", "sending": "", "sent": "good", "failed": "bad"}


@dataclass(frozen=True)
class ChannelView:
    """``waiting`` and ``failed`` count its messages, failed ones of the last seven days."""

    id: int
    store_id: int | None
    store_name: str
    name: str
    kind: str
    language: str
    settings: dict[str, Any]
    is_active: bool
    failures: int
    blocked_until: datetime | None
    waiting: int
    failed: int

    @property
    def kind_name(self) -> str:
        return gettext(CHANNEL_NAMES[self.kind])


def channels(session: Session) -> list[ChannelView]:
    return rows(session, ChannelView, QUERIES["channels"])


def channel(session: Session, channel_id: int) -> ChannelView:
    """Raises NoSuchChannel."""
    found = next((one for one in channels(session) if one.id == channel_id), None)
    if found is None:
        raise NoSuchChannel
    return found


@dataclass(frozen=True)
class RuleView:
    id: int
    store_id: int | None
    store_name: str
    event_kind: str
    channel_id: int
    channel_name: str
    channel_is_active: bool
    role: str
    user_id: int | None
    user_name: str
    is_active: bool

    @property
    def kind_name(self) -> str:
        return kind_name(self.event_kind)


def kind_name(kind: str) -> str:
    return gettext(EVERYTHING) if kind == EVERY_KIND else gettext(KINDS.get(kind, kind))


EVERYTHING = mark("Everything")


def rules(session: Session) -> list[RuleView]:
    return rows(session, RuleView, QUERIES["rules"])


@dataclass(frozen=True)
class PersonView:
    id: int
    name: str


def people(session: Session) -> list[PersonView]:
    """Who works in the caller's stores."""
    return rows(session, PersonView, QUERIES["people"])


@dataclass(frozen=True)
class ContactView:
    user_id: int
    name: str
    login: str
    role: str
    email: str
    mobile: str


def contacts(session: Session, *, everyone: bool) -> list[ContactView]:
    """One's own first; the others' only for who may change them."""
    return rows(session, ContactView, QUERIES["contacts"], {"everyone": everyone})


@dataclass(frozen=True)
class DeliveryView:
    """A message in the log."""

    id: int
    identity: UUID
    state: str
    attempts: int
    next_try_at: datetime
    answer: str
    problem: dict[str, Any] | None
    created_at: datetime
    sent_at: datetime | None
    recipients: list[dict[str, Any]]
    kind: str
    title: str
    facts: dict[str, Any]
    link: str
    channel_id: int
    channel_name: str
    channel_kind: str
    blocked_until: datetime | None
    store_name: str

    @property
    def sentence(self) -> str:
        return filled(self.title, self.facts)

    @property
    def kind_name(self) -> str:
        return kind_name(self.kind)

    @property
    def state_name(self) -> str:
        return gettext(STATE_NAMES[self.state])

    @property
    def tone(self) -> str:
        return STATE_TONES[self.state]

    @property
    def refusal(self) -> Problem | None:
        return problem_named(self.problem["code"], self.problem["data"]) if self.problem else None

    @property
    def tried_again_at(self) -> datetime | None:
        """Not before its channel has rested."""
        if self.state != "waiting" or not self.attempts:
            return None
        return max(self.next_try_at, self.blocked_until or self.next_try_at)

    @property
    def names(self) -> str:
        return "、".join(one["name"] for one in self.recipients)


def log(
    session: Session, state: str, channel_id: int | None, cursor: Cursor
) -> Listing[DeliveryView]:
    """Newest first; ``state`` empty for every one."""
    (after,) = cursor.after or (None,)
    if after is not None and not isinstance(after, int):
        raise BadCursor
    asked = {"state": state, "channel": channel_id, "after": after, "limit": cursor.limit + 1}
    return cursor.cut(rows(session, DeliveryView, QUERIES["log"], asked), "id")


def count_failed(session: Session) -> int:
    """Messages that were given up within seven days."""
    return value(session, QUERIES["count_failed"])
