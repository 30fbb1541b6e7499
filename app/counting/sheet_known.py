"""What a filled sheet is compared with, read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from app.catalog.codes import normalised, tidied
from app.counting.sheet_making import SHEETS
from app.kit import sql
from app.spreadsheets.findings import Row

Key = tuple[int, int | None, int | None, int | None]
"""Location, item, lot and logistic unit."""


@dataclass(frozen=True)
class KnownPlace:
    """A location that the file names; without ``task_id`` it is not on this sheet."""

    code: str
    id: int
    name: str
    task_id: int | None
    item_id: int | None
    item: str | None
    state: str | None
    holder: str | None
    has_lines: bool
    counted_before: bool


@dataclass(frozen=True)
class KnownItem:
    code: str
    id: int
    name: str
    unit: str
    decimals: int
    tracking: str
    expiry_rule: str
    is_active: bool


@dataclass(frozen=True)
class KnownLot:
    id: int
    item_id: int
    code: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None


@dataclass(frozen=True)
class Expected:
    """A line of the sheet; ``book`` is what the books had when it was made."""

    number: int
    task_id: int
    location_id: int
    item_id: int | None
    lot_id: int | None
    logistic_unit_id: int | None
    book: Decimal
    location: str
    item: str
    lot: str

    @property
    def key(self) -> Key:
        """By which a row of the file is found to be this line."""
        return self.location_id, self.item_id, self.lot_id, self.logistic_unit_id


@dataclass(frozen=True)
class _Unit:
    id: int
    sscc: str


@dataclass(frozen=True)
class _Serial:
    lot_id: int
    location: str


@dataclass(frozen=True)
class _Code:
    code: str


@dataclass
class Known:
    """The store's answer to a file.

    ``places`` by code: several where the sheet counts items, not whole places.
    """

    sheet: str
    is_opening: bool = False
    places: dict[str, list[KnownPlace]] = field(default_factory=dict[str, list[KnownPlace]])
    elsewhere: frozenset[str] = frozenset()
    items: dict[str, KnownItem] = field(default_factory=dict[str, KnownItem])
    lots: dict[tuple[int, str], KnownLot] = field(default_factory=dict[tuple[int, str], KnownLot])
    units: dict[str, int] = field(default_factory=dict[str, int])
    serials: dict[int, str] = field(default_factory=dict[int, str])
    expected: dict[Key, Expected] = field(default_factory=dict[Key, Expected])


@dataclass(frozen=True)
class Sheet:
    """The sheet that a file says it is, and who counted."""

    id: int
    count_id: int
    code: str
    counted_by: int
    is_opening: bool = False


def look_up(session: Session, sheet: Sheet, rows: Iterable[Row]) -> Known:
    """Everything that the checks compare the rows with."""
    rows = list(rows)
    places = _codes(rows, "location")
    asked = {"codes": places, "sheet_id": sheet.id, "counted_by": sheet.counted_by}
    known = Known(sheet.code, sheet.is_opening)
    for place in sql.rows(session, KnownPlace, SHEETS["known_places"], asked):
        known.places.setdefault(place.code, []).append(place)
    strange = {"codes": [code for code in places if code not in known.places]}
    elsewhere = sql.rows(session, _Code, SHEETS["places_elsewhere"], strange)
    known.elsewhere = frozenset(one.code for one in elsewhere)
    items = {"codes": _codes(rows, "item")}
    found = sql.rows(session, KnownItem, SHEETS["known_items"], items)
    known.items = {item.code: item for item in found}
    _look_up_goods(session, sheet, rows, known)
    return known


def _look_up_goods(session: Session, sheet: Sheet, rows: list[Row], known: Known) -> None:
    lots = {
        "item_ids": sorted({item.id for item in known.items.values()}),
        "lots": sorted({tidied(row.values["lot"]) for row in rows if "lot" in row.values}),
    }
    found = sql.rows(session, KnownLot, SHEETS["known_lots"], lots)
    known.lots = {(lot.item_id, lot.code): lot for lot in found}
    units = {"codes": sorted({row.values["sscc"] for row in rows if "sscc" in row.values})}
    known.units = {u.sscc: u.id for u in sql.rows(session, _Unit, SHEETS["known_units"], units)}
    counted = {"count_id": sheet.count_id}
    seen = sql.rows(session, _Serial, SHEETS["seen_serials"], counted)
    known.serials = {serial.lot_id: serial.location for serial in seen}
    lines = sql.rows(session, Expected, SHEETS["expected"], {"sheet_id": sheet.id})
    known.expected = {line.key: line for line in lines}


def _codes(rows: Iterable[Row], column: str) -> list[str]:
    return sorted({normalised(row.values[column]) for row in rows if column in row.values})
