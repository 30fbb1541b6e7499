"""Many labels at once: by scanned codes, all of a kind, or numbers for new cartons and pallets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import (
    NOT_OFFERED,
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page
from app.labelling import contents, queue
from app.labelling.commands import MOST_UNITS, MakeUnits, PrintLabels, make_units, print_labels
from app.labelling.contents import Wanted
from app.labelling.devices import last_printer, see_run
from app.labelling.pages import paper_of, sizes
from app.labelling.queue import PrinterView

TO_FILE = "file"


@dataclass(frozen=True)
class Ways:
    """Where the labels may go; ``printer`` is the one that is offered first."""

    printers: list[PrinterView]
    printer: PrinterView | None


@get("/labels/new", sync_to_thread=True)
def new_labels_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("print_label")
    return _new(request, database, actor)


@post("/labels/new", sync_to_thread=True)
def print_chosen(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``what`` (items, locations), ``codes`` (one a line), ``all`` (instead of codes),
    ``to`` (a printer's id, or "file"), ``size`` and ``start`` of a PDF, ``copies``.
    """
    actor.require("print_label")
    try:
        with database.reading(actor.caller) as session:
            wanted = _wanted(session, actor, data)
        command = PrintLabels(wanted, paper_of(actor, _with_printer(data)))
        done = run(database, print_labels, command, envelope(request, data))
    except Problem as problem:
        return _new(request, database, actor, problem, data)
    return see_run(request, done.run_id, command.paper.printer_id)


@get("/labels/new-units", sync_to_thread=True)
def new_units_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("print_label")
    return _units(request, database, actor)


@post("/labels/new-units", sync_to_thread=True)
def create_units(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Numbers for new cartons or pallets, with their labels.  Fields ``count``, ``item`` (a code),
    ``item_count``, ``lot``, ``expires_on``, ``order_number``, ``receiver``; ``to``, ``copies``.
    """
    actor.require("print_label")
    try:
        command = _make_units(actor, data)
        done = run(database, make_units, command, envelope(request, data))
    except Problem as problem:
        return _units(request, database, actor, problem, data)
    return see_run(request, done.run_id, command.paper.printer_id)


def _wanted(session: Session, actor: Actor, data: ManyForm) -> Wanted:
    kind = str(data.get("what", ""))
    if data.get("all"):
        return contents.wanted_all(session, kind, actor.working_store_id)
    codes = [line.strip() for line in str(data.get("codes", "")).splitlines()]
    return contents.wanted_by_codes(session, kind, [code for code in codes if code])


def _with_printer(data: ManyForm) -> ManyForm:
    """The form's ``to`` as ``paper_of`` wants it."""
    to = str(data.get("to") or TO_FILE)
    return {**data, "printer_id": "" if to == TO_FILE else to}


def _make_units(actor: Actor, data: ManyForm) -> MakeUnits:
    form = Reader(data)
    command = MakeUnits(
        count=form.number("count", least=1, most=MOST_UNITS),
        paper=paper_of(actor, {"size": "100x150", **_with_printer(data)}),
        item=form.text("item", needed=False, longest=80),
        item_count=_number_or_none(form, "item_count"),
        lot=form.text("lot", needed=False, longest=20),
        expires_on=_day_or_none(form, "expires_on"),
        order_number=form.text("order_number", needed=False, longest=30),
        receiver=form.text("receiver", needed=False, longest=60),
    )
    form.done()
    return command


def _number_or_none(form: Reader, name: str) -> int | None:
    return form.number(name, least=1, most=99_999_999) if form.data.get(name) else None


def _day_or_none(form: Reader, name: str) -> date | None:
    given = form.text(name, needed=False)
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        form.wrong(name, gettext(NOT_OFFERED))
        return None


def _new(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    return page(
        request,
        "labelling/new.html",
        status=problem.status if problem else 200,
        problem=problem,
        ways=_ways(request, database, actor, "60x40"),
        sizes=sizes(),
        values=data or {},
        most=contents.MOST_LABELS,
    )


def _units(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    return page(
        request,
        "labelling/new_units.html",
        status=problem.status if problem else 200,
        problem=problem,
        ways=_ways(request, database, actor, "100x150"),
        fields=_unit_fields(),
        values=data or {},
    )


def _unit_fields() -> list[Field]:
    return [
        Field("count", gettext("How many cartons or pallets"), "digits", "1", required=True),
        Field("item", gettext("Item"), hint=gettext("Scan or type any of its codes.")),
        Field("item_count", gettext("How many of it in each"), "digits"),
        Field("lot", gettext("Lot")),
        Field("expires_on", gettext("Expires on"), "date"),
        Field("receiver", gettext("Receiver")),
        Field("order_number", gettext("Order number")),
    ]


def _ways(request: AnyRequest, database: Database, actor: Actor, size: str) -> Ways:
    with database.reading(actor.caller) as session:
        known = queue.printers(session, actor.store_id, active=True) if actor.store_id else []
    return Ways(known, last_printer(request, known, size))


handlers = [new_labels_page, print_chosen, new_units_page, create_units]
