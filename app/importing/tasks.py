"""The two jobs of an import.  Both may start again at any point: the state says what is left."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import psycopg
import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.catalog.codes import normalised
from app.catalog.ranges import check_letter
from app.importing.applying import ApplyImport, apply_import
from app.importing.checking import Settings, check
from app.importing.columns import kind_named
from app.importing.commands import (
    ImportState,
    StoreCheck,
    fail_import,
    failure,
    storing,
)
from app.importing.known import QUERIES, look_up
from app.importing.problems import ImportCrashed
from app.importing.queries import ImportView, import_view
from app.kit import jobs, sql
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.spreadsheets.files import read
from app.spreadsheets.findings import Row
from app.spreadsheets.reading import read_rows

KEYS = ("code", "barcode", "pack_barcode")
log = structlog.get_logger("saoku.importing")


@jobs.task("importing.check")
def check_task(job: jobs.Job, import_id: int) -> None:
    """Read the file and note what is wrong with every row."""
    with job.database.reading(job.caller) as session:
        view = import_view(session, import_id)
    if view.state in {"waiting", "checking"}:
        _guarded(job, import_id, lambda: _check(job, view))


@jobs.task("importing.apply")
def apply_task(job: jobs.Job, import_id: int, command_id: str) -> None:
    """Write the rows, once however often the job runs."""

    def apply() -> None:
        envelope = Envelope(UUID(command_id), job.caller)
        run(job.database, apply_import, ApplyImport(import_id), envelope)
        jobs.report(job.database, progress_key(import_id), 1, 1)

    _guarded(job, import_id, apply)


def progress_key(import_id: int) -> str:
    return f"import/{import_id}"


def _check(job: jobs.Job, view: ImportView) -> ImportState:
    key = progress_key(view.id)
    kind, choices = kind_named(view.kind), view.choices

    def report(done: int, total: int) -> None:
        # Reading is the first half of the work; comparing and storing are the other one.
        jobs.report(job.database, key, done, 2 * total)

    with job.database.reading(job.caller) as session:
        content: bytes = sql.value(session, QUERIES["file_of_run"], {"id": view.id})
    table = read(bytes(content))
    headings, rows = read_rows(kind, table, choices.defaults, report)
    report(len(rows), len(rows))
    with job.database.reading(job.caller) as session:
        missing = _compare(session, view, rows)
    for row in rows:
        _complete(kind.name, row)
    handler = storing(rows, table.source, headings.ignored, missing)
    return run(job.database, handler, StoreCheck(view.id), Envelope(new_id(), job.caller))


def _compare(session: Session, view: ImportView, rows: list[Row]) -> dict[str, list[str]]:
    known = look_up(session, rows, view.kind)
    missing = check(view.kind, rows, known, Settings(view.choices.create_missing))
    return {"units": sorted(missing.units), "categories": sorted(missing.categories)}


def _complete(kind: str, row: Row) -> None:
    """What the writing statements need beside the cells: normalised codes, check letters."""
    for column in KEYS:
        if column in row.values:
            row.values[f"{column}_key"] = normalised(row.values[column])
    if kind == "locations" and "code" in row.values:
        row.values["check_letter"] = check_letter(row.values["code"])


def _guarded(job: jobs.Job, import_id: int, work: Callable[[], object]) -> None:
    """Do the work; what stops it is written where the person who waits can read it.

    A database that went away is no fault of the import: the queue tries again.
    """
    try:
        work()
    except Problem as problem:
        _fail(job, import_id, problem)
    except (psycopg.OperationalError, OperationalError):
        raise
    except Exception:
        log.exception("import crashed", import_id=import_id)
        _fail(job, import_id, ImportCrashed())
        raise


def _fail(job: jobs.Job, import_id: int, problem: Problem) -> None:
    run(job.database, fail_import, failure(import_id, problem), Envelope(new_id(), job.caller))
