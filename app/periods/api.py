"""Months and the roll-forward as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from litestar import get, post
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, api, envelope
from app.periods import queries
from app.periods.commands import (
    ClosePeriod,
    PeriodClosed,
    PeriodReopened,
    ReopenPeriod,
    close_period,
    reopen_period,
)
from app.periods.months import Month
from app.periods.pages import report_of
from app.periods.rolling import Figure, Line

Body = dict[str, Any]


@dataclass(frozen=True)
class MonthAnswer:
    """``state`` is open or closed; ``amount`` what stock was worth when it was closed."""

    month: str
    state: str
    closed_at: datetime | None
    amount: Decimal | None


@dataclass(frozen=True)
class FigureAnswer:
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class LineAnswer:
    """``moved`` by kind; quantities are of ``unit``, and mean nothing where that is empty."""

    code: str
    name: str
    unit: str
    store: str
    opening: FigureAnswer
    moved: dict[str, FigureAnswer]
    closing: FigureAnswer


@dataclass(frozen=True)
class ReportAnswer:
    since: date
    till: date
    known: datetime | None
    currency: str
    lines: list[LineAnswer]
    total: LineAnswer


@get("/periods", sync_to_thread=True)
def list_periods(database: Database, actor: Actor) -> list[MonthAnswer]:
    """Every month, the latest first."""
    actor.require("period_read")
    with database.reading(actor.caller) as session:
        rows = queries.every_month(session).rows
    return [
        MonthAnswer(
            str(row.month),
            row.state,
            row.closing.closed_at if row.closing else None,
            row.closing.amount if row.closing else None,
        )
        for row in rows
    ]


@post("/periods/{month:str}/closing", sync_to_thread=True)
def create_closing(
    request: AnyRequest, database: Database, actor: Actor, month: str, data: Body
) -> PeriodClosed:
    """Field: note."""
    actor.require("period_close")
    command = ClosePeriod(Month.read(month).starts_on, str(data.get("note", "")))
    return run(database, close_period, command, envelope(request))


@post("/periods/{month:str}/reopening", sync_to_thread=True)
def create_reopening(
    request: AnyRequest, database: Database, actor: Actor, month: str, data: Body
) -> PeriodReopened:
    """Field: reason.  With ``request_id`` in the answer it waits for votes."""
    actor.require("period_close")
    command = ReopenPeriod(Month.read(month).starts_on, str(data.get("reason", "")))
    return run(database, reopen_period, command, envelope(request))


@get("/periods/report", sync_to_thread=True)
def read_report(request: AnyRequest, database: Database, actor: Actor) -> ReportAnswer:
    """Query: month, or since and till; known (moment), store (id), by (item, category, store,
    item_store).
    """
    actor.require("period_read")
    with database.reading(actor.caller, snapshot=True) as session:
        report = report_of(session, request, actor)
    wanted = report.wanted
    return ReportAnswer(
        wanted.since,
        wanted.till,
        wanted.known,
        report.setting.currency,
        [_line(line) for line in report.lines],
        _line(report.total),
    )


def _line(line: Line) -> LineAnswer:
    moved = {sort: _figure(figure) for sort, figure in line.moved.items()}
    opening, closing = _figure(line.opening), _figure(line.closing)
    return LineAnswer(line.code, line.name, line.unit, line.store, opening, moved, closing)


def _figure(figure: Figure) -> FigureAnswer:
    return FigureAnswer(figure.quantity, figure.amount)


_handlers: list[HTTPRouteHandler] = [
    list_periods,
    create_closing,
    create_reopening,
    read_report,
]
router = api(_handlers, tag="Periods")
