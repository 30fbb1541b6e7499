"""Gain and loss of counts (盘盈盘亏): on screen, on paper, as a file."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.exports import Asked, Export
from app.access.queries import own_stores
from app.counting import reports
from app.counting.reports import Counter, Differing, Group, Report, Wanted
from app.counting.words import WORDS, reason
from app.kit import clock, formats, sql
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.kit.visit import visit_of
from app.kit.web import page, pdf
from printing.stock_report import ReportLine, StockReport, stock_report_pdf

MOST_ON_PAPER = 400
TITLE = mark("Gain and loss of counts")


@get("/counting/reports", sync_to_thread=True)
def reports_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: by, count, store, since, till, posted."""
    actor.require("count_manage")
    wanted = reports.wanted_of(request.query_params, actor.time_zone)
    with database.reading(actor.caller, snapshot=True) as session:
        found = reports.report(session, wanted)
        stores = [(str(store.id), store.name) for store in own_stores(session, actor)]
    return page(
        request,
        "counting/reports.html",
        **WORDS,
        report=found,
        groups=found.groups[: reports.MOST_SHOWN],
        more=len(found.groups) > reports.MOST_SHOWN,
        query=wanted.query,
        stores=stores,
        dimensions=reports.DIMENSIONS,
        posted_words=reports.POSTED,
        named=named,
        percent=percent,
        chart=_chart(found.trend),
    )


def named(by: str, group: Group) -> str:
    """What a group is called, in the current language."""
    words = group.name or group.code
    if by == "reason":
        words = reason(group.code)
    return words or "—"


def percent(share: Decimal | None) -> str:
    """``98.5 %``; a dash where there is nothing to be accurate about."""
    return "–" if share is None else f"{formats.amount(share, 1)} %"


def _chart(trend: list[Group]) -> str:
    """Accuracy by line of the newest counts; the lengths are only drawn."""
    bars = [(one.code[-9:], round(one.line_accuracy, 1)) for one in trend]
    return msgspec.json.Encoder(decimal_format="number").encode(bars).decode()


# Paper --------------------------------------------------------------------------------------------


