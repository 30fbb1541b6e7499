"""What the screens of counting need: a count with a difference, a place half counted, a plan; and
what is done with the files of a count.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
from python_calamine import CalamineWorkbook

from app.counting import scans
from app.counting.beginning import BeginTask, begin_task
from app.counting.making import MakeCount, RecountRule, make_count
from app.counting.plans import SavePlan, save_plan
from app.counting.sheet_making import MakeSheets, make_sheets
from app.counting.uploads import TakeSheet, read_sheet, taking
from e2e.product import Product
from e2e.test_receiving import BREAD
from tests.spreadsheets.files_made import xlsx

LEAD, MANAGER = "supervisor_a", "manager_a"
Do = Callable[..., Any]


def counting_of(saoku: Product, do: Do) -> dict[str, int]:
    """Shelf 2 is counted and holds what the books do not know; at shelf 1 a new lot is in hand."""
    store = saoku.company.a.store_id
    rule = RecountRule(value=Decimal(1000))
    made = do(saoku, make_count, MakeCount(store, rule=rule, note="月度大盘"), LEAD)
    counted, half = (_task(saoku, made.count_id, place) for place in ("shelf2", "shelf1"))
    for task, place in ((counted, "A-SHELF2"), (half, "A-SHELF1")):
        do(saoku, begin_task, BeginTask(task), LEAD)
        do(saoku, scans.scan, scans.scan_of(task, f"SK:L{place}"), LEAD)
        do(saoku, scans.scan, scans.scan_of(task, BREAD), LEAD)
    do(saoku, scans.press_button, scans.PressButton(counted, "DONE"), LEAD)
    do(saoku, scans.scan, scans.scan_of(half, "010690123450000410NEW1"), LEAD)
    do(saoku, save_plan, SavePlan(store, "循环盘点", "class"), LEAD)
    upload, tagged = _upload(saoku, do, made.count_id), _standing(saoku, do, made.count_id)
    return {
        "count": made.count_id, "counted": counted, "counting": half, "upload": upload,
        "tagged": tagged,
    }  # fmt: skip


def _standing(saoku: Product, do: Do, count_id: int) -> int:
    """Somebody has come to the dock and counted nothing yet."""
    task = _task(saoku, count_id, "dock")
    do(saoku, begin_task, BeginTask(task), MANAGER)
    do(saoku, scans.scan, scans.scan_of(task, "SK:LA-DOCK"), MANAGER)
    return task


def _upload(saoku: Product, do: Do, count_id: int) -> int:
    """A sheet that came back with an error, a new lot and a line missing."""
    code = do(saoku, make_sheets, MakeSheets(count_id), LEAD).codes[0]
    lines = [["实盘数", "库位", "商品编码", "批次", "表号"], ["几个", "A-DOCK", "BREAD", "", code]]
    filled = read_sheet(xlsx([*lines, [3, "A-DOCK", "OVEN", "S9", code]]))
    command = TakeSheet(count_id, filled.code, "盘点.xlsx", filled.digest)
    return do(saoku, taking(filled), command, LEAD).upload_id


def _task(saoku: Product, count_id: int, place: str) -> int:
    [(task,)] = saoku.rows(
        "select id from count_task where count_id = %s and location_id = %s",
        count_id, saoku.company.a.locations[place],
    )  # fmt: skip
    return task


def filled(content: bytes, counted: Callable[[dict[str, Any]], object]) -> bytes:
    """The workbook of a count sheet with what ``counted`` says of each row (None: forgotten)."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        title, heading, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for row in rows:
        found = counted(dict(zip(heading, row, strict=True)))
        row[heading.index("实盘数")] = "" if found is None else str(found)
    return xlsx([title, heading, *rows])


def looked_at(content: bytes, picture: Path | None = None) -> str:
    """The text of a PDF of one page whose picture is neither blank nor black."""
    with pypdfium2.PdfDocument(io.BytesIO(content)) as pdf:
        [page] = pdf
        image = page.render(scale=2).to_pil().convert("L")
        text = page.get_textpage().get_text_range()
    if picture:
        image.save(picture)
    ink = sum(image.histogram()[:128]) / (image.width * image.height)
    assert 0.005 < ink < 0.3, f"{ink:.1%} of the page is dark"
    return text
