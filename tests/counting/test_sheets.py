"""Count sheets on paper and in a workbook, filled in and taken in again."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from app.catalog.items import ArchiveItem, archive_item
from app.counting import sheet_making, sheet_problems, uploads
from app.counting.making import Made, RecountRule
from app.counting.problems import SerialCountedTwice
from app.counting.sheet_files import sheet_xlsx
from app.counting.sheet_making import MakeSheets, SheetsMade, make_sheets
from app.counting.sheet_tasks import print_sheet, progress_key
from app.counting.uploads import (
    ApplySheet,
    CheckSheet,
    DiscardSheet,
    SheetTaken,
    TakeSheet,
    apply_sheet,
    check_sheet,
    discard_sheet,
    read_sheet,
    taking,
)
from app.kit import jobs
from app.kit.database import SYSTEM
from app.kit.problems import Problem
from printing.count_sheet import count_sheet_pdf
from tests.counting.counters import Counters
from tests.harness import GTINS
from tests.orders.selling import Shop
from tests.spreadsheets.files_made import csv_text, xlsx

pytestmark = pytest.mark.usefixtures("verified")
Rows = list[list[Any]]
WRONG: Rows = [
    ["九个", "A-SHELF1", "BREAD"],
    [-1, "A-SHELF1", "MILK", "M1"],
    [2, "A-SHELF1", "MILK", "M9"],
    [2, "A-SHELF1", "MILK", "M8", "2031-05-01"],
    [1, "A-SHELF2", "FLOUR"],
    [1, "NOWHERE", "BREAD"],
    [1, "B-SHELF1", "BREAD"],
    [1, "A-DOCK", "NOTHING"],
    [1, "A-DOCK", "OVEN", "S1"],
    [1, "A-SHELF2", "OVEN", "S1"],
    ["1.5", "A-DOCK", "BREAD", "X"],
    [1, "A-DOCK"],
]
TOLD = {
    2: ["It is no number."],
    3: ["It is negative."],
    4: ["Lot M9 of 鲜牛奶 is new: it will be made.", "Lot M9 is new: it needs its date."],
    5: ["Lot M8 of 鲜牛奶 is new: it will be made."],
    6: ["The item 高筋面粉 is archived."],
    7: ["There is no location NOWHERE."],
    8: ["B-SHELF1 is a place of another store."],
    9: ["There is no item NOTHING."],
    10: ["Lot S1 of 烤箱 is new: it will be made."],
    11: ["Lot S1 of 烤箱 is new: it will be made.", "S1 is in row 10 already, in A-DOCK."],
    12: ["The item is counted with 0 decimals.", "可颂 is not kept by lot."],
    13: ["It does not say which item was counted."],
}


class Sheets:
    """A count with its sheet as a workbook that somebody fills in."""

    def __init__(self, counters: Counters, made: Made, **more: Any) -> None:
        self.counters, self.made = counters, made
        self.sheets: SheetsMade = counters.do(
            make_sheets, MakeSheets(made.count_id, **more), counters.who("supervisor_a")
        )

    @property
    def code(self) -> str:
        return self.sheets.codes[0]

    def head(self) -> sheet_making.SheetHead:
        with self.counters.run.database.reading(SYSTEM) as session:
            asked = {"code": self.code}
            found = sheet_making.sql.value(session, sheet_making.SHEETS["sheet_by_code"], asked)
            return sheet_making.sheet_head(session, found)

    def file(self) -> bytes:
        head = self.head()
        with self.counters.run.database.reading(SYSTEM) as session:
            return sheet_xlsx(head, sheet_making.sheet_lines(session, head.id))

    def rows(self) -> Rows:
        """What a person sees who opens the workbook; the first row has the headings."""
        with CalamineWorkbook.from_filelike(io.BytesIO(self.file())) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)[1:]

    def filled(self, counted: Callable[[dict[str, Any]], object]) -> Rows:
        """The rows with what ``counted`` says of each (None: not filled in)."""
        heading, *rows = self.rows()
        for row in rows:
            found = counted(dict(zip(heading, row, strict=True)))
            row[heading.index("实盘数")] = "" if found is None else found
        return [heading, *rows]

    def take(self, content: bytes | Rows, login: str = "supervisor_a", **more: Any) -> SheetTaken:
        content = content if isinstance(content, bytes) else xlsx(content)
        filled = read_sheet(content)
        command = TakeSheet(self.made.count_id, filled.code, "s.xlsx", filled.digest, **more)
        return self.counters.do(taking(filled), command, self.counters.who(login))

    def apply(self, upload: int, **more: Any) -> SheetTaken:
        command = ApplySheet(upload, **more)
        return self.counters.do(apply_sheet, command, self.counters.who("supervisor_a"))

    def figures(self, upload: int) -> dict[str, int]:
        return self.counters.value("select figures from count_upload where id = %s", upload)

    def told(self, upload: int) -> dict[int, list[str]]:
        """What was found, by the number of the row."""
        rows = self.counters.value("select findings from count_upload where id = %s", upload)[
            "rows"
        ]
        return {row[0]: [one["text"].format(**one["data"]) for one in row[3]] for row in rows}


@pytest.fixture
def shop(counters: Counters) -> Counters:
    counters.stock("bread", "10")
    counters.stock("milk", "5", lot_id=counters.company.lots["milk"])
    counters.stock("flour", "2.5", "shelf2")
    return counters


def heading(*rows: list[Any], code: str) -> Rows:
    first = ["实盘数", "库位", "商品编码", "批次", "有效期至", "表号"]
    return [first, *([*row, *[""] * (5 - len(row)), code] for row in rows)]


def test_a_sheet_is_printed_filled_in_and_counted(shop: Counters) -> None:
    sheets = Sheets(shop, shop.make())
    assert sheets.sheets.lines == 4, "two of shelf 1, one of shelf 2, an empty dock"
    with shop.run.database.reading(SYSTEM) as session:
        paper = sheet_making.paper(session, sheets.head())
    text = pypdfium2.PdfDocument(count_sheet_pdf(paper))[0].get_textpage().get_text_range()
    assert all(words in text for words in ("盘点表", sheets.code, "可颂", "M1", "A-SHELF2", "盲盘"))
    assert "账面数" not in sheets.rows()[0]
    counted = {"BREAD": 9, "MILK": 5, "FLOUR": "2.5", "": 0}
    rows = sheets.filled(lambda row: counted[row["商品编码"]])
    taken = sheets.take([[row[-1], *row[:-1]] for row in rows])
    figures = sheets.figures(taken.upload_id)
    assert (figures["bad"], figures["missing"]) == (0, 0)
    assert (figures["places"], figures["whole"], figures["differing"]) == (3, 3, 1)
    with pytest.raises(sheet_problems.SheetUploadedBefore):
        sheets.take([rows[0], *reversed(rows[1:])])
    done = sheets.apply(taken.upload_id)
    assert (done.places, done.lines) == (3, 3)
    shop.reason(sheets.made.count_id)
    shop.post(sheets.made.count_id)
    assert shop.on_hand("bread", "shelf1") == 9
    assert shop.rows("select distinct source from count_line") == [("sheet",)]
    with pytest.raises(Problem):
        sheets.apply(taken.upload_id)


def test_every_error_of_every_row_is_told_at_once(shop: Counters) -> None:
    sheets = Sheets(shop, shop.make())
    shop.shelf("flour", "2.5", "shelf2", "customer")
    flour = ArchiveItem(shop.company.items["flour"])
    shop.do(archive_item, flour, shop.who("headquarters"))
    rows = heading(*WRONG, code=sheets.code)
    taken = sheets.take(csv_text(rows).encode("gbk"))
    assert sheets.told(taken.upload_id) == TOLD
    with pytest.raises(sheet_problems.SheetIncomplete) as caught:
        sheets.apply(taken.upload_id)
    assert caught.value.data["bad"] == 10
    with pytest.raises(sheet_problems.NothingToApply):
        sheets.apply(taken.upload_id, only_whole=True)
    shop.do(discard_sheet, DiscardSheet(taken.upload_id), shop.who("supervisor_a"))
    assert shop.value("select count(*) from count_line") == 0


def test_a_serial_number_on_a_sheet_and_on_a_device(
    shop: Counters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One piece is in one place, also where both are told at the same moment."""
    Shop(shop.run.database, shop.run, shop.company).lot("oven", "S1")
    made = shop.make()
    dock = shop.take("operator_a", "dock")
    sheets = Sheets(shop, made)
    rows = heading([1, "A-SHELF1", "OVEN", "S1"], [10, "A-SHELF1", "BREAD"], code=sheets.code)
    taken = sheets.take(rows)
    assert sheets.told(taken.upload_id) == {}
    write = uploads._count  # between looking and writing

    def while_somebody_scans(*given: Any) -> int:
        shop.scan("operator_a", dock, f"01{GTINS['oven'].zfill(14)}21S1")
        return write(*given)

    with monkeypatch.context() as patched:
        patched.setattr(uploads, "_count", while_somebody_scans)
        with pytest.raises(SerialCountedTwice):
            sheets.apply(taken.upload_id, only_whole=True, missing_is_zero=True)
    assert shop.rows("select location_id from count_line where is_serial") == [
        (shop.company.a.locations["dock"],)
    ]
    shop.do(check_sheet, CheckSheet(taken.upload_id), shop.who("supervisor_a"))
    assert sheets.told(taken.upload_id) == {2: ["S1 was counted in A-DOCK already."]}


