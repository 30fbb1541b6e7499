"""Printers and printing as JSON: the same commands and rights as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from litestar import Response, get, post
from sqlmodel import Session

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.forms import Reader
from app.kit.transactions import run
from app.kit.web import AnyRequest, BadCursor, Cursor, Listing, StateFilter, api, envelope
from app.labelling import commands as c
from app.labelling import contents, queue
from app.labelling.contents import Wanted
from app.labelling.pages import count_of, paper_of
from app.labelling.printer_pages import facts_of
from app.labelling.printers import PrinterDone, RegisterPrinter, register_printer
from app.labelling.queue import LabelView, PrinterView, RunView
from app.labelling.queue_pages import require_kind, step_of, stored_pdf
from app.labelling.templates import words_language

Body = dict[str, Any]


@dataclass(frozen=True)
class RunState:
    """A run with its newest state; ``counts`` are its labels by state, empty for a PDF."""

    run_id: int
    title: str
    size: str
    labels: int
    state: str
    counts: dict[str, int]
    printer: str | None
    has_file: bool
    problem: str | None


@get("/printers", sync_to_thread=True)
def list_printers(database: Database, actor: Actor) -> list[PrinterView]:
    """Those in use that the caller sees."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        return queue.printers(session, None, active=True)


@post("/printers", sync_to_thread=True)
def create_printer(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> PrinterDone:
    """Fields: name, host, port, language (zpl, tspl, pdf), dpi (203, 300, 600), size (60x40)."""
    actor.require("printer_write")
    fields = {"port": "9100", "dpi": "203", **{name: str(value) for name, value in data.items()}}
    command = RegisterPrinter(actor.working_store_id, facts_of(request, fields))
    return run(database, register_printer, command, envelope(request))


@post("/printers/{printer_id:int}/test", sync_to_thread=True)
def test_printer(
    request: AnyRequest, database: Database, actor: Actor, printer_id: int
) -> c.RunStarted:
    """One label that says which printer it is."""
    actor.require("print_label")
    command = c.TestPrinter(printer_id, words_language())
    return run(database, c.test_printer, command, envelope(request))


@post("/labels", sync_to_thread=True)
def print_labels(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.RunStarted:
    """Fields: kind (items, lots, locations, zones, units, users, receipts, receipt-documents,
    order-documents, commands) with ids or, for items and locations, codes; printer_id, or none
    for a PDF of size from position start; copies (1 to 500); each (of receipts: one per piece).
    """
    kind = str(data.get("kind", ""))
    contents.require(actor, kind)
    with database.reading(actor.caller) as session:
        wanted = _wanted(session, kind, data)
    command = c.PrintLabels(wanted, paper_of(actor, data))
    return run(database, c.print_labels, command, envelope(request))


@post("/logistic-units", sync_to_thread=True)
def make_units(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.UnitsMade:
    """New SSCCs with their labels.  Fields: count (1 to 500); optionally item (any code of it),
    item_count, lot, order_number, receiver; printer_id, or none for a PDF of size; copies.
    """
    actor.require("print_label")
    form = Reader(data)
    given = data.get("item_count")
    command = c.MakeUnits(
        count=count_of(data.get("count"), c.MOST_UNITS),
        paper=paper_of(actor, {"size": "100x150", **data}),
        item=form.text("item", needed=False, longest=80),
        item_count=count_of(given, 99_999_999) if given else None,
        lot=form.text("lot", needed=False, longest=20),
        order_number=form.text("order_number", needed=False, longest=30),
        receiver=form.text("receiver", needed=False, longest=60),
    )
    form.done()
    return run(database, c.make_units, command, envelope(request))


@get("/print-runs/{run_id:int}", sync_to_thread=True)
def show_run(database: Database, actor: Actor, run_id: int) -> RunState:
    """``state``: printing (see counts), making, ready (fetch the PDF) or failed."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        return _run_state(queue.run_view(session, run_id))


@get("/print-runs/{run_id:int}/pdf", sync_to_thread=True)
def fetch_pdf(database: Database, actor: Actor, run_id: int) -> Response[bytes]:
    """The file, kept for a week."""
    return stored_pdf(database, actor, run_id)


@get("/labels", sync_to_thread=True)
def list_labels(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[LabelView]:
    """Newest first.  ``state``: queued, sent, printed, failed, unsure or cancelled."""
    actor.require("print_label")
    place = Cursor.read(cursor, limit)
    before = place.after[0] if place.after else None
    if before is not None and not isinstance(before, int):
        raise BadCursor
    states = [wanted_state] if wanted_state else None
    with database.reading(actor.caller) as session:
        found = queue.labels(session, states=states, before=before, limit=place.limit + 1)
    return place.cut(found, "id")


@post("/labels/{label_id:int}/steps", sync_to_thread=True)
def settle_label(
    request: AnyRequest, database: Database, actor: Actor, label_id: int, data: Body
) -> c.LabelsSettled:
    """``step``: retry (failed), again or came_out (unsure), cancel (waiting or failed)."""
    actor.require("print_label")
    command = c.SettleLabels(step_of(data), (label_id,))
    return run(database, c.settle_labels, command, envelope(request))


@post("/labels/{label_id:int}/reprints", sync_to_thread=True)
def reprint_label(
    request: AnyRequest, database: Database, actor: Actor, label_id: int, data: Body
) -> c.RunStarted:
    """Fields: reason; optionally printer_id, copies."""
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        require_kind(actor, queue.label_view(session, label_id))
    form = Reader(data)
    reason = form.text("reason")
    form.done()
    printer = data.get("printer_id")
    command = c.ReprintLabel(
        label_id,
        reason,
        printer_id=count_of(printer, 2**62) if printer else None,
        copies=count_of(data.get("copies"), c.MOST_COPIES),
    )
    return run(database, c.reprint_label, command, envelope(request))


def _wanted(session: Session, kind: str, data: Body) -> Wanted:
    """By codes or ids; one alone needs no list."""
    if data.get("codes"):
        return contents.wanted_by_codes(session, kind, _list(data["codes"]))
    ids = tuple(count_of(one, 2**62) for one in _list(data.get("ids") or []))
    return Wanted(kind, ids, each=data.get("each") is True)


def _list(given: Any) -> list[str]:
    return [str(entry) for entry in cast("list[Any]", given)] if _is_list(given) else [str(given)]


def _is_list(given: object) -> bool:
    return isinstance(given, list)


def _run_state(view: RunView) -> RunState:
    return RunState(
        run_id=view.id,
        title=view.title,
        size=view.size,
        labels=view.label_count,
        state=view.state,
        counts=view.counts,
        printer=view.printer_name,
        has_file=view.has_file,
        problem=view.problem["code"] if view.problem else None,
    )


router = api(
    [
        list_printers,
        create_printer,
        test_printer,
        print_labels,
        make_units,
        show_run,
        fetch_pdf,
        list_labels,
        settle_label,
        reprint_label,
    ],
    tag="labels",
)
