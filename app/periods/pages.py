"""Months on the screen: what is closed, what stands against closing, and the roll-forward."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import MEDIA_TYPES
from app.access.home import Card
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import envelope, page, see
from app.periods import paper, queries, rolling
from app.periods.asking import query_of, wanted_of
from app.periods.checks import findings
from app.periods.commands import ClosePeriod, ReopenPeriod, close_period, reopen_period
from app.periods.months import Month
from printing.stock_report import stock_report_pdf
from printing.texts import Language

MOST_SHOWN = 500
WORDS: dict[str, Any] = {"sort_names": rolling.SORT_NAMES}


@get("/periods", sync_to_thread=True)
def periods_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every month, the latest first."""
    actor.require("period_read")
    with database.reading(actor.caller) as session:
        months = queries.every_month(session)
    return page(request, "periods/page.html", months=months)


@get("/periods/{month:str}", sync_to_thread=True)
def period_page(
    request: AnyRequest, database: Database, actor: Actor, month: str
) -> Response[bytes]:
    """One month (2026-11): what is not finished in it, closing and reopening."""
    actor.require("period_read")
    return _period(request, database, actor, Month.read(month))


def _period(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    month: Month,
    data: Form | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        row = queries.one_month(session, month)
        found = [] if row.closing else findings(session, month.ends_on)
        own = rolling.setting(session)
    return page(
        request,
        "periods/month.html",
        status=problem.status if problem else 200,
        row=row,
        found=found,
        setting=own,
        values=data or {},
        problem=problem,
    )


@post("/periods/{month:str}/closing", sync_to_thread=True)
def close_page(
    request: AnyRequest, database: Database, actor: Actor, month: str, data: Form
) -> Response[Any]:
    """Field: ``note``, why it is closed although something is not finished."""
    actor.require("period_close")
    wanted = Month.read(month)
    try:
        command = ClosePeriod(wanted.starts_on, data.get("note", ""))
        run(database, close_period, command, envelope(request, data))
    except Problem as problem:
        return _period(request, database, actor, wanted, data, problem)
    return see(f"/periods/{wanted}")


@post("/periods/{month:str}/reopening", sync_to_thread=True)
def reopen_page(
    request: AnyRequest, database: Database, actor: Actor, month: str, data: Form
) -> Response[Any]:
    """Field: ``reason``.  Others have to approve it."""
    actor.require("period_close")
    wanted = Month.read(month)
    try:
        command = ReopenPeriod(wanted.starts_on, data.get("reason", ""))
        answer = run(database, reopen_period, command, envelope(request, data))
    except Problem as problem:
        return _period(request, database, actor, wanted, data, problem)
    return see(f"/approvals/{answer.request_id}" if answer.request_id else f"/periods/{wanted}")


# The report --------------------------------------------------------------------------------------


def report_of(session: Session, request: AnyRequest, actor: Actor) -> rolling.Report:
    """What the address asks for."""
    today = clock.today(actor.time_zone)
    return rolling.report(session, wanted_of(request.query_params, today, actor.time_zone))


@get("/periods/report", sync_to_thread=True)
def report_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Opening, what came and went by kind, corrections, closing; as known at a moment."""
    actor.require("period_read")
    with database.reading(actor.caller, snapshot=True) as session:
        report = report_of(session, request, actor)
        stores = [(str(store.id), store.name) for store in rolling.stores_of(session)]
    known = str(request.query_params.get("known", ""))[:40]
    return page(
        request,
        "periods/report.html",
        report=report,
        lines=[(line, paper.figures(report, line)) for line in report.lines[:MOST_SHOWN]],
        total=paper.figures(report, report.total),
        headings=paper.headings(report),
        more=len(report.lines) > MOST_SHOWN,
        query=query_of(report.wanted, known),
        stores=stores,
        levels=[(level, gettext(words)) for level, words in rolling.LEVELS.items()],
        known=known,
    )


@get("/periods/report.pdf", sync_to_thread=True)
def report_pdf(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("period_read")
    with database.reading(actor.caller, snapshot=True) as session:
        printed = paper.as_paper(session, report_of(session, request, actor), actor.name)
    language: Language = "en" if visit_of(request).language == "en" else "zh"
    return _file(stock_report_pdf(printed, language), ".pdf", "application/pdf", actor)


@get("/periods/report.xlsx", sync_to_thread=True)
def report_xlsx(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("period_read")
    with database.reading(actor.caller, snapshot=True) as session:
        report = report_of(session, request, actor)
    return _file(paper.as_xlsx(report), ".xlsx", MEDIA_TYPES[".xlsx"], actor)


def _file(content: bytes, suffix: str, media_type: str, actor: Actor) -> Response[bytes]:
    actor.require("export")
    name = f"{gettext('Stock roll-forward')}-{clock.today(actor.time_zone)}{suffix}"
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=media_type, headers=headers)


def periods_card(session: Session, actor: Actor) -> Card | None:
    """The way to the months, for those who see the whole company."""
    del session
    if not actor.can("period_read"):
        return None
    note = gettext("Close months; what stock is worth and why it changed")
    return Card(gettext("Periods and valuation"), "/periods", note)


handlers: list[ControllerRouterHandler] = [
    periods_page,
    report_page,
    report_pdf,
    report_xlsx,
    period_page,
    close_page,
    reopen_page,
]
