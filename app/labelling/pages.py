"""Choosing and printing labels: a preview in true size, then a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.i18n import current_language, gettext, mark
from app.kit.web import page
from app.labelling import queries
from app.labelling.problems import NoSuchSize, NothingToLabel, NotPrintable, TooManyLabels
from printing.labels import (
    SIZES,
    ItemLabel,
    LabelError,
    LocationLabel,
    LotLabel,
    label_png,
    labels_pdf,
)
from printing.texts import Language

Label = ItemLabel | LotLabel | LocationLabel
THING = "/labels/{kind:str}/{thing_id:int}"
MOST_COPIES = 500
USUAL = {"items": "60x40", "lots": "60x40", "locations": "100x150", "zones": "100x150"}
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
    """What the page shows: the thing, the sizes, and where its preview and PDF are."""

    title: str
    number: int
    url: str
    size: str
    sizes: tuple[tuple[str, str], ...]
    copies: int
    start: int
    query: str
    is_sheet: bool
    problem: NotPrintable | None


@get(THING, sync_to_thread=True)
def label_page(request: AnyRequest, database: Database, actor: Actor) -> Response[Any]:
    """Query: ``size``, ``copies``, ``start`` (first free label of a sheet), ``packaging``."""
    actor.require("print_label")
    labels = _labels(request, database, actor)
    return page(request, "labelling/page.html", choice=_choice(request, labels))


@get(THING + "/preview", sync_to_thread=True)
def label_preview(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The first label as a PNG in true size at 203 dpi."""
    actor.require("print_label")
    labels, size = _labels(request, database, actor), _size(request)
    made = _made(lambda: label_png(labels[0], SIZES[size], language=_language()))
    return Response(made, media_type="image/png")


@get(THING + "/pdf", sync_to_thread=True)
def label_pdf(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("print_label")
    labels, size, query = _labels(request, database, actor), _size(request), request.query_params
    copies = _count(query.get("copies"), MOST_COPIES)
    start = _count(query.get("start"), SIZES[size].cells)
    if copies * len(labels) > MOST_COPIES:
        raise TooManyLabels(given=copies * len(labels), most=MOST_COPIES // len(labels))
    made = _made(
        lambda: labels_pdf(labels, SIZES[size], copies=copies, start=start, language=_language())
    )
    return Response(
        made,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="labels-{size}.pdf"'},
    )


handlers = [label_page, label_preview, label_pdf]


def _labels(request: AnyRequest, database: Database, actor: Actor) -> Sequence[Label]:
    with database.reading(actor.caller) as session:
        return _read(session, request)


def _read(session: Session, request: AnyRequest) -> Sequence[Label]:
    thing_id: int = request.path_params["thing_id"]
    match request.path_params["kind"]:
        case "items":
            packaging = request.query_params.get("packaging")
            wanted = _count(packaging, 2**31) if packaging else None
            return [queries.item_label(session, thing_id, wanted)]
        case "lots":
            return [queries.lot_label(session, thing_id)]
        case "locations":
            return queries.location_labels(session, location_id=thing_id)
        case "zones":
            return queries.location_labels(session, zone_id=thing_id)
        case _:
            raise NothingToLabel


def _choice(request: AnyRequest, labels: Sequence[Label]) -> Choice:
    size, query = _size(request), request.query_params
    copies = _count(query.get("copies"), MOST_COPIES)
    start = _count(query.get("start"), SIZES[size].cells)
    packaging = f"&packaging={query['packaging']}" if query.get("packaging") else ""
    return Choice(
        title=labels[0].name if len(labels) == 1 else f"{labels[0].name} … {labels[-1].name}",
        number=len(labels),
        url=request.scope["path"],
        size=size,
        sizes=tuple((name, gettext(words)) for name, words in SIZE_NAMES.items()),
        copies=copies,
        start=start,
        query=f"size={size}{packaging}",
        is_sheet=SIZES[size].sheet is not None,
        problem=_problem(labels[0], size),
    )


def _problem(label: Label, size: str) -> NotPrintable | None:
    try:
        _made(lambda: label_png(label, SIZES[size], language=_language()))
    except NotPrintable as problem:
        return problem
    return None


def _made(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except LabelError as error:
        raise NotPrintable(reason=error.text(_language())) from error


def _size(request: AnyRequest) -> str:
    usual = USUAL.get(request.path_params["kind"], "60x40")
    size = str(request.query_params.get("size") or usual)
    if size not in SIZES:
        raise NoSuchSize(given=size[:20], sizes=", ".join(SIZES))
    return size


def _count(given: object, most: int) -> int:
    text = str(given or 1)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:12]) <= most:
        raise TooManyLabels(given=text[:20], most=most)
    return int(text)


def _language() -> Language:
    return "en" if current_language() == "en" else "zh"
