"""Count sheets: made, printed, filled in, taken in again after a look at what they say."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.counting import sheet_making, sheet_views, uploads
from app.counting import sheet_problems as problems
from app.counting.sheet_files import SHEET, file_language, sheet_xlsx
from app.counting.sheet_making import SHEETS, MakeSheets, make_sheets
from app.counting.words import WORDS
from app.kit import sql
from app.kit.database import Database
from app.kit.exports import write_xlsx
from app.kit.forms import Form, number_in
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import Envelope, Handler, run
from app.kit.visit import visit_of
from app.kit.web import envelope, page, pdf, regions, see
from app.spreadsheets.web import SPREADSHEET, UPLOAD_BYTES, FileForm, file_answer, uploaded
from printing.count_sheet import count_sheet_pdf

UPLOAD_STATES = {
    "preview": mark("To be looked at"),
    "applied": mark("Taken in"),
    "discarded": mark("Discarded"),
}


# Sheets -------------------------------------------------------------------------------------------


@get("/counting/counts/{count_id:int}/sheets", sync_to_thread=True)
def sheets_page(
    request: AnyRequest, database: Database, actor: Actor, count_id: int
) -> Response[bytes]:
    """The sheets of a count and what came back of them."""
    actor.require("count_manage")
    return _sheets(request, database, actor, count_id)


def _sheets(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    count_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = sheet_views.sheets(session, count_id)
    status = problem.status if problem else 200
    words = {**WORDS, "upload_states": UPLOAD_STATES}
    return page(request, "counting/sheets.html", status=status, **words, view=view, problem=problem)


@get("/counting/counts/{count_id:int}/sheets/state", sync_to_thread=True)
def sheets_state(
    request: AnyRequest, database: Database, actor: Actor, count_id: int
) -> Response[bytes]:
    """The list, asked for again while a sheet is being made."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        view = sheet_views.sheets(session, count_id)
    return regions(request, "counting/sheets_state.hx.html", **WORDS, view=view)


@post("/counting/counts/{count_id:int}/sheets", sync_to_thread=True)
def make(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: Form
) -> Response[Any]:
    """Fields: shows_books, zone_id, most_lines."""
    actor.require("count_manage")
    with visit_of(request).speaking():
        language = file_language()
    command = MakeSheets(
        count_id,
        is_blind=not data.get("shows_books"),
        zone_id=number_in(data, "zone_id"),
        most_lines=number_in(data, "most_lines") or sheet_making.MOST_LINES,
        language=language,
        address=str(request.base_url).rstrip("/"),
    )
    try:
        run(database, make_sheets, command, envelope(request, data))
    except Problem as problem:
        return _sheets(request, database, actor, count_id, problem)
    return see(f"/counting/counts/{count_id}/sheets")


@get("/counting/sheets/{code:str}", sync_to_thread=True)
def find_sheet(database: Database, actor: Actor, code: str) -> Response[Any]:
    """Where the QR of a sheet leads: to its count, or to the work that waits for a counter."""
    actor.require("count")
    if not actor.can("count_manage"):
        return see("/counting")
    with database.reading(actor.caller) as session:
        asked = {"code": code[:60].upper()}
        found = sql.one(session, sheet_making.SheetOfCode, SHEETS["sheet_by_code"], asked)
    if found is None:
        raise problems.NoSuchSheet
    return see(f"/counting/counts/{found.count_id}/sheets#sheet-{found.id}")


@get("/counting/counts/{count_id:int}/sheets/{sheet_id:int}/sheet.pdf", sync_to_thread=True)
def sheet_pdf(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, sheet_id: int
) -> Response[bytes]:
    """The sheet on paper (盘点表); a long one as the job made it."""
    actor.require("count_manage")
    del count_id
    return paper_answer(request, database, actor, sheet_id)


def paper_answer(
    request: AnyRequest, database: Database, actor: Actor, sheet_id: int
) -> Response[bytes]:
    """The PDF of a sheet.

    Raises:
        NoSuchSheet, SheetIsMade.
    """
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        head = sheet_making.sheet_head(session, sheet_id)
        content = sheet_views.file_of(session, sheet_id)
        if content is None and head.state == "making":
            raise problems.SheetIsMade(sheet=head.code)
        if content is None:
            language = "en" if file_language() == "en" else "zh"
            content = count_sheet_pdf(sheet_making.paper(session, head), language)
    return pdf(content, head.code)


@get("/counting/counts/{count_id:int}/sheets/{sheet_id:int}/sheet.xlsx", sync_to_thread=True)
def sheet_file(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, sheet_id: int
) -> Response[bytes]:
    """The same lines as a workbook to fill in."""
    actor.require("count_manage")
    del count_id
    return workbook_answer(request, database, actor, sheet_id)


def workbook_answer(
    request: AnyRequest, database: Database, actor: Actor, sheet_id: int
) -> Response[bytes]:
    """The workbook of a sheet.  Raises NoSuchSheet."""
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        head = sheet_making.sheet_head(session, sheet_id)
        content = sheet_xlsx(head, sheet_making.sheet_lines(session, sheet_id))
    return file_answer(content, f"{head.code}.xlsx", SPREADSHEET)


# Filled sheets ------------------------------------------------------------------------------------


