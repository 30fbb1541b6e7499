"""Printers: which there are, where, what paper they hold, and whether they answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar import Response, get, post

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.labelling import commands, queue
from app.labelling.addresses import addresses
from app.labelling.printers import (
    ChangePrinter,
    PrinterFacts,
    RegisterPrinter,
    RetirePrinter,
    change_printer,
    register_printer,
    retire_printer,
)
from app.labelling.templates import size_of, words_language

USUAL = PrinterFacts("", "", 9100, "zpl", 203, "60x40")
DPIS = ("203", "300", "600")
PORTS = (1024, 65535)


@get("/printers", sync_to_thread=True)
def printers_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("print_label")
    with database.reading(actor.caller) as session:
        known = queue.printers(session, actor.store_id, active=False)
    return page(request, "labelling/printers.html", printers=known, languages=queue.LANGUAGE_NAMES)


@get("/printers/new", sync_to_thread=True)
def new_printer_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("printer_write")
    return _form(request, None, USUAL)


@post("/printers", sync_to_thread=True)
def create_printer(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``name``, ``host``, ``port``, ``language``, ``dpi``, ``size``."""
    actor.require("printer_write")
    try:
        command = RegisterPrinter(actor.working_store_id, facts_of(request, data))
        run(database, register_printer, command, envelope(request, data))
    except Problem as problem:
        return _form(request, None, USUAL, problem, data)
    return see("/printers")


@get("/printers/{printer_id:int}", sync_to_thread=True)
def printer_page(
    request: AnyRequest, database: Database, actor: Actor, printer_id: int
) -> Response[bytes]:
    actor.require("printer_write")
    return _form(request, printer_id, _known(database, actor, printer_id))


@post("/printers/{printer_id:int}", sync_to_thread=True)
def save_printer(
    request: AnyRequest, database: Database, actor: Actor, printer_id: int, data: ManyForm
) -> Response[Any]:
    """The same fields as for a new one."""
    actor.require("printer_write")
    try:
        command = ChangePrinter(printer_id, facts_of(request, data))
        run(database, change_printer, command, envelope(request, data))
    except Problem as problem:
        known = _known(database, actor, printer_id)
        return _form(request, printer_id, known, problem, data)
    return see("/printers")


@post("/printers/{printer_id:int}/use", sync_to_thread=True)
def use_printer(
    request: AnyRequest, database: Database, actor: Actor, printer_id: int, data: ManyForm
) -> Response[Any]:
    """Out of use, or with the field ``active`` back in use."""
    actor.require("printer_write")
    command = RetirePrinter(printer_id, active=bool(data.get("active")))
    run(database, retire_printer, command, envelope(request, data))
    return see("/printers")


@post("/printers/{printer_id:int}/test", sync_to_thread=True)
def print_test(
    request: AnyRequest, database: Database, actor: Actor, printer_id: int, data: ManyForm
) -> Response[Any]:
    """One label that says which printer it is."""
    actor.require("print_label")
    command = commands.TestPrinter(printer_id, words_language())
    done = run(database, commands.test_printer, command, envelope(request, data))
    return see(f"/labels/runs/{done.run_id}?back=/printers")


def facts_of(request: AnyRequest, data: ManyForm) -> PrinterFacts:
    """The printer that the form describes, its address checked.

    Raises:
        BadFields, NoSuchSize, HostUnknown, AddressRefused.
    """
    form = Reader(data)
    dpi = form.choice("dpi", DPIS)
    facts = PrinterFacts(
        name=form.text("name", longest=60),
        host=form.text("host", longest=253),
        port=form.number("port", least=PORTS[0], most=PORTS[1]),
        language=form.choice("language", queue.LANGUAGE_NAMES),
        dpi=int(dpi) if dpi in DPIS else 0,
        size=form.text("size", longest=20),
    )
    form.done()
    size_of(facts.size)
    addresses(facts.host, facts.port, request.app.state.printer_networks)
    return facts


def _known(database: Database, actor: Actor, printer_id: int) -> PrinterFacts:
    with database.reading(actor.caller) as session:
        view = queue.printer(session, printer_id)
    return PrinterFacts(view.name, view.host, view.port, view.language, view.dpi, view.size)


def _form(
    request: AnyRequest,
    printer_id: int | None,
    facts: PrinterFacts,
    problem: Problem | None = None,
    data: ManyForm | None = None,
) -> Response[bytes]:
    return page(
        request,
        "labelling/printer.html",
        status=problem.status if problem else 200,
        problem=problem,
        printer_id=printer_id,
        title=facts.name or gettext("New printer"),
        fields=_fields(facts),
        values=data or {},
    )


def _fields(facts: PrinterFacts) -> list[Field]:
    known = {name: str(value) for name, value in asdict(facts).items()}
    return [
        Field(
            "name",
            gettext("Name"),
            value=known["name"],
            hint=gettext("As written on the printer."),
            required=True,
        ),
        Field(
            "host",
            gettext("Address in the company network"),
            value=known["host"],
            hint=gettext("Such as 192.168.1.50; it stands on the printer's own status label."),
            required=True,
        ),
        *_paper_fields(known),
    ]


def _paper_fields(known: dict[str, str]) -> list[Field]:
    return [
        Field("port", gettext("Port"), "digits", known["port"], gettext("Nearly always 9100.")),
        Field(
            "language",
            gettext("Printer language"),
            "select",
            known["language"],
            gettext("ZPL: Zebra and compatible. TSPL: TSC and most others. PDF: office printers."),
            tuple(queue.LANGUAGE_NAMES.items()),
        ),
        Field(
            "dpi",
            gettext("Resolution (dpi)"),
            "select",
            known["dpi"],
            options=tuple((dpi, dpi) for dpi in DPIS),
        ),
        Field(
            "size",
            gettext("Size of its labels"),
            value=known["size"],
            hint=gettext("Width x height in mm, such as 60x40, 50x30 or 100x150."),
            required=True,
        ),
    ]


handlers = [
    printers_page,
    new_printer_page,
    create_printer,
    printer_page,
    save_printer,
    use_printer,
    print_test,
]
