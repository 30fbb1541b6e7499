"""Tables as files for spreadsheet programs, a row at a time: memory does not grow with the rows.

XLSX keeps numbers as numbers and days as days, so that people can go on calculating; what a double
cannot hold exactly stays text.  CSV is UTF-8 behind its mark, which Excel needs to see Chinese.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from operator import attrgetter
from typing import Any, BinaryIO, Generic, TypeAlias, TypeVar
from unicodedata import east_asian_width

from app.kit import formats
from app.kit.i18n import gettext, mark
from app.kit.money import plain

Cell: TypeAlias = str | int | Decimal | date | datetime | None
"""What a cell may hold.  ``bool`` is an int: shown as yes or no."""
Row = TypeVar("Row")

MOST_ROWS = 1_048_575
"""Of a sheet below its headings."""
LONGEST_TEXT = 32_767
"""In UTF-16 units, of a cell of a sheet."""
YES, NO = mark("yes"), mark("no")
# What a spreadsheet program takes for the beginning of a formula (OWASP, CSV injection), the
# full-width ones as well, which East Asian versions read alike.
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - they are meant
# Digits that a double keeps, and that spreadsheet programs show.
_EXACT_DIGITS = 15
_FIRST_YEAR = 1900
_LOOKED_AT, _NARROWEST, _WIDEST = 200, 8, 50
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of an export.

    ``heading`` is a marked text; ``cell`` the name of the row's field, or a function of the row;
    ``needs`` the capability without which the column is left out.
    """

    heading: str
    cell: str | Callable[[Row], Cell]
    needs: str = ""

    @property
    def read(self) -> Callable[[Row], Cell]:
        return attrgetter(self.cell) if isinstance(self.cell, str) else self.cell


def cells_of(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[list[Cell]]:
    """The rows as the cells of these columns."""
    reads = [column.read for column in columns]
    for row in rows:
        yield [read(row) for read in reads]


# CSV --------------------------------------------------------------------------------------------


def write_csv(file: BinaryIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write headings and rows behind UTF-8's mark, lines ended as RFC 4180 wants it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_csv_text(cell) for cell in row] for row in rows)
    text.detach()


def _csv_text(cell: Cell) -> str:
    return harmless(cell) if isinstance(cell, str) else _text(cell)


def harmless(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet program would calculate."""
    return "'" + text if text.startswith(_FORMULA_STARTS) else text


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return gettext(YES if cell else NO)
        case datetime():
            return f"{formats.local(cell):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case Decimal():
            return plain(cell)
        case _:
            return str(cell)


# XLSX -------------------------------------------------------------------------------------------


def write_xlsx(
    file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write a workbook of one sheet; of at most ``MOST_ROWS`` rows, which the caller has counted.

    The temporary parts lie on disk until the file is closed.
    """
    source = iter(rows)
    first = list(islice(source, _LOOKED_AT))
    with workbook(file, **_OPTIONS) as book:
        sheet = book.add_worksheet(sheet_name(title))
        for place, width in enumerate(_widths(headings, first)):
            sheet.set_column(place, place, width)
        bold = book.add_format({"bold": True, "bg_color": "#E8F0EE"})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        sheet.freeze_panes(1, 0)
        write = _writer(book, sheet)
        line = 0
        for line, row in enumerate(chain(first, source), 1):
            for place, cell in enumerate(row):
                write(line, place, cell)
        if headings:
            sheet.autofilter(0, 0, line, len(headings) - 1)


def workbook(file: BinaryIO, **options: bool) -> Any:
    """A new workbook in the file with xlsxwriter's options, for a ``with`` statement."""
    # Imported at the first file: it takes a tenth of the server's start.  Typed in part only.
    import xlsxwriter

    return xlsxwriter.Workbook(file, options)


def _writer(book: Any, sheet: Any) -> Callable[[int, int, Cell], None]:
    """Puts a cell on the sheet, as what it is."""
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})

    def write(line: int, place: int, cell: Cell) -> None:
        if isinstance(cell, str):
            if cell:
                sheet.write_string(line, place, _fitting(cell))
        elif is_number(cell):
            sheet.write_number(line, place, cell)
        elif isinstance(cell, date) and cell.year >= _FIRST_YEAR:
            with_time = isinstance(cell, datetime)
            shown = formats.local(cell) if with_time else cell
            sheet.write_datetime(line, place, shown, moment if with_time else day)
        elif cell is not None:
            sheet.write_string(line, place, _text(cell))

    return write


def is_number(cell: Cell) -> bool:
    """Whether a spreadsheet program would show exactly this number again."""
    if isinstance(cell, Decimal):
        return cell.is_finite() and len(plain(cell).strip("-0.").replace(".", "")) <= _EXACT_DIGITS
    return type(cell) is int and abs(cell) < 10**_EXACT_DIGITS


def sheet_name(title: str) -> str:
    """The title as Excel lets a sheet be called: 31 characters, without some, no quote around."""
    allowed = "".join(" " if letter in r"[]:*?/\\" else letter for letter in title)
    return allowed[:31].strip(" '") or "1"


def _fitting(text: str) -> str:
    """What fits into one cell; the end of a longer text is left out, and an ellipsis says so."""
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return text
    cut = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - 1)]
    return cut.decode("utf-16-le", "ignore") + "…"


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Of each column in characters, after its heading and the first rows."""
    widths = [_width(heading) + 3 for heading in headings]  # room for the button of the filter
    for row in rows:
        widths = [max(width, _width(_text(cell))) for width, cell in zip(widths, row, strict=True)]
    return [min(max(width + 1, _NARROWEST), _WIDEST) for width in widths]


def _width(text: str) -> int:
    first = text[:_WIDEST].partition("\n")[0]
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in first)
