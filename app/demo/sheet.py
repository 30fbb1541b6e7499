"""The codes to scan in the demo: from the screen, or printed on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from app.demo.company import KITCHEN, PEOPLE
from app.demo.goods import Good, goods
from app.demo.opening import made_days_ago, usual_places
from app.demo.orders import OPEN, Line, Order
from app.demo.selling import READY, Sale, Sold
from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.scanning.own_codes import BADGE, COMMAND, DOCUMENT, LOCATION, own_code
from printing.codes import Symbology, code_128, gs1, gtin_bars, qr
from printing.documents import BarcodeSheet, SheetEntry, SheetGroup

TITLE = mark("Codes to scan")
NOTE = mark("Scan them from the screen or from paper. Cover the neighbours with your hand.")
ORDER = mark("Purchase order {number}: {words}")
OPEN_IT = mark("Open this order")
PIECE, PACK, LOT, SERIAL, WEIGHT = (
    mark("One piece"),
    mark("One pack: {quantity} {unit}"),
    mark("Pack with lot and date"),
    mark("Serial number"),
    mark("From the scale: {grams} g"),
)
SALE = mark("Sales order {number}: {words}")
FROM_PLACE = mark("Lies at {place}")
WAY_OUT = mark("Carts and staging places")
PLACES = mark("Locations of the central kitchen")
COMMANDS = mark("Commands")
BADGES = mark("Badges (the PIN is {pin})")
WRONG = mark("What is refused, and how")
# Where the goods of the open orders lie, one empty place, and the dock.
LOCATIONS = (
    "CK-P-01", "CK-A-05-05", "CK-C-01", "CK-C-03", "CK-C-06", "CK-A-06-06", "CK-Q-04", "CK-DOCK-1",
)  # fmt: skip
ON_THE_WAY_OUT = ("CK-T-01", "CK-T-02", "CK-T-03", "CK-S-01", "CK-S-02")
COMMAND_WORDS = {
    "OK": mark("Confirm"),
    "UNDO": mark("Take the last scan back"),
    "PUTAWAY": mark("Receive or put away"),
    "PRINT": mark("Print a label"),
    "CANCEL": mark("Put down what is in hand"),
    "+10": mark("Ten more"),
}
GRAMS = (2480, 3125)
WRONG_CODES = (
    (mark("Wrong check digit"), "6901234020018"),
    (mark("Unknown item"), "6901234999990"),
    (mark("31 February"), "01069012340120161726023110L1"),
    (mark("A place of another store"), "SK:LS1-A-01"),
)


def barcode_sheet(today: date, pin: str) -> BarcodeSheet:
    """The sheet for the open orders of a company that was made on this day."""
    groups = [_order(order, today) for order in OPEN]
    groups += [_sale(sale, today) for sale in READY]
    groups += [_places(PLACES, LOCATIONS), _places(WAY_OUT, ON_THE_WAY_OUT)]
    groups += [_commands(), _badges(pin), _wrong()]
    return BarcodeSheet(gettext(TITLE), tuple(groups), gettext(NOTE))


def _order(order: Order, today: date) -> SheetGroup:
    title = gettext(ORDER).format(number=order.number, words=gettext(order.words))
    opening = qr(own_code(DOCUMENT, order.number), caption=order.number)
    entries = [SheetEntry(gettext(OPEN_IT), opening)]
    made_on = today + timedelta(days=order.day - 2)
    for line in order.lines:
        entries += _codes_of(line, made_on)
    return SheetGroup(title, tuple(entries))


def _codes_of(line: Line, made_on: date) -> Iterator[SheetEntry]:
    good = line.good
    if good.catch_weight:
        yield from _weights(good)
        return
    if good.tracking == "lot":
        yield _with_lot(good, made_on)
    else:
        yield SheetEntry(good.name, gtin_bars(good.gtin), gettext(PIECE))
    if good.pack:
        words = gettext(PACK).format(quantity=plain(good.pack_quantity), unit=good.unit)
        yield SheetEntry(f"{good.name} · {good.pack}", gtin_bars(good.pack_gtin), words)


def _weights(good: Good) -> Iterator[SheetEntry]:
    for grams in GRAMS:
        words = gettext(WEIGHT).format(grams=grams)
        yield SheetEntry(good.name, gtin_bars(good.scale_code(grams)), words)


def _with_lot(good: Good, made_on: date) -> SheetEntry:
    (_, _), *rest = good.elements(made_on)
    number = good.pack_gtin if good.pack else good.gtin.zfill(14)
    return SheetEntry(good.name, gs1([("01", number), *rest], Symbology.GS1_QR), gettext(LOT))


def _sale(sale: Sale, today: date) -> SheetGroup:
    """The order, each place that its goods lie at, and the goods."""
    title = gettext(SALE).format(number=sale.number, words=gettext(sale.words))
    opening = qr(own_code(DOCUMENT, sale.number), caption=sale.number)
    entries = [SheetEntry(gettext(OPEN_IT), opening)]
    for sold in sale.lines:
        entries += _sold_codes(sold, today)
    return SheetGroup(title, tuple(entries))


def _sold_codes(sold: Sold, today: date) -> Iterator[SheetEntry]:
    good, place = goods()[sold.code], usual_places(KITCHEN)[sold.code]
    yield SheetEntry(place, code_128(own_code(LOCATION, place), caption=place), good.name)
    words = gettext(FROM_PLACE).format(place=place)
    if good.tracking == "lot":
        elements = good.elements(today - timedelta(days=made_days_ago(good)))
        yield SheetEntry(good.name, gs1(elements, Symbology.GS1_QR), words)
    else:
        yield SheetEntry(good.name, gtin_bars(good.gtin), words)


def _places(title: str, codes: Sequence[str]) -> SheetGroup:
    entries = (SheetEntry(code, code_128(own_code(LOCATION, code), caption=code)) for code in codes)
    return SheetGroup(gettext(title), tuple(entries))


def _commands() -> SheetGroup:
    entries = (
        SheetEntry(gettext(words), qr(own_code(COMMAND, name), caption=name))
        for name, words in COMMAND_WORDS.items()
    )
    return SheetGroup(gettext(COMMANDS), tuple(entries))


def _badges(pin: str) -> SheetGroup:
    entries = (
        SheetEntry(person.name, qr(own_code(BADGE, person.badge), caption=person.badge))
        for person in PEOPLE.values()
        if person.badge
    )
    return SheetGroup(gettext(BADGES).format(pin=pin), tuple(entries))


def _wrong() -> SheetGroup:
    entries = (SheetEntry(gettext(words), qr(code)) for words, code in WRONG_CODES)
    return SheetGroup(gettext(WRONG), tuple(entries))
