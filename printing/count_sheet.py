"""The count sheet on A4: where to go, what is there, room to write what was found.

Every line has its place already, so no page is laid out by a browser's rules: 500 lines take a
second.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from printing.codes import qr
from printing.label_pdf import LabelPdf
from printing.layout import Align, Box, Drawing, PlacedSymbol, Points, Shape, Text, fit_symbol
from printing.layout import fit_text as fitted
from printing.sizes import LabelSize
from printing.texts import Language, date_text, moment_text, phrase, quantity_text

LINES_PER_PAGE = 24
SPARE_LINES = 4
"""Empty lines behind the last one: for what is there and not listed."""
_A4 = LabelSize("a4", 210, 297, 10, 15, 9, 6.5)
_DPI = 300
_LEFT, _TOP, _WIDTH = 10.0, 32.0, 190.0
_HEAD, _ROW = 6.0, 9.0
_QR = Box(180, 9, 20, 20)
_QR_MODULE_MM = 0.6
_RULE = 0.2
_PADDING = 1.0
_SIGN_TOP, _SIGN_WIDTH = 260.0, 58.0

Report = Callable[[int, int], None]
"""Called with (pages done, pages in all) after each page."""


@dataclass(frozen=True)
class CountSheetLine:
    """One line, in the order of the way; `book` is in `unit`.

    A place where the books have nothing has a line without an item.
    """

    number: int
    location: str
    item_code: str = ""
    item_name: str = ""
    spec: str = ""
    unit: str = ""
    lot: str = ""
    last_day: date | None = None
    sscc: str = ""
    book: Decimal | None = None


@dataclass(frozen=True)
class CountSheet:
    """A count on paper (盘点表). `address` is what its QR opens, the page's number behind it.

    Blind, it does not say what the books have. Moments are shown in the time zone that they
    arrive in.
    """

    code: str
    company: str
    store: str
    lines: tuple[CountSheetLine, ...]
    is_blind: bool = True
    note: str = ""
    address: str = ""
    printed_at: datetime | None = None
    printed_by: str = ""

    @property
    def pages(self) -> int:
        """How many sheets of paper it takes, the spare lines included."""
        return -(-(len(self.lines) + SPARE_LINES) // LINES_PER_PAGE)


class _Column(NamedTuple):
    word: str
    width: float
    align: Align = "left"


def count_sheet_pdf(
    paper: CountSheet, language: Language = "zh", report: Report | None = None
) -> bytes:
    """The sheet on A4 portrait; each page has its own QR and its own place to sign."""
    title = f"{phrase('count_sheet', language)} {paper.code}"
    document = LabelPdf(_A4, _DPI, language, title)
    for number in range(1, paper.pages + 1):
        document.add_page([(0.0, 0.0, _page(paper, number, language))])
        if report:
            report(number, paper.pages)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def _page(paper: CountSheet, number: int, language: Language) -> Drawing:
    columns = _columns(paper)
    start = (number - 1) * LINES_PER_PAGE
    shown = paper.lines[start : start + LINES_PER_PAGE]
    texts = [*_head(paper, number, language), *_titles(columns, language)]
    for place, line in enumerate(shown):
        texts += _line(line, columns, _TOP + _HEAD + place * _ROW, language)
    texts += _foot(paper, language)
    return Drawing(tuple(texts), tuple(_symbols(paper, number)), tuple(_rules(columns)))


def _columns(paper: CountSheet) -> list[_Column]:
    """Blind, what the books have leaves its room to the item."""
    book = [] if paper.is_blind else [_Column("book_column", 18, "right")]
    item = 69 if paper.is_blind else 51
    return [
        _Column("line", 9, "right"),
        _Column("location_column", 26),
        _Column("item", item),
        _Column("lot_expiry", 34),
        _Column("unit", 10, "center"),
        *book,
        _Column("counted_column", 23),
        _Column("note_column", 19),
    ]


def _head(paper: CountSheet, number: int, language: Language) -> Iterator[Text]:
    where = f"{paper.company} · {paper.store}"
    kind = phrase("blind" if paper.is_blind else "with_books", language)
    place = phrase("page_place", language, page=number, pages=paper.pages)
    code = f"{phrase('sheet_code', language)} {paper.code}"
    yield _text(where, Box(_LEFT, 9, 165, 4.2), 9)
    yield _text(phrase("count_sheet", language), Box(_LEFT, 13.5, 60, 8), 16, bold=True)
    yield _text(kind, Box(32, 15.6, 30, 5), 10)
    yield _text(code, Box(_LEFT, 22.5, 75, 5), 11, bold=True)
    yield _text(place, Box(88, 22.5, 40, 5), 10)
    yield _text(paper.note, Box(128, 22.5, 50, 5), 9)


def _titles(columns: list[_Column], language: Language) -> Iterator[Text]:
    left = _LEFT
    for column in columns:
        box = Box(left + 0.4, _TOP + 1, column.width - 0.8, _HEAD - 1)
        yield _text(phrase(column.word, language), box, 8, bold=True, align="center")
        left += column.width


def _line(
    line: CountSheetLine, columns: list[_Column], top: float, language: Language
) -> Iterator[Text]:
    """Two small lines in a column: a name over its code, a lot over its day or pallet."""
    left = _LEFT
    about = f"{line.item_code} {line.spec}".strip()
    day = date_text(line.last_day, language)
    lot = (f"{line.lot} {day}".strip(), line.sscc) if line.sscc else (line.lot, day)
    cells = {
        "line": (str(line.number), ""),
        "location_column": (line.location, ""),
        "item": (line.item_name, about),
        "lot_expiry": lot,
        "unit": (line.unit, ""),
        "book_column": (quantity_text(line.book) if line.item_code else "", ""),
    }
    for column in columns:
        first, second = cells.get(column.word, ("", ""))
        box = Box(left + _PADDING, top + 0.6, column.width - 2 * _PADDING, 4.4)
        bold = column.word == "location_column"
        middle = box if second else Box(box.left, top + 2.4, box.width, 4.4)
        if first:
            yield _text(first, middle, 9, bold=bold, align=column.align)
        if second:
            yield _text(second, Box(box.left, top + 5, box.width, 3.4), 7, align=column.align)
        left += column.width


def _foot(paper: CountSheet, language: Language) -> Iterator[Text]:
    for place, word in enumerate(("sign_counter", "sign_checker", "sign_date")):
        box = Box(_LEFT + place * (_SIGN_WIDTH + 8), _SIGN_TOP, _SIGN_WIDTH, 5)
        yield _text(phrase(word, language), box, 9)
    yield _text(phrase("spare_lines", language), Box(_LEFT, 277, 95, 4), 7.5)
    if paper.printed_at:
        moment = moment_text(paper.printed_at, language)
        words = phrase("printed", language, at=moment, by=paper.printed_by)
        yield _text(words, Box(105, 277, 95, 4), 7.5, align="right")


def _rules(columns: list[_Column]) -> Iterator[Shape]:
    bottom = _TOP + _HEAD + LINES_PER_PAGE * _ROW
    yield _filled(_LEFT, _TOP, _WIDTH, _RULE)
    for place in range(LINES_PER_PAGE + 1):
        yield _filled(_LEFT, _TOP + _HEAD + place * _ROW, _WIDTH, _RULE)
    left = _LEFT
    for column in columns:
        yield _filled(left, _TOP, _RULE, bottom - _TOP)
        left += column.width
    yield _filled(left, _TOP, _RULE, bottom - _TOP + _RULE)
    for place in range(3):
        yield _filled(_LEFT + place * (_SIGN_WIDTH + 8), _SIGN_TOP + 15, _SIGN_WIDTH, _RULE)


def _symbols(paper: CountSheet, number: int) -> Iterator[PlacedSymbol]:
    if paper.address:
        code = qr(f"{paper.address}?page={number}")
        yield fit_symbol(code, _QR, _DPI, largest=_QR_MODULE_MM, align="right")


def _text(words: str, box: Box, size: float, *, bold: bool = False, align: Align = "left") -> Text:
    least = min(size, _A4.least_pt)
    return fitted(words, box, Points(size, least), bold=bold, align=align)


def _filled(left: float, top: float, width: float, height: float) -> Shape:
    right, bottom = left + width, top + height
    return Shape(((left, top), (right, top), (right, bottom), (left, bottom)))
