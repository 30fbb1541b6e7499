"""Recording what readers saw, and ending a reading session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.transactions import Envelope
from app.rfid.problems import NoSuchSession, SessionClosed
from app.rfid.reading import Read, SeenTag, seen_tags

QUERIES = sql.Queries.beside(__file__)
NUMBERS = "RF"
UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class RecordReads:
    """One request of a reader; the audit keeps its digest, the tags keep the rest.

    Without ``session`` the reads go to the reader's newest open session, or to a new one.
    """

    store_id: int
    session: str
    reader: str
    digest: str
    count: int


@dataclass(frozen=True)
class ReadsRecorded:
    """``new`` tags were seen for the first time in this session, ``invalid`` reads are no tags."""

    session_id: int
    session: str
    reads: int
    tags: int
    new: int
    invalid: int


@dataclass(frozen=True)
class OpenSession:
    """A session that a person begins; empty names are given by us."""

    store_id: int
    name: str = ""
    reader: str = ""


@dataclass(frozen=True)
class CloseSession:
    session_id: int


@dataclass(frozen=True)
class SessionState:
    session_id: int
    state: str


@dataclass(frozen=True)
class LockedSession:
    id: int
    store_id: int
    name: str
    reader: str
    state: str


def recording(reads: Sequence[Read]) -> Callable[[Session, RecordReads, Envelope], ReadsRecorded]:
    """The handler ``record_reads`` for these reads."""

    def record_reads(session: Session, command: RecordReads, envelope: Envelope) -> ReadsRecorded:
        """Raises SessionClosed."""
        found = _session_for(session, command, envelope)
        seen = seen_tags(reads)
        new = _record(session, found, seen) if seen else 0
        return ReadsRecorded(
            session_id=found.id,
            session=found.name,
            reads=len(reads),
            tags=sum(tag.meaning.kind != "invalid" for tag in seen),
            new=new,
            invalid=sum(tag.read_count for tag in seen if tag.meaning.kind == "invalid"),
        )

    return record_reads


def _session_for(session: Session, command: RecordReads, envelope: Envelope) -> LockedSession:
    """The session's row, locked: requests of one session are one after another."""
    known = {"store_id": command.store_id, "name": command.session, "reader": command.reader}
    asked = "session_named" if command.session else "open_session_of_reader"
    found = sql.one(session, LockedSession, QUERIES[asked], known)
    if found is None:
        opening = OpenSession(command.store_id, command.session, command.reader)
        return _opened(session, opening, envelope)
    if found.state != "open":
        raise SessionClosed(name=found.name)
    return found


def _opened(session: Session, command: OpenSession, envelope: Envelope) -> LockedSession:
    name = command.name or next_number(session, NUMBERS, clock.now().date())
    values = {
        "store_id": command.store_id,
        "name": name,
        "reader": command.reader,
        "user_id": envelope.caller.user_id,
    }
    made = sql.one(session, LockedSession, QUERIES["insert_session"], values)
    # Somebody opened one of that name at the same moment: then it is there now.
    made = made or sql.one(session, LockedSession, QUERIES["session_named"], values)
    assert made is not None, "a session that is neither new nor there"
    if made.state != "open":
        raise SessionClosed(name=made.name)
    return made


def _record(session: Session, found: LockedSession, seen: Sequence[SeenTag]) -> int:
    """How many of them are new."""
    values = _columns(seen) | {"session_id": found.id, "store_id": found.store_id}
    rows = sql.rows(session, _Recorded, QUERIES["record_tags"], values)
    newest: datetime = max(tag.last_read_at for tag in seen)
    sql.execute(session, QUERIES["note_reading"], {"session_id": found.id, "read_at": newest})
    return sum(row.is_new for row in rows)


@dataclass(frozen=True)
class _Recorded:
    is_new: bool


def _columns(seen: Sequence[SeenTag]) -> dict[str, list[Any]]:
    """The tags as one array a column, which is one statement for ten thousand of them."""
    return {
        "epcs": [tag.meaning.epc for tag in seen],
        "kinds": [tag.meaning.kind for tag in seen],
        "schemes": [tag.meaning.scheme for tag in seen],
        "gtins": [tag.meaning.gtin for tag in seen],
        "serials": [tag.meaning.serial for tag in seen],
        "ssccs": [tag.meaning.sscc for tag in seen],
        "problems": [tag.meaning.problem for tag in seen],
        "raws": [tag.raw for tag in seen],
        "firsts": [tag.first_read_at for tag in seen],
        "lasts": [tag.last_read_at for tag in seen],
        "counts": [tag.read_count for tag in seen],
        "antennas": [UNIT_SEPARATOR.join(tag.antennas) for tag in seen],
        "strengths": [tag.best_rssi for tag in seen],
    }


def open_session(session: Session, command: OpenSession, envelope: Envelope) -> SessionState:
    """Begin a session, or go on with the open one of that name.  Raises SessionClosed."""
    made = _opened(session, command, envelope)
    return SessionState(made.id, made.state)


def close_session(session: Session, command: CloseSession, _envelope: Envelope) -> SessionState:
    """End it: later reads are refused.  Again is the same.  Raises NoSuchSession."""
    asked = {"session_id": command.session_id}
    found = sql.one(session, LockedSession, QUERIES["lock_session"], asked)
    if found is None:
        raise NoSuchSession
    sql.execute(session, QUERIES["close_session"], asked)
    return SessionState(found.id, "done")
