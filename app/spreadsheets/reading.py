"""From a table to rows: find the headings, read every cell, note everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.kit.i18n import mark
from app.spreadsheets.cells import CellFault, refuse_formula
from app.spreadsheets.columns import Column, Kind
from app.spreadsheets.files import LONGEST_CELL, Table
from app.spreadsheets.findings import Row
from app.spreadsheets.headings import Headings, find_headings
from app.spreadsheets.problems import FileEmpty

Report = Callable[[int, int], None]
"""Called with (rows done, rows in all) now and then."""

EVERY = 1000
NEEDED = mark("It is needed.")


def read_rows(
    kind: Kind, table: Table, defaults: Mapping[str, str], report: Report
) -> tuple[Headings, list[Row]]:
    """Every row below the headings that isn't empty.

    Args:
        defaults: texts for the required columns that the file may lack, such as the base unit.

    Raises:
        NoHeadings, HeadingTwice, FileEmpty.
    """
    headings = find_headings(kind, table.rows, tuple(defaults))
    filled = [
        (table.first_row + place, cells)
        for place, cells in enumerate(table.rows)
        if place > headings.row and any(cells)
    ]
    if not filled:
        raise FileEmpty
    rows: list[Row] = []
    for number, cells in filled:
        rows.append(_row(kind, headings, number, cells, defaults))
        if len(rows) % EVERY == 0:
            report(len(rows), len(filled))
    return headings, rows


def _row(
    kind: Kind, headings: Headings, number: int, cells: list[str], defaults: Mapping[str, str]
) -> Row:
    row = Row(number, {}, {}, [])
    for column in kind.columns:
        place = headings.fields.get(column.field)
        cell = cells[place] if place is not None and place < len(cells) else ""
        _read(row, column, cell or defaults.get(column.field, ""))
    return row


def _read(row: Row, column: Column, cell: str) -> None:
    if cell:
        row.cells[column.field] = cell[:LONGEST_CELL]
    try:
        value = _value(column, cell)
    except CellFault as fault:
        row.refuse(column.field, fault)
    else:
        if value not in ("", None):
            row.values[column.field] = value


def _value(column: Column, cell: str) -> Any:
    """The cell's value; None where it is empty."""
    value = None
    if cell:
        refuse_formula(cell)
        value = column.read(cell)
    if value in ("", None) and column.required:
        raise CellFault(NEEDED, mark("Fill in the cell."))
    return value