@get("/counting/reports.pdf", sync_to_thread=True)
def report_pdf(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The sums, then every line that differs, to be signed and filed."""
    actor.require("count_manage")
    actor.require("view_cost")
    actor.require("export")
    wanted = reports.wanted_of(request.query_params, actor.time_zone)
    visit = visit_of(request)
    with database.reading(actor.caller, snapshot=True) as session, visit.speaking():
        base = str(request.base_url).rstrip("/")
        paper = on_paper(session, wanted, actor.name, base)
        name = f"{gettext(TITLE)}-{clock.today(actor.time_zone)}"
        content = stock_report_pdf(paper, "en" if visit.language == "en" else "zh")
    return pdf(content, name)


def on_paper(session: Session, wanted: Wanted, printed_by: str, base: str) -> StockReport:
    """``base`` is the address of this server, for the QR.  Raises TooLongForPaper."""
    found = reports.report(session, wanted)
    details = [_paper_line(line) for line in reports.lines(session, wanted, MOST_ON_PAPER)]
    nothing = ReportLine("", "", "", (_NOTHING,) * 3)
    return StockReport(
        title=gettext(TITLE),
        company=found.company.name,
        facts=tuple(_facts(found)),
        first=gettext(reports.DIMENSIONS[wanted.by]),
        headings=(gettext("Gain"), gettext("Loss"), gettext("Difference")),
        lines=tuple(_sum_line(wanted, group) for group in found.groups),
        total=_sum_line(wanted, found.total) if found.total else nothing,
        total_words=gettext("Total"),
        nothing=gettext("Nothing was counted."),
        decimals=found.company.decimals,
        printed=gettext("Printed {at} by {by}").format(
            at=formats.moment(clock.now()), by=printed_by
        ),
        details=tuple(details),
        details_words=gettext("Lines that differ"),
        address=f"{base}/counting/reports?{urlencode(_given(wanted))}",
        signatures=("sign_counter", "sign_checker", "sign_supervisor"),
    )


def _given(wanted: Wanted) -> dict[str, str]:
    """What the address has to say."""
    return {name: value for name, value in wanted.query.items() if value}


_NOTHING = (Decimal(0), Decimal(0))


def _facts(found: Report) -> list[tuple[str, str]]:
    wanted = found.wanted
    days = f"{formats.day(wanted.since) or '…'} – {formats.day(wanted.till) or '…'}"
    facts = [(gettext("Count"), found.number)] if found.number else [(gettext("Days"), days)]
    if found.total:
        facts += [
            (gettext("Lines"), f"{found.total.lines} / {found.total.differing}"),
            (gettext("Accuracy by line"), percent(found.total.line_accuracy)),
            (gettext("by quantity"), percent(found.total.quantity_accuracy)),
            (gettext("by value"), percent(found.total.value_accuracy)),
        ]
    return [*facts, (gettext("Currency"), found.company.currency)]


def _sum_line(wanted: Wanted, group: Group) -> ReportLine:
    words = named(wanted.by, group)
    code = group.code if group.code != words and wanted.by != "reason" else ""
    figures = (
        (group.gain, group.gain_value),
        (group.loss, group.loss_value),
        (group.net, group.net_value),
    )
    return ReportLine(code, words, group.unit, figures)


def _paper_line(line: Differing) -> ReportLine:
    """Where, what, why, by whom."""
    found = (line.variance, line.value)
    about = (
        f"{formats.quantity(line.book)} → {formats.quantity(line.quantity)}",
        line.lot,
        reason(line.reason) if line.reason else "",
        line.note,
        line.counter or "",
    )
    name = f"{line.location}  {line.name} {line.specification}".strip()
    code = " · ".join(part for part in (line.code, *about) if part)
    figures = (found if line.variance > 0 else _NOTHING, found if line.variance < 0 else _NOTHING)
    return ReportLine(code, name, line.unit, (*figures, found))


# Files --------------------------------------------------------------------------------------------


def _wanted(asked: Asked) -> Wanted:
    return reports.wanted_of(asked.query, asked.actor.time_zone)


def _groups(asked: Asked) -> sql.Select[Group]:
    return reports.every_group(_wanted(asked))


def _lines(asked: Asked) -> sql.Select[Differing]:
    return reports.every_line(_wanted(asked))


def _counters(asked: Asked) -> sql.Select[Counter]:
    return reports.every_counter(_wanted(asked))


GROUPS = Export(
    "/counting/reports",
    TITLE,
    "count_manage",
    _groups,
    [
        Column(mark("Code"), lambda row: reason(row.code)),
        Column(mark("Name"), "name"),
        Column(mark("Unit"), "unit"),
        Column(mark("Lines"), "lines"),
        Column(mark("Differing lines"), "differing"),
        Column(mark("Gain"), lambda row: row.gain if row.unit else None),
        Column(mark("Value of gain"), "gain_value", "view_cost"),
        Column(mark("Loss"), lambda row: row.loss if row.unit else None),
        Column(mark("Value of loss"), "loss_value", "view_cost"),
        Column(mark("Difference"), lambda row: row.net if row.unit else None),
        Column(mark("Value"), "net_value", "view_cost"),
        Column(mark("Accuracy by line"), lambda row: percent(row.line_accuracy)),
        Column(mark("Accuracy by quantity"), lambda row: percent(row.quantity_accuracy)),
        Column(mark("Accuracy by value"), lambda row: percent(row.value_accuracy), "view_cost"),
    ],
)
LINES = Export(
    "/counting/reports/lines",
    mark("Lines that differ"),
    "count_manage",
    _lines,
    [
        Column(mark("Count"), "number"),
        Column(mark("Location"), "location"),
        Column(mark("Item"), "code"),
        Column(mark("Name"), "name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Lot"), "lot"),
        Column(mark("Logistic unit"), "sscc"),
        Column(mark("Class (ABC)"), "class_"),
        Column(mark("Unit"), "unit"),
        Column(mark("Book quantity"), "book"),
        Column(mark("Counted"), "quantity"),
        Column(mark("Difference"), "variance"),
        Column(mark("Unit cost"), "unit_cost", "view_cost"),
        Column(mark("Value"), "value", "view_cost"),
        Column(mark("Reason"), lambda row: reason(row.reason)),
        Column(mark("Note"), "note"),
        Column(mark("Counted by"), "counter"),
        Column(mark("Counted at"), "counted_at"),
        Column(mark("Posted"), "posted_at"),
    ],
)
COUNTERS = Export(
    "/counting/reports/counters",
    mark("Hit rate"),
    "count_manage",
    _counters,
    [
        Column(mark("Counted by"), "name"),
        Column(mark("Lines"), "lines"),
        Column(mark("Stood"), "hits"),
        Column(mark("Hit rate"), lambda row: percent(row.rate)),
        Column(mark("Counted again"), "recounted"),
        Column(mark("Confirmed"), "confirmed"),
    ],
)

handlers: list[ControllerRouterHandler] = [
    reports_page,
    report_pdf,
    *(handler for export in (GROUPS, LINES, COUNTERS) for handler in export.handlers),
]
