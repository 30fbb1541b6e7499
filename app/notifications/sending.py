"""The queue of a channel: one message after another, each until it is taken or given up.

A channel is claimed by one job at a time.  A message is noted as being sent before its first byte
leaves, so whatever happens to the worker it is sent again under the same identity and never lost.
What does not answer rests, longer each time, and keeps nobody else waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import structlog
from psycopg.types.json import Jsonb

from app.kit import jobs, sql
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.problems import Problem
from app.notifications import mail, robots, services, webhooks
from app.notifications.links import public_url
from app.notifications.problems import TEMPORARY, SendingCrashed
from app.notifications.publishing import SEND
from app.notifications.sealing import unseal
from app.notifications.wording import Message, Told, message

QUERIES = sql.Queries.beside(__file__)
# Another attempt after 10, 20, 40 ... seconds, at most an hour: twenty of them take half a day.
FIRST_SECONDS, LONGEST_SECONDS = 10, 3600
MOST_ATTEMPTS = 20
TURN = timedelta(seconds=20)
_CLAIM_SECONDS = 120
log = structlog.get_logger("saoku.notifications")


@dataclass(frozen=True)
class Way:
    """A channel as its sender needs it: the columns of ``claim_channel``."""

    id: int
    kind: str
    language: str
    settings: dict[str, Any]
    sealed: str


@dataclass(frozen=True)
class Outgoing:
    """A delivery that was taken to be sent now: the columns of ``take_delivery``."""

    id: int
    identity: UUID
    attempts: int
    recipients: list[dict[str, Any]]
    kind: str
    title: str
    facts: dict[str, Any]
    link: str
    happened_at: datetime
    store_code: str
    store_name: str
    time_zone: str

    def addresses(self, field: str) -> list[str]:
        """``email`` or ``mobile`` of the people that it is for, each once."""
        return list(dict.fromkeys(one[field] for one in self.recipients if one.get(field)))

    @property
    def told(self) -> Told:
        names = [one["name"] for one in self.recipients]
        return Told(
            self.kind, self.title, self.facts, self.link, self.store_name, self.time_zone,
            self.happened_at, names,
        )  # fmt: skip


def send_due(database: Database, settings: Settings, channel_id: int) -> None:
    """Send what is due through a channel; another job is left behind for what is not yet.

    Where another job is at it, that one sends this one's messages, too.
    """
    end = _clock() + TURN
    while _is_due(database, channel_id):
        way = _claim(database, channel_id)
        if way is None:
            return
        try:
            _send_all(database, settings, way, end)
        finally:
            _note(database, QUERIES["leave_channel"], {"channel_id": channel_id})
        if _clock() > end:
            break
    _come_back(database, channel_id)


def _clock() -> timedelta:
    return timedelta(seconds=monotonic())


def _send_all(database: Database, settings: Settings, way: Way, end: timedelta) -> None:
    while _clock() < end:
        asked = {"channel_id": way.id, "zone": settings.time_zone}
        found = _note(database, QUERIES["take_delivery"], asked)
        if not found or not _send(database, settings, way, Outgoing(*found[0])):
            return


def _send(database: Database, settings: Settings, way: Way, outgoing: Outgoing) -> bool:
    """Whether the channel may go on with the next one."""
    try:
        answer = deliver(settings, way, outgoing)
    except TEMPORARY as problem:
        return _later(database, outgoing, problem)
    except Problem as problem:
        return _give_up(database, outgoing, problem)
    except Exception:
        log.exception("sending crashed", delivery=outgoing.id, channel=way.id)
        return _give_up(database, outgoing, SendingCrashed())
    _note(database, QUERIES["delivered"], {"id": outgoing.id, "answer": _storable(answer)})
    return True


def deliver(settings: Settings, way: Way, outgoing: Outgoing) -> str:
    """Hand one message over; what was answered.

    Raises:
        Problem: one of TEMPORARY, or it will never be taken.
    """
    networks = settings.notification_networks
    secrets = unseal(settings.signing_key(), way.sealed)
    words = message(outgoing.told, way.language, public_url(settings))
    if way.kind in robots.ROBOTS:
        return robots.say(way.kind, secrets, words.text, outgoing.addresses("mobile"), networks)
    if way.kind == "email":
        return mail.send(way.settings, secrets, _letter(way, outgoing, words), networks)
    if way.kind == "webhook":
        return webhooks.deliver(secrets, _posting(outgoing, words), networks)
    return services.send(secrets, words.subject, words.text, networks)


def _letter(way: Way, outgoing: Outgoing, words: Message) -> mail.Letter:
    to = list(dict.fromkeys([*outgoing.addresses("email"), *way.settings.get("to", [])]))
    return mail.Letter(outgoing.identity, to, words.subject, words.text)


def _posting(outgoing: Outgoing, words: Message) -> webhooks.Posting:
    content = {
        "id": str(outgoing.identity),
        "event": outgoing.kind,
        "occurred_at": outgoing.happened_at.isoformat(),
        "store": outgoing.store_code or None,
        "title": words.sentence,
        "text": words.text,
        "link": words.link,
        "facts": outgoing.facts,
        "recipients": [one["name"] for one in outgoing.recipients],
    }
    return webhooks.Posting(outgoing.identity, outgoing.kind, content)


def _later(database: Database, outgoing: Outgoing, problem: Problem) -> bool:
    if outgoing.attempts >= MOST_ATTEMPTS:
        return _give_up(database, outgoing, problem)
    seconds = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (outgoing.attempts - 1))
    values = {
        "id": outgoing.id, "problem": stored(problem), "seconds": seconds,
        "first": FIRST_SECONDS, "longest": LONGEST_SECONDS,
    }  # fmt: skip
    _note(database, QUERIES["try_later"], values)
    log.warning("message waits", delivery=outgoing.id, problem=problem.code, seconds=seconds)
    return False


def _give_up(database: Database, outgoing: Outgoing, problem: Problem) -> bool:
    _note(database, QUERIES["given_up"], {"id": outgoing.id, "problem": stored(problem)})
    log.warning("message given up", delivery=outgoing.id, problem=problem.code)
    return True


def stored(problem: Problem) -> Jsonb:
    data = {name: _storable(str(value)) for name, value in problem.data.items()}
    return Jsonb({"code": problem.code, "data": msgspec.to_builtins(data)})


def _storable(text: str) -> str:
    return text.replace("\0", "")


def _come_back(database: Database, channel_id: int) -> None:
    found = _note(database, QUERIES["next_moment"], {"channel_id": channel_id})
    if found and found[0][0] is not None:
        jobs.go_on_later(database, SEND, at=found[0][0], channel_id=channel_id)


def _is_due(database: Database, channel_id: int) -> bool:
    return bool(_note(database, QUERIES["is_due"], {"channel_id": channel_id})[0][0])


def _claim(database: Database, channel_id: int) -> Way | None:
    asked = {"channel_id": channel_id, "seconds": _CLAIM_SECONDS}
    found = _note(database, QUERIES["claim_channel"], asked)
    return Way(*found[0]) if found else None


def _note(database: Database, text: LiteralString, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    return jobs.note(database, text, values)
