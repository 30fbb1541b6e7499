"""What people decide about commands that were refused late or never taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.kit import sql
from app.kit.tables import saved_id
from app.kit.transactions import Envelope
from app.outbox import problems
from app.outbox.tables import ConflictEvent

QUERIES = sql.Queries.beside(__file__)
LONGEST_NOTE = 500
FINAL = ("resolved", "discarded")


@dataclass(frozen=True)
class Settled:
    """The event that was written down."""

    event_id: int
    about_id: UUID


@dataclass(frozen=True)
class ReportConflict:
    """From the device: ``event`` is ``handed_over`` or ``discarded``.

    ``content`` is the command as the device kept it; ``installation`` and ``number`` are what it
    was counted by there, so that a discarded one leaves no gap.
    """

    about_id: UUID
    event: str
    note: str
    content: dict[str, Any] = field(default_factory=dict[str, Any])
    installation: UUID | None = None
    number: int | None = None


def report_conflict(session: Session, command: ReportConflict, envelope: Envelope) -> Settled:
    """Hand a command over to the supervisor, or put it aside for a reason.

    Raises:
        NoReason, UnreadableReport, BookedAfterAll: nothing is written down.
    """
    if command.event not in {"handed_over", "discarded"}:
        raise problems.UnreadableReport(reason=command.event[:40])
    if _was_booked(session, command.about_id):
        raise problems.BookedAfterAll
    return _write(
        session, envelope, command.about_id, command.event, command.note,
        content=command.content, installation=command.installation, sequence=command.number,
    )  # fmt: skip


@dataclass(frozen=True)
class TakeConflict:
    """Somebody looks after it, so that no two do."""

    about_id: UUID


def take_conflict(session: Session, command: TakeConflict, envelope: Envelope) -> Settled:
    _refuse_settled(session, command.about_id)
    return _write(session, envelope, command.about_id, "taken", "")


@dataclass(frozen=True)
class ResolveConflict:
    """It is seen to; ``note`` says how."""

    about_id: UUID
    note: str


def resolve_conflict(session: Session, command: ResolveConflict, envelope: Envelope) -> Settled:
    _refuse_settled(session, command.about_id)
    return _write(session, envelope, command.about_id, "resolved", command.note)


@dataclass(frozen=True)
class ReportNewNumber:
    """A browser found its number used by another one (cloned storage) and took a new one."""

    was: UUID | None


@dataclass(frozen=True)
class NewNumber:
    was: UUID | None
    installation: UUID | None


def report_new_number(session: Session, command: ReportNewNumber, envelope: Envelope) -> NewNumber:
    """Nothing changes: that the command is written down is what the list of browsers shows."""
    del session
    return NewNumber(command.was, envelope.installation)


def _was_booked(session: Session, command_id: UUID) -> bool:
    return bool(sql.value(session, QUERIES["was_booked"], {"command_id": command_id}))


@dataclass(frozen=True)
class _Last:
    event: str
    note: str
    name: str


def _refuse_settled(session: Session, about_id: UUID) -> None:
    """Refuse what is no conflict here, and what somebody has settled meanwhile."""
    asked = {"about_id": about_id}
    if not sql.value(session, QUERIES["is_conflict"], asked):
        raise problems.NoSuchScan
    last = sql.one(session, _Last, QUERIES["last_event"], asked)
    if last is not None and last.event in FINAL:
        raise problems.AlreadySettled(name=last.name, note=last.note)


def _write(
    session: Session, envelope: Envelope, about_id: UUID, event: str, note: str, **more: Any
) -> Settled:
    said = " ".join(note.split())[:LONGEST_NOTE]
    if event != "taken" and not said:
        raise problems.NoReason
    if envelope.caller.user_id is None:
        raise CapabilityMissing(capability="conflict_resolve")
    row = ConflictEvent(
        about_id=about_id, store_id=envelope.caller.store_id, event=event, note=said,
        user_id=envelope.caller.user_id, command_id=envelope.command_id, **more,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return Settled(saved_id(row.id), about_id)
