"""What stands on a label, as ``printing`` wants it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from app.catalog.codes import gtin14
from app.kit import sql
from app.kit.money import plain
from app.labelling.problems import NothingToLabel
from app.scanning import own_codes
from printing.codes import Code, qr
from printing.labels import ItemLabel, LocationLabel, LotLabel

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class _Item:
    id: int
    code: str
    name: str
    specification: str
    unit: str
    packaging: str | None
    packed: Decimal | None
    barcode: str | None


@dataclass(frozen=True)
class _Lot:
    id: int
    code: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None
    item_code: str
    name: str
    specification: str
    is_serial: bool
    barcode: str | None


@dataclass(frozen=True)
class _Location:
    id: int
    code: str
    name: str
    check_letter: str
    store: str
    warehouse: str
    zone: str


def item_label(session: Session, item_id: int, packaging_id: int | None = None) -> ItemLabel:
    """The item's own barcode, or its pack's; a QR of ours where it has none.

    Raises:
        NothingToLabel: no such item, or no such pack of it.
    """
    asked = {"item_id": item_id, "packaging_id": packaging_id}
    found = sql.one(session, _Item, QUERIES["item"], asked)
    if found is None:
        raise NothingToLabel
    gtin = gtin14(found.barcode or "") or ""
    packing = f"{found.packaging} x {plain(found.packed)} {found.unit}" if found.packed else ""
    return ItemLabel(
        name=found.name,
        item_code=found.code,
        spec=found.specification,
        packing=packing,
        gtin=gtin,
        code=None if gtin else _own_item(found),
    )


def _own_item(found: _Item) -> Code:
    """Whatever scans as this item: its own barcode as it is, else our code of the item."""
    if found.barcode:
        return qr(found.barcode, caption=found.barcode)
    return qr(own_codes.own_code(own_codes.ITEM, found.code), caption=found.code)


def lot_label(session: Session, lot_id: int) -> LotLabel:
    """The lot or serial number with its dates, as a GS1 QR where the item has a GTIN.

    Raises:
        NothingToLabel: no such lot.
    """
    found = sql.one(session, _Lot, QUERIES["lot"], {"lot_id": lot_id})
    if found is None:
        raise NothingToLabel
    gtin = gtin14(found.barcode or "") or ""
    return LotLabel(
        name=found.name,
        item_code=found.item_code,
        lot="" if found.is_serial else found.code,
        serial=found.code if found.is_serial else "",
        gtin=gtin,
        spec=found.specification,
        expires_on=found.expires_on,
        best_before_on=found.best_before_on,
        produced_on=found.produced_on,
        code=None if gtin else _own_lot(found),
    )


def _own_lot(found: _Lot) -> Code:
    key = own_codes.lot_key(found.item_code, found.code)
    return qr(own_codes.own_code(own_codes.LOT, key), caption=found.code)


def location_labels(
    session: Session, *, location_id: int | None = None, zone_id: int | None = None
) -> list[LocationLabel]:
    """One place, or all of a zone in walking order.

    Raises:
        NothingToLabel: none that the caller may see.
    """
    name, value = ("location", location_id) if zone_id is None else ("locations", zone_id)
    asked = {"location_id": value, "zone_id": value}
    found = sql.rows(session, _Location, QUERIES[name], asked)
    if not found:
        raise NothingToLabel
    return [_location_label(location) for location in found]


def _location_label(found: _Location) -> LocationLabel:
    return LocationLabel(
        name=found.code,
        code=qr(own_codes.own_code(own_codes.LOCATION, found.code), caption=""),
        place=" ".join(part for part in (found.store, found.warehouse, found.zone) if part),
        check=found.check_letter,
    )
