"""Count sheets as JSON: made, downloaded, sent back filled, looked at, taken in.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from litestar import Response, get, post
from pydantic import Field

from app.access.actor import Actor
from app.catalog import input as given
from app.counting import sheet_views, uploads
from app.counting.sheet_making import MOST_LINES, MakeSheets, SheetsMade, make_sheets
from app.counting.sheet_pages import paper_answer, taken_in, workbook_answer
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, api, envelope
from app.spreadsheets.web import UPLOAD_BYTES, FileForm

Body = dict[str, Any]


@dataclass(frozen=True)
class SheetsAnswer:
    sheets: list[sheet_views.SheetRow]
    uploads: list[sheet_views.UploadRow]


@get("/counts/{count_id:int}/sheets", sync_to_thread=True)
def list_sheets(database: Database, actor: Actor, count_id: int) -> SheetsAnswer:
    """The sheets of a count and what came back of them; ``state`` making: ask again."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        view = sheet_views.sheets(session, count_id)
    return SheetsAnswer(view.sheets, view.uploads)


@dataclass(frozen=True)
class NewSheets:
    is_blind: bool = True
    zone_id: given.Id | None = None
    most_lines: Annotated[int, Field(ge=1, le=MOST_LINES)] = MOST_LINES
    language: str = "zh"


@post("/counts/{count_id:int}/sheets", sync_to_thread=True)
def make(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Body
) -> SheetsMade:
    """Sheets of all places that nobody has begun.  Fields: optionally is_blind, zone_id,
    most_lines, language (zh, en).
    """
    actor.require("count_manage")
    wanted = given.read(NewSheets, data)
    address = str(request.base_url).rstrip("/")
    command = MakeSheets(count_id, address=address, **vars(wanted))
    return run(database, make_sheets, command, envelope(request))


@get("/count-sheets/{sheet_id:int}/pdf", sync_to_thread=True)
def sheet_pdf(
    request: AnyRequest, database: Database, actor: Actor, sheet_id: int
) -> Response[bytes]:
    """A4, by the way through the house."""
    actor.require("count_manage")
    return paper_answer(request, database, actor, sheet_id)


@get("/count-sheets/{sheet_id:int}/xlsx", sync_to_thread=True)
def sheet_workbook(
    request: AnyRequest, database: Database, actor: Actor, sheet_id: int
) -> Response[bytes]:
    """The same lines to fill in."""
    actor.require("count_manage")
    return workbook_answer(request, database, actor, sheet_id)


@post("/counts/{count_id:int}/uploads", sync_to_thread=True, request_max_body_size=UPLOAD_BYTES)
def take_sheet(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: FileForm
) -> uploads.SheetTaken:
    """Multipart: ``file`` (XLSX or CSV); optionally counted_by (a user's id), counted_at.

    Nothing is counted by it yet: look at the upload, then take it in.
    """
    actor.require("count_manage")
    return taken_in(request, database, actor, count_id, data, envelope(request))


@dataclass(frozen=True)
class RowFinding:
    """What is wrong in a cell, in the language asked for; a warning doesn't stop its place."""

    row: int
    column: str
    value: str
    text: str
    advice: str
    warning: bool


@dataclass(frozen=True)
class MissingLine:
    """A line of the sheet that no row stands for, or that is not filled in."""

    line: int
    location: str
    item: str
    lot: str


@dataclass(frozen=True)
class UploadAnswer:
    """``figures`` in short: rows, bad, warnings, missing, places, whole, differing, unexpected."""

    id: int
    count_id: int
    sheet: str
    file_name: str
    state: str
    counted_at: datetime
    counted_by: str
    figures: dict[str, int]
    findings: list[RowFinding]
    missing: list[MissingLine]


@get("/count-uploads/{upload_id:int}", sync_to_thread=True)
def show_upload(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int
) -> UploadAnswer:
    """Every error of every row, those that keep a place from being taken in first."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        view = sheet_views.upload(session, upload_id)
        return UploadAnswer(
            view.id,
            view.count_id,
            view.sheet,
            view.file_name,
            view.state,
            view.counted_at,
            view.counted_by,
            view.figures,
            [one for row in sheet_views.found_rows(view) for one in _findings(row)],
            [MissingLine(*line) for line in view.findings["missing"]],
        )


def _findings(row: sheet_views.FoundRow) -> list[RowFinding]:
    return [
        RowFinding(row.number, one.field, one.value, one.message, one.next_step, one.warning)
        for one in row.findings
    ]


@dataclass(frozen=True)
class Taking:
    only_whole: bool = False
    missing_is_zero: bool = False


@post("/count-uploads/{upload_id:int}/application", sync_to_thread=True)
def apply_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int, data: Body
) -> uploads.SheetTaken:
    """What the rows say becomes what was counted.  Fields: only_whole (places with errors stay
    open), missing_is_zero.
    """
    actor.require("count_manage")
    command = uploads.ApplySheet(upload_id, **vars(given.read(Taking, data)))
    return run(database, uploads.apply_sheet, command, envelope(request))


@post("/count-uploads/{upload_id:int}/checks", sync_to_thread=True)
def check_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int
) -> uploads.SheetTaken:
    """Compare it with the store once more."""
    actor.require("count_manage")
    return run(database, uploads.check_sheet, uploads.CheckSheet(upload_id), envelope(request))


@post("/count-uploads/{upload_id:int}/cancellation", sync_to_thread=True)
def discard_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int
) -> uploads.SheetTaken:
    """Nothing of it is counted; the same file may come again."""
    actor.require("count_manage")
    return run(database, uploads.discard_sheet, uploads.DiscardSheet(upload_id), envelope(request))


router = api(
    [
        list_sheets,
        make,
        sheet_pdf,
        sheet_workbook,
        take_sheet,
        show_upload,
        apply_sheet,
        check_sheet,
        discard_sheet,
    ],
    tag="Counting",
)
