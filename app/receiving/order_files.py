"""Order lines from a file: read, compared with the items, shown with everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.catalog.codes import corrected, normalised
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import fits
from app.receiving.order_problems import TooManyLines
from app.receiving.orders import MOST_LINES, NO_SUCH_ITEM, TOO_FINE
from app.receiving.queries import VIEWS
from app.spreadsheets import cells
from app.spreadsheets.cells import CellFault
from app.spreadsheets.columns import Column, Kind
from app.spreadsheets.files import read
from app.spreadsheets.findings import Row
from app.spreadsheets.problems import NoHeadings
from app.spreadsheets.reading import read_rows

LINES = Kind(
    "order_lines",
    mark("Order lines"),
    (
        Column(
            "item",
            cells.code(),
            (
                "商品编码",
                "Item code",
                "编码",
                "货号",
                "商品代码",
                "商品编号",
                "item",
                "code",
                "sku",
            ),
            "B1001",
        ),
        Column(
            "barcode",
            cells.code(),
            ("条码", "Barcode", "商品条码", "条形码", "国际条码", "箱码", "ean", "gtin"),
            "6901234567892",
        ),
        Column(
            "quantity",
            cells.number(above_zero=True),
            ("数量", "Quantity", "订货数量", "采购数量", "订购数量", "订货量", "qty"),
            "24",
            required=True,
        ),
        Column("unit", cells.text(200), ("单位", "Unit", "计量单位", "包装", "uom"), "个"),
        Column(
            "unit_price",
            cells.number(),
            ("单价", "Unit price", "价格", "采购价", "采购单价", "进价", "price"),
            "3.50",
        ),
        Column("tax_rate", cells.tax_rate, ("税率", "Tax rate", "增值税率", "tax"), "13%"),
        Column(
            "over_receipt_tolerance",
            cells.tax_rate,
            ("允许超收", "Over-receipt allowed", "超收比例"),
            "5%",
        ),
    ),
)
# What a line of the box holds, in its order: see forms.lines_of_text.
_IN_THE_BOX = ("quantity", "unit_price", "tax_rate", "over_receipt_tolerance")


@dataclass(frozen=True)
class OfferedItem:
    """What a code stands for: an item, or one of its packs of ``factor`` base units."""

    code: str
    item_id: int
    item_code: str
    name: str
    specification: str
    unit: str
    decimals: int
    is_active: bool
    packaging: str | None
    factor: Decimal

    @property
    def ordered_unit(self) -> str:
        return self.packaging or self.unit


@dataclass(frozen=True)
class PreviewLine:
    """A row of the file with the item that it orders, where that is known."""

    row: Row
    item: OfferedItem | None

    @property
    def cells(self) -> list[str]:
        return [self.row.cells[c.field] for c in LINES.columns if c.field in self.row.cells]

    @property
    def text(self) -> str:
        """The line for the box: what was read, or as it stands in the file where it is wrong."""
        known = self.row.cells | {name: str(value) for name, value in self.row.values.items()}
        code = known.get("barcode") or known.get("item") or "?"
        return "\t".join([code, *(known.get(name, "") for name in _IN_THE_BOX)]).rstrip("\t")


@dataclass(frozen=True)
class Preview:
    """What a file would order.  ``ignored`` are the headings that are unknown to us."""

    file_name: str
    ignored: list[str]
    lines: list[PreviewLine]

    @property
    def bad_count(self) -> int:
        return sum(line.row.is_bad for line in self.lines)

    @property
    def warning_count(self) -> int:
        return sum(line.row.has_warning for line in self.lines)

    @property
    def found(self) -> list[PreviewLine]:
        """The lines with something to say about."""
        return [line for line in self.lines if line.row.findings]

    @property
    def good(self) -> list[PreviewLine]:
        return [line for line in self.lines if not line.row.findings]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def preview(session: Session, file_name: str, content: bytes) -> Preview:
    """The lines of an XLSX or CSV file and, in one pass, whatever is wrong with each.

    Raises:
        Unreadable: the file as a whole, see ``app.spreadsheets.problems``; or too many lines.
    """
    headings, rows = read_rows(LINES, read(content), {}, lambda _done, _all: None)
    if not headings.fields.keys() & {"item", "barcode"}:
        needed = [LINES.column(name).label for name in ("item", "quantity")]
        raise NoHeadings(needed=", ".join(needed))
    if len(rows) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES, lines=len(rows))
    offered = _offered(session, rows)
    first: dict[str, int] = {}
    return Preview(file_name, headings.ignored, [_line(row, offered, first) for row in rows])


def _offered(session: Session, rows: list[Row]) -> dict[str, OfferedItem]:
    texts = [row.values[name] for row in rows for name in ("item", "barcode") if name in row.values]
    codes = sorted({normalised(text) for text in texts})
    found = sql.rows(session, OfferedItem, VIEWS["offered_items"], {"codes": codes})
    return {item.code: item for item in found}


def _line(row: Row, offered: Mapping[str, OfferedItem], first: dict[str, int]) -> PreviewLine:
    """Notes what only the company's items can tell; ``first`` is the row that named a code."""
    item = _ordered(row, offered)
    if item is not None:
        _check_quantity(row, item)
        _check_unit(row, item)
        before = first.setdefault(item.code, row.number)
        if before != row.number:
            row.warn(
                "item",
                CellFault(
                    mark("It is ordered in row {row} already."),
                    mark("Check whether both lines are meant."),
                    row=before,
                ),
            )
    return PreviewLine(row, item)


def _ordered(row: Row, offered: Mapping[str, OfferedItem]) -> OfferedItem | None:
    """What the row orders: by its barcode, which may be a pack's, else by its item code."""
    by_code, by_barcode = _named(row, "item", offered), _named(row, "barcode", offered)
    if not row.cells.keys() & {"item", "barcode"}:
        row.refuse(
            "item",
            CellFault(mark("There is neither code nor barcode."), mark("Enter one of them.")),
        )
    if by_code and by_barcode and by_code.item_id != by_barcode.item_id:
        row.refuse(
            "barcode",
            CellFault(
                mark("This barcode belongs to {name}, the code to {other}."),
                mark("Correct one of the two."),
                name=by_barcode.name,
                other=by_code.name,
            ),
        )
    return by_barcode or by_code


def _named(row: Row, column: str, offered: Mapping[str, OfferedItem]) -> OfferedItem | None:
    text = row.values.get(column)
    if text is None:
        return None
    item = offered.get(normalised(text))
    if item is None:
        row.refuse(column, _unknown(text))
    elif not item.is_active:
        row.refuse(
            column,
            CellFault(
                mark("{name} is archived."),
                mark("Restore it first, or order another."),
                name=item.name,
            ),
        )
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


def _check_quantity(row: Row, item: OfferedItem) -> None:
    text = row.values.get("quantity")
    if text is not None and not fits(Decimal(text) * item.factor, item.decimals):
        row.refuse("quantity", CellFault(TOO_FINE, mark("Round it."), decimals=item.decimals))


def _check_unit(row: Row, item: OfferedItem) -> None:
    """Ten cases must not become ten pieces because the code is the single piece's."""
    text = row.values.get("unit")
    if text is not None and text.casefold() != item.ordered_unit.casefold():
        row.refuse(
            "unit",
            CellFault(
                mark("This code orders in {unit}, not in {value}."),
                mark("Enter the quantity in {unit}, or the barcode of the pack."),
                unit=item.ordered_unit,
                value=text,
            ),
        )
