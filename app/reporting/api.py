"""Margin reports and classes of items as JSON: the numbers of the screens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.web import Cursor, Listing, api
from app.reporting import abc, lines
from app.reporting.asked import classes_asked
from app.reporting.figures import Figures
from app.reporting.pivot import Head, Pivot, pivot
from app.reporting.problems import RowsOutOfRange
from app.reporting.question import Question

ApiRequest = Request[Any, Any, Any]
USUAL_ROWS, MOST_ROWS = 200, 5000


@dataclass(frozen=True)
class Sums:
    """Amounts in the company's currency, net of tax; ``rate`` is margin over revenue.

    ``gross`` is at list price, ``revenue`` less discounts and what came back (``returned``);
    ``corrected`` is the part of ``cost`` that was found after the goods had left.
    """

    quantity: Decimal
    gross: Decimal
    discount: Decimal
    returned: Decimal
    revenue: Decimal
    cost: Decimal
    corrected: Decimal
    margin: Decimal
    rate: Decimal | None

    @classmethod
    def of(cls, figures: Figures) -> Sums:
        return cls(
            figures.quantity, figures.gross, figures.discount, figures.returned, figures.revenue,
            figures.cost, figures.corrected, figures.margin, figures.rate,
        )  # fmt: skip


@dataclass(frozen=True)
class MarginRow:
    """``key`` null is all others together; ``cells`` are in the order of the columns.

    ``selling_cost``: what the company's cost elements of sales come to, of an item.
    """

    key: str | None
    words: str
    note: str
    cells: list[Sums | None]
    total: Sums
    selling_cost: Decimal | None


@dataclass(frozen=True)
class MarginReport:
    """``as_of``: everything that was booked until then is in.  The rows make up the total."""

    as_of: datetime | None
    since: date
    till: date
    rows_by: str
    columns_by: str | None
    currency_decimals: int
    columns: list[Head]
    column_totals: list[Sums]
    rows: list[MarginRow]
    rows_found: int
    total: Sums

    @classmethod
    def of(cls, found: Pivot) -> MarginReport:
        question = found.question
        return cls(
            as_of=found.as_of,
            since=question.since,
            till=question.till,
            rows_by=question.rows.name,
            columns_by=question.columns.name if question.columns else None,
            currency_decimals=found.decimals,
            columns=list(found.columns),
            column_totals=[Sums.of(figures) for figures in found.column_totals],
            rows=[
                MarginRow(
                    row.head.key, row.head.words, row.head.note,
                    [Sums.of(cell) if cell else None for cell in row.cells]
                    if question.columns else [],
                    Sums.of(row.total),
                    found.selling.get(row.head.key or ""),
                )
                for row in found.rows
            ],
            rows_found=found.rows_found,
            total=Sums.of(found.total),
        )  # fmt: skip


@dataclass(frozen=True)
class ItemClass:
    """Class and steadiness of an item in a store; the value only for who may see cost."""

    store_id: int
    item_id: int
    item_code: str
    letter: str
    steadiness: str
    issued_value: Decimal | None
    issued_quantity: Decimal
    cumulated_share: Decimal
    variation: Decimal | None
    computed_on: date

    @classmethod
    def of(cls, row: abc.ClassRow, shows_cost: bool) -> ItemClass:  # noqa: FBT001 - a right
        return cls(
            row.store_id, row.item_id, row.item_code, row.letter, row.steadiness,
            row.issued_value if shows_cost else None, row.issued_quantity, row.cumulated_share,
            row.variation, row.computed_on,
        )  # fmt: skip


@get("/reports/margin", sync_to_thread=True)
def read_margin(request: ApiRequest, database: Database, actor: Actor) -> MarginReport:
    """What sales earn by ``rows`` and, where given, ``columns``.

    Dimensions: item, category, customer, region, area, store, salesperson, lot, order, day, week,
    month, quarter.  ``since`` and ``till`` are days, both included; each dimension but periods is
    also a filter by id (region by its text).  ``sort``: revenue, margin, cost or rate, with a minus
    for the largest first.  ``limit``: so many rows (200), the rest is one row without a key.
    """
    actor.require("margin_read")
    query = dict(request.query_params)
    question = Question.read(query, actor.time_zone)
    limit = rows_wanted(query.get("limit", ""), USUAL_ROWS, MOST_ROWS)
    with database.reading(actor.caller, snapshot=True) as session:
        return MarginReport.of(pivot(session, question, limit))


def rows_wanted(given: str, usual: int, most: int) -> int:
    """Raises RowsOutOfRange."""
    if not given:
        return usual
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= most):
        raise RowsOutOfRange(given=given[:20], most=most)
    return int(given)


@get("/reports/margin/lines", sync_to_thread=True)
def list_margin_lines(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[lines.LineRow]:
    """The order lines behind a figure, newest first; same period and filters as the report."""
    actor.require("margin_read")
    question = Question.read(dict(request.query_params), actor.time_zone)
    with database.reading(actor.caller) as session:
        return lines.lines(session, question, Cursor.read(cursor, limit))


@get("/reports/abc", sync_to_thread=True)
def list_classes(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[ItemClass]:
    """The classes of items, what was issued most first.

    ``store``: an id, ``all``, or left out for the one of the caller; ``letter``: A, B or C.
    """
    actor.require("abc_read")
    store_id, letter = classes_asked(dict(request.query_params), actor)
    with database.reading(actor.caller) as session:
        found = abc.classes(session, store_id, letter, Cursor.read(cursor, limit))
    shows_cost = actor.can("view_cost")
    return Listing([ItemClass.of(row, shows_cost) for row in found.rows], found.next_cursor)


_handlers: list[HTTPRouteHandler] = [read_margin, list_margin_lines, list_classes]
router = api(_handlers, tag="Reports")
