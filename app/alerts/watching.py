"""Looking at everything that calls for attention, and telling who is in charge: once per cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from app.alerts.tables import KINDS
from app.alerts.words import SEVERAL, TELLS, sentence
from app.kit import jobs, sql
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from app.notifications.publishing import Event, publish
from app.notifications.wording import LINES

QUERIES = sql.Queries.beside(__file__)
# A minute is soon enough for people who wait; the shelf changes slower, and looking at all of it
# takes longer.
BY_THE_MINUTE = ("negative_attempt", "stale_allocation", "unsynchronised_device")
BY_THE_HOUR = tuple(kind for kind in KINDS if kind not in BY_THE_MINUTE)
_LINES_TOLD = 10


@jobs.minutely("alerts.watch_people")
def watch_people(job: jobs.Job) -> None:
    """Attempts, promises and devices."""
    watch(job.database, BY_THE_MINUTE)


@jobs.hourly("alerts.watch_stock", minute=20)
def watch_stock(job: jobs.Job) -> None:
    """Safety stock, movement and expiry."""
    watch(job.database, BY_THE_HOUR)


def watch(database: Database, kinds: Sequence[str] = KINDS) -> None:
    """Raise what is new, close what is gone, tell what nobody was told yet.

    A command is only made where somebody is told: the rest is in the alerts themselves.
    """
    for kind in kinds:
        jobs.note(database, QUERIES["look"], {"kind": kind})
    if jobs.note(database, QUERIES["has_untold"], {"kinds": list(kinds)})[0][0]:
        run(database, tell, Tell(list(kinds)), Envelope(new_id(), SYSTEM))


@dataclass(frozen=True)
class Tell:
    """Tell what is open of these kinds and nobody was told yet."""

    kinds: list[str]


@dataclass(frozen=True)
class Told:
    """The alerts that were told."""

    alert_ids: list[int]


@dataclass(frozen=True)
class _Untold:
    id: int
    store_id: int
    kind: str
    facts: dict[str, Any]
    role: str
    user_id: int | None


def tell(session: Session, command: Tell, envelope: Envelope) -> Told:
    """One message for each store, kind and person in charge, however many alerts there are."""
    found = sql.rows(session, _Untold, QUERIES["tell"], {"kinds": command.kinds})
    together: dict[tuple[Any, ...], list[_Untold]] = defaultdict(list)
    for one in sorted(found, key=lambda alert: alert.id):
        together[one.store_id, one.kind, one.role, one.user_id].append(one)
    for alerts in together.values():
        publish(session, _event(alerts), envelope)
    return Told(sorted(one.id for one in found))


def _event(alerts: list[_Untold]) -> Event:
    first = alerts[0]
    facts: dict[str, Any] = first.facts
    title = sentence(first.kind, first.facts)
    if len(alerts) > 1:
        title = SEVERAL[first.kind]
        lines = [[sentence(one.kind, one.facts), one.facts] for one in alerts[:_LINES_TOLD]]
        facts = {"count": len(alerts), LINES: [*lines, *(["…"] if alerts[_LINES_TOLD:] else [])]}
    return Event(
        kind=TELLS.get(first.kind, "stock_alert"),
        store_id=first.store_id,
        title=title,
        facts=facts,
        link="/alerts?" + urlencode({"kind": first.kind, "store": first.store_id}),
        roles=() if first.user_id else (first.role,),
        user_ids=(first.user_id,) if first.user_id else (),
    )
