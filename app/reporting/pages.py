"""The margin report: the table, its chart, and the way down to the movement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.kit import sql
from app.kit.database import Database
from app.kit.i18n import gettext
from app.kit.web import Cursor, page
from app.reporting import abc, lines
from app.reporting.chart import chart_of, words
from app.reporting.dimensions import DIMENSIONS
from app.reporting.figures import MEASURES
from app.reporting.pivot import QUERIES, Head, labels_of, pivot
from app.reporting.poor import poor_items
from app.reporting.question import Question
from app.reporting.words import ENTRY_NAMES

HERE = "/reports/margin"
ROWS = 100
SPANS = (7, 30, 90, 365)


@get(HERE, sync_to_thread=True)
def margin_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: see ``reporting.api.read_margin``; ``measure`` is what crossed cells show."""
    actor.require("margin_read")
    question = Question.read(dict(request.query_params), actor.time_zone)
    with database.reading(actor.caller, snapshot=True) as session:
        found = pivot(session, question, ROWS)
        context = _frame(session, actor, question)
    return page(
        request,
        "reporting/margin.html",
        found=found,
        measure=MEASURES[question.measure],
        measures=[(name, gettext(one.words)) for name, one in MEASURES.items()],
        dimensions=[(name, gettext(one.words)) for name, one in DIMENSIONS.items()],
        chart=chart_of(found),
        drill=_drill(question),
        **context,
    )


@get("/reports/poor", sync_to_thread=True)
def poor_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Items that sell much and earn nothing."""
    actor.require("margin_read")
    question = Question.read(dict(request.query_params), actor.time_zone)
    with database.reading(actor.caller, snapshot=True) as session:
        found = poor_items(session, question)
        context = _frame(session, actor, question)
    return page(request, "reporting/poor.html", found=found, drill=_drill(question), **context)


@get("/reports/margin/lines", sync_to_thread=True)
def margin_lines_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The order lines behind a figure."""
    actor.require("margin_read")
    query = dict(request.query_params)
    question = Question.read(query, actor.time_zone)
    with database.reading(actor.caller, snapshot=True) as session:
        listing = lines.lines(session, question, Cursor.read(query.get("cursor")))
        whole = lines.whole(session, question)
        context = _frame(session, actor, question)
    asked = question.query | ({"cursor": query["cursor"]} if query.get("cursor") else {})
    return page(
        request, "reporting/lines.html", listing=listing, whole=whole, asked=asked,
        splits=_splits(question), **context,
    )  # fmt: skip


@get("/reports/margin/lines/{line_id:int}", sync_to_thread=True)
def margin_line_page(
    request: AnyRequest, database: Database, actor: Actor, line_id: int
) -> Response[bytes]:
    """What was booked on one order line: its movements, and each cost entry of them."""
    actor.require("margin_read")
    with database.reading(actor.caller, snapshot=True) as session:
        found = lines.line_detail(session, line_id)
    return page(
        request, "reporting/line.html", found=found, rate_words=words, entry_names=ENTRY_NAMES
    )


def _frame(session: Session, actor: Actor, question: Question) -> dict[str, Any]:
    """What every page of the report shows around its figures."""
    return {
        "question": question,
        "query": question.query,
        "spans": _spans(question),
        "stores": [(str(store.id), store.name) for store in own_stores(session, actor)],
        "chips": _chips(session, question),
        "rate_words": words,
        "low_rate": abc.rule_of(session).low_rate,
        "as_of": sql.value(session, QUERIES["as_of"]),
        "decimals": int(sql.value(session, QUERIES["currency_decimals"])),
    }


def _spans(question: Question) -> list[tuple[int, str]]:
    """The usual periods until today, with the query of each."""
    rest = {name: one for name, one in question.query.items() if name not in ("since", "till")}
    return [(days, urlencode(rest | {"days": str(days)})) for days in SPANS]


def _chips(session: Session, question: Question) -> list[tuple[str, str, str]]:
    """Each filter in words, with the query that leaves it out."""
    chips: list[tuple[str, str, str]] = []
    for name in question.filters:
        key = question.parameters[name]
        label = labels_of(session, DIMENSIONS[name], [key])[key].words
        rest = {one: value for one, value in question.query.items() if one != name}
        chips.append((gettext(DIMENSIONS[name].words), label, urlencode(rest)))
    return chips


def _drill(question: Question) -> Callable[[Head, Head | None], str]:
    """The address of the lines behind a row, or a cell of it; empty for all others together."""

    def address(row: Head, column: Head | None = None) -> str:
        if row.key is None or (column is not None and column.key is None):
            return ""
        below = question.narrowed(question.rows, row.key)
        if column is not None and column.key is not None and question.columns is not None:
            below = below.narrowed(question.columns, column.key)
        return f"{HERE}/lines?{urlencode(below.query)}"

    return address


def _splits(question: Question) -> list[tuple[str, str]]:
    """Ways to split the same lines: what they are not narrowed to already."""
    rest = {name: value for name, value in question.query.items() if name not in _ASKED}
    return [
        (gettext(one.words), f"{HERE}?{urlencode(rest | {'rows': name})}")
        for name, one in DIMENSIONS.items()
        if name not in question.filters
    ]


_ASKED = ("rows", "columns", "measure", "sort")
handlers: list[ControllerRouterHandler] = [
    margin_page,
    poor_page,
    margin_lines_page,
    margin_line_page,
]