def test_a_deleted_line_keeps_its_place_open_unless_it_is_nothing(shop: Counters) -> None:
    sheets = Sheets(shop, shop.make(), is_blind=False)
    rows = sheets.filled(lambda row: 0 if row["商品编码"] == "" else row["账面数"])
    kept = [row for row in rows if "BREAD" not in row]
    added = ["", "A-SHELF1", "MILK", "", "", "M2", "2031-01-01", "", "", ""]
    taken = sheets.take([*kept, [*added, 3]])
    figures = sheets.figures(taken.upload_id)
    assert (figures["missing"], figures["whole"], figures["unexpected"]) == (1, 2, 1)
    first = sheets.apply(taken.upload_id, only_whole=True)
    assert first.places == 2
    again = sheets.take(rows)
    assert sheets.figures(again.upload_id)["places"] == 1, "the others are counted"
    shop.do(check_sheet, CheckSheet(again.upload_id), shop.who("supervisor_a"))
    last = sheets.take([*kept, [*added, 4]])
    done = sheets.apply(last.upload_id, missing_is_zero=True, only_whole=True)
    assert done.lines == 2
    assert shop.rows(
        "select item.code, lot.code, first_quantity, variance from count_result as result"
        " join item on item.id = item_id left join lot on lot.id = lot_id"
        " where variance <> 0 order by 1, 2"
    ) == [("BREAD", None, 0, -10), ("MILK", "M2", 4, 4)]


