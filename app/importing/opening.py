"""Checks of opening stock: the item and place are there, and what tracking asks for is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from app.catalog.codes import tidied
from app.importing.known import Known, KnownItem, KnownLot, KnownPlace
from app.kit import clock
from app.kit.i18n import mark
from app.kit.money import rounded
from app.spreadsheets.cells import CellFault
from app.spreadsheets.findings import Row

DATES = ("produced_on", "best_before_on", "expires_on")


def check_opening_stock(rows: list[Row], known: Known, no_item: Callable[[str], CellFault]) -> None:
    """Note in each row what keeps it from being posted; fills in ``item_id``, ``location_id``."""
    serials: dict[tuple[int, str], int] = {}
    lots = dict(known.lots)
    seen: dict[tuple[int, int, str, str], int] = {}
    for row in rows:
        place = _check_place(row, known)
        item = known.item(row.values["item"]) if "item" in row.values else None
        if item is None:
            if "item" in row.values:
                row.refuse("item", no_item(row.values["item"]))
            continue
        row.values["item_id"] = item.id
        _check_item(row, item)
        _check_tracking(row, item, serials)
        _check_dates(row, item, lots)
        if place:
            _warn_of_repeat(row, (place.id, item.id), seen)


def _check_place(row: Row, known: Known) -> KnownPlace | None:
    text = row.values.get("location")
    if text is None:
        return None
    meaning = known.meaning(text)
    place = known.places.get(meaning.location_id or 0) if meaning else None
    if place is None or not place.is_active:
        row.refuse(
            "location",
            CellFault(
                mark("There is no location {value} in your stores."),
                mark("Use a location of yours that is in use, or create it first."),
                value=text,
            ),
        )
        return None
    row.values |= {
        "location_id": place.id,
        "store_id": place.store_id,
        "adjustment_id": place.adjustment_id,
    }
    return place


def _check_item(row: Row, item: KnownItem) -> None:
    if not item.is_active:
        row.refuse(
            "item",
            CellFault(
                mark("The item {name} is archived."), mark("Restore it first."), name=item.name
            ),
        )
    quantity = row.values.get("quantity")
    if quantity and len(str(quantity).partition(".")[2]) > item.decimals:
        row.refuse(
            "quantity",
            CellFault(
                mark("The item is counted with {decimals} decimals."),
                mark("Round it."),
                decimals=item.decimals,
            ),
        )
    if "unit_cost" not in row.values and "amount" not in row.values:
        row.warn(
            "unit_cost",
            CellFault(
                mark("It has no cost: the stock comes in without value."),
                mark("Enter what one unit cost, without tax."),
            ),
        )


def _check_tracking(row: Row, item: KnownItem, serials: dict[tuple[int, str], int]) -> None:
    lot = row.values.get("lot")
    if item.tracking == "none":
        if lot or any(day in row.values for day in DATES):
            row.refuse(
                "lot",
                CellFault(
                    mark("The item {name} is not kept by lot."),
                    mark("Leave lot and dates empty."),
                    name=item.name,
                ),
            )
        return
    if not lot:
        advice = mark("Enter the number on the label.")
        row.refuse("lot", CellFault(mark("The item needs a lot or serial number."), advice))
        return
    row.values["lot"] = lot = tidied(lot)
    if item.tracking == "serial":
        _check_serial(row, (item.id, lot), serials)


def _check_serial(row: Row, serial: tuple[int, str], serials: dict[tuple[int, str], int]) -> None:
    if row.values.get("quantity", "1") != "1":
        row.refuse("quantity", CellFault(mark("One serial number is one piece."), mark("Enter 1.")))
    first = serials.setdefault(serial, row.number)
    if first != row.number:
        row.refuse(
            "lot",
            CellFault(
                mark("{code} is already in row {row}."),
                mark("A serial number is in one place only."),
                code=serial[1],
                row=first,
            ),
        )


def _check_dates(row: Row, item: KnownItem, lots: dict[tuple[int, str], KnownLot]) -> None:
    said = {name: date.fromisoformat(row.values[name]) for name in DATES if name in row.values}
    rule = item.expiry_rule
    lot = lots.get((item.id, row.values.get("lot", "")))
    if rule != "none" and rule not in said and not (lot and getattr(lot, rule)):
        row.refuse(
            rule, CellFault(mark("The item needs this date."), mark("Enter the date on the label."))
        )
    last, made = said.get("expires_on"), said.get("produced_on")
    if last and made and last < made:
        row.refuse("expires_on", CellFault(mark("It would expire before it was produced.")))
    if last and last < clock.today():
        row.warn(
            "expires_on",
            CellFault(mark("It has expired."), mark("It will be in stock but not be picked.")),
        )
    if item.tracking != "none" and "lot" in row.values:
        _check_lot(row, item, said, lots)


def _check_lot(
    row: Row, item: KnownItem, said: dict[str, date], lots: dict[tuple[int, str], KnownLot]
) -> None:
    """The same lot has the same dates, in the company and further up in the file."""
    key = (item.id, row.values["lot"])
    lot = lots.get(key, KnownLot(*key, None, None, None))
    for name, day in said.items():
        known: date | None = getattr(lot, name)
        if known and known != day:
            row.refuse(
                name,
                CellFault(
                    mark("Lot {lot} has the date {known} elsewhere."),
                    mark("Check the label: one lot has one date."),
                    lot=row.values["lot"],
                    known=known.isoformat(),
                ),
            )
    merged = {name: getattr(lot, name) or said.get(name) for name in DATES}
    lots[key] = KnownLot(*key, **merged)


def _warn_of_repeat(
    row: Row, place_and_item: tuple[int, int], seen: dict[tuple[int, int, str, str], int]
) -> None:
    lot, status = row.values.get("lot", ""), row.values.get("status", "available")
    first = seen.setdefault((*place_and_item, lot, status), row.number)
    if first != row.number:
        row.warn(
            "item",
            CellFault(
                mark("The same item and place are in row {row}: both quantities are added."),
                mark("Check that it was not entered twice."),
                row=first,
            ),
        )


def amount(values: dict[str, str], quantity: Decimal, decimals: int) -> Decimal:
    """What the row is worth: the amount given, else unit cost times quantity, else nothing."""
    if "amount" in values:
        return rounded(Decimal(values["amount"]), decimals)
    return rounded(Decimal(values.get("unit_cost", "0")) * quantity, decimals)
