"""Reading cost elements, and what their formulas see of items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from app.formulas.checking import Definition
from app.formulas.problems import NoSuchElement
from app.formulas.units import Unit, known_units
from app.kit import sql

QUERIES = sql.Queries.beside(__file__)
MOST_TRIED = 8


@dataclass(frozen=True)
class Setting:
    """``decimals`` are those of the currency."""

    currency: str
    decimals: int
    unit_codes: list[str]

    @property
    def units(self) -> Mapping[str, Unit]:
        return known_units(self.currency, self.unit_codes)


@dataclass(frozen=True)
class ElementView:
    """An element with the version that holds; its fields are None where none does yet."""

    id: int
    name: str
    title: str
    applies: str
    category_id: int | None
    category: str | None
    position: int
    is_active: bool
    version: int | None
    valid_from: date | None
    formula: str | None
    note: str | None
    changes_on: date | None

    @property
    def definition(self) -> Definition:
        formula = self.formula or ""
        return Definition(self.name, self.applies, formula, self.title, self.category_id)


@dataclass(frozen=True)
class VersionView:
    version: int
    valid_from: date
    formula: str
    note: str
    created_at: datetime
    creator: str | None


@dataclass(frozen=True)
class CategoryRow:
    id: int
    parent_id: int | None
    code: str
    name: str


@dataclass(frozen=True)
class ItemRow:
    """``unit_cost`` is for one base unit, as are ``weight_kg`` and ``volume_litre``."""

    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    price: Decimal
    tax_rate: Decimal
    category_id: int | None
    weight_kg: Decimal | None
    volume_litre: Decimal | None
    unit_cost: Decimal

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class _Day:
    day: date


def setting(session: Session) -> Setting:
    found = sql.one(session, Setting, QUERIES["setting"])
    return found or Setting("CNY", 2, [])


def elements(session: Session, day: date) -> list[ElementView]:
    return sql.rows(session, ElementView, QUERIES["elements"], {"today": day})


def in_force(session: Session, day: date) -> list[ElementView]:
    """Those that are used and have a formula on the day."""
    return [one for one in elements(session, day) if one.is_active and one.formula is not None]


def days_of_change(session: Session, after: date) -> list[date]:
    found = sql.rows(session, _Day, QUERIES["days_of_change"], {"today": after})
    return [row.day for row in found]


def element(session: Session, element_id: int, day: date) -> ElementView:
    """Raises NoSuchElement."""
    for one in elements(session, day):
        if one.id == element_id:
            return one
    raise NoSuchElement


def versions(session: Session, element_id: int) -> list[VersionView]:
    return sql.rows(session, VersionView, QUERIES["versions"], {"element_id": element_id})


def categories(session: Session) -> list[CategoryRow]:
    return sql.rows(session, CategoryRow, QUERIES["categories"])


def ancestry(rows: Sequence[CategoryRow]) -> Mapping[int, frozenset[int]]:
    """Of each category: itself and all those above it."""
    parents = {row.id: row.parent_id for row in rows}
    found: dict[int, frozenset[int]] = {}
    for category in parents:
        above: list[int] = []
        at: int | None = category
        while at is not None and at not in above:
            above.append(at)
            at = parents.get(at)
        found[category] = frozenset(above)
    return found


def items(session: Session, item_ids: Iterable[int]) -> list[ItemRow]:
    return sql.rows(session, ItemRow, QUERIES["items"], {"item_ids": list(item_ids)})


def some_items(
    session: Session, search: str, category_id: int | None, most: int = MOST_TRIED
) -> list[int]:
    """Items by code or name; what is worth most in stock first."""
    inside = "%" + search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    wanted = None
    if category_id is not None:
        tree = ancestry(categories(session))
        wanted = [own for own, above in tree.items() if category_id in above]
    asked = {"search": search, "inside": inside, "categories": wanted, "limit": most}
    return [row.id for row in sql.rows(session, _Id, QUERIES["some_items"], asked)]


@dataclass(frozen=True)
class _Id:
    id: int
