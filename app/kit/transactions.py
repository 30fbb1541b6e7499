"""One command, one transaction, exactly once: the only commit in the code base.

Every command has an id that the client made before sending.  The row in ``command`` is written in
the command's own transaction, so it is both the guard against doing it twice and the audit trail
of who did what, when, from which device and address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from psycopg import errors
from psycopg.types.json import Jsonb
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.kit import clock
from app.kit.database import Caller, Database, answers, driver, look, unanswered
from app.kit.i18n import mark
from app.kit.problems import Problem, Unreadable, problem_for_constraint, problem_named
from app.kit.trips import Trip

C = TypeVar("C")
A = TypeVar("A")
V = TypeVar("V")
ATTEMPTS = 6
_CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected)
INSERT_COMMAND = """
insert into command (id, kind, fingerprint, payload, user_id, store_id, device_id, ip, sequence,
                     occurred_at, outcome, answer, installation, sent_at, retry_of, told)
values (%(id)s, %(kind)s, %(fingerprint)s, %(payload)s, %(user_id)s, %(store_id)s, %(device_id)s,
        %(ip)s, %(sequence)s, %(occurred_at)s, %(outcome)s, %(answer)s, %(installation)s,
        %(sent_at)s, %(retry_of)s, %(told)s)
"""
NOTE_COMMAND = INSERT_COMMAND + " on conflict do nothing"
# In place of a fingerprint where a request was answered before its command was put together.
UNSEEN = ""
STORED_COMMAND = "select fingerprint, outcome, answer from stored_command(%(command_id)s)"


@dataclass(frozen=True)
class Envelope:
    """What travels with a command: its id, its sender and the moment it happened (with zone).

    ``installation`` is the browser that numbered it with ``sequence``; ``sent_at`` what its clock
    said when it was sent; ``retry_of`` the refused command that it tries again; ``told`` that the
    device has said already that it will be refused.  ``approval_id`` is the request whose last vote
    executes the command: what needed it may go ahead now.
    """

    command_id: UUID
    caller: Caller
    occurred_at: datetime = field(default_factory=clock.now)
    sequence: int | None = None
    installation: UUID | None = None
    sent_at: datetime | None = None
    retry_of: UUID | None = None
    told: bool = False
    approval_id: int | None = None


class Secret:
    """A password or PIN inside a command: used, but never stored in the audit trail."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


class CommandIdReused(Problem):
    code = "command_id_reused"
    status = 409
    text = mark("This command id was already used for something else.")
    advice = mark("Nothing was changed. Scan again; if it returns, restart the app.")


class NumberTaken(Problem):
    """Two browsers count as one: storage was cloned.  No answer to the command; nothing is stored.

    428: the browser takes a new identity, numbers its commands anew and sends them again.
    """

    code = "number_taken"
    status = 428
    text = mark("Another device has used this number already.")
    advice = mark("Nothing was changed. The app takes a new number and sends it again.")


class InvalidCommand(Unreadable):
    code = "invalid_command"
    text = mark("The request is not complete: {reason}.")
    advice = mark("Reload the page and try again.")


Handler = Callable[[Session, C, Envelope], A]
Show = Callable[[Trip], Callable[[], V]]
"""Sends the statements of a screen with a trip; what it returns reads their answers."""


def run(database: Database, handler: Handler[C, A], command: C, envelope: Envelope) -> A:
    """Execute the command once and commit, or return what it answered the first time.

    Args:
        handler: ``(session, command, envelope) -> answer``; never commits, and touches nothing but
            the database: for a repeated id it runs, and is rolled back where its row is refused.
            The answer is a dataclass (or plain data) that survives JSON, typed in its annotation.
        command: a frozen dataclass; it is stored as JSON for the audit.

    Raises:
        Problem: refused; the refusal is stored and the same id is refused the same way again.
        CommandIdReused: the id was used by another command, payload or person.
    """
    return _run(_Work(database, handler, command, envelope))


def run_and_show(
    database: Database, handler: Handler[C, A], command: C, envelope: Envelope, show: Show[V]
) -> tuple[A, V | None]:
    """As ``run``, with the screen that follows read in the round trip of the commit.

    The screen is None where the answer is a stored one.
    """
    work = _Work(database, handler, command, envelope, show)
    return _run(work), work.screen


def _run(work: _Work) -> Any:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work.attempt()
        except Problem as problem:
            return work.refuse(problem)
        except (psycopg.Error, DBAPIError) as error:
            problem = refusal_in(error)
            if problem is not None:
                return work.refuse(problem)
            if attempt == ATTEMPTS or not work.may_try_again(error):
                return work.again(error)
        except Exception as error:  # noqa: BLE001 - raised again, where the id is new
            return work.again(error)
    raise AssertionError("unreachable: the last attempt returns or raises")


def kind_of(handler: Callable[..., Any]) -> str:
    """What the audit calls a handler's commands: its slice and its name."""
    return f"{handler.__module__.split('.')[1]}.{handler.__name__}"