def test_a_sheet_of_another_count_or_store_is_refused(shop: Counters) -> None:
    company = shop.company
    sheets = Sheets(shop, shop.make("item", item_ids=(company.items["bread"],)))
    other = Sheets(shop, shop.make("tasks", location_ids=(company.a.locations["shelf2"],)))
    rows = other.filled(lambda _: 1)
    with pytest.raises(sheet_problems.SheetOfOtherCount):
        sheets.take(rows)
    with pytest.raises(Problem):
        sheets.take(sheets.filled(lambda _: 1), login="operator_b")
    with pytest.raises(sheet_problems.NoSheetCode):
        sheets.take([["库位", "商品编码", "实盘数"], ["A-SHELF1", "BREAD", 1]])
    with pytest.raises(sheet_problems.SheetUnknown):
        sheets.take([["库位", "表号"], ["A-SHELF1", "PD-20200101-0001-S1"]])
    with pytest.raises(sheet_problems.NothingOnSheet):
        Sheets(shop, sheets.made, zone_id=0)


def test_a_recount_on_paper_is_done_by_another_person(shop: Counters) -> None:
    bread = (shop.company.items["bread"],)
    rule = RecountRule(quantity=Decimal(1))
    sheets = Sheets(shop, shop.make("item", rule, item_ids=bread))
    taken = sheets.take(sheets.filled(lambda _: 7))
    assert sheets.apply(taken.upload_id).recounts == 1
    again = Sheets(shop, sheets.made)
    rows = again.filled(lambda _: 8)
    same = again.take(rows)
    assert again.told(same.upload_id)[2][0].startswith("Who counted A-SHELF1 before")
    shop.do(discard_sheet, DiscardSheet(same.upload_id), shop.who("supervisor_a"))
    second = again.take(rows, counted_by=shop.company.users["operator_a"])
    again.apply(second.upload_id)
    assert shop.rows("select first_quantity, second_quantity from count_result") == [(7, 8)]


def test_opening_stock_on_a_sheet_has_its_cost(counters: Counters) -> None:
    sheets = Sheets(counters, counters.make("opening"), most_lines=1)
    assert len(sheets.sheets.codes) == 3, "each place has its own sheet"
    first = sheets.rows()[0]
    assert "单价" in first
    place = sheets.rows()[1][first.index("库位")]
    row = ["", place, "FLOUR", *[""] * 6, "1.25", "3.2", "", sheets.code]
    order = [first.index(name) for name in ("行号", "库位", "商品编码")]
    assert order == [0, 1, 2]
    taken = sheets.take([first, _spread(first, row)])
    assert sheets.apply(taken.upload_id).lines == 1
    assert counters.rows("select quantity, unit_cost from count_line") == [
        (Decimal("1.25"), Decimal("3.2"))
    ]


def _spread(first: list[Any], row: list[Any]) -> list[Any]:
    named = dict(zip(("行号", "库位", "商品编码"), row[:3], strict=True))
    named |= {"实盘数": row[-4], "单价": row[-3], "表号": row[-1]}
    return [named.get(name, "") for name in first]


def test_a_long_sheet_is_printed_by_a_job(shop: Counters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_making, "AT_ONCE", 2)
    sheets = Sheets(shop, shop.make())
    head = sheets.head()
    assert head.state == "making"
    print_sheet(jobs.Job(shop.run.database, SYSTEM), head.id)
    assert sheets.head().state == "ready"
    assert bytes(shop.value("select file from count_sheet")).startswith(b"%PDF")
    with shop.run.database.reading(SYSTEM) as session:
        found = jobs.progress(session, progress_key(head.id))
    assert found is not None
    assert found.done == found.total == 1
