"""Typed reading of the catalog: what its screens and its API show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog.codes import normalised, tidied
from app.catalog.problems import NoSuchItem, NoSuchPartner, NoSuchPlace
from app.kit import sql
from app.kit.sql import Queries
from app.kit.web import BadCursor, Cursor, Listing

QUERIES = Queries.beside(__file__)
SORTS = ("code", "name", "category")
STATES = ("active", "archived", "all")


@dataclass(frozen=True)
class ItemRow:
    """An item in a list; ``barcode`` is one of its own, empty where it has none."""

    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    decimals: int
    tracking: str
    price: Decimal
    is_active: bool
    category: str
    sort_key: str
    barcode: str


@dataclass(frozen=True)
class ItemView:
    id: int
    code: str
    name: str
    specification: str
    category_id: int | None
    category: str
    base_unit: str
    decimals: int
    tracking: str
    expiry_rule: str
    shelf_life_days: int | None
    minimum_days_on_receipt: int
    catch_weight: bool
    cost_method: str
    inspect_on_receipt: bool
    safety_stock: Decimal
    price: Decimal
    tax_rate: Decimal
    is_active: bool
    created_at: datetime
    weight_kg: Decimal | None
    volume_litre: Decimal | None


@dataclass(frozen=True)
class BarcodeView:
    """A barcode as stored; ``shown`` is how it is printed on the goods."""

    code: str
    packaging_id: int | None
    packaging: str

    @property
    def shown(self) -> str:
        return shortest(self.code)


@dataclass(frozen=True)
class PackagingView:
    id: int
    name: str
    quantity: Decimal


@dataclass(frozen=True)
class ItemPage:
    """An item with its packs and barcodes."""

    item: ItemView
    packagings: list[PackagingView]
    barcodes: list[BarcodeView]


@dataclass(frozen=True)
class LotView:
    id: int
    code: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None


@dataclass(frozen=True)
class UnitView:
    code: str
    name: str
    decimals: int


@dataclass(frozen=True)
class CategoryView:
    id: int
    parent_id: int | None
    code: str
    name: str


@dataclass(frozen=True)
class LocationView:
    id: int
    code: str
    name: str
    kind: str
    sequence: int
    check_letter: str
    is_active: bool
    store_id: int
    store: str
    warehouse_id: int
    warehouse: str
    zone_id: int | None
    zone: str


@dataclass(frozen=True)
class WarehouseView:
    id: int
    code: str
    name: str
    store_id: int
    store: str
    is_auxiliary: bool
    allows_negative: bool
    locations: int


@dataclass(frozen=True)
class ZoneView:
    id: int
    code: str
    name: str
    warehouse_id: int
    is_pickable: bool


@dataclass(frozen=True)
class PartnerView:
    id: int
    code: str
    name: str
    kind: str
    phone: str
    tax_number: str
    is_active: bool


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to.  Unknown words mean the default: old links still work."""

    search: str = ""
    state: str = "active"
    sort: str = "code"
    category_id: int | None = None
    warehouse_id: int | None = None
    store_id: int | None = None
    kind: str = ""
    cursor: Cursor = field(default_factory=Cursor)

    def parameters(self) -> dict[str, Any]:
        text = tidied(self.search)[:80]
        escaped = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        code = normalised(text)
        after = self.cursor.after or (None, None)
        if len(after) != 2 or (after[0] and not _is_key(after)):  # noqa: PLR2004 - (key, id)
            raise BadCursor
        return {
            "search": text,
            "beginning": escaped + "%",
            "part": f"%{escaped}%",
            "code": code,
            "code_beginning": _code_beginning(escaped, code),
            "state": self.state if self.state in STATES else "active",
            "sort": self.sort.removeprefix("-"),
            "descending": self.sort.startswith("-"),
            "category_id": self.category_id,
            "warehouse_id": self.warehouse_id,
            "store_id": self.store_id,
            "kind": self.kind if self.kind in {"supplier", "customer"} else "",
            "after_key": after[0],
            "after_id": after[1],
            "limit": self.cursor.limit + 1,
        }

    def unpaged(self) -> dict[str, Any]:
        """The same from the first row to the last."""
        return {**self.parameters(), "after_key": None, "after_id": None, "limit": None}


