"""The jobs of labelling: sending what waits for a printer, and making PDFs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import OperationalError

from app.kit import jobs, sql
from app.kit.config import Settings
from app.kit.i18n import speaking
from app.kit.problems import Problem
from app.labelling import sending
from app.labelling.problems import NotPrintable, PrintingCrashed
from app.labelling.queue import QUERIES
from app.labelling.sending import Queue, send_all, stored
from app.labelling.stored import unpacked
from app.labelling.templates import looks
from app.labelling.wire import Patience
from printing.labels import LabelError, write_labels_pdf
from printing.texts import Language

PATIENCE = Patience()
_REPORTS = 50
log = structlog.get_logger("saoku.labelling")


@jobs.task("labelling.send")
def send_task(job: jobs.Job, printer_id: int) -> None:
    """Send what waits for a printer.  May start again at any point: see ``sending``."""
    settings = Settings.from_environment()
    queue = Queue(job.database, printer_id)
    try:
        with speaking(settings.language):
            more = _send(queue, settings.printer_networks)
        if more:
            lock = f"printer/{printer_id}"
            jobs.go_on_later(job.database, "labelling.send", lock=lock, printer_id=printer_id)
    except Problem as problem:
        log.warning("printer failed", printer=printer_id, problem=problem.code)
    except (psycopg.OperationalError, OperationalError):
        raise
    except Exception:
        log.exception("printing crashed", printer=printer_id)
        queue.all_failed(PrintingCrashed())


def _send(queue: Queue, networks: str) -> bool:
    """Whether something is left when the turn is over.  Labels that came in while the printer was
    being left go at once: their own job looks again only in a moment.
    """
    end = monotonic() + sending.TURN_SECONDS
    more = send_all(queue, networks, PATIENCE)
    while more and monotonic() < end:
        more = send_all(queue, networks, PATIENCE)
    return more


@dataclass(frozen=True)
class _Run:
    """A run whose PDF is to be made."""

    id: int
    size: str
    language: str
    copies: int
    start: int
    content: list[dict[str, Any]]

    @property
    def words(self) -> Language:
        return "en" if self.language == "en" else "zh"


@jobs.task("labelling.make_pdf")
def make_pdf_task(job: jobs.Job, run_id: int) -> None:
    """Make the file of a run; again from the start where it was interrupted."""
    with job.database.reading(job.caller) as session:
        run = sql.one(session, _Run, QUERIES["run_to_make"], {"id": run_id})
    if run is None:
        return
    try:
        _make(job, run)
    except LabelError as error:
        _fail(job, run_id, NotPrintable(reason=error.text(run.words)))
    except (psycopg.OperationalError, OperationalError):
        raise
    except Exception:
        log.exception("making labels crashed", run=run_id)
        _fail(job, run_id, PrintingCrashed())


def progress_key(run_id: int) -> str:
    return f"print-run/{run_id}"


def _make(job: jobs.Job, run: _Run) -> None:
    labels = [unpacked(one["kind"], one["label"]) for one in run.content]
    with job.database.reading(job.caller) as session:
        look = looks(session, run.size)
    with tempfile.TemporaryDirectory(prefix="saoku-labels-") as folder:
        target = Path(folder) / "labels.pdf"
        write_labels_pdf(
            labels,
            look,
            target,
            copies=run.copies,
            start=run.start,
            language=run.words,
            progress=_reporter(job, run.id),
        )
        values = {"id": run.id, "file": target.read_bytes()}
    jobs.note(job.database, QUERIES["drop_old_files"], {})
    jobs.note(job.database, QUERIES["store_file"], values)


def _reporter(job: jobs.Job, run_id: int) -> Callable[[int, int], None]:
    """Tells how far it is, some fifty times and not for each label."""
    shown = -1

    def report(done: int, total: int) -> None:
        nonlocal shown
        step = done * _REPORTS // max(total, 1)
        if step != shown:
            shown = step
            jobs.report(job.database, progress_key(run_id), done, total)

    return report


def _fail(job: jobs.Job, run_id: int, problem: Problem) -> None:
    jobs.note(job.database, QUERIES["run_failed"], {"id": run_id, "problem": stored(problem)})
