"""Running scenarios: each in an empty company, event by event, one transaction each."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from app.kit.config import Settings
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.ledger.verify import verify
from app.scenarios import figures
from app.scenarios.book import Book, Posting, make_book
from app.scenarios.events import AnyEvent, Scenario, moments
from app.scenarios.figures import Figures, text
from app.scenarios.posting import POSTERS
from app.scenarios.reading import Told
from app.scenarios.scratch import Scratch, scratch
from app.scenarios.telling import tell
from app.scenarios.working import Work

# What the product calls it, and what scenarios do.
ERRORS = {
    "insufficient_on_hand": "insufficient_stock",
    "insufficient_then": "insufficient_stock",
    "stock_allocated": "insufficient_stock",
}


def replay_all(settings: Settings, told: Sequence[Told]) -> Iterator[Figures]:
    """Each scenario's figures, one after the other, all in one scratch database."""
    with scratch(settings) as place:
        for one in told:
            yield replay_or_fail(place, one)


def replay_or_fail(place: Scratch, told: Told) -> Figures:
    """What cannot be read, and a bug of ours, is named as ``failed``; the others go on."""
    scenario = told.scenario
    if scenario is None:
        reason = told.wrong.message if told.wrong else "?"
        sys.stderr.write(f"saoku: {reason}\n")
        return {"id": told.id, "failed": reason, "verify": "failed"}
    try:
        return replay(place, scenario)
    except Exception as error:  # noqa: BLE001 - it counts as a difference, and the traceback is told
        traceback.print_exc()
        return {"id": scenario.id, "failed": f"{type(error).__name__}: {error}", "verify": "failed"}


def replay(place: Scratch, scenario: Scenario) -> Figures:
    """Post the whole story; what came out, in the words of the file's own format."""
    place.empty()
    book = make_book(place.database, scenario)
    days = moments(scenario)
    posted = [
        _posted(place.database, book, event, at)
        for event, at in zip(scenario.events, days, strict=True)
    ]
    dated = [event.date for event in scenario.events if event.date]
    with place.database.reading(SYSTEM) as session:
        charged = figures.charged(session)
        told = [_told(session, book, posting) | after for posting, after in posted]
        found = {
            "id": scenario.id,
            "events": told,
            "items": figures.items(session, book),
            "cogs_total": text(charged.cogs),
            "purchase_variance": text(charged.variance),
            "at": figures.as_of(session, book, dated),
        }
    return found | {"verify": _verified(place.database)}


def _posted(
    database: Database, book: Book, event: AnyEvent, at: datetime
) -> tuple[Posting, Figures]:
    """Post one event, or keep what it was refused for; the items right after it."""
    envelope = Envelope(new_id(), SYSTEM, at)
    made: list[Posting] = []

    def post_event(session: Session, command: AnyEvent, envelope: Envelope) -> None:
        made.append(POSTERS[type(command)](Work(session, envelope, book), command))

    try:
        run(database, post_event, event, envelope)
        posting = made[-1]
    except Problem as problem:
        posting = Posting(event, envelope.command_id, error=ERRORS.get(problem.code, problem.code))
    book.postings[event.id] = posting
    with database.reading(SYSTEM) as session:
        return posting, {"after": _after(event, figures.summary(session, book))}


def _after(event: AnyEvent, known: dict[str, Figures]) -> Figures:
    """As scenarios write it: of the event's own item at once, of all of them by name."""
    own = known.get(getattr(event, "item", None) or "", {})
    return {**own, **known, "items": known}


def _told(session: Session, book: Book, posting: Posting) -> Figures:
    told: Figures = {"id": posting.event.id}
    if posting.error is not None:
        return told | {"error": posting.error}
    return told | tell(session, book, posting)


def _verified(database: Database) -> str | list[dict[str, str]]:
    differences = verify(database)
    return [asdict(one) for one in differences] if differences else "ok"
