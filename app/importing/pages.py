"""The pages of imports: choose a file, look at what is wrong, carry it out, come back later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from sqlmodel import Session

from app.access.actor import Actor
from app.access.exports import Export
from app.importing import commands, queries, sheets
from app.importing.columns import KINDS, kind_named
from app.importing.queries import ImportView, RowView
from app.importing.tasks import progress_key
from app.kit import jobs
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, BadCursor, Cursor, envelope, page, regions, see
from app.spreadsheets.template import template
from app.spreadsheets.web import SPREADSHEET, UPLOAD_BYTES, FileForm, file_answer, uploaded

ROWS_SHOWN = 50
STATES = {
    "waiting": mark("Waiting"),
    "checking": mark("Checking"),
    "checked": mark("Checked"),
    "applying": mark("Importing"),
    "done": mark("Imported"),
    "failed": mark("Cannot be read"),
    "cancelled": mark("Cancelled"),
}
_AT_ONCE = 2000


@get("/imports", sync_to_thread=True)
def imports_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("import")
    return _imports(request, database, actor)


@get("/imports/templates/{kind:str}", sync_to_thread=True)
def download_template(request: AnyRequest, actor: Actor, kind: str) -> Response[bytes]:
    """An XLSX to fill in, in the visitor's language."""
    actor.require("import")
    chosen = kind_named(kind)
    with visit_of(request).speaking():
        content = template(chosen)
    return file_answer(content, f"saoku-{chosen.name}.xlsx", SPREADSHEET)


@post("/imports", sync_to_thread=True, request_max_body_size=UPLOAD_BYTES)
def start_import(
    request: AnyRequest, database: Database, actor: Actor, data: FileForm
) -> Response[Any]:
    """Fields ``kind``, ``file``, ``base_unit`` (for items without a unit)."""
    actor.require("import")
    try:
        name, content = uploaded(request, data)
        command = starting(actor, name, content, data)
        done = run(database, commands.starting(content), command, envelope(request, data))
    except Problem as problem:
        return _imports(request, database, actor, problem, data)
    return see(f"/imports/{done.import_id}")


@get("/imports/{import_id:int}", sync_to_thread=True)
def import_page(
    request: AnyRequest, database: Database, actor: Actor, import_id: int
) -> Response[bytes]:
    actor.require("import")
    return _import(request, database, actor, import_id)


@get("/imports/{import_id:int}/state", sync_to_thread=True)
def import_state(
    request: AnyRequest, database: Database, actor: Actor, import_id: int
) -> Response[Any]:
    """The region that shows how far it is, asked for again until the result can be shown."""
    actor.require("import")
    with database.reading(actor.caller) as session:
        view = queries.import_view(session, import_id)
        progress = jobs.progress(session, progress_key(import_id))
    if not view.is_working:
        return see(f"/imports/{import_id}")
    return regions(request, "importing/import_state.hx.html", run=view, progress=progress)


@post("/imports/{import_id:int}/checks", sync_to_thread=True)
def check_again(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, data: Form
) -> Response[Any]:
    """Field ``create_missing``: also create the units and categories that are missing."""
    actor.require("import")
    command = commands.CheckAgain(import_id, create_missing=bool(data.get("create_missing")))
    return _done(request, database, actor, (commands.check_again, command, data))


@post("/imports/{import_id:int}/application", sync_to_thread=True)
def begin_import(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, data: Form
) -> Response[Any]:
    """Fields ``skip_bad`` (only the good rows) and ``again`` (a file that came in before)."""
    actor.require("import")
    command = commands.BeginImport(import_id, bool(data.get("skip_bad")), bool(data.get("again")))
    return _done(request, database, actor, (commands.begin_import, command, data))


@post("/imports/{import_id:int}/cancellation", sync_to_thread=True)
def cancel_import(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, data: Form
) -> Response[Any]:
    actor.require("import")
    command = commands.CancelImport(import_id)
    return _done(request, database, actor, (commands.cancel_import, command, data))


@get("/imports/{import_id:int}/rows.xlsx", sync_to_thread=True)
def download_rows_xlsx(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, which: str = "bad"
) -> Response[bytes]:
    """The rows with problems and what is wrong with each."""
    actor.require("import")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        view = queries.import_view(session, import_id)
        content = sheets.report_xlsx(view.kind_of, _all_rows(session, import_id, which))
    return file_answer(content, f"{view.file_name.rpartition('.')[0]}-{which}.xlsx", SPREADSHEET)


