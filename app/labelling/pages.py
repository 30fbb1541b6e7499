"""Labels of one thing: a preview in true size, then two taps to a printer, or a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import ManyForm
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, pdf
from app.labelling import contents, queue
from app.labelling.commands import MOST_COPIES, Paper, PrintLabels, print_labels
from app.labelling.contents import Wanted
from app.labelling.devices import back_of, last_printer, see_run
from app.labelling.problems import NotPrintable, TooManyLabels
from app.labelling.queue import PrinterView
from app.labelling.stored import Found
from app.labelling.templates import looks, size_of, words_language
from printing.documents import CommandSheet, SheetEntry, command_sheet_pdf
from printing.labels import Label, LabelError, LabelSize, Looks, label_png, labels_pdf

THING = "/labels/{kind:str}/{thing_id:int}"
SIZE_NAMES = {
    "60x40": mark("60 x 40 mm"),
    "50x30": mark("50 x 30 mm"),
    "40x30": mark("40 x 30 mm"),
    "100x150": mark("100 x 150 mm"),
    "a4-3x8": mark("A4 sheet, 3 x 8"),
    "a4-5x13": mark("A4 sheet, 5 x 13"),
    "a4-3x8-full": mark("A4 sheet, 3 x 8 without margins"),
}


@dataclass(frozen=True)
class Choice:
    """What the page shows: the thing, the printers, the sizes, and where its preview and PDF are.

    ``printer`` is the one that this device printed on last, ``others`` are the other ones.
    """

    title: str
    number: int
    url: str
    size: str
    sizes: tuple[tuple[str, str], ...]
    copies: int
    start: int
    packaging: str
    each: bool
    is_sheet: bool
    is_receipt: bool
    printer: PrinterView | None
    others: list[PrinterView]
    back: str

    @property
    def query(self) -> str:
        """What the preview and the PDF need to know besides the path."""
        packaging = f"&packaging={self.packaging}" if self.packaging else ""
        return f"size={self.size}{packaging}{'&each=yes' if self.each else ''}"


@get(THING, sync_to_thread=True)
def label_page(request: AnyRequest, database: Database, actor: Actor) -> Response[Any]:
    """Query: ``size``, ``copies``, ``start`` (first free label of a sheet), ``packaging``,
    ``each`` (of a receipt: one per piece).
    """
    contents.require(actor, request.path_params["kind"])
    return _page(request, database, actor)


@get(THING + "/preview", sync_to_thread=True)
def label_preview(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The first label as a PNG in true size at 203 dpi."""
    contents.require(actor, request.path_params["kind"])
    with database.reading(actor.caller) as session:
        found = contents.found(session, wanted(request))
        look = looks(session, _size(request).name)
    made = _made(lambda: label_png(found[0].label, look, language=words_language()))
    return Response(made, media_type="image/png")


