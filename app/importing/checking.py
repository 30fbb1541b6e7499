"""What can only be told by comparing rows: with each other, and with what the company has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.catalog.codes import corrected, normalised
from app.importing.known import Known, Meaning, StoredPack
from app.importing.names import Named, alike
from app.importing.opening import check_opening_stock
from app.importing.units import likely_decimals
from app.kit.i18n import mark
from app.spreadsheets.cells import CellFault
from app.spreadsheets.findings import Row


@dataclass
class Missing:
    """Units and categories that the file names and the company lacks: they can be created."""

    units: set[str] = field(default_factory=set[str])
    categories: set[str] = field(default_factory=set[str])


@dataclass(frozen=True)
class Settings:
    """What was chosen for the import: ``create_missing`` also creates units and categories."""

    create_missing: bool = False


LONGEST_SHORT_CODE = 20
USE_ANOTHER = mark("One code means one thing: use another one, or leave the row out.")
CREATE_OFFER = mark("Create it first, or have the missing ones created with this import.")


def check(kind: str, rows: list[Row], known: Known, settings: Settings) -> Missing:
    """Add to every row what is wrong with it; says what could be created to help."""
    missing = Missing()
    _CHECKS[kind](rows, known, settings, missing)
    return missing


# Codes ------------------------------------------------------------------------------------------


class Claims:
    """Which row wants which code for what: the first one gets it."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.taken: dict[str, tuple[int, object]] = {}

    def claim(self, row: Row, column: str, owner: object) -> None:
        """``owner`` is what the code will stand for: the same owner may name it twice."""
        text = row.values.get(column)
        if text is None:
            return
        first = self.taken.setdefault(normalised(text), (row.number, owner))
        if first[1] != owner:
            row.refuse(
                column,
                CellFault(
                    mark("{code} is already in row {row}."), USE_ANOTHER, code=text, row=first[0]
                ),
            )
        meaning = self.known.meaning(text)
        if meaning is not None:
            row.refuse(column, taken(text, meaning))


def taken(code: str, meaning: Meaning) -> CellFault:
    """The code already means something; says what."""
    texts = {
        "item": mark("{code} is already the item {name}."),
        "barcode": mark("{code} is already the barcode of {name} ({owner})."),
        "location": mark("{code} is already the location {owner}."),
        "partner": mark("{code} is already the partner {name}."),
        "elsewhere": mark("{code} is already a place of another store."),
    }
    return CellFault(
        texts[meaning.kind], USE_ANOTHER, code=code, name=meaning.name, owner=meaning.owner
    )


# Items ------------------------------------------------------------------------------------------


def _check_items(rows: list[Row], known: Known, settings: Settings, missing: Missing) -> None:
    claims = Claims(known)
    for row in rows:
        claims.claim(row, "code", ("item", row.number))
    for row in rows:
        claims.claim(row, "barcode", ("item", row.number))
        claims.claim(row, "pack_barcode", ("pack", row.number))
        _check_code_as_barcode(row)
        _check_unit(row, known, settings, missing)
        _check_category(row, known, settings, missing)
        _check_pack(row)
        _check_tracking(row)
    _warn_of_names(rows, known)


def _check_code_as_barcode(row: Row) -> None:
    text = row.values.get("code", "")
    right = corrected(text) if len(text) > 8 else None  # noqa: PLR2004 - 8 digits are often a number of one's own
    if right:
        fault = CellFault(
            mark("It looks like a barcode with a wrong check digit: {right} would be right."),
            mark("Check it, unless it is your own number."),
            right=right,
        )
        row.warn("code", fault)


def _check_unit(row: Row, known: Known, settings: Settings, missing: Missing) -> None:
    text = row.values.get("base_unit")
    if text is None:
        return
    unit = known.units.get(text.casefold())
    if unit:
        row.values["base_unit"] = unit.code
        row.values.setdefault("decimals", 0 if _is_serial(row) else unit.decimals)
        return
    row.values.setdefault("decimals", 0 if _is_serial(row) else likely_decimals(text))
    if not settings.create_missing:
        missing.units.add(text)
        row.refuse(
            "base_unit", CellFault(mark("There is no unit {value}."), CREATE_OFFER, value=text)
        )


def _check_category(row: Row, known: Known, settings: Settings, missing: Missing) -> None:
    text = row.values.get("category")
    if text is None:
        return
    category = known.categories.get(text.casefold())
    if category:
        row.values["category_id"] = category.id
    elif len(text) > LONGEST_SHORT_CODE:
        row.refuse(
            "category",
            CellFault(mark("There is no category {value}."), mark("Create it first."), value=text),
        )
    elif not settings.create_missing:
        missing.categories.add(text)
        row.refuse(
            "category", CellFault(mark("There is no category {value}."), CREATE_OFFER, value=text)
        )


def _check_pack(row: Row) -> None:
    values = row.values
    if "pack_quantity" not in values and ("pack_name" in values or "pack_barcode" in values):
        row.refuse(
            "pack_quantity",
            CellFault(mark("A pack needs its quantity."), mark("Enter how many are in one pack.")),
        )
    if "pack_quantity" in values and "pack_name" not in values:
        values["pack_name"] = "×" + str(values["pack_quantity"])
    _check_decimals(row, "pack_quantity")
    _check_decimals(row, "safety_stock")


def _check_decimals(row: Row, column: str) -> None:
    text, decimals = row.values.get(column), row.values.get("decimals")
    if text is None or decimals is None:
        return
    if len(str(text).partition(".")[2]) > int(decimals):
        row.refuse(
            column,
            CellFault(
                mark("The item is counted with {decimals} decimals."),
                mark("Round it, or give the item more decimals."),
                decimals=decimals,
            ),
        )


