"""The commands of an import: start it, check it again, carry it out, give it up.

The file goes in beside its command: the audit keeps the file's hash, the run keeps the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.importing import problems
from app.importing.columns import kind_named
from app.importing.known import QUERIES
from app.kit import jobs, sql
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope
from app.spreadsheets.findings import Row

ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class Choices:
    """What the person chose; stored with the run.

    ``create_missing`` also creates the units and categories that are missing, ``skip_bad`` imports
    the good rows only, ``again`` confirms that a file comes in a second time, ``base_unit`` is the
    unit of items in files that name none.
    """

    create_missing: bool = False
    skip_bad: bool = False
    again: bool = False
    base_unit: str = ""

    @property
    def defaults(self) -> dict[str, str]:
        return {"base_unit": self.base_unit} if self.base_unit else {}


@dataclass(frozen=True)
class StartImport:
    kind: str
    file_name: str
    file_hash: str
    choices: Choices = field(default_factory=Choices)


@dataclass(frozen=True)
class CheckAgain:
    import_id: int
    create_missing: bool = False


@dataclass(frozen=True)
class BeginImport:
    """Carry it out: everything or, with ``skip_bad``, the good rows."""

    import_id: int
    skip_bad: bool = False
    again: bool = False


@dataclass(frozen=True)
class CancelImport:
    import_id: int


@dataclass(frozen=True)
class StoreCheck:
    import_id: int


@dataclass(frozen=True)
class FailImport:
    """The job could not do it: ``problem`` is what the person reads."""

    import_id: int
    problem: str
    data: dict[str, Any]


@dataclass(frozen=True)
class ImportState:
    import_id: int
    state: str


@dataclass(frozen=True)
class Run:
    """The locked row of an import."""

    id: int
    kind: str
    state: str
    settings: dict[str, Any]
    file_hash: str
    row_count: int
    bad_count: int

    @property
    def choices(self) -> Choices:
        return msgspec.convert(self.settings, Choices)


def file_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def starting(content: bytes) -> Callable[[Session, StartImport, Envelope], ImportState]:
    """The handler ``start_import`` for this file's content."""

    def start_import(session: Session, command: StartImport, envelope: Envelope) -> ImportState:
        kind = kind_named(command.kind)
        if file_hash(content) != command.file_hash:
            raise problems.ImportNotReady
        caller = envelope.caller
        parameters = {
            "store_id": caller.store_id if kind.in_store else None,
            "kind": kind.name,
            "file_name": command.file_name[-200:],
            "file_hash": command.file_hash,
            "file": content,
            "settings": Jsonb(msgspec.to_builtins(command.choices)),
            "created_by": caller.user_id,
        }
        run_id: int = sql.value(session, QUERIES["insert_run"], parameters)
        jobs.defer(session, "importing.check", caller=caller, import_id=run_id)
        return ImportState(run_id, "waiting")

    return start_import


def check_again(session: Session, command: CheckAgain, envelope: Envelope) -> ImportState:
    """Read the stored file again, with what the company has now."""
    run = locked(session, command.import_id, "checked", "failed")
    _choose(session, run, replace(run.choices, create_missing=command.create_missing))
    set_state(session, run.id, "waiting")
    jobs.defer(session, "importing.check", caller=envelope.caller, import_id=run.id)
    return ImportState(run.id, "waiting")


def begin_import(session: Session, command: BeginImport, envelope: Envelope) -> ImportState:
    """Refuses bad rows unless they are to be skipped, and a file that was imported before."""
    run = locked(session, command.import_id, "checked")
    if run.bad_count == run.row_count:
        raise problems.NothingToImport
    if run.bad_count and not command.skip_bad:
        raise problems.RowsAreBad(bad=run.bad_count, rows=run.row_count)
    if not command.again:
        refuse_second_time(session, run)
    _choose(session, run, replace(run.choices, skip_bad=command.skip_bad, again=command.again))
    set_state(session, run.id, "applying")
    # The job carries the id of its command: however often it starts, the import happens once.
    jobs.defer(
        session,
        "importing.apply",
        caller=envelope.caller,
        import_id=run.id,
        command_id=new_id(),
    )
    return ImportState(run.id, "applying")


