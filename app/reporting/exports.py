"""The files of the reports: the table as it stands, the lines behind it, the classes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import MEDIA_TYPES, Asked, Export, sent, turn
from app.kit import sql
from app.kit.database import Database
from app.kit.exports import Cell, Column, write_csv, write_xlsx
from app.kit.i18n import gettext, mark
from app.reporting.abc import ClassRow, every_class
from app.reporting.asked import classes_asked
from app.reporting.figures import MEASURES, Figures
from app.reporting.lines import LineRow, every_line
from app.reporting.pivot import Pivot, PivotRow, pivot
from app.reporting.problems import TooManyLines
from app.reporting.question import Question

PATH, TITLE = "/reports/margin", mark("Margin")
MOST_ROWS = 20_000
TOTAL = mark("Total")
SELLING, LEFT = mark("Selling cost by formula"), mark("Margin after selling cost")
SUMS = ("revenue", "discount", "returned", "cost", "corrected", "margin", "rate")


def _handler(suffix: str) -> HTTPRouteHandler:
    @get(PATH + suffix, sync_to_thread=True)
    def download(request: AnyRequest, database: Database, actor: Actor) -> Stream:
        actor.require("margin_read")
        actor.require("export")
        question = Question.read(dict(request.query_params), actor.time_zone)
        with turn(), database.reading(actor.caller, snapshot=True) as session:
            found = pivot(session, question, MOST_ROWS)
            if any(row.head.key is None for row in found.rows):
                raise TooManyLines(found=found.rows_found, most=MOST_ROWS)
            file = _file(found, suffix)
        return sent(file, PATH, TITLE, suffix, actor)

    return download


def _file(found: Pivot, suffix: str) -> BinaryIO:
    with ExitStack() as undo:
        file = undo.enter_context(TemporaryFile())
        if suffix == ".csv":
            write_csv(file, _headings(found), _rows(found))
        else:
            write_xlsx(file, gettext(TITLE), _headings(found), _rows(found))
        undo.pop_all()
    return file


def _headings(found: Pivot) -> list[str]:
    """The rows' words and code, the measure in each column, then all the sums."""
    rows = gettext(found.question.rows.words)
    measure = gettext(MEASURES[found.question.measure].words)
    columns = [f"{measure} {head.words}" for head in found.columns]
    sums = [gettext(MEASURES[name].words) for name in SUMS]
    selling = [gettext(SELLING), gettext(LEFT)] if found.selling else []
    return [rows, gettext(mark("Code")), *columns, *sums, *selling]


def _rows(found: Pivot) -> Iterator[list[Cell]]:
    measure = MEASURES[found.question.measure].read
    for row in found.rows:
        cells = row.cells if found.columns else ()
        shown: list[Cell] = [measure(cell) if cell else None for cell in cells]
        selling = _selling(found, row) if found.selling else []
        yield [row.head.words, row.head.note, *shown, *_sums(row.total), *selling]
    totals: list[Cell] = [measure(figures) for figures in found.column_totals]
    rest: list[Cell] = [None, None] if found.selling else []
    yield [gettext(TOTAL), "", *totals, *_sums(found.total), *rest]


def _selling(found: Pivot, row: PivotRow) -> list[Cell]:
    amount = found.selling.get(row.head.key or "")
    return [amount, None if amount is None else row.total.margin - amount]


def _sums(figures: Figures) -> list[Cell]:
    return [MEASURES[name].read(figures) for name in SUMS]


def _lines(asked: Asked) -> sql.Select[LineRow]:
    return every_line(Question.read(asked.query, asked.actor.time_zone))


def _classes(asked: Asked) -> sql.Select[ClassRow]:
    return every_class(*classes_asked(asked.query, asked.actor))


LINES = Export(
    "/reports/margin/lines",
    mark("Margin by order line"),
    "margin_read",
    _lines,
    [
        Column(mark("Sales order"), "number"),
        Column(mark("Line"), "position"),
        Column(mark("Booked last on"), "booked_on"),
        Column(mark("Store"), "store_name"),
        Column(mark("Customer"), "customer"),
        Column(mark("Salesperson"), "salesperson"),
        Column(mark("Region"), "region"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "item_name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Quantity"), "quantity"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Revenue"), "revenue"),
        Column(mark("Discounts"), lambda row: row.figures.discount),
        Column(mark("Returns"), "returned"),
        Column(mark("Cost"), "cost"),
        Column(mark("Found later"), "corrected"),
        Column(mark("Margin"), lambda row: row.figures.margin),
        Column(mark("Margin rate"), lambda row: row.figures.rate),
    ],
)
CLASSES = Export(
    "/reports/abc",
    mark("ABC classes"),
    "abc_read",
    _classes,
    [
        Column(mark("Store"), "store_name"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "item_name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Class"), "letter"),
        Column(mark("Steadiness"), "steadiness"),
        Column(mark("Issued value"), "issued_value", needs="view_cost"),
        Column(mark("Issued quantity"), "issued_quantity"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Cumulated share"), "cumulated_share"),
        Column(mark("Variation"), "variation"),
        Column(mark("Computed on"), "computed_on"),
    ],
)
handlers: list[ControllerRouterHandler] = [
    *(_handler(suffix) for suffix in MEDIA_TYPES),
    *LINES.handlers,
    *CLASSES.handlers,
]
