"""The roll-forward of stock: opening, what came and went by kind, corrections, closing.

Everything is summed from the append-only value rows by their effective day, and only from those
that were known at the moment asked for, so a report of last March as of April says the same for
ever.  Where one pool serves all stores, a store's stock is worth its share of the item's value;
what moved between stores and what averaging over them did is then a column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO, split

QUERIES = sql.Queries.beside(__file__)
COMES = ("receipt", "return_in", "production_in", "gain", "transfer_in")
GOES = ("issue", "return_out", "production_out", "loss", "transfer_out")
LATER = ("correction", "between")
SORTS = (*COMES, *GOES, *LATER)
SORT_NAMES = {
    "receipt": mark("Goods received"),
    "return_in": mark("From customers"),
    "production_in": mark("Produced"),
    "gain": mark("Found"),
    "transfer_in": mark("Transferred in"),
    "issue": mark("Issued"),
    "return_out": mark("To suppliers"),
    "production_out": mark("Used up"),
    "loss": mark("Lost"),
    "transfer_out": mark("Transferred out"),
    "correction": mark("Corrections"),
    "between": mark("Between stores"),
}
LEVELS = {
    "item": mark("By item"),
    "category": mark("By category"),
    "store": mark("By store"),
    "item_store": mark("By item and store"),
}


class Figure(NamedTuple):
    """Base units and money of the company; both signed."""

    quantity: Decimal = ZERO
    amount: Decimal = ZERO

    def plus(self, other: Figure) -> Figure:
        return Figure(self.quantity + other.quantity, self.amount + other.amount)

    def __bool__(self) -> bool:
        return bool(self.quantity or self.amount)


NOTHING = Figure()


@dataclass(frozen=True)
class Wanted:
    """From day to day, both included; ``known`` None is now; one store, or all of them."""

    since: date
    till: date
    known: datetime | None = None
    store_id: int | None = None
    level: str = "item"

    @property
    def level_words(self) -> str:
        """What a line is, to be translated."""
        return LEVELS[self.level]


@dataclass(frozen=True)
class Setting:
    """The company's own facts that a report needs."""

    company: str
    currency: str
    decimals: int
    cost_scope: str
    first_on: date | None
    today: date | None
    books_closed_until: date | None


@dataclass(frozen=True)
class ItemName:
    id: int
    code: str
    name: str
    unit: str
    category: str | None
    category_code: str | None


@dataclass(frozen=True)
class StoreName:
    id: int
    code: str
    name: str


@dataclass
class Line:
    """One line of the report.  ``unit`` is empty where quantities of several cannot be added."""

    code: str
    name: str
    unit: str
    store: str = ""
    opening: Figure = NOTHING
    moved: dict[str, Figure] = field(default_factory=dict[str, Figure])

    @property
    def closing(self) -> Figure:
        total = self.opening
        for figure in self.moved.values():
            total = total.plus(figure)
        return total

    def add(self, other: Line) -> None:
        self.opening = self.opening.plus(other.opening)
        for sort, figure in other.moved.items():
            self.moved[sort] = self.moved.get(sort, NOTHING).plus(figure)
        self.unit = self.unit if self.unit == other.unit else ""


@dataclass(frozen=True)
class Report:
    """Lines with their total; ``sorts`` are the columns that hold anything."""

    wanted: Wanted
    setting: Setting
    lines: Sequence[Line]
    total: Line
    sorts: Sequence[str]


@dataclass(frozen=True)
class _Fact:
    item_id: int
    store_id: int
    sort: str
    quantity: Decimal
    amount: Decimal


Cells = dict[tuple[int, int], Line]


def setting(session: Session) -> Setting:
    found = sql.one(session, Setting, QUERIES["bounds"])
    assert found is not None, "a company"
    return found


def report(session: Session, wanted: Wanted) -> Report:
    """The whole report; sums over every store are the caller's to allow."""
    own = setting(session)
    cells = rolled(session, wanted, own)
    if wanted.store_id is not None:
        cells = {key: line for key, line in cells.items() if key[1] == wanted.store_id}
    total = Line("", "", "")
    for line in cells.values():
        total.add(line)
    lines = _grouped(session, cells, wanted.level)
    sorts = [sort for sort in SORTS if any(line.moved.get(sort) for line in lines)]
    return Report(wanted, own, lines, total, sorts)


def rolled(session: Session, wanted: Wanted, own: Setting) -> Cells:
    """Per item and store."""
    values = {"since": wanted.since, "till": wanted.till, "known": wanted.known}
    cells: Cells = {}
    for fact in sql.rows(session, _Fact, QUERIES["facts"], values):
        line = cells.setdefault((fact.item_id, fact.store_id), Line("", "", ""))
        figure = Figure(fact.quantity, fact.amount)
        if fact.sort == "opening":
            line.opening = figure
        else:
            line.moved[fact.sort] = figure
    return cells if own.cost_scope == "store" else shared(cells, own.decimals)


# One pool for all stores -------------------------------------------------------------------------


def shared(cells: Cells, decimals: int) -> Cells:
    """A store's stock is worth its share of the item's; the rest of its change is ``between``."""
    by_item: dict[int, list[Line]] = {}
    for (item_id, _store_id), line in sorted(cells.items()):
        by_item.setdefault(item_id, []).append(line)
    for lines in by_item.values():
        if len(lines) > 1:
            _share(lines, decimals)
    return cells


def _share(lines: Sequence[Line], decimals: int) -> None:
    closings = _shares([line.closing for line in lines], decimals)
    openings = _shares([line.opening for line in lines], decimals)
    for line, opening, closing in zip(lines, openings, closings, strict=True):
        line.opening = line.opening._replace(amount=opening)
        between = closing - line.closing.amount
        if between:
            line.moved["between"] = Figure(ZERO, between)


def _shares(figures: Sequence[Figure], decimals: int) -> list[Decimal]:
    """The common value by quantity; where there is none of it, all is as it was booked."""
    quantities = [figure.quantity for figure in figures]
    if sum(quantities, ZERO) <= 0:
        return [figure.amount for figure in figures]
    return split(sum((figure.amount for figure in figures), ZERO), quantities, decimals)


# Grouping ----------------------------------------------------------------------------------------


def _grouped(session: Session, cells: Cells, level: str) -> list[Line]:
    items = {row.id: row for row in sql.rows(session, ItemName, QUERIES["items"])}
    stores = {row.id: row for row in stores_of(session)}
    lines: dict[tuple[str, str], Line] = {}
    for (item_id, store_id), cell in cells.items():
        item = items[item_id]
        head = _GROUPS[level](item, stores[store_id])
        cell.unit = item.unit
        lines.setdefault((head.code, head.store), head).add(cell)
    return [
        line for _key, line in sorted(lines.items()) if line.opening or any(line.moved.values())
    ]


_GROUPS: Mapping[str, Callable[[ItemName, StoreName], Line]] = {
    "item": lambda item, _store: Line(item.code, item.name, item.unit),
    "category": lambda item, _store: Line(item.category_code or "", item.category or "", item.unit),
    "store": lambda item, store: Line(store.code, store.name, item.unit),
    "item_store": lambda item, store: Line(item.code, item.name, item.unit, store.code),
}


def stores_of(session: Session) -> list[StoreName]:
    return sql.rows(session, StoreName, QUERIES["stores"])
