"""From the bytes of an XLSX or CSV file to rows of texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.kit.money import plain
from app.spreadsheets.problems import (
    FileEmpty,
    NoSpreadsheet,
    OldSpreadsheet,
    SpreadsheetTooBig,
    UnknownEncoding,
)
from app.spreadsheets.workbook_guard import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetFacts, inspect

LONGEST_CELL = 2000
DELIMITERS = ",;\t，|"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Whole numbers are exact in a spreadsheet up to 15 digits; after that its last ones are lost.
_EXACT = 10**15


@dataclass(frozen=True)
class Table:
    """The cells of a sheet as texts, '' where empty.

    ``first_row`` is the number that the spreadsheet program shows beside ``rows[0]``.  A cell whose
    formula failed holds its error (``#DIV/0!``), one that was never calculated holds ``=``.
    """

    rows: list[list[str]]
    source: str
    first_row: int = 1


def read(content: bytes) -> Table:
    """Read whichever format it is.

    Raises:
        Unreadable: one of ``app.spreadsheets.problems``, saying what to do.
    """
    if content.startswith(_OLE):
        raise OldSpreadsheet
    table = _workbook(content) if content.startswith(_ZIP) else _text(content)
    if not any(any(row) for row in table.rows):
        raise FileEmpty
    return table


# XLSX -------------------------------------------------------------------------------------------


def _workbook(content: bytes) -> Table:
    sheets = inspect(content)
    index = next((n for n, sheet in enumerate(sheets) if sheet.visible and sheet.cells), None)
    if index is None:
        raise FileEmpty
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheet = workbook.get_sheet_by_name(sheets[index].name)
            cells: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except CalamineError as error:
        raise NoSpreadsheet(reason=str(error)[:200]) from error
    rows = [[_cell(value) for value in row] for row in cells]
    _show_faults(rows, sheets[index])
    return Table(rows, f"xlsx: {sheets[index].name}")


def _show_faults(rows: list[list[str]], facts: SheetFacts) -> None:
    for (row, column), fault in facts.faults.items():
        while len(rows) <= row:
            rows.append([])
        while len(rows[row]) <= column:
            rows[row].append("")
        rows[row][column] = fault


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def _number(value: float) -> str:  # tidy: allow-float - how the reader hands out numbers
    """The digits that the spreadsheet program shows: 15 significant ones, 0.1 + 0.2 is 0.3."""
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    # Larger than that, the digits that were typed are gone: the exponent stays to show it.
    return plain(Decimal(f"{value:.15g}")) if abs(value) < _EXACT else f"{value:.15g}".upper()


# CSV --------------------------------------------------------------------------------------------


def _text(content: bytes) -> Table:
    if not content.strip():
        raise FileEmpty
    text, encoding = decoded(content)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([cell.strip() for cell in row])
            cells += len(row)
            if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                raise SpreadsheetTooBig(reason=f"line {len(rows)}")
    except csv.Error as error:
        raise NoSpreadsheet(reason=f"line {len(rows) + 1}: {error}") from error
    return Table(rows, f"csv: {encoding}")


def decoded(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, else UTF-8, else GB18030 (GBK).

    Raises:
        UnknownEncoding: with the first line that is in none of them.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _strictly(content, encoding), encoding
    unmarked = _unmarked_utf16(content)
    if unmarked:
        return _strictly(content, unmarked), unmarked
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strictly(content, "gb18030"), "gb18030"


def _strictly(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnknownEncoding(line=content[: error.start].count(b"\n") + 1) from error
    private = next((n for n, letter in enumerate(text) if "\ue000" <= letter <= "\uf8ff"), None)
    if private is not None and encoding == "gb18030":
        # Bytes of another encoding that happen to be GB18030 end up in its private area.
        raise UnknownEncoding(line=text[:private].count("\n") + 1)
    return text


def _unmarked_utf16(content: bytes) -> str:
    sample = content[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 8 < len(sample):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _delimiter(text: str) -> str:
    """The separator that is most frequent in the first lines, outside of quotes."""
    sample = "".join(part for n, part in enumerate(text[:4000].split('"')) if n % 2 == 0)
    return max(DELIMITERS, key=lambda mark: (sample.count(mark), -DELIMITERS.index(mark)))


def is_blank(row: Sequence[str]) -> bool:
    return not any(row)