@get("/imports/{import_id:int}/rows.csv", sync_to_thread=True)
def download_rows_csv(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, which: str = "bad"
) -> Response[bytes]:
    actor.require("import")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        view = queries.import_view(session, import_id)
        content = sheets.report_csv(view.kind_of, _all_rows(session, import_id, which))
    name = f"{view.file_name.rpartition('.')[0]}-{which}.csv"
    return file_answer(content, name, "text/csv; charset=utf-8")


def starting(actor: Actor, name: str, content: bytes, data: dict[str, Any]) -> commands.StartImport:
    kind = kind_named(str(data.get("kind", "")))
    if kind.name == "opening_stock":
        actor.require("opening_stock")
    base_unit = str(data.get("base_unit", "")).strip()[:20] if kind.name == "items" else ""
    choices = commands.Choices(base_unit=base_unit, create_missing=bool(data.get("create_missing")))
    return commands.StartImport(kind.name, name, commands.file_hash(content), choices)


def _imports(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: dict[str, Any] | None = None,
) -> Response[bytes]:
    cursor = Cursor.read(request.query_params.get("cursor"))
    before = cursor.after[0] if cursor.after else None
    if before is not None and not isinstance(before, int):
        raise BadCursor
    with database.reading(actor.caller) as session:
        found = queries.import_views(session, before, cursor.limit + 1)
    return page(
        request,
        "importing/imports.html",
        status=problem.status if problem else 200,
        problem=problem,
        listing=cursor.cut(found, "id"),
        query={"cursor": request.query_params.get("cursor", "")},
        kinds=KINDS.values(),
        values=data or {},
    )


def _import(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    import_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    which = request.query_params.get("which", "bad")
    after = request.query_params.get("after", "0")
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0  # noqa: PLR2004 - of an int
    with database.reading(actor.caller) as session:
        view = queries.import_view(session, import_id)
        counts = queries.finding_counts(session, import_id)
        which = _tab(view, which)
        rows = queries.row_views(session, import_id, which=which, after=first, limit=ROWS_SHOWN + 1)
        progress = jobs.progress(session, progress_key(import_id))
    return page(
        request,
        "importing/import.html",
        status=problem.status if problem else 200,
        problem=problem or (None if view.is_working else view.refusal),
        run=view,
        counts=counts,
        which=which or "all",
        rows=rows[:ROWS_SHOWN],
        next_row=rows[ROWS_SHOWN - 1].number if len(rows) > ROWS_SHOWN else None,
        progress=progress,
    )


def _tab(view: ImportView, which: str) -> str:
    """The tab that is shown: the problems first, where there are any."""
    wanted = which if which in {"bad", "warning"} else ""
    if wanted == "bad" and not view.bad_count:
        wanted = "warning"
    return "" if wanted == "warning" and not view.warning_count else wanted


def _done(
    request: AnyRequest, database: Database, actor: Actor, work: tuple[Any, Any, Form]
) -> Response[Any]:
    handler, command, data = work
    try:
        run(database, handler, command, envelope(request, data))
    except Problem as problem:
        return _import(request, database, actor, command.import_id, problem)
    return see(f"/imports/{command.import_id}")


def _all_rows(session: Session, import_id: int, which: str) -> Iterator[RowView]:
    after = 0
    while rows := queries.row_views(
        session, import_id, which=which if which != "all" else "", after=after, limit=_AT_ONCE
    ):
        yield from rows
        after = rows[-1].number


EXPORT = Export(
    "/imports",
    mark("Earlier imports"),
    "import",
    lambda _asked: queries.EVERY_IMPORT,
    [
        Column(mark("Number"), "id"),
        Column(mark("File"), "file_name"),
        Column(mark("Kind"), "title"),
        Column(mark("State"), lambda run: gettext(STATES[run.state])),
        Column(mark("Rows"), "row_count"),
        Column(mark("Cannot be imported"), "bad_count"),
        Column(mark("Imported"), "imported_count"),
        Column(mark("By"), "made_by"),
        Column(mark("When"), "created_at"),
    ],
)

handlers = [
    imports_page,
    *EXPORT.handlers,
    download_template,
    start_import,
    import_page,
    import_state,
    check_again,
    begin_import,
    cancel_import,
    download_rows_xlsx,
    download_rows_csv,
]