def items(session: Session, wanted: Filter) -> Listing[ItemRow]:
    rows = sql.rows(session, ItemRow, QUERIES["items"], wanted.parameters())
    return wanted.cursor.cut(rows, "sort_key", "id")


def every_item(wanted: Filter) -> sql.Select[ItemRow]:
    """All of that list, whatever page ``wanted`` names; so the two below."""
    return sql.Select(ItemRow, QUERIES["items"], wanted.unpaged())


def item(session: Session, item_id: int) -> ItemPage:
    """Raises NoSuchItem."""
    key = {"id": item_id}
    found = sql.one(session, ItemView, QUERIES["item"], key)
    if found is None:
        raise NoSuchItem
    packs = sql.rows(session, PackagingView, QUERIES["packagings_of_item"], key)
    return ItemPage(found, packs, sql.rows(session, BarcodeView, QUERIES["barcodes_of_item"], key))


def lots(session: Session, item_id: int, cursor: Cursor) -> Listing[LotView]:
    """The item's lots, the newest first."""
    after = cursor.after[0] if cursor.after else None
    if after is not None and not isinstance(after, int):
        raise BadCursor
    parameters = {"id": item_id, "after": after, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, LotView, QUERIES["lots_of_item"], parameters), "id")


def units(session: Session) -> list[UnitView]:
    return sql.rows(session, UnitView, QUERIES["units"])


def categories(session: Session) -> list[CategoryView]:
    return sql.rows(session, CategoryView, QUERIES["categories"])


def locations(session: Session, wanted: Filter) -> Listing[LocationView]:
    rows = sql.rows(session, LocationView, QUERIES["locations"], wanted.parameters())
    return wanted.cursor.cut(rows, "code", "id")


def every_location(wanted: Filter) -> sql.Select[LocationView]:
    return sql.Select(LocationView, QUERIES["locations"], wanted.unpaged())


def location(session: Session, location_id: int) -> LocationView:
    """Raises NoSuchPlace for virtual places too."""
    found = sql.one(session, LocationView, QUERIES["location"], {"id": location_id})
    if found is None:
        raise NoSuchPlace
    return found


def warehouses(session: Session) -> list[WarehouseView]:
    return sql.rows(session, WarehouseView, QUERIES["warehouses"])


def zones(session: Session) -> list[ZoneView]:
    return sql.rows(session, ZoneView, QUERIES["zones"])


def partners(session: Session, wanted: Filter) -> Listing[PartnerView]:
    rows = sql.rows(session, PartnerView, QUERIES["partners"], wanted.parameters())
    return wanted.cursor.cut(rows, "code", "id")


def every_partner(wanted: Filter) -> sql.Select[PartnerView]:
    return sql.Select(PartnerView, QUERIES["partners"], wanted.unpaged())


def partner(session: Session, partner_id: int) -> PartnerView:
    found = sql.one(session, PartnerView, QUERIES["partner"], {"id": partner_id})
    if found is None:
        raise NoSuchPartner
    return found


def shortest(code: str) -> str:
    """A GTIN-14 as it is printed: 13 digits as EAN-13, 8 as EAN-8; other codes as they are."""
    if len(code) != 14 or not code.isdigit() or code[0] != "0":  # noqa: PLR2004 - GTIN-14
        return code
    return code[6:] if code.startswith("000000") else code[1:]


def _is_key(after: tuple[Any, ...]) -> bool:
    return isinstance(after[0], str) and isinstance(after[1], int)


def _code_beginning(escaped: str, code: str) -> str:
    """Digits find barcodes by their beginning too: stored with a leading 0 as GTIN-14."""
    digits = code.isascii() and code.isdigit()
    least = 4
    return f"0{escaped}%" if digits and least <= len(code) < 14 else ""  # noqa: PLR2004 - GTIN-14
