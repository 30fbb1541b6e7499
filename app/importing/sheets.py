"""Reports of what was not imported, to correct and to send again."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from app.importing.queries import RowView
from app.kit.exports import write_csv, write_xlsx
from app.kit.i18n import gettext, mark
from app.spreadsheets.columns import Kind

ROW_HEADING, PROBLEM_HEADING = mark("Row"), mark("What is wrong")


def report_xlsx(kind: Kind, rows: Iterable[RowView]) -> bytes:
    """The rows as they were in the file, with their numbers and what is wrong with each."""
    file = io.BytesIO()
    write_xlsx(file, gettext(kind.title), _headings(kind), _lines(kind, rows))
    return file.getvalue()


def report_csv(kind: Kind, rows: Iterable[RowView]) -> bytes:
    """The same as CSV."""
    file = io.BytesIO()
    write_csv(file, _headings(kind), _lines(kind, rows))
    return file.getvalue()


def _lines(kind: Kind, rows: Iterable[RowView]) -> Iterator[list[str]]:
    return (_cells(kind, row) for row in rows)


def _headings(kind: Kind) -> list[str]:
    return [gettext(ROW_HEADING), gettext(PROBLEM_HEADING), *(c.label for c in kind.columns)]


def _cells(kind: Kind, row: RowView) -> list[str]:
    told = [
        f"{kind.column(one.field).label}: {one.message} {one.next_step}".strip()
        for one in row.found
    ]
    return [str(row.number), "\n".join(told), *(row.cells.get(c.field, "") for c in kind.columns)]
