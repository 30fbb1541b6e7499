"""A4 documents as PDF: the goods-received note, sheets of codes to scan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from printing.codes import Code, qr
from printing.engine import page_pdf, rendered
from printing.layout import MM_PER_INCH
from printing.problems import LabelError
from printing.symbols import Symbol, symbol_of
from printing.texts import Language

_SVG_MODULE_MM = 4 * MM_PER_INCH / 300
"""0.34 mm: whole dots of 300, 600 and 1200 dpi printers."""
_QR_MM = 22.0
_CELL_MM = 58.0
_BARS_MM = 14.0


@dataclass(frozen=True)
class GoodsReceivedLine:
    """One line of a goods-received note; quantities in `unit`.

    `received` counts what came, damaged pieces among it; `short` is what is missing against
    `ordered` (None without an order). `amount` is the line's value as the ledger booked it.
    """

    item_code: str
    item_name: str
    unit: str
    received: Decimal
    ordered: Decimal | None = None
    damaged: Decimal | None = None
    short: Decimal | None = None
    reason: str = ""
    spec: str = ""
    lot: str = ""
    expires_on: date | None = None
    unit_cost: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class GoodsReceivedNote:
    """A receipt on paper (收货单). `address` is what its QR opens; no QR if it is empty.

    Cost columns appear if any line has a unit cost or an amount: leave them out for people who
    may not see costs. Moments are shown in the time zone that they arrive in.
    """

    number: str
    company: str
    store: str
    supplier: str
    received_at: datetime
    lines: tuple[GoodsReceivedLine, ...]
    received_by: str = ""
    order_number: str = ""
    delivery_number: str = ""
    address: str = ""
    remarks: str = ""
    currency: str = "CNY"
    printed_at: datetime | None = None
    printed_by: str = ""

    @property
    def shows_costs(self) -> bool:
        """Whether the note has cost columns."""
        return any(line.unit_cost is not None or line.amount is not None for line in self.lines)

    @property
    def total_amount(self) -> Decimal | None:
        """Sum of the lines' amounts; None if no line has one."""
        return _sum(line.amount for line in self.lines)


class UnitTotal(NamedTuple):
    """Totals of the lines of one unit: pieces and kilograms are never added up."""

    unit: str
    ordered: Decimal | None
    received: Decimal | None
    damaged: Decimal | None
    short: Decimal | None


@dataclass(frozen=True)
class SheetEntry:
    """One code on a sheet with what it is."""

    title: str
    code: Code
    detail: str = ""


@dataclass(frozen=True)
class SheetGroup:
    """Entries under a heading."""

    title: str
    entries: tuple[SheetEntry, ...]


@dataclass(frozen=True)
class BarcodeSheet:
    """Codes to scan from the screen or paper."""

    title: str
    groups: tuple[SheetGroup, ...]
    note: str = ""


@dataclass(frozen=True)
class CommandSheet:
    """The commands of a work place (OK, UNDO, +10 ...), to hang up beside it."""

    title: str
    entries: tuple[SheetEntry, ...]
    note: str = ""


def goods_received_note_pdf(note: GoodsReceivedNote, language: Language = "zh") -> bytes:
    """The note on A4 portrait, head and column titles on each page."""
    symbol = symbol_of(qr(note.address)) if note.address else None
    html = rendered(
        "goods_received_note.html",
        note=note,
        totals=unit_totals(note.lines),
        symbol=scaled(symbol, _QR_MM) if symbol else None,
        language=language,
    )
    return page_pdf(html, "document.css")


def barcode_sheet_pdf(sheet: BarcodeSheet, language: Language = "zh") -> bytes:
    """Three codes a row on A4, far enough apart that a reader sees one at a time.

    LabelError for a code wider than its 58 mm.
    """
    groups = [(group.title, [_cell(entry) for entry in group.entries]) for group in sheet.groups]
    if not any(cells for _, cells in groups):
        raise LabelError("nothing_to_print")
    html = rendered(
        "code_sheet.html", title=sheet.title, note=sheet.note, groups=groups, language=language
    )
    return page_pdf(html, "document.css")


def command_sheet_pdf(sheet: CommandSheet, language: Language = "zh") -> bytes:
    """Like `barcode_sheet_pdf`, one group without a heading."""
    group = SheetGroup("", sheet.entries)
    return barcode_sheet_pdf(BarcodeSheet(sheet.title, (group,), sheet.note), language)


def unit_totals(lines: Sequence[GoodsReceivedLine]) -> list[UnitTotal]:
    """One total for each unit, in the order in which the units first occur."""
    totals: list[UnitTotal] = []
    for unit in dict.fromkeys(line.unit for line in lines):
        same = [line for line in lines if line.unit == unit]
        totals.append(
            UnitTotal(
                unit,
                _sum(line.ordered for line in same),
                _sum(line.received for line in same),
                _sum(line.damaged for line in same),
                _sum(line.short for line in same),
            )
        )
    return totals


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


class ScaledSymbol(NamedTuple):
    """A symbol with its size in mm, quiet zone included, and its SVG view box."""

    symbol: Symbol
    width: float
    height: float
    view_box: str


class SheetCell(NamedTuple):
    """An entry with its symbol."""

    entry: SheetEntry
    picture: ScaledSymbol


def scaled(symbol: Symbol, side: float) -> ScaledSymbol:
    """A matrix symbol of whole printer dots, at most `side` mm where that stays readable."""
    modules = symbol.width + 2 * symbol.quiet
    module = whole_dots(side / modules)
    edge = f"{-symbol.quiet} {-symbol.quiet} {modules} {modules}"
    return ScaledSymbol(symbol, modules * module, modules * module, edge)


def whole_dots(module: float) -> float:
    dot = MM_PER_INCH / 300
    return max(int(module / dot), 3) * dot


def _cell(entry: SheetEntry) -> SheetCell:
    symbol = symbol_of(entry.code)
    if not symbol.linear:
        picture = scaled(symbol, 26.0)
    else:
        modules = symbol.width + 2 * symbol.quiet
        module = min(whole_dots(_CELL_MM / modules), _SVG_MODULE_MM)
        view_box = f"{-symbol.quiet} 0 {modules} 1"
        picture = ScaledSymbol(symbol, modules * module, _BARS_MM, view_box)
    if picture.width > _CELL_MM:
        raise LabelError(
            "code_too_large",
            value=entry.code.value[:60],
            needed=f"{picture.width:.1f} x {picture.height:.1f}",
            room=f"{_CELL_MM:.1f} x {_CELL_MM:.1f}",
        )
    return SheetCell(entry, picture)
