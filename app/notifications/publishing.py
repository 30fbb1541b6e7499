"""Publishing an event from inside a command: written down with it, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import jobs, sql
from app.kit.transactions import Envelope

SEND = "notifications.send"
PUBLISH = """
select channel_id from publish_event(
    %(kind)s, %(store_id)s, %(title)s, %(facts)s, %(link)s, %(roles)s, %(people)s, %(command_id)s
)
"""


@dataclass(frozen=True)
class Event:
    """Something that people may want to hear of outside of Saoku.

    Args:
        kind: one of ``wording.KINDS``; an unknown one is told in plain words.
        store_id: whose it is; None for the company's.
        title: an English sentence marked for translation; its braces are filled from ``facts``.
            It is translated for each channel, so it is never put together beforehand.
        facts: what the message lists below, by name (``item``, ``lot``, ``quantity`` ...; see
            ``wording.FACT_NAMES``), as JSON: numbers as exact text.  Marked sentences among them
            are translated, too.
        link: the path of the page that it leads to, such as ``/approvals/7``.
        roles: who of the store it concerns, by role; none and no ``user_ids``: everyone there.
        user_ids: people whom it concerns, whatever their role and store.
    """

    kind: str
    store_id: int | None
    title: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    link: str = "/"
    roles: Sequence[str] = ()
    user_ids: Sequence[int] = ()


@dataclass(frozen=True)
class _Going:
    channel_id: int


def publish(session: Session, event: Event, envelope: Envelope | None = None) -> None:
    """Write the event and its deliveries down in the session's transaction.

    Sending is the business of jobs, which start after the commit.  One statement where no rule
    asks for the event.
    """
    values = {
        "kind": event.kind,
        "store_id": event.store_id,
        "title": event.title,
        "facts": Jsonb(msgspec.to_builtins(dict(event.facts))),
        "link": event.link,
        "roles": Jsonb(list(event.roles)),
        "people": Jsonb(list(event.user_ids)),
        "command_id": envelope.command_id if envelope else None,
    }
    for going in sql.rows(session, _Going, PUBLISH, values):
        jobs.defer(session, SEND, channel_id=going.channel_id)
