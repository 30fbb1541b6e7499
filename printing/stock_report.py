"""What stock was worth and why it changed, on A4 landscape."""

from dataclasses import dataclass
from decimal import Decimal

from printing.engine import page_pdf, rendered
from printing.texts import Language


@dataclass(frozen=True)
class ReportLine:
    """One line; `figures` are (quantity, amount) under each heading.

    Without a `unit` quantities are left out: pieces and kilograms are never added up.
    """

    code: str
    name: str
    unit: str
    figures: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True)
class StockReport:
    """A roll-forward on paper (收发存汇总). All words arrive in the reader's language."""

    title: str
    company: str
    facts: tuple[tuple[str, str], ...]
    first: str
    headings: tuple[str, ...]
    lines: tuple[ReportLine, ...]
    total: ReportLine
    total_words: str
    nothing: str
    decimals: int = 2
    printed: str = ""


def stock_report_pdf(paper: StockReport, language: Language = "zh") -> bytes:
    """The report on A4 landscape, column titles on each page."""
    html = rendered("stock_report.html", paper=paper, language=language)
    return page_pdf(html, "stock_report.css")