@post(
    "/counting/counts/{count_id:int}/uploads",
    sync_to_thread=True,
    request_max_body_size=UPLOAD_BYTES,
)
def take_sheet(
    request: AnyRequest, database: Database, actor: Actor, count_id: int, data: FileForm
) -> Response[Any]:
    """Fields: file, counted_by, counted_at (the store's time).  Nothing is counted by it yet."""
    actor.require("count_manage")
    try:
        taken = taken_in(request, database, actor, count_id, data, envelope(request, data))
    except problems.SheetUploadedBefore as problem:
        return see(f"/counting/uploads/{problem.data['upload']}?again=yes")
    except Problem as problem:
        return _sheets(request, database, actor, count_id, problem)
    return see(f"/counting/uploads/{taken.upload_id}")


def taken_in(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    count_id: int,
    data: dict[str, Any],
    by: Envelope,
) -> uploads.SheetTaken:
    """Read the file of a form and keep it as a preview.

    Raises:
        NoFile, FileEmpty, FileTooLarge, and what ``read_sheet`` and ``take_sheet`` refuse.
    """
    name, content = uploaded(request, data)
    filled = uploads.read_sheet(content)
    command = uploads.TakeSheet(
        count_id,
        filled.code,
        name,
        filled.digest,
        number_in(data, "counted_by"),
        _moment(actor, str(data.get("counted_at") or "")),
    )
    return run(database, uploads.taking(filled), command, by)


def _moment(actor: Actor, text: str) -> datetime | None:
    """A typed time of the store."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text[:30])
    except ValueError:
        raise problems.CountedWhen(given=text[:30]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(actor.time_zone))


@get("/counting/uploads/{upload_id:int}", sync_to_thread=True)
def upload_page(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int
) -> Response[bytes]:
    """What the rows say, what is wrong with them and what is missing."""
    actor.require("count_manage")
    return _upload(request, database, actor, upload_id)


def _upload(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    upload_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = sheet_views.upload(session, upload_id)
    rows = sheet_views.found_rows(view)
    return page(
        request,
        "counting/upload.html",
        status=problem.status if problem else 200,
        **WORDS,
        upload_states=UPLOAD_STATES,
        view=view,
        rows=rows[: sheet_views.MOST_ROWS],
        more=max(len(rows) - sheet_views.MOST_ROWS, 0),
        label=sheet_views.label,
        again=bool(request.query_params.get("again")),
        problem=problem,
    )


@get("/counting/uploads/{upload_id:int}/rows.xlsx", sync_to_thread=True)
def upload_rows(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int
) -> Response[bytes]:
    """All rows with something to say, as they were, and what is wrong with each."""
    actor.require("count_manage")
    file = io.BytesIO()
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        view = sheet_views.upload(session, upload_id)
        heads = [gettext("Row"), gettext("What is wrong"), *(c.label for c in SHEET.columns)]
        write_xlsx(file, view.sheet, heads, _told(view))
    return file_answer(file.getvalue(), f"{view.sheet}-check.xlsx", SPREADSHEET)


def _told(view: sheet_views.UploadHead) -> Iterator[list[str | int]]:
    for row in sheet_views.found_rows(view):
        words = [f"{one.message} {one.next_step}".strip() for one in row.findings]
        cells = [row.cells.get(column.field, "") for column in SHEET.columns]
        yield [row.number, "\n".join(words), *cells]
    for number, location, item, lot in view.findings["missing"]:
        shown = {"line": str(number), "location": location, "name": item, "lot": lot}
        cells = [shown.get(column.field, "") for column in SHEET.columns]
        yield ["", gettext("Missing or not filled in"), *cells]


@post("/counting/uploads/{upload_id:int}/application", sync_to_thread=True)
def apply_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int, data: Form
) -> Response[Any]:
    """Fields: only_whole, missing_is_zero."""
    actor.require("count_manage")
    command = uploads.ApplySheet(
        upload_id, bool(data.get("only_whole")), bool(data.get("missing_is_zero"))
    )
    return _done(request, database, actor, uploads.apply_sheet, command, data)


@post("/counting/uploads/{upload_id:int}/checks", sync_to_thread=True)
def check_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int, data: Form
) -> Response[Any]:
    """Compare it with the store once more: an item was restored, a location made."""
    actor.require("count_manage")
    command = uploads.CheckSheet(upload_id)
    return _done(request, database, actor, uploads.check_sheet, command, data)


@post("/counting/uploads/{upload_id:int}/cancellation", sync_to_thread=True)
def discard_sheet(
    request: AnyRequest, database: Database, actor: Actor, upload_id: int, data: Form
) -> Response[Any]:
    """Nothing of it is counted; the same file may come again."""
    actor.require("count_manage")
    command = uploads.DiscardSheet(upload_id)
    return _done(request, database, actor, uploads.discard_sheet, command, data)


def _done(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    handler: Handler[Any, uploads.SheetTaken],
    command: Any,
    data: Form,
) -> Response[Any]:
    try:
        taken = run(database, handler, command, envelope(request, data))
    except Problem as problem:
        return _upload(request, database, actor, command.upload_id, problem)
    if taken.state == "preview":
        return see(f"/counting/uploads/{taken.upload_id}")
    place = "" if taken.state == "applied" else "/sheets"
    return see(f"/counting/counts/{taken.count_id}{place}")


handlers: list[ControllerRouterHandler] = [
    sheets_page,
    sheets_state,
    make,
    find_sheet,
    sheet_pdf,
    sheet_file,
    take_sheet,
    upload_page,
    upload_rows,
    apply_sheet,
    check_sheet,
    discard_sheet,
]
