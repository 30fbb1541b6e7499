"""The count sheet as a workbook to fill in, and the columns by which a filled one is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.counting.sheet_making import SheetHead, SheetLine
from app.kit.exports import is_number, sheet_name, workbook
from app.kit.i18n import current_language, gettext, mark
from app.kit.money import plain
from app.spreadsheets.cells import code, day, number, text
from app.spreadsheets.columns import Column, Kind

LONGEST_LOT, LONGEST_TEXT = 50, 500
DECIMALS_OF_COST = 6
SHEET = Kind(
    "count_sheet",
    mark("Count sheet"),
    (
        Column("line", text(LONGEST_TEXT), ("行号", "Line", "序号", "序", "No")),
        Column(
            "location", code(), ("库位", "Location", "库位编码", "货位", "仓位", "bin"),
            required=True,
        ),
        Column("item", code(), ("商品编码", "Item", "编码", "货号", "条码", "sku", "item code")),
        Column("name", text(LONGEST_TEXT), ("商品名称", "Name", "品名", "名称")),
        Column("specification", text(LONGEST_TEXT), ("规格", "Specification")),
        Column("lot", text(LONGEST_LOT), ("批次", "Lot", "批号", "序列号", "serial", "batch")),
        Column("last_day", day, ("有效期至", "Expires", "有效期", "保质期至", "到期日")),
        Column("sscc", text(LONGEST_LOT), ("物流单元", "Logistic unit", "SSCC", "托盘")),
        Column("unit", text(LONGEST_TEXT), ("单位", "Unit")),
        Column("book", text(LONGEST_TEXT), ("账面数", "Book", "账面数量", "库存数")),
        Column(
            "quantity", number(), ("实盘数", "Counted", "实盘数量", "盘点数量", "盘点数", "数量"),
            required=False,
        ),
        Column(
            "unit_cost", number(decimals=DECIMALS_OF_COST),
            ("单价", "Unit cost", "成本", "成本价", "单位成本"),
        ),
        Column("note", text(LONGEST_TEXT), ("备注", "Note")),
        Column("sheet", text(LONGEST_LOT), ("表号", "Sheet", "盘点表号")),
    ),
)  # fmt: skip
_TO_FILL = frozenset({"quantity", "unit_cost", "note"})
_WIDTHS = {"location": 16, "item": 16, "name": 28, "specification": 16, "lot": 16, "sheet": 22}


def columns_of(head: SheetHead) -> list[Column]:
    """Blind, what the books have is left out; what things cost is asked for opening stock only."""
    without = {"book"} if head.is_blind else set[str]()
    without |= set() if head.is_opening else {"unit_cost"}
    return [column for column in SHEET.columns if column.field not in without]


def sheet_xlsx(head: SheetHead, lines: Sequence[SheetLine]) -> bytes:
    """The same lines as on paper; what is to be filled in is white, codes are texts."""
    file = io.BytesIO()
    columns = columns_of(head)
    with workbook(file, strings_to_formulas=False, strings_to_numbers=False) as book:
        sheet = book.add_worksheet(sheet_name(head.code))
        title = f"{gettext(SHEET.title)} {head.code} · {head.company} · {head.store}"
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        _headings(book, sheet, columns)
        write = _writer(book, sheet)
        for row, line in enumerate(lines, 2):
            for place, column in enumerate(columns):
                write(row, place, column.field, _cell(head, line, column.field))
        sheet.freeze_panes(2, 0)
        sheet.autofilter(1, 0, max(len(lines) + 1, 2), len(columns) - 1)
        sheet.repeat_rows(1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    return file.getvalue()


def _headings(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    given = book.add_format({"bold": True, "bg_color": "#E8F0EE", "border": 1})
    asked = book.add_format({"bold": True, "bg_color": "#FFE9A8", "border": 1})
    # New rows get the format of their column: a lot stays the text that was typed.
    as_text = book.add_format({"num_format": "@"})
    for place, column in enumerate(columns):
        fill = column.field in _TO_FILL
        form = None if column.field in {"quantity", "unit_cost", "line"} else as_text
        sheet.set_column(place, place, _WIDTHS.get(column.field, 10), form)
        sheet.write_string(1, place, column.label, asked if fill else given)


def _writer(book: Any, sheet: Any) -> Callable[[int, int, str, str | Decimal | int], None]:
    grey = book.add_format({"bg_color": "#F3F5F4", "num_format": "@", "border": 1})
    grey_number = book.add_format({"bg_color": "#F3F5F4", "border": 1})
    white = book.add_format({"border": 1})

    def write(row: int, place: int, field: str, cell: str | Decimal | int) -> None:
        if field in _TO_FILL:
            sheet.write_blank(row, place, None, white)
        elif isinstance(cell, str):
            sheet.write_string(row, place, cell, grey)
        elif is_number(cell):
            sheet.write_number(row, place, cell, grey_number)
        else:
            sheet.write_string(row, place, plain(Decimal(cell)), grey)

    return write


def _cell(head: SheetHead, line: SheetLine, field: str) -> str | Decimal | int:
    found: dict[str, str | Decimal | int] = {
        "line": line.number,
        "location": line.location,
        "item": line.item_code,
        "name": line.item_name,
        "specification": line.specification,
        "lot": line.lot,
        "last_day": _iso(line.last_day),
        "sscc": line.sscc,
        "unit": line.unit,
        "book": line.book if line.item_code else "",
        "sheet": head.code,
    }
    return found.get(field, "")


def _iso(last_day: date | None) -> str:
    return last_day.isoformat() if last_day else ""


def file_language() -> str:
    """Of paper: Chinese unless one reads English."""
    return "en" if current_language() == "en" else "zh"
