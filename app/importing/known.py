"""What the company already has, as far as a file is concerned: read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from app.catalog.codes import normalised
from app.kit import sql
from app.kit.sql import Queries
from app.spreadsheets.findings import Row

QUERIES = Queries.beside(__file__)


@dataclass(frozen=True)
class Meaning:
    """What a code stands for now; ``kind`` is ``elsewhere`` for a place of another store."""

    code: str
    kind: str
    owner: str
    name: str
    item_id: int | None = None
    packaging_id: int | None = None
    location_id: int | None = None


@dataclass(frozen=True)
class KnownItem:
    id: int
    code: str
    name: str
    decimals: int
    tracking: str
    expiry_rule: str
    is_active: bool


@dataclass(frozen=True)
class KnownPlace:
    """A location that can hold stock, with the virtual place that opening stock comes from."""

    id: int
    code: str
    store_id: int
    is_active: bool
    adjustment_id: int


@dataclass(frozen=True)
class KnownLot:
    item_id: int
    code: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    decimals: int


@dataclass(frozen=True)
class Category:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Zone:
    id: int
    code: str
    warehouse: str


@dataclass(frozen=True)
class Warehouse:
    id: int
    code: str
    store_id: int


@dataclass(frozen=True)
class StoredName:
    name: str
    specification: str


@dataclass(frozen=True)
class StoredPack:
    item_id: int
    name: str
    quantity: str


@dataclass
class Known:
    """The company's answer to a file; filled with what the file's kind needs."""

    codes: dict[str, Meaning] = field(default_factory=dict[str, Meaning])
    items: dict[int, KnownItem] = field(default_factory=dict[int, KnownItem])
    units: dict[str, Unit] = field(default_factory=dict[str, Unit])
    categories: dict[str, Category] = field(default_factory=dict[str, Category])
    warehouses: dict[str, Warehouse] = field(default_factory=dict[str, Warehouse])
    zones: dict[tuple[str, str], Zone] = field(default_factory=dict[tuple[str, str], Zone])
    places: dict[int, KnownPlace] = field(default_factory=dict[int, KnownPlace])
    lots: dict[tuple[int, str], KnownLot] = field(default_factory=dict[tuple[int, str], KnownLot])
    packs: dict[tuple[int, str], StoredPack] = field(
        default_factory=dict[tuple[int, str], StoredPack]
    )
    names: list[StoredName] = field(default_factory=list[StoredName])

    def meaning(self, code: str) -> Meaning | None:
        return self.codes.get(normalised(code))

    def item(self, code: str) -> KnownItem | None:
        meaning = self.meaning(code)
        return self.items.get(meaning.item_id) if meaning and meaning.item_id else None


CODE_FIELDS = ("code", "barcode", "pack_barcode", "item", "location")


def look_up(session: Session, rows: Iterable[Row], kind: str) -> Known:
    """Everything that the checks of this kind compare the rows with."""
    named = {str(row.values[f]) for row in rows for f in CODE_FIELDS if f in row.values}
    asked = {"codes": sorted({normalised(code) for code in named})}
    meanings = sql.rows(session, Meaning, QUERIES["meanings"], asked)
    known = Known(codes={meaning.code: meaning for meaning in meanings})
    items = {"ids": [meaning.item_id for meaning in meanings if meaning.item_id]}
    known.items = {i.id: i for i in sql.rows(session, KnownItem, QUERIES["known_items"], items)}
    if kind == "items":
        _look_up_lists(session, known)
    elif kind == "locations":
        _look_up_warehouses(session, known)
    elif kind == "barcodes":
        packs = sql.rows(session, StoredPack, QUERIES["packs_of_items"], items)
        known.packs = {(pack.item_id, pack.name): pack for pack in packs}
    elif kind == "opening_stock":
        places = {"ids": [meaning.location_id for meaning in meanings if meaning.location_id]}
        found = sql.rows(session, KnownPlace, QUERIES["known_places"], places)
        known.places = {place.id: place for place in found}
        lots = sql.rows(session, KnownLot, QUERIES["lots_of_items"], items)
        known.lots = {(lot.item_id, lot.code): lot for lot in lots}
    elif kind == "partners":
        known.names = sql.rows(session, StoredName, QUERIES["partner_names"])
    return known


def _look_up_lists(session: Session, known: Known) -> None:
    for unit in sql.rows(session, Unit, QUERIES["units"]):
        known.units[unit.name.casefold()] = unit
        known.units[unit.code.casefold()] = unit
    for category in sql.rows(session, Category, QUERIES["categories"]):
        known.categories.setdefault(category.name.casefold(), category)
        known.categories[category.code.casefold()] = category
    known.names = sql.rows(session, StoredName, QUERIES["item_names"])


def _look_up_warehouses(session: Session, known: Known) -> None:
    for warehouse in sql.rows(session, Warehouse, QUERIES["warehouses"]):
        known.warehouses[warehouse.code.casefold()] = warehouse
    for zone in sql.rows(session, Zone, QUERIES["zones"]):
        known.zones[zone.warehouse.casefold(), zone.code.casefold()] = zone
