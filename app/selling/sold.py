"""What the codes and units of a file stand for, and what is wrong with its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog.codes import corrected, normalised
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import fits
from app.orders.creating import NO_SUCH_ITEM, TOO_FINE
from app.selling.queries import VIEWS
from app.spreadsheets.cells import CellFault
from app.spreadsheets.findings import Row


@dataclass(frozen=True)
class SoldCode:
    """What a code stands for: an item, or one of its packs of ``factor`` base units."""

    code: str
    item_id: int
    item_code: str
    name: str
    specification: str
    unit: str
    unit_name: str
    decimals: int
    is_active: bool
    packaging: str | None
    factor: Decimal


@dataclass(frozen=True)
class Pack:
    item_id: int
    name: str
    quantity: Decimal


@dataclass(frozen=True)
class Sold:
    """An item in the unit that a row sells it by: ``factor`` base units each."""

    of: SoldCode
    unit: str
    factor: Decimal


@dataclass(frozen=True)
class Assortment:
    """The company's items that a file names, by code, with their packs by item."""

    codes: Mapping[str, SoldCode] = field(default_factory=dict[str, SoldCode])
    packs: Mapping[int, Sequence[Pack]] = field(default_factory=dict[int, Sequence[Pack]])

    def units_of(self, item: SoldCode) -> dict[str, tuple[str, Decimal]]:
        """Name in lower case -> (unit, base units of it)."""
        units = {name.casefold(): (item.unit, Decimal(1)) for name in (item.unit, item.unit_name)}
        packs = self.packs.get(item.item_id, ())
        return units | {pack.name.casefold(): (pack.name, pack.quantity) for pack in packs}


def assortment(session: Session, rows: Sequence[Row]) -> Assortment:
    """Whatever the rows name by code or barcode."""
    texts = [row.values[name] for row in rows for name in ("item", "barcode") if name in row.values]
    codes = sorted({normalised(text) for text in texts})
    found = sql.rows(session, SoldCode, VIEWS["sold_codes"], {"codes": codes})
    packs: dict[int, list[Pack]] = defaultdict(list)
    item_ids = sorted({one.item_id for one in found})
    for pack in sql.rows(session, Pack, VIEWS["packs"], {"item_ids": item_ids}):
        packs[pack.item_id].append(pack)
    return Assortment({one.code: one for one in found}, packs)


def check_line(row: Row, known: Assortment, first: dict[int, int]) -> Sold | None:
    """Note what only the company's items can tell.

    Args:
        first: the row that named an item first, for this order; grows.
    """
    item = _named_by(row, known)
    if item is None:
        return None
    sold = _in_unit(row, item, known)
    if sold is not None:
        _check_quantity(row, sold)
    before = first.setdefault(item.item_id, row.number)
    if before != row.number:
        twice = mark("It is ordered in row {row} already.")
        row.warn("item", CellFault(twice, mark("Check whether both lines are meant."), row=before))
    return sold


def line_fields(row: Row) -> dict[str, Any]:
    """A good row as the fields of ``SalesLine``."""
    names = ("quantity", "unit", "unit_price", "discount_rate", "tax_rate", "minimum_days",
             "whole_packs")  # fmt: skip
    found = {name: row.values[name] for name in names if name in row.values}
    return {"item": row.values.get("barcode") or row.values.get("item", "")} | found


def _named_by(row: Row, known: Assortment) -> SoldCode | None:
    """What the row orders: by its barcode, which may be a pack's, else by its item code."""
    by_code, by_barcode = _named(row, "item", known), _named(row, "barcode", known)
    if not row.cells.keys() & {"item", "barcode"}:
        text = mark("There is neither code nor barcode.")
        row.refuse("item", CellFault(text, mark("Enter one of them.")))
    if by_code and by_barcode and by_code.item_id != by_barcode.item_id:
        text = mark("This barcode belongs to {name}, the code to {other}.")
        advice = mark("Correct one of the two.")
        fault = CellFault(text, advice, name=by_barcode.name, other=by_code.name)
        row.refuse("barcode", fault)
    return by_barcode or by_code


def _named(row: Row, column: str, known: Assortment) -> SoldCode | None:
    text = row.values.get(column)
    if text is None:
        return None
    item = known.codes.get(normalised(text))
    if item is None:
        row.refuse(column, _unknown(text))
    elif not item.is_active:
        advice = mark("Restore it first, or order another.")
        row.refuse(column, CellFault(mark("{name} is archived."), advice, name=item.name))
    return item


def _unknown(text: str) -> CellFault:
    right = corrected(text)
    if right:
        return CellFault(
            mark("The check digit is wrong: with the right one it is {right}."),
            mark("Read the barcode on the goods again. Your own numbers need another length."),
            right=right,
        )
    return CellFault(NO_SUCH_ITEM, mark("Import or create the item first."))


def _in_unit(row: Row, item: SoldCode, known: Assortment) -> Sold | None:
    """The unit that the row names, else the one that its code stands for."""
    named = row.values.get("unit")
    if named is None:
        return Sold(item, item.packaging or item.unit, item.factor)
    units = known.units_of(item)
    unit = units.get(str(named).casefold())
    if unit is None:
        text = mark("{name} is not sold by {value}.")
        advice = mark("It is sold by: {known}.")
        names = "、".join(dict.fromkeys(name for name, _factor in units.values()))
        row.refuse("unit", CellFault(text, advice, name=item.name, value=named, known=names))
        return None
    return Sold(item, *unit)


def _check_quantity(row: Row, sold: Sold) -> None:
    text = row.values.get("quantity")
    if text is not None and not fits(Decimal(text) * sold.factor, sold.of.decimals):
        fault = CellFault(TOO_FINE, mark("Round it."), decimals=sold.of.decimals)
        row.refuse("quantity", fault)
