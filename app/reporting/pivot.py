"""The margin report: figures by one dimension or two, with the rest summed up.

Every row and column total is the sum of the exact figures below it, and the whole is the sum of the
rows: nothing is rounded on the way, because each figure was rounded when it was booked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import LiteralString

from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import gettext, mark
from app.reporting.dimensions import Dimension, none_words, period_words
from app.reporting.figures import Figures, total
from app.reporting.problems import TooManyColumns
from app.reporting.question import Question
from app.reporting.selling_costs import selling_costs

QUERIES = sql.Queries(Path(__file__).with_name("pivot.sql"))
LABELS = sql.Queries(Path(__file__).with_name("labels.sql"))
MOST_COLUMNS, MOST_PERIODS = 24, 62
EVERY_PERIOD = 4000
OTHERS = mark("All others")
# Each report is planned for its own dimensions and filters, and sums in memory.
SETTINGS: LiteralString = (
    "select set_config('plan_cache_mode', 'force_custom_plan', true),"
    " set_config('work_mem', '96MB', true)"
)


@dataclass(frozen=True)
class Head:
    """A row or column: its key (None for all others together) and what it means."""

    key: str | None
    words: str
    note: str = ""


@dataclass(frozen=True)
class PivotRow:
    """A row: a cell for each column of the table (None where nothing was sold), and its total."""

    head: Head
    cells: tuple[Figures | None, ...]
    total: Figures


@dataclass(frozen=True)
class Pivot:
    """The whole table; ``rows_found`` counts the rows that there are, shown or not.

    ``as_of`` is the moment up to which everything that was booked is in.  ``selling`` has, by row,
    what the company's cost elements of sales come to: only of items, and where there are any.
    """

    question: Question
    as_of: datetime | None
    decimals: int
    columns: tuple[Head, ...]
    rows: tuple[PivotRow, ...]
    column_totals: tuple[Figures, ...]
    total: Figures
    rows_found: int
    selling: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])


@dataclass(frozen=True)
class _Cell:
    row_key: str | None
    column_key: str | None
    row_place: int | None
    column_place: int | None
    quantity: Decimal
    gross: Decimal
    revenue: Decimal
    returned: Decimal
    cost: Decimal
    corrected: Decimal
    rows_found: int
    columns_found: int

    @property
    def figures(self) -> Figures:
        return Figures(
            self.quantity, self.gross, self.revenue, self.returned, self.cost, self.corrected
        )


@dataclass(frozen=True)
class _Label:
    key: str
    words: str
    note: str


def pivot(session: Session, question: Question, most_rows: int) -> Pivot:
    """The report of what the caller sees, with at most ``most_rows`` rows besides "all others".

    Raises:
        TooManyColumns: more periods than a table holds side by side.
    """
    cells = _cells(session, question, most_rows)
    in_order = sorted(cells, key=lambda cell: cell.column_place or MOST_PERIODS + 1)
    columns = _heads(session, question.columns, [cell.column_key for cell in in_order])
    rows = _heads(session, question.rows, [cell.row_key for cell in cells])
    found = {(cell.row_key, cell.column_key): cell.figures for cell in cells}
    table = tuple(_row(head, columns, found) for head in rows)
    return Pivot(
        question=question,
        as_of=sql.value(session, QUERIES["as_of"]),
        decimals=int(sql.value(session, QUERIES["currency_decimals"])),
        columns=columns if question.columns else (),
        rows=table,
        column_totals=_column_totals(question, columns, found),
        total=total(row.total for row in table),
        rows_found=cells[0].rows_found if cells else 0,
        selling=_selling(session, question, table),
    )


def _selling(session: Session, question: Question, rows: Sequence[PivotRow]) -> dict[str, Decimal]:
    if question.rows.name != "item":
        return {}
    sold = {int(row.head.key): row.total for row in rows if row.head.key is not None}
    found = selling_costs(session, sold, question.till)
    return {str(item_id): amount for item_id, amount in found.items()}


def filled(name: str, question: Question) -> LiteralString:
    """The named statement with the question's joins and conditions."""
    text = QUERIES[name].replace("/*joins*/", question.joins)
    return text.replace("/*conditions*/", question.conditions)


def statement(question: Question) -> LiteralString:
    """The pivot's SQL."""
    columns = question.columns
    text = filled("pivot", question)
    if columns is None or (question.rows.is_coarse and columns.is_coarse):
        text = text.replace("from cut /*few*/", "from grouped")
    text = text.replace("sale.item_id /*row*/", question.rows.key)
    text = text.replace("sale.store_id /*column*/", columns.key if columns else "0::bigint")
    return text.replace(
        "revenue desc /*row order*/", "row_key" if question.rows.is_period else question.order
    ).replace(
        "revenue desc /*column order*/",
        "column_key" if columns is None or columns.is_period else "revenue desc",
    )


def _cells(session: Session, question: Question, most_rows: int) -> list[_Cell]:
    by_period = question.columns is not None and question.columns.is_period
    most_columns = MOST_PERIODS if by_period else MOST_COLUMNS
    asked = question.parameters | {
        "most_rows": EVERY_PERIOD if question.rows.is_period else most_rows,
        "most_columns": most_columns,
    }
    sql.value(session, SETTINGS)
    cells = sql.rows(session, _Cell, statement(question), asked)
    if by_period and cells and cells[0].columns_found > most_columns:
        raise TooManyColumns(found=cells[0].columns_found, most=most_columns)
    return cells


def _heads(
    session: Session, dimension: Dimension | None, keys: list[str | None]
) -> tuple[Head, ...]:
    """Each key once, in the order of the cells; all others last."""
    shown = [key for key in dict.fromkeys(keys) if key is not None]
    others = [Head(None, gettext(OTHERS))] if None in keys else []
    if dimension is None:
        return (*(Head(key, "") for key in shown), *others)
    labels = labels_of(session, dimension, shown)
    return (*(labels[key] for key in shown), *others)


def labels_of(session: Session, dimension: Dimension, keys: list[str]) -> dict[str, Head]:
    """What the keys mean; one that nobody knows any more stands for itself."""
    if dimension.is_period:
        return {
            key: Head(key, period_words(dimension.name, date.fromisoformat(key))) for key in keys
        }
    if dimension.name == "region":
        return {key: Head(key, key or none_words(dimension)) for key in keys}
    asked = {"keys": [int(key) for key in keys]}
    found = sql.rows(session, _Label, LABELS[dimension.name], asked)
    known = {label.key: Head(label.key, label.words.strip(), label.note) for label in found}
    return {
        key: known.get(key)
        or Head(key, none_words(dimension) if key == dimension.nothing else f"#{key}")
        for key in keys
    }


_Found = dict[tuple[str | None, str | None], Figures]


def _row(head: Head, columns: tuple[Head, ...], found: _Found) -> PivotRow:
    cells = tuple(found.get((head.key, column.key)) for column in columns)
    return PivotRow(head, cells, total(cell for cell in cells if cell))


def _column_totals(
    question: Question, columns: tuple[Head, ...], found: _Found
) -> tuple[Figures, ...]:
    if question.columns is None:
        return ()
    return tuple(
        total(figures for (_, key), figures in found.items() if key == column.key)
        for column in columns
    )