@get(THING + "/pdf", sync_to_thread=True)
def label_pdf(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Up to 500 at once; more are a run of their own."""
    contents.require(actor, request.path_params["kind"])
    size, query = _size(request), request.query_params
    with database.reading(actor.caller) as session:
        found = contents.found(session, wanted(request))
        look = looks(session, size.name)
    copies = count_of(query.get("copies"), MOST_COPIES)
    start = count_of(query.get("start"), size.cells)
    labels = [one.label for one in found for _ in range(one.copies)]
    if copies * len(labels) > MOST_COPIES:
        raise TooManyLabels(given=copies * len(labels), most=max(MOST_COPIES // len(labels), 1))
    return pdf(_pdf(labels, look, copies, start), f"labels-{size.name}")


@post(THING + "/run", sync_to_thread=True)
def print_thing(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields ``printer_id`` (none: a PDF), ``copies``, ``size``, ``start``, ``packaging``,
    ``each``, ``back`` (where to go on working).
    """
    contents.require(actor, request.path_params["kind"])
    try:
        command = PrintLabels(wanted(request, data), paper_of(actor, data))
        done = run(database, print_labels, command, envelope(request, data))
    except Problem as problem:
        return _page(request, database, actor, problem)
    back = str(data.get("back", ""))
    return see_run(request, done.run_id, command.paper.printer_id, back)


@get("/labels/command-sheet.pdf", sync_to_thread=True)
def command_sheet(actor: Actor) -> Response[bytes]:
    """The commands to scan, on A4, to hang up beside a work place."""
    actor.require("print_label")
    with_words = contents.commands_with_hints()
    entries = tuple(SheetEntry(label.title, label.code, label.hint) for label in with_words)
    sheet = CommandSheet(gettext("Commands to scan"), entries)
    return pdf(command_sheet_pdf(sheet, words_language()), "commands")


def wanted(request: AnyRequest, data: ManyForm | None = None) -> Wanted:
    """The things that the address names."""
    given = request.query_params if data is None else data
    packaging = str(given.get("packaging") or "")
    packs = (count_of(packaging, 2**31),) if packaging else ()
    thing_id: int = request.path_params["thing_id"]
    return Wanted(request.path_params["kind"], (thing_id,), packs, each=bool(given.get("each")))


def paper_of(actor: Actor, data: ManyForm) -> Paper:
    """Printer, size and copies out of a form.

    Raises:
        TooManyLabels, NoSuchSize.
    """
    printer = str(data.get("printer_id") or "")
    size = size_of(str(data.get("size") or "60x40"))
    return Paper(
        store_id=actor.working_store_id,
        printer_id=count_of(printer, 2**62) if printer else None,
        size=size.name,
        copies=count_of(data.get("copies"), MOST_COPIES),
        start=count_of(data.get("start"), size.cells),
        language=words_language(),
    )


def sizes() -> tuple[tuple[str, str], ...]:
    """(name, words) of the sizes that labels come in."""
    return tuple((name, gettext(words)) for name, words in SIZE_NAMES.items())


def count_of(given: object, most: int) -> int:
    """A whole number from 1; 1 where nothing was given.

    Raises:
        TooManyLabels.
    """
    text = str(given or 1)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:20]) <= most:
        raise TooManyLabels(given=text[:20], most=most)
    return int(text)


def _page(
    request: AnyRequest, database: Database, actor: Actor, problem: Problem | None = None
) -> Response[Any]:
    with database.reading(actor.caller) as session:
        found = contents.found(session, wanted(request))
        printers = queue.printers(session, actor.store_id, active=True) if actor.store_id else []
        choice = _choice(request, found, printers)
        unprintable = _problem(session, found[0], choice.size)
    return page(
        request,
        "labelling/page.html",
        status=problem.status if problem else 200,
        choice=choice,
        problem=problem,
        unprintable=unprintable,
    )


def _choice(request: AnyRequest, found: Sequence[Found], printers: list[PrinterView]) -> Choice:
    query, kind = request.query_params, request.path_params["kind"]
    printer = last_printer(request, printers, contents.kind_named(kind).size)
    size = _size(request, printer)
    first, last = found[0].title, found[-1].title
    return Choice(
        title=first if len(found) == 1 else f"{first} … {last}",
        number=sum(one.copies for one in found),
        url=request.scope["path"].removesuffix("/run"),
        size=size.name,
        sizes=sizes(),
        copies=count_of(query.get("copies"), MOST_COPIES),
        start=count_of(query.get("start"), size.cells),
        packaging=str(query.get("packaging") or ""),
        each=bool(query.get("each")),
        is_sheet=size.sheet is not None,
        is_receipt=kind == "receipts",
        printer=printer,
        others=[one for one in printers if one != printer],
        back=back_of(request),
    )


def _problem(session: Session, found: Found, size: str) -> NotPrintable | None:
    look = looks(session, size)
    try:
        _made(lambda: label_png(found.label, look, language=words_language()))
    except NotPrintable as problem:
        return problem
    return None


def _pdf(labels: Sequence[Label], look: Looks, copies: int, start: int) -> bytes:
    return _made(
        lambda: labels_pdf(labels, look, copies=copies, start=start, language=words_language())
    )


def _made(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except LabelError as error:
        raise NotPrintable(reason=error.text(words_language())) from error


def _size(request: AnyRequest, printer: PrinterView | None = None) -> LabelSize:
    """What was asked for, else the printer's paper, else what is usual for the kind."""
    usual = printer.size if printer else contents.kind_named(request.path_params["kind"]).size
    return size_of(str(request.query_params.get("size") or usual))


handlers = [label_page, label_preview, label_pdf, print_thing, command_sheet]
