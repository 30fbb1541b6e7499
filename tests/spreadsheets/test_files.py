"""Files as they come: encodings, separators, fakes, bombs, cells that are not what they seem."""

from __future__ import annotations

import contextlib
import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.importing.columns import ITEMS, KINDS
from app.kit.problems import Unreadable
from app.spreadsheets import cells, files, problems
from app.spreadsheets.cells import CellFault
from app.spreadsheets.headings import find_headings
from app.spreadsheets.reading import read_rows
from tests.spreadsheets.files_made import SHEET, bomb, csv_text, patched, xlsx

ROWS = [["商品编码", "商品名称", "单位"], ["A1", "可颂，原味", "个"], ["A2", "吐司", "个"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_every_encoding(encoding, delimiter):
    content = csv_text(ROWS, delimiter).encode(encoding)
    assert files.read(content).rows == ROWS


def test_an_xlsx_is_read():
    table = files.read(xlsx(ROWS))
    assert table.rows == ROWS
    assert table.source == "xlsx: Sheet1"


def test_numbers_keep_the_digits_that_were_typed():
    day = date(2026, 1, 31)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [6901234567892, 0.1 + 0.2, 1e16, 12.50, True])
        page.write_datetime(0, 5, day, book.add_format({"num_format": "yyyy-mm-dd"}))
    [row] = files.read(file.getvalue()).rows
    assert row == ["6901234567892", "0.3", "1E+16", "12.5", "TRUE", "2026-01-31"]


def test_failed_and_uncalculated_formulas_do_not_look_empty():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b", "c"])
        page.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 1, "=A1", None, "a")
    content = patched(
        file.getvalue(),
        SHEET,
        lambda data: data.replace(
            b"</c></row></sheetData>", b'</c><c r="C2"><f>A1</f></c></row></sheetData>'
        ),
    )
    assert files.read(content).rows[1] == ["#DIV/0!", "a", "="]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", problems.FileEmpty),
        (b"\xef\xbb\xbf", problems.FileEmpty),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, problems.OldSpreadsheet),
        (b"PK\x03\x04 not a zip", problems.NoSpreadsheet),
        ("编码,名称\nA1,".encode() + b"\xff\xff\x00\x81", problems.UnknownEncoding),
        (b'a,"' + b"x" * 200_000, problems.NoSpreadsheet),
    ],
)
def test_what_is_no_table_is_refused_with_advice(content, problem):
    with pytest.raises(problem) as refused:
        files.read(content)
    assert refused.value.next_step


def test_a_zip_without_a_workbook_is_no_spreadsheet():
    with pytest.raises(problems.NoSpreadsheet):
        files.read(
            patched(xlsx(ROWS), "xl/workbook.xml", lambda _: b"<x/>").replace(
                b"xl/workbook.xml", b"xl/workbooq.xml"
            )
        )


@pytest.mark.parametrize("megabytes", [40, 320])
def test_a_bomb_is_refused_before_it_is_unpacked(megabytes):
    content = bomb(megabytes)
    assert len(content) < 1 << 20
    with pytest.raises(problems.SpreadsheetTooBig):
        files.read(content)


def test_a_directory_that_lies_about_a_size_is_found_out():
    content = patched(xlsx(ROWS), "xl/sharedStrings.xml", lambda data: data + b" " * (8 << 20))
    entry = content.rindex(b"xl/sharedStrings.xml") - 46
    lying = content[: entry + 24] + (1000).to_bytes(4, "little") + content[entry + 28 :]
    with pytest.raises(problems.NoSpreadsheet):
        files.read(lying)


@pytest.mark.parametrize("place", [b"XFD1048576", b"A1048576", b"ZZZ1"])
def test_one_far_cell_does_not_reserve_the_memory_of_a_full_sheet(place):
    cell = b'<row r="1048576"><c r="' + place + b'"><v>1</v></c></row></sheetData>'
    content = patched(xlsx(ROWS), SHEET, lambda data: data.replace(b"</sheetData>", cell))
    with pytest.raises(problems.SpreadsheetTooBig) as refused:
        files.read(content)
    assert place.decode() in refused.value.message


def test_formatted_empty_rows_to_the_end_do_no_harm():
    cell = b'<row r="1048576"><c r="A1048576" s="0"/></row></sheetData>'
    content = patched(xlsx(ROWS), SHEET, lambda data: data.replace(b"</sheetData>", cell))
    assert files.read(content).rows[:3] == ROWS


