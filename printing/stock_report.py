"""What stock was worth and why it changed, on A4 landscape."""

from dataclasses import dataclass
from decimal import Decimal

from printing.codes import qr
from printing.documents import scaled
from printing.engine import page_pdf, rendered
from printing.symbols import symbol_of
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
    """A roll-forward (收发存汇总) or what counts found (盘盈盘亏表) on paper.

    All words arrive in the reader's language.

    `details` are lines below the total under `details_words`; `address` is what the QR opens;
    `signatures` are phrases, such as `sign_checker`.
    """

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
    details: tuple[ReportLine, ...] = ()
    details_words: str = ""
    address: str = ""
    signatures: tuple[str, ...] = ()


_QR_MM = 20.0


def stock_report_pdf(paper: StockReport, language: Language = "zh") -> bytes:
    """The report on A4 landscape, column titles on each page."""
    symbol = scaled(symbol_of(qr(paper.address)), _QR_MM) if paper.address else None
    html = rendered("stock_report.html", paper=paper, symbol=symbol, language=language)
    return page_pdf(html, "stock_report.css")
