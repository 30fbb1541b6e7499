"""Long count sheets are printed by a job, which says how far it is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.counting.sheet_making import JOB, SHEETS, paper, sheet_head
from app.kit import ids, jobs, sql
from app.kit.transactions import Envelope, run
from printing.count_sheet import count_sheet_pdf
from printing.problems import LabelError

EVERY = 20
"""Pages between two reports."""


@dataclass(frozen=True)
class KeepSheet:
    """The PDF goes in beside its command."""

    sheet_id: int


@dataclass(frozen=True)
class SheetKept:
    sheet_id: int


def progress_key(sheet_id: int) -> str:
    """Under which the job reports how many pages are made."""
    return f"count_sheet/{sheet_id}"


@jobs.task(JOB)
def print_sheet(job: jobs.Job, sheet_id: int) -> None:
    """Make the PDF once; a job that starts again finds it made."""
    with job.database.reading(job.caller) as session:
        head = sheet_head(session, sheet_id)
        if head.state == "ready":
            return
        sheet = paper(session, head)

    def report(done: int, total: int) -> None:
        if done % EVERY == 0 or done == total:
            jobs.report(job.database, progress_key(sheet_id), done, total)

    try:
        file = count_sheet_pdf(sheet, "en" if head.language == "en" else "zh", report)
    except LabelError:
        # No font, say: the screen stops waiting, and offers to make it while one waits.
        jobs.note(job.database, SHEETS["set_failed"], {"sheet_id": sheet_id})
        raise

    def keep_sheet(session: Session, command: KeepSheet, _envelope: Envelope) -> SheetKept:
        kept = {"sheet_id": command.sheet_id, "file": file}
        sql.execute(session, SHEETS["keep_file"], kept)
        return SheetKept(command.sheet_id)

    run(job.database, keep_sheet, KeepSheet(sheet_id), Envelope(ids.new_id(), job.caller))
