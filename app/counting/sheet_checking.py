"""What is wrong with the rows of a filled sheet: every row, everything at once.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from app.catalog.codes import normalised, tidied
from app.counting.sheet_known import Expected, Key, Known, KnownItem, KnownLot, KnownPlace
from app.kit.i18n import mark
from app.kit.money import ZERO, fits
from app.spreadsheets.cells import CellFault
from app.spreadsheets.findings import Row

ITEM_DATES = ("expires_on", "best_before_on", "produced_on")


@dataclass
class Checked:
    """What the rows come to.

    ``entries`` are what was counted, JSON-ready; ``missing`` the lines of the sheet that no row
    stands for or that are not filled in; ``bad`` and ``open`` the tasks that they keep from being
    taken in.
    """

    entries: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    missing: list[Expected] = field(default_factory=list[Expected])
    bad: set[int] = field(default_factory=set[int])
    open: set[int] = field(default_factory=set[int])
    tasks: set[int] = field(default_factory=set[int])
    differing: int = 0

    def whole(self, *, missing_is_zero: bool) -> set[int]:
        """The tasks that can be taken in."""
        return self.tasks - self.bad - (set() if missing_is_zero else self.open)


def check(rows: list[Row], known: Known) -> Checked:
    """Add to every row what is wrong with it."""
    return _Checking(known).run(rows)


@dataclass(frozen=True)
class _Thing:
    """What a row is about; ``lot`` is its code, known already or new."""

    place: KnownPlace
    item: KnownItem | None = None
    lot: str | None = None
    known_lot: KnownLot | None = None
    unit_id: int | None = None

    @property
    def key(self) -> Key | None:
        """None for a lot that is not known yet: no line of the sheet has it."""
        if self.lot and self.known_lot is None:
            return None
        item_id = self.item.id if self.item else None
        lot_id = self.known_lot.id if self.known_lot else None
        return self.place.id, item_id, lot_id, self.unit_id


class _Checking:
    def __init__(self, known: Known) -> None:
        self.known = known
        self.found = Checked(tasks={line.task_id for line in known.expected.values()})
        self.left = dict(known.expected)
        self.first: dict[tuple[object, ...], int] = {}
        self.serials: dict[tuple[int, str], tuple[int, str]] = {}
        self.sums: dict[Key, Decimal] = {}
        self.task = 0

    def run(self, rows: list[Row]) -> Checked:
        for row in rows:
            self._row(row)
        self.found.missing = sorted(self.left.values(), key=lambda line: line.number)
        self.found.open.update(line.task_id for line in self.found.missing)
        self.found.differing = sum(
            self.sums.get(key, line.book) != line.book
            for key, line in self.known.expected.items()
        )  # fmt: skip
        return self.found

    def _row(self, row: Row) -> None:
        self.task = 0
        _check_sheet(row, self.known)
        thing = self._thing(row)
        if thing is not None:
            self._take(row, thing)
        if row.is_bad and self.task:
            self.found.bad.add(self.task)

    # What it is about -----------------------------------------------------------------------------

    def _thing(self, row: Row) -> _Thing | None:
        """None where it cannot be told; then the row is refused."""
        item = self._item(row)
        place = self._place(row, item)
        unit_id = self._unit(row)
        self.task = place.task_id or 0 if place else 0
        if place is None or ("item" in row.cells and item is None):
            return None
        if item is None:
            return self._nothing(row, place)
        _check_item(row, item, place)
        lot, known_lot = self._lot(row, item)
        return _Thing(place, item, lot, known_lot, unit_id)

    def _nothing(self, row: Row, place: KnownPlace) -> _Thing | None:
        if _quantity(row) > 0:
            row.refuse("item", CellFault(_WHICH_ITEM, mark("Enter its code or barcode.")))
            return None
        return _Thing(place)

    def _item(self, row: Row) -> KnownItem | None:
        if "item" not in row.values:
            return None
        given = row.values["item"]
        item = self.known.items.get(normalised(given))
        if item is None:
            advice = mark("Correct the code, or create the item first.")
            row.refuse("item", CellFault(mark("There is no item {code}."), advice, code=given))
        return item

    def _place(self, row: Row, item: KnownItem | None) -> KnownPlace | None:
        if "location" not in row.values:
            return None
        given = row.values["location"]
        places = self.known.places.get(normalised(given), [])
        if not places or places[0].task_id is None:
            self._refuse_place(row, given, known=bool(places))
            return None
        # Where the sheet counts items, a place has a task for each.
        place = next((p for p in places if item and p.item_id == item.id), places[0])
        fault = _place_fault(place)
        if fault is not None:
            row.refuse("location", fault)
        return place

    def _refuse_place(self, row: Row, given: str, *, known: bool) -> None:
        if known:
            text, advice = _NOT_ON_SHEET, mark("Count it by its own sheet, or make a new one.")
        elif normalised(given) in self.known.elsewhere:
            text, advice = _OF_OTHER_STORE, mark("A sheet is taken in by its own store.")
        else:
            text, advice = mark("There is no location {location}."), mark("Correct the code.")
        row.refuse("location", CellFault(text, advice, location=given))

    def _unit(self, row: Row) -> int | None:
        given = row.values.get("sscc")
        if given is None:
            return None
        found = self.known.units.get(given)
        if found is None:
            text = mark("There is no logistic unit {sscc}.")
            row.refuse("sscc", CellFault(text, mark("Leave it empty for loose goods."), sscc=given))
        return found

    # Its lot --------------------------------------------------------------------------------------

    def _lot(self, row: Row, item: KnownItem) -> tuple[str | None, KnownLot | None]:
        given = row.values.get("lot")
        if item.tracking == "none":
            if given:
                fault = CellFault(_NO_LOTS, mark("Leave the lot empty."), item=item.name)
                row.refuse("lot", fault)
            return None, None
        if not given:
            if _quantity(row) > 0:
                fault = CellFault(_LOT_NEEDED, mark("Enter what its label says."), item=item.name)
                row.refuse("lot", fault)
            return None, None
        lot = tidied(given)
        known = self.known.lots.get((item.id, lot))
        if _quantity(row) > 0:
            _check_dates(row, item, lot, known)
        if item.tracking == "serial":
            self._check_serial(row, item, lot, known)
        return lot, known

    def _check_serial(self, row: Row, item: KnownItem, serial: str, known: KnownLot | None) -> None:
        quantity = _quantity(row)
        if quantity not in (0, 1):
            fault = CellFault(mark("One serial number is one piece."), mark("Enter 1 or 0."))
            row.refuse("quantity", fault)
        if quantity <= 0:
            return
        here = row.values.get("location", "")
        first = self.serials.setdefault((item.id, serial), (row.number, here))
        if first[0] != row.number:
            values = {"serial": serial, "row": first[0], "location": first[1]}
            row.refuse("lot", CellFault(_SERIAL_TWICE, _ONE_PLACE, **values))
        elsewhere = self.known.serials.get(known.id) if known else None
        if elsewhere:
            fault = CellFault(_SERIAL_SCANNED, _ONE_PLACE, serial=serial, location=elsewhere)
            row.refuse("lot", fault)

    # What was counted -----------------------------------------------------------------------------

    def _take(self, row: Row, thing: _Thing) -> None:
        """A line that is not filled in stays missing; one that is filled in is counted."""
        if "quantity" not in row.cells:
            return
        is_listed = self._find(thing)
        if "quantity" not in row.values:
            return
        self._warn_of_repeat(row, thing)
        if thing.item is None or row.is_bad:
            return
        quantity = _quantity(row)
        if thing.key is not None:
            self.sums[thing.key] = self.sums.get(thing.key, ZERO) + quantity
        if quantity > 0:
            self.found.entries.append(self._entry(row, thing, is_unexpected=not is_listed))

    def _find(self, thing: _Thing) -> bool:
        """Tick the line of the sheet off; whether there is one.

        A place that was empty in the books is filled in by anything that is found there, an item
        without lots in the books by any lot of it.
        """
        item_id = thing.item.id if thing.item else None
        self.left.pop((thing.place.id, None, None, None), None)
        if thing.lot:
            self.left.pop((thing.place.id, item_id, None, None), None)
        if thing.key is None:
            return False
        self.left.pop(thing.key, None)
        return thing.key in self.known.expected

    def _warn_of_repeat(self, row: Row, thing: _Thing) -> None:
        item_id = thing.item.id if thing.item else None
        same = (thing.place.id, item_id, thing.lot, thing.unit_id)
        first = self.first.setdefault(same, row.number)
        if first != row.number:
            row.warn("quantity", CellFault(_REPEATED, _TWICE_MEANT, row=first))

    def _entry(self, row: Row, thing: _Thing, *, is_unexpected: bool) -> dict[str, Any]:
        assert thing.item is not None, "nothing is no entry"
        days = {}
        last = row.values.get("last_day")
        if last and thing.lot and thing.item.expiry_rule in ITEM_DATES:
            days = {thing.item.expiry_rule: last}
        return {
            "row": row.number,
            "task_id": thing.place.task_id,
            "item_id": thing.item.id,
            "lot": thing.lot,
            "unit_id": thing.unit_id,
            "quantity": row.values["quantity"],
            "unit_cost": row.values.get("unit_cost") if self.known.is_opening else None,
            "is_unexpected": is_unexpected,
            **days,
        }


# Single rules -------------------------------------------------------------------------------------


def _quantity(row: Row) -> Decimal:
    return Decimal(row.values.get("quantity", "0"))


def _check_sheet(row: Row, known: Known) -> None:
    given = row.values.get("sheet")
    if given and tidied(given).upper() != known.sheet.upper():
        text, advice = mark("This row is of sheet {sheet}."), mark("Take one sheet in at a time.")
        row.refuse("sheet", CellFault(text, advice, sheet=given))


def _place_fault(place: KnownPlace) -> CellFault | None:
    if place.state not in ("open", "in_progress"):
        advice = mark("Who found a mistake asks for a recount.")
        return CellFault(mark("{location} is counted already."), advice, location=place.name)
    if place.counted_before:
        advice = mark("A recount is done by somebody else.")
        return CellFault(_SAME_PERSON, advice, location=place.name)
    if place.state == "in_progress" and place.has_lines:
        advice = mark("What was scanned there counts; leave its rows out.")
        who = place.holder or "?"
        return CellFault(_BEING_SCANNED, advice, location=place.name, holder=who)
    return None


def _check_item(row: Row, item: KnownItem, place: KnownPlace) -> None:
    if not item.is_active and _quantity(row) > 0:
        advice = mark("Restore it first, or count it as 0.")
        row.refuse("item", CellFault(mark("The item {name} is archived."), advice, name=item.name))
    if place.item_id not in (None, item.id):
        advice = mark("Leave the row out.")
        values = {"wanted": place.item or "?", "location": place.name}
        row.refuse("item", CellFault(_ONLY_ITEM, advice, **values))
    unit = row.values.get("unit")
    if unit and unit != item.unit:
        advice = mark("Enter how many {unit} there are.")
        row.refuse("unit", CellFault(mark("It is counted in {unit}."), advice, unit=item.unit))
    if not fits(_quantity(row), item.decimals):
        text = mark("The item is counted with {decimals} decimals.")
        row.refuse("quantity", CellFault(text, mark("Round it."), decimals=item.decimals))


def _check_dates(row: Row, item: KnownItem, lot: str, known: KnownLot | None) -> None:
    rule, given = item.expiry_rule, row.values.get("last_day")
    has_day: date | None = getattr(known, rule) if known and rule in ITEM_DATES else None
    if known is None:
        row.warn("lot", CellFault(_NEW_LOT, mark("Check the label."), lot=lot, item=item.name))
    if rule in ITEM_DATES and not given and has_day is None:
        advice = mark("Enter the date on the label.")
        row.refuse("last_day", CellFault(_DATE_NEEDED, advice, lot=lot))
    if given and has_day and has_day.isoformat() != given:
        advice = mark("Check the label: one lot has one date.")
        row.refuse("last_day", CellFault(_OTHER_DATE, advice, lot=lot, known=has_day.isoformat()))


_WHICH_ITEM = mark("It does not say which item was counted.")
_NOT_ON_SHEET = mark("{location} is not on this sheet.")
_OF_OTHER_STORE = mark("{location} is a place of another store.")
_NO_LOTS = mark("{item} is not kept by lot.")
_LOT_NEEDED = mark("{item} needs a lot or serial number.")
_SERIAL_TWICE = mark("{serial} is in row {row} already, in {location}.")
_SERIAL_SCANNED = mark("{serial} was counted in {location} already.")
_ONE_PLACE = mark("One piece is in one place: look which of the two is right.")
_REPEATED = mark("The same goods are in row {row}: both quantities are added.")
_TWICE_MEANT = mark("Check that they were not entered twice.")
_SAME_PERSON = mark("Who counted {location} before cannot count it again.")
_BEING_SCANNED = mark("{holder} is counting {location} with a device.")
_ONLY_ITEM = mark("In {location} only {wanted} is counted.")
_NEW_LOT = mark("Lot {lot} of {item} is new: it will be made.")
_DATE_NEEDED = mark("Lot {lot} is new: it needs its date.")
_OTHER_DATE = mark("Lot {lot} has the date {known}.")