def cancel_import(session: Session, command: CancelImport, _envelope: Envelope) -> ImportState:
    run = locked(session, command.import_id, "waiting", "checked", "failed")
    set_state(session, run.id, "cancelled")
    return ImportState(run.id, "cancelled")


def storing(
    rows: Sequence[Row], source: str, ignored: Sequence[str], missing: Mapping[str, Sequence[str]]
) -> Callable[[Session, StoreCheck, Envelope], ImportState]:
    """The handler ``store_check`` for what a check found."""

    def store_check(session: Session, command: StoreCheck, _envelope: Envelope) -> ImportState:
        run = locked(session, command.import_id, "waiting", "checking")
        sql.execute(session, QUERIES["clear_rows"], {"id": run.id})
        _insert(session, run.id, rows)
        found = {
            "id": run.id,
            "source": source,
            "ignored": Jsonb(list(ignored)),
            "missing": Jsonb({name: list(texts) for name, texts in missing.items()}),
            "row_count": len(rows),
            "bad_count": sum(row.is_bad for row in rows),
            "warning_count": sum(row.has_warning for row in rows),
        }
        sql.execute(session, QUERIES["store_check"], found)
        return ImportState(run.id, "checked")

    return store_check


def fail_import(session: Session, command: FailImport, _envelope: Envelope) -> ImportState:
    """A file that can't be read has failed; an import that was refused can be checked again."""
    run = locked(session, command.import_id, "waiting", "checking", "applying")
    state = "checked" if run.state == "applying" else "failed"
    set_state(session, run.id, state, {"code": command.problem, "data": command.data})
    return ImportState(run.id, state)


def refuse_second_time(session: Session, run: Run) -> None:
    """Refuse a file that was imported before; two at the same moment wait for each other."""
    key = {"id": run.id, "file_hash": run.file_hash, "kind": run.kind}
    sql.execute(session, QUERIES["lock_file"], key)
    before = sql.one(session, _Before, QUERIES["imported_before"], key)
    if before:
        raise problems.FileImportedAlready(
            day=before.applied_at.date().isoformat(), number=before.id
        )


@dataclass(frozen=True)
class _Before:
    id: int
    applied_at: datetime


def locked(session: Session, import_id: int, *states: str) -> Run:
    """The run, locked, if it is in one of these states.

    Raises:
        NoSuchImport, ImportNotReady.
    """
    run = sql.one(session, Run, QUERIES["lock_run"], {"id": import_id})
    if run is None:
        raise problems.NoSuchImport
    if run.state not in states:
        raise problems.ImportNotReady
    return run


def set_state(
    session: Session, import_id: int, state: str, problem: Mapping[str, Any] | None = None
) -> None:
    stored = Jsonb(dict(problem)) if problem else None
    sql.execute(session, QUERIES["set_state"], {"id": import_id, "state": state, "problem": stored})


def failure(import_id: int, problem: Problem) -> FailImport:
    return FailImport(import_id, problem.code, msgspec.to_builtins(problem.data))


def _choose(session: Session, run: Run, choices: Choices) -> None:
    settings = Jsonb(msgspec.to_builtins(choices))
    sql.execute(session, QUERIES["set_settings"], {"id": run.id, "settings": settings})


def _insert(session: Session, import_id: int, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = [_stored(row) for row in rows[start : start + ROWS_AT_ONCE]]
        # PostgreSQL's JSON has no U+0000; no cell means anything by it.
        text = msgspec.json.encode(some).decode().replace("\\u0000", "")
        sql.execute(session, QUERIES["insert_rows"], {"id": import_id, "rows": text})


def _stored(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "cells": row.cells,
        "content": row.values,
        "findings": row.findings,
        "is_bad": row.is_bad,
        "has_warning": row.has_warning,
    }
