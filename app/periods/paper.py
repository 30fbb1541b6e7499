"""The roll-forward as a file: PDF for the binder, XLSX for going on calculating."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

from sqlmodel import Session

from app.kit import clock, formats
from app.kit.exports import Cell, write_xlsx
from app.kit.i18n import gettext
from app.periods.problems import TooLongForPaper
from app.periods.rolling import LEVELS, SORT_NAMES, Line, Report, stores_of
from printing.stock_report import ReportLine, StockReport

MOST_LINES = 400
Pair = tuple[Decimal, Decimal]


def as_paper(session: Session, report: Report, printed_by: str) -> StockReport:
    """Raises TooLongForPaper."""
    if len(report.lines) > MOST_LINES:
        raise TooLongForPaper(rows=len(report.lines), most=MOST_LINES)
    wanted, own = report.wanted, report.setting
    stores = {store.id: store.name for store in stores_of(session)}
    facts = [
        (gettext("Days"), f"{formats.day(wanted.since)} – {formats.day(wanted.till)}"),
        (gettext("Store"), stores.get(wanted.store_id or 0, gettext("All stores"))),
        (gettext("As known at"), formats.moment(wanted.known or clock.now())),
        (gettext("Currency"), own.currency),
    ]
    return StockReport(
        title=gettext("Stock roll-forward"),
        company=own.company,
        facts=tuple(facts),
        headings=tuple(headings(report)),
        first=gettext(LEVELS[wanted.level]),
        lines=tuple(_line(report, line) for line in report.lines),
        total=_line(report, report.total),
        total_words=gettext("Total"),
        nothing=gettext("Nothing was in stock and nothing moved."),
        decimals=own.decimals,
        printed=gettext("Printed {at} by {by}").format(
            at=formats.moment(clock.now()), by=printed_by
        ),
    )


def headings(report: Report) -> list[str]:
    sorts = [gettext(SORT_NAMES[sort]) for sort in report.sorts]
    return [gettext("Opening"), *sorts, gettext("Closing")]


def figures(report: Report, line: Line) -> list[Pair]:
    """(quantity, amount) under each heading."""
    moved = [line.moved.get(sort) for sort in report.sorts]
    each = [line.opening, *moved, line.closing]
    return [
        (figure.quantity, figure.amount) if figure else (Decimal(0), Decimal(0)) for figure in each
    ]


def _line(report: Report, line: Line) -> ReportLine:
    return ReportLine(
        code=line.code,
        name=line.name + (f" · {line.store}" if line.store else ""),
        unit=line.unit,
        figures=tuple(figures(report, line)),
    )


def as_xlsx(report: Report) -> bytes:
    """Quantity and amount of every column in cells of their own."""
    heads = [gettext("Code"), gettext("Name"), gettext("Store"), gettext("Unit")]
    for heading in headings(report):
        heads += [f"{heading} · {gettext('quantity')}", f"{heading} · {gettext('amount')}"]
    file = BytesIO()
    write_xlsx(file, gettext("Stock roll-forward"), heads, _rows(report))
    return file.getvalue()


def _rows(report: Report) -> Iterator[list[Cell]]:
    for line in report.lines:
        row: list[Cell] = [line.code, line.name, line.store, line.unit]
        for quantity, amount in figures(report, line):
            row += [quantity if line.unit else None, amount]
        yield row
