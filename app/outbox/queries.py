"""What the screens of the scan log, the browsers and the conflict inbox show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.access.queries import like
from app.kit import clock
from app.kit.problems import Problem, problem_named
from app.kit.sql import Select, one, rows
from app.kit.web import Cursor, Listing
from app.outbox.commands import QUERIES
from app.outbox.problems import NoSuchScan

CONFLICT_DAYS = 60
BROWSER_DAYS = 30


def refusal_in(outcome: str, answer: dict[str, Any] | None) -> Problem | None:
    """What was refused, in the words of the one who reads it now."""
    if outcome != "refused" or not answer or "code" not in answer:
        return None
    return problem_named(answer["code"], answer.get("data") or {})


@dataclass(frozen=True)
class ScanFilter:
    """``since`` and ``until`` are needed, the rest may be empty; ``code`` is a part of a code."""

    since: datetime
    until: datetime
    code: str = ""
    user: str = ""
    device: int | None = None
    installation: UUID | None = None
    store: int | None = None
    outcome: str = ""


@dataclass(frozen=True)
class ScanView:
    """One command of a device.  ``clock_offset`` is how far its clock was behind ours."""

    id: UUID
    kind: str
    code: str
    symbology: str
    source: str
    user_name: str
    device_name: str
    store_name: str
    installation: UUID | None
    sequence: int | None
    occurred_at: datetime
    recorded_at: datetime
    clock_offset: timedelta | None
    outcome: str
    answer: dict[str, Any] | None
    retry_of: UUID | None
    payload: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def refusal(self) -> Problem | None:
        return refusal_in(self.outcome, self.answer)

    @property
    def delay(self) -> timedelta:
        """From the trigger to the server."""
        return max(self.recorded_at - self.occurred_at, timedelta())


def scans(session: Session, wanted: ScanFilter, cursor: Cursor) -> Listing[ScanView]:
    """The scan log, newest first."""
    after_at, after_id = cursor.after or (None, None)
    whole = every_scan(wanted)
    page = {"after_at": after_at, "after_id": after_id, "limit": cursor.limit + 1}
    found = rows(session, ScanView, whole.text, {**whole.parameters, **page})
    return cursor.cut(found, "recorded_at", "id")


def every_scan(wanted: ScanFilter) -> Select[ScanView]:
    """All of that list."""
    asked = vars(wanted) | {
        "pattern": like(wanted.code), "user_pattern": like(wanted.user),
        "after_at": None, "after_id": None, "limit": None,
    }  # fmt: skip
    return Select(ScanView, QUERIES["scans"], asked)


def scan(session: Session, command_id: UUID) -> ScanView:
    """Raises NoSuchScan where it is none, or of another store."""
    found = one(session, ScanView, QUERIES["command"], {"command_id": command_id})
    if found is None:
        raise NoSuchScan
    return found


@dataclass(frozen=True)
class RetryView:
    id: UUID
    outcome: str
    answer: dict[str, Any] | None
    user_name: str
    recorded_at: datetime

    @property
    def refusal(self) -> Problem | None:
        return refusal_in(self.outcome, self.answer)


def retries(session: Session, command_id: UUID) -> list[RetryView]:
    return rows(session, RetryView, QUERIES["retries"], {"command_id": command_id})


@dataclass(frozen=True)
class EventView:
    event: str
    note: str
    user_name: str
    recorded_at: datetime
    content: dict[str, Any] | None


def events(session: Session, about_id: UUID) -> list[EventView]:
    return rows(session, EventView, QUERIES["events"], {"about_id": about_id})


@dataclass(frozen=True)
class ConflictView:
    """A command that waits for somebody; ``content`` is what the device kept of it."""

    about_id: UUID
    kind: str
    payload: dict[str, Any] | None
    answer: dict[str, Any] | None
    content: dict[str, Any] | None
    note: str
    user_name: str
    device_name: str
    store_name: str
    occurred_at: datetime
    reported_at: datetime
    taken_by: str | None

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language; else as the device was told."""
        refusal = refusal_in("refused", self.answer)
        if refusal is not None:
            return refusal.message
        answer: dict[str, Any] = (self.content or {}).get("answer") or {}
        return str(answer.get("text") or "")

    @property
    def fields(self) -> dict[str, str]:
        """What was scanned or typed."""
        if self.payload is not None:
            return {name: str(said) for name, said in self.payload.items() if said}
        pairs: list[list[str]] = (self.content or {}).get("fields") or []
        return {name: said for name, said in pairs if said}


def conflicts(session: Session) -> list[ConflictView]:
    """What waits in the caller's stores, newest first, at most 500."""
    since = clock.now() - timedelta(days=CONFLICT_DAYS)
    return rows(session, ConflictView, QUERIES["conflicts"], {"since": since})


@dataclass(frozen=True)
class BrowserView:
    """One browser that sent commands: ``missing`` are [first, last] of numbers that never came.

    ``was`` is the number that it had before, which another device had too.
    """

    installation: UUID
    last_number: int
    missing: list[list[int]]
    last_seen_at: datetime | None
    clock_offset: timedelta | None
    user_name: str
    device_name: str
    was: UUID | None
    renewed_at: datetime | None


def browsers(session: Session) -> list[BrowserView]:
    """Those seen in the last 30 days, with missing numbers first."""
    since = clock.now() - timedelta(days=BROWSER_DAYS)
    return rows(session, BrowserView, QUERIES["browsers"], {"since": since})
