"""Workbooks that go out: templates to fill in, and reports of what was not imported."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from app.importing.columns import Kind
from app.importing.queries import RowView
from app.kit.i18n import gettext, mark

ROW_HEADING, PROBLEM_HEADING = mark("Row"), mark("What is wrong")
_WIDE = 40


def template(kind: Kind) -> bytes:
    """An XLSX with the headings and one example row; every cell is text, so codes keep their zeros.

    Required columns are bold.  The example comes from the table of columns.
    """
    file = io.BytesIO()
    with _workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(gettext(kind.title))
        plain = book.add_format({"num_format": "@"})
        heading = book.add_format({"bg_color": "#E8F0EE", "num_format": "@"})
        needed = book.add_format({"bg_color": "#CFE3DD", "bold": True, "num_format": "@"})
        for place, column in enumerate(kind.columns):
            words = column.label + (" *" if column.required else "")
            sheet.set_column(place, place, max(12, 2 * len(words)), plain)
            sheet.write_string(0, place, words, needed if column.required else heading)
            sheet.write_string(1, place, column.example, plain)
        sheet.freeze_panes(1, 0)
    return file.getvalue()


def report_xlsx(kind: Kind, rows: Iterable[RowView]) -> bytes:
    """The rows as they were in the file, with their numbers and what is wrong with each."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with _workbook(file, options) as book:
        sheet = book.add_worksheet(gettext(kind.title))
        bold = book.add_format({"bold": True})
        for place, words in enumerate(_headings(kind)):
            sheet.write_string(0, place, words, bold)
        sheet.set_column(1, 1, _WIDE)
        sheet.freeze_panes(1, 2)
        for line, row in enumerate(rows, 1):
            _write_line(sheet, line, _cells(kind, row))
    return file.getvalue()


def _workbook(file: io.BytesIO, options: dict[str, bool]) -> Any:
    # Imported at the first file: it takes a tenth of the server's start.  Typed in part only.
    import xlsxwriter

    return xlsxwriter.Workbook(file, options)


def report_csv(kind: Kind, rows: Iterable[RowView]) -> bytes:
    """The same as CSV in UTF-8 with its mark, which spreadsheet programs need to see Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_headings(kind))
    writer.writerows([_harmless(cell) for cell in _cells(kind, row)] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _headings(kind: Kind) -> list[str]:
    return [gettext(ROW_HEADING), gettext(PROBLEM_HEADING), *(c.label for c in kind.columns)]


def _cells(kind: Kind, row: RowView) -> list[str]:
    told = [
        f"{kind.column(one.field).label}: {one.message} {one.next_step}".strip()
        for one in row.found
    ]
    return [str(row.number), "\n".join(told), *(row.cells.get(c.field, "") for c in kind.columns)]


def _write_line(sheet: Any, line: int, cells: Sequence[str]) -> None:
    for place, cell in enumerate(cells):
        sheet.write_string(line, place, cell)


def _harmless(cell: str) -> str:
    """A spreadsheet program would run a cell that begins like a formula: OWASP, CSV injection."""
    return "'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
