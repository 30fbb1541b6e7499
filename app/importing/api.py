"""Imports as JSON: send a file, ask until it is checked, look at the rows, carry it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.importing import commands, queries
from app.importing.pages import starting
from app.importing.queries import ImportView
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, api, envelope
from app.spreadsheets.web import UPLOAD_BYTES, FileForm, uploaded


@dataclass(frozen=True)
class FoundProblem:
    """What is wrong in a cell, in the language asked for; a warning doesn't stop the row."""

    column: str
    value: str
    text: str
    advice: str
    warning: bool


@dataclass(frozen=True)
class RowProblems:
    row: int
    cells: dict[str, str]
    problems: list[FoundProblem]


@post("/imports", sync_to_thread=True, request_max_body_size=UPLOAD_BYTES)
def start_import(
    request: AnyRequest, database: Database, actor: Actor, data: FileForm
) -> commands.ImportState:
    """Multipart: ``kind`` (items, barcodes, locations, partners, opening_stock) and ``file``;
    optionally base_unit, create_missing.
    """
    actor.require("import")
    name, content = uploaded(request, data)
    command = starting(actor, name, content, data)
    return run(database, commands.starting(content), command, envelope(request))


@get("/imports/{import_id:int}", sync_to_thread=True)
def show_import(database: Database, actor: Actor, import_id: int) -> ImportView:
    """``state``: waiting, checking, checked, applying, done, failed or cancelled."""
    actor.require("import")
    with database.reading(actor.caller) as session:
        return queries.import_view(session, import_id)


@get("/imports/{import_id:int}/rows", sync_to_thread=True)
def list_rows(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    import_id: int,
    which: str = "bad",
    after: int = 0,
) -> list[RowProblems]:
    """Up to 500 rows after a row number; ``which`` is bad, warning or all."""
    actor.require("import")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        queries.import_view(session, import_id)
        wanted = which if which in {"bad", "warning"} else ""
        rows = queries.row_views(session, import_id, which=wanted, after=after, limit=500)
        return [RowProblems(row.number, row.cells, _problems(row)) for row in rows]


@post("/imports/{import_id:int}/application", sync_to_thread=True)
def begin_import(
    request: AnyRequest, database: Database, actor: Actor, import_id: int, data: dict[str, Any]
) -> commands.ImportState:
    """Fields ``skip_bad`` (only the good rows) and ``again`` (a file that came in before)."""
    actor.require("import")
    skip_bad, again = data.get("skip_bad") is True, data.get("again") is True
    command = commands.BeginImport(import_id, skip_bad, again)
    return run(database, commands.begin_import, command, envelope(request))


def _problems(row: queries.RowView) -> list[FoundProblem]:
    return [
        FoundProblem(one.field, one.value, one.message, one.next_step, one.warning)
        for one in row.found
    ]


router = api([start_import, show_import, list_rows, begin_import], tag="imports")