def test_entities_in_the_workbook_are_not_unfolded():
    evil = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
    content = patched(xlsx(ROWS), "xl/workbook.xml", lambda data: evil + data)
    with pytest.raises(problems.NoSpreadsheet):
        files.read(content)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(noise):
    for content in (noise, b"PK\x03\x04" + noise):
        with contextlib.suppress(Unreadable):
            files.read(content)


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (cells.number(), "".join(chr(ord(c) + 0xFEE0) for c in "12.50"), "12.5"),
        (cells.number(), "￥1,234.50元", "1234.5"),
        (cells.number(), "1.5E-3", "0.0015"),
        (cells.tax_rate, "13%", "0.13"),
        (cells.tax_rate, "13", "0.13"),
        (cells.tax_rate, "0.13", "0.13"),
        (cells.day, "2026年1月5日", "2026-01-05"),
        (cells.day, "2026/1/5", "2026-01-05"),
        (cells.day, "2026-01-05 00:00:00", "2026-01-05"),
        (cells.day, "20260105", "2026-01-05"),
        (cells.day, "46027", "2026-01-05"),
        (cells.yes_no, "是", True),
        (cells.yes_no, "No", False),
        (cells.barcode, "6 901234 567892", "6901234567892"),
        (cells.code(), " a\u200b-1 ", "a-1"),
    ],
)
def test_cells_are_read_as_people_write_them(reader, text, value):
    assert reader(text) == value


@pytest.mark.parametrize(
    ("reader", "text", "says"),
    [
        (cells.number(), "-1", "negative"),
        (cells.number(above_zero=True), "0", "more than zero"),
        (cells.number(), "1,5", "no number"),
        (cells.number(), "12个", "no number"),
        (cells.number(), "1e999", "no number"),
        (cells.number(), "9" * 15, "absurdly"),
        (cells.number(), "NaN", "no number"),
        (cells.barcode, "6901234567890", "6901234567892"),
        (cells.barcode, "6.9012E+12", "shortened"),
        (cells.code(), "1E+16", "shortened"),
        (cells.code(), "SK:L1", "our own labels"),
        (cells.text(5), "abcdef", "at most 5"),
        (cells.text(5), "a\ufffd", "lost"),
        (cells.day, "2026-02-31", "no such day"),
        (cells.day, "01/02/2026", "no date"),
        (cells.yes_no, "maybe", "yes or no"),
        (cells.tax_rate, "250%", "less than 100%"),
        (cells.whole(6), "1.5", "whole number"),
    ],
)
def test_a_wrong_cell_says_what_is_wrong(reader, text, says):
    with pytest.raises(CellFault) as fault:
        reader(text)
    assert says in fault.value.text.format(**fault.value.data)
    assert fault.value.advice


@pytest.mark.parametrize("text", ["#DIV/0!", "#n/a", "=", "=SUM(A1)"])
def test_a_formula_without_result_is_refused(text):
    with pytest.raises(CellFault):
        cells.refuse_formula(text)


@given(st.text(max_size=40))
def test_no_text_crashes_a_cell(text):
    for kind in KINDS.values():
        for column in kind.columns:
            with contextlib.suppress(CellFault):
                column.read(text)


def test_headings_are_found_in_any_order_and_language():
    rows = [["好味烘焙 商品表"], [], ["Unit", "备注", "售价（元）*", "ITEM NAME", "商品 编码"]]
    found = find_headings(ITEMS, rows)
    assert found.row == 2
    assert found.fields == {"base_unit": 0, "price": 2, "name": 3, "code": 4}
    assert found.ignored == ["备注"]


def test_missing_and_double_headings_are_named():
    with pytest.raises(problems.NoHeadings):
        find_headings(ITEMS, [["编码", "单位"]])
    with pytest.raises(problems.HeadingTwice):
        find_headings(ITEMS, [["编码", "货号", "名称", "单位"]])


def test_rows_keep_their_numbers_and_short_rows_are_whole():
    table = files.Table([ROWS[0], [], ["A1"], ["A2", "吐司", "个", "多余"]], "test")
    _, rows = read_rows(ITEMS, table, {}, lambda _done, _total: None)
    assert [row.number for row in rows] == [3, 4]
    assert [one.field for one in rows[0].findings] == ["name", "base_unit"]
    assert not rows[1].findings