def _is_serial(row: Row) -> bool:
    return row.values.get("tracking") == "serial"


def _check_tracking(row: Row) -> None:
    values: dict[str, Any] = row.values
    if _is_serial(row) and values.get("decimals", 0) > 0:
        row.refuse(
            "decimals", CellFault(mark("Items with serial numbers are counted in whole units."))
        )
    if values.get("expiry_rule", "none") != "none" and values.get("tracking", "none") == "none":
        row.refuse(
            "expiry_rule",
            CellFault(
                mark("Dates are kept by lot: choose lots or serial numbers first."),
                mark("Enter 批次 as the tracking."),
            ),
        )
    if values.get("shelf_life_days") == 0:
        row.refuse("shelf_life_days", CellFault(mark("A shelf life is at least one day.")))


def _warn_of_names(rows: list[Row], known: Known) -> None:
    stored = [Named.of(0, one.name, one.specification) for one in known.names]
    by_number = {row.number: row for row in rows}
    named = [
        Named.of(row.number, row.values["name"], row.values.get("specification", ""))
        for row in rows
        if "name" in row.values
    ]
    for name, twin in alike(stored + named):
        by_number[name.row].warn("name", _twin(twin))


def _twin(twin: Named) -> CellFault:
    advice = mark("Check whether it is the same thing entered twice.")
    if twin.row:
        text = mark("Nearly the same name as in row {row}: {name}.")
        return CellFault(text, advice, row=twin.row, name=twin.label)
    return CellFault(mark("Nearly the same name exists already: {name}."), advice, name=twin.label)


# Barcodes, locations, partners ------------------------------------------------------------------


def _check_barcodes(rows: list[Row], known: Known, _settings: Settings, _missing: Missing) -> None:
    seen: dict[str, tuple[int, object]] = {}
    for row in rows:
        item = known.item(row.values["code"]) if "code" in row.values else None
        if "code" in row.values and item is None:
            row.refuse("code", _no_item(row.values["code"]))
        if item is None or "barcode" not in row.values:
            continue
        row.values["item_id"] = item.id
        row.values["decimals"] = item.decimals
        _check_pack(row)
        _check_known_pack(row, item.id, known)
        owner = (item.id, row.values.get("pack_name"))
        _check_one_barcode(row, owner, known, seen)


def _check_known_pack(row: Row, item: int, known: Known) -> None:
    name, quantity = row.values.get("pack_name"), row.values.get("pack_quantity")
    if name is None or quantity is None:
        return
    # The first row that names a new pack says how much is in it.
    pack = known.packs.setdefault((item, name), StoredPack(item, name, quantity))
    if pack.quantity != quantity:
        row.refuse(
            "pack_quantity",
            CellFault(
                mark("The pack {name} holds {quantity}."),
                mark("Name a pack of another quantity differently."),
                name=pack.name,
                quantity=pack.quantity,
            ),
        )


def _check_one_barcode(
    row: Row, owner: object, known: Known, seen: dict[str, tuple[int, object]]
) -> None:
    text = row.values["barcode"]
    first = seen.setdefault(normalised(text), (row.number, owner))
    if first[0] != row.number:
        row.refuse(
            "barcode",
            CellFault(
                mark("{code} is already in row {row}."), USE_ANOTHER, code=text, row=first[0]
            ),
        )
    meaning = known.meaning(text)
    if meaning is not None:
        row.refuse("barcode", taken(text, meaning))


def _no_item(code: str) -> CellFault:
    return CellFault(
        mark("There is no item {code}."), mark("Import or create the item first."), code=code
    )


def _check_locations(rows: list[Row], known: Known, _settings: Settings, _missing: Missing) -> None:
    claims = Claims(known)
    for row in rows:
        claims.claim(row, "code", ("location", row.number))
        _check_place(row, known)


def _check_place(row: Row, known: Known) -> None:
    text = row.values.get("warehouse")
    warehouse = known.warehouses.get(text.casefold()) if text else None
    if text and warehouse is None:
        row.refuse(
            "warehouse",
            CellFault(
                mark("There is no warehouse {value} in your stores."),
                mark("Use the code of a warehouse of yours, or create it first."),
                value=text,
            ),
        )
    if warehouse is None:
        return
    row.values |= {"warehouse_id": warehouse.id, "store_id": warehouse.store_id}
    wanted = row.values.get("zone")
    zone = known.zones.get((warehouse.code.casefold(), wanted.casefold())) if wanted else None
    if zone:
        row.values["zone_id"] = zone.id
    elif wanted:
        row.refuse(
            "zone",
            CellFault(
                mark("The warehouse {warehouse} has no zone {value}."),
                mark("Use the code of one of its zones, or create it first."),
                warehouse=warehouse.code,
                value=wanted,
            ),
        )


def _check_partners(rows: list[Row], known: Known, _settings: Settings, _missing: Missing) -> None:
    claims = Claims(known)
    for row in rows:
        claims.claim(row, "code", ("partner", row.number))
    _warn_of_names(rows, known)


def _check_opening(rows: list[Row], known: Known, _settings: Settings, _missing: Missing) -> None:
    check_opening_stock(rows, known, _no_item)


_CHECKS: dict[str, Callable[[list[Row], Known, Settings, Missing], None]] = {
    "items": _check_items,
    "barcodes": _check_barcodes,
    "locations": _check_locations,
    "partners": _check_partners,
    "opening_stock": _check_opening,
}
