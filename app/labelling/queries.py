"""What stands on labels, as ``printing`` wants it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.access.roles import ROLE_NAMES
from app.catalog.codes import gtin14
from app.kit import sql
from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.labelling.stored import Found, unpacked
from app.scanning import own_codes
from printing.codes import Code, qr
from printing.labels import (
    BadgeLabel,
    CommandLabel,
    DocumentLabel,
    ItemLabel,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
)

QUERIES = sql.Queries.beside(__file__)
COMMAND_HINTS = {
    "OK": mark("Confirm"),
    "UNDO": mark("Take back the last step"),
    "PRINT": mark("Print the label"),
    "SKIP": mark("Go on to the next"),
    "CANCEL": mark("Stop this"),
    "+1": mark("One more"),
    "+10": mark("Ten more"),
    "-1": mark("One less"),
}
"""The commands on the sheet, each with what it does."""
T = TypeVar("T")


@dataclass(frozen=True)
class ItemRow:
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


@dataclass(frozen=True)
class _Unit:
    id: int
    sscc: str
    store: str
    content: dict[str, Any] | None


@dataclass(frozen=True)
class _User:
    id: int
    name: str
    login: str
    badge: str
    role: str
    store: str


@dataclass(frozen=True)
class _Document:
    id: int
    number: str
    partner: str
    created_at: datetime
    store: str
    time_zone: str

    @property
    def day(self) -> date:
        return self.created_at.astimezone(ZoneInfo(self.time_zone)).date()


def items(session: Session, ids: Sequence[int], packaging_ids: Sequence[int | None]) -> list[Found]:
    """Each item's own barcode, or its pack's; a QR of ours where it has none."""
    asked = {"ids": list(ids), "packaging_ids": list(packaging_ids)}
    found = sql.rows(session, ItemRow, QUERIES["items"], asked)
    return [Found(row.id, item_label(row)) for row in found]


def item_label(row: ItemRow) -> ItemLabel | PackagingLabel:
    gtin = gtin14(row.barcode or "") or ""
    code = None if gtin else _own_item(row)
    if row.packaging:
        packing = f"1 {row.packaging} = {plain(row.packed)} {row.unit}" if row.packed else ""
        return PackagingLabel(
            name=row.name,
            item_code=row.code,
            packing=packing,
            spec=row.specification,
            gtin=gtin,
            code=code,
        )
    return ItemLabel(
        name=row.name, item_code=row.code, spec=row.specification, gtin=gtin, code=code
    )


def _own_item(row: ItemRow) -> Code:
    """Whatever scans as this item: its own barcode as it is, else our code of the item."""
    if row.barcode:
        return qr(row.barcode, caption=row.barcode)
    return qr(own_codes.own_code(own_codes.ITEM, row.code), caption=row.code)


def lots(session: Session, ids: Sequence[int]) -> list[Found]:
    """Lot or serial number with its dates, as a GS1 QR where the item has a GTIN."""
    return [Found(row.id, _lot_label(row)) for row in _rows(session, _Lot, "lots", ids)]


def _lot_label(row: _Lot) -> LotLabel:
    gtin = gtin14(row.barcode or "") or ""
    return LotLabel(
        name=row.name,
        item_code=row.item_code,
        lot="" if row.is_serial else row.code,
        serial=row.code if row.is_serial else "",
        gtin=gtin,
        spec=row.specification,
        expires_on=row.expires_on,
        best_before_on=row.best_before_on,
        produced_on=row.produced_on,
        code=None if gtin else _own_lot(row),
    )


def _own_lot(row: _Lot) -> Code:
    key = own_codes.lot_key(row.item_code, row.code)
    return qr(own_codes.own_code(own_codes.LOT, key), caption=row.code)


def locations(session: Session, ids: Sequence[int]) -> list[Found]:
    rows = _rows(session, _Location, "locations", ids)
    return [Found(row.id, _location_label(row)) for row in rows]


def locations_of_zones(session: Session, ids: Sequence[int], limit: int) -> list[int]:
    """The places of these zones in walking order."""
    return _ids(session, QUERIES["locations_of_zones"], {"ids": list(ids), "limit": limit})


def all_items(session: Session, limit: int) -> list[int]:
    return _ids(session, QUERIES["all_items"], {"limit": limit})


def all_locations(session: Session, store_id: int, limit: int) -> list[int]:
    return _ids(session, QUERIES["all_locations"], {"store_id": store_id, "limit": limit})


def _location_label(row: _Location) -> LocationLabel:
    return LocationLabel(
        name=row.code,
        code=qr(own_codes.own_code(own_codes.LOCATION, row.code), caption=""),
        place=" ".join(part for part in (row.store, row.warehouse, row.zone) if part),
        check=row.check_letter,
    )


def units(session: Session, ids: Sequence[int]) -> list[Found]:
    """What their last labels said of the content; the number alone where none was printed."""
    return [Found(row.id, _unit_label(row)) for row in _rows(session, _Unit, "units", ids)]


def _unit_label(row: _Unit) -> LogisticUnitLabel:
    known = unpacked("logistic_unit", row.content) if row.content else None
    if isinstance(known, LogisticUnitLabel):
        return known
    return LogisticUnitLabel(row.sscc, sender=row.store)


def badges(session: Session, ids: Sequence[int]) -> list[Found]:
    """Badges of people who have one."""
    return [Found(row.id, _badge_label(row)) for row in _rows(session, _User, "users", ids)]


def _badge_label(row: _User) -> BadgeLabel:
    return BadgeLabel(
        name=row.name,
        code=qr(own_codes.own_code(own_codes.BADGE, row.badge), caption=""),
        number=row.login,
        role=gettext(ROLE_NAMES[row.role]),
        store=row.store,
    )


def receipt_documents(session: Session, ids: Sequence[int]) -> list[Found]:
    rows = _rows(session, _Document, "receipts", ids)
    return [Found(row.id, _document_label(row, gettext("Receipt"))) for row in rows]


def order_documents(session: Session, ids: Sequence[int]) -> list[Found]:
    rows = _rows(session, _Document, "orders", ids)
    return [Found(row.id, _document_label(row, gettext("Purchase order"))) for row in rows]


def _document_label(row: _Document, title: str) -> DocumentLabel:
    code = qr(own_codes.own_code(own_codes.DOCUMENT, row.number), caption="")
    return DocumentLabel(title, row.number, code, row.partner, row.day, row.store)


def commands() -> list[Found]:
    return [Found(None, command_label(name, hint)) for name, hint in COMMAND_HINTS.items()]


def command_label(name: str, hint: str) -> CommandLabel:
    code = qr(own_codes.own_code(own_codes.COMMAND, name), caption="")
    return CommandLabel(name, code, gettext(hint))


@dataclass(frozen=True)
class Goods:
    """Something that a receipt brought in, ``pieces`` times."""

    item_id: int
    lot_id: int | None
    packaging_id: int | None
    pieces: int


def goods_of_receipts(session: Session, ids: Sequence[int]) -> list[Goods]:
    return sql.rows(session, Goods, QUERIES["goods_of_receipts"], {"ids": list(ids)})


@dataclass(frozen=True)
class CodeThing:
    """What a code stands for; all None where it is unknown."""

    code: str
    item_id: int | None
    packaging_id: int | None
    location_id: int | None


def things_of_codes(session: Session, codes: Sequence[str]) -> list[CodeThing]:
    return sql.rows(session, CodeThing, QUERIES["things_of_codes"], {"codes": list(codes)})


def item_of_code(session: Session, code: str) -> ItemRow | None:
    return sql.one(session, ItemRow, QUERIES["item_of_code"], {"code": code})


def _rows(session: Session, row: type[T], name: str, ids: Sequence[int]) -> list[T]:
    return sql.rows(session, row, QUERIES[name], {"ids": list(ids)})


@dataclass(frozen=True)
class _Id:
    id: int


def _ids(session: Session, statement: LiteralString, asked: dict[str, Any]) -> list[int]:
    return [row.id for row in sql.rows(session, _Id, statement, asked)]