class _Work:
    """One command on its way: what is known before the first attempt and is the same in each."""

    def __init__(
        self,
        database: Database,
        handler: Handler[Any, Any],
        command: object,
        envelope: Envelope,
        show: Show[Any] | None = None,
    ) -> None:
        self.database, self.handler = database, handler
        self.command, self.envelope = command, envelope
        self.show, self.screen = show, None
        self.kind = kind_of(handler)
        self.payload = msgspec.to_builtins(command, enc_hook=_encode)
        self.fingerprint = _fingerprint(self.kind, envelope.caller.user_id, self.payload)
        self.was_reconnected = False

    def attempt(self) -> Any:
        with self.database.commanding(self.envelope.caller) as session:
            answer = self.handler(session, self.command, self.envelope)
            session.flush()
            row = self._row("done", msgspec.to_builtins(answer, enc_hook=_encode))
            read = self._commit(session, row)
        self.screen = read() if read else None
        return answer

    def _commit(self, session: Session, row: dict[str, Any]) -> Callable[[], Any] | None:
        """One trip.  Where the id is taken, the insert fails, and so does all that was done."""
        trip = unanswered(session)
        trip.tell(INSERT_COMMAND, row)
        trip.tell("commit")
        read = None
        if self.show is not None:
            look(trip, self.envelope.caller)
            read = self.show(trip)
        answers(session)
        return read

    def may_try_again(self, error: psycopg.Error | DBAPIError) -> bool:
        """Two transactions met, or the connection had broken: the id guards against twice."""
        if _is_conflict(error):
            return True
        if self.was_reconnected or not _is_lost(error):
            return False
        self.was_reconnected = True
        self.database.at_once("select 1")  # on the connection that is taken next, too
        return True

    def refuse(self, problem: Problem) -> Any:
        """Store the refusal in its own transaction and raise it.

        The same command may have arrived twice at once: whichever answer was stored first counts
        for both, so this may also return what the other one achieved.
        """
        row = self._row(
            "refused", {"code": problem.code, "data": msgspec.to_builtins(problem.data)}
        )
        with self.database.session(self.envelope.caller) as session:
            is_first = bool(driver(session).execute(NOTE_COMMAND, row).rowcount)
            session.commit()
        if is_first:
            raise problem
        return self.again(NumberTaken())

    def again(self, failure: Exception) -> Any:
        """What the command answered the first time: a repeated one may fail at anything.

        Raises:
            NumberTaken: the id is new, but another browser has used its number.
            Exception: the failure itself, of a new command.
        """
        if _is_lost(failure):
            raise failure
        found = self.database.at_once(STORED_COMMAND, {"command_id": self.envelope.command_id})
        if not found:
            raise NumberTaken() if _is_number_taken(failure) else failure
        fingerprint, outcome, answer = found[0]
        noted = fingerprint == UNSEEN and outcome == "refused"
        if fingerprint != self.fingerprint and not noted:
            raise CommandIdReused
        if outcome == "refused":
            raise problem_named(answer["code"], answer["data"])
        return msgspec.convert(answer, get_type_hints(self.handler)["return"], strict=False)

    def _row(self, outcome: str, answer: Any) -> dict[str, Any]:
        """The audit row."""
        own = {"kind": self.kind, "fingerprint": self.fingerprint, "payload": Jsonb(self.payload)}
        return {**own, **_sender(self.envelope), "outcome": outcome, "answer": Jsonb(answer)}


def note(
    database: Database, kind: str, payload: object, envelope: Envelope, problem: Problem | None
) -> None:
    """Write down a request that was answered without running a command: looked up, or refused.

    The same id is answered like this from then on.
    """
    answer = {"code": problem.code, "data": msgspec.to_builtins(problem.data)} if problem else {}
    row = {
        **_sender(envelope), "kind": kind, "fingerprint": UNSEEN, "payload": Jsonb(payload),
        "outcome": "refused" if problem else "done", "answer": Jsonb(answer),
    }  # fmt: skip
    with database.session(envelope.caller) as session:
        driver(session).execute(NOTE_COMMAND, row)
        session.commit()


def _sender(envelope: Envelope) -> dict[str, Any]:
    """Who gave the command, from where and when, as the audit keeps it."""
    caller = envelope.caller
    return {
        "id": envelope.command_id,
        "user_id": caller.user_id,
        "store_id": caller.store_id,
        "device_id": caller.device_id,
        "ip": caller.ip,
        "sequence": envelope.sequence,
        "occurred_at": envelope.occurred_at,
        "installation": envelope.installation,
        "sent_at": envelope.sent_at,
        "retry_of": envelope.retry_of,
        "told": envelope.told,
    }


def _fingerprint(kind: str, user_id: int | None, payload: object) -> str:
    content = msgspec.json.encode([kind, user_id, payload], order="deterministic")
    return hashlib.sha256(content).hexdigest()


def _encode(value: object) -> object:
    if isinstance(value, Secret):
        return "***"
    raise TypeError(f"a command or answer holds a {type(value).__name__}, which is not data")


def _is_conflict(error: psycopg.Error | DBAPIError) -> bool:
    """Two transactions met: trying again is safe and useful."""
    return isinstance(_original(error), _CONFLICTS)


def _is_lost(error: Exception) -> bool:
    """The server went away, perhaps long ago: a pooled connection tells it when it is used."""
    original = _original(error)
    return isinstance(original, psycopg.OperationalError) and not isinstance(original, _CONFLICTS)


def _is_number_taken(error: Exception) -> bool:
    return _constraint(_original(error)) == "command_sequence_once"


def refusal_in(error: psycopg.Error | DBAPIError) -> Problem | None:
    """What a violated constraint refuses; None where the error is something else."""
    problem = problem_for_constraint(_constraint(_original(error)))
    return problem() if problem else None


def _original(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _constraint(error: BaseException | None) -> str | None:
    return error.diag.constraint_name if isinstance(error, psycopg.Error) else None
