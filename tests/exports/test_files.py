"""What stands in an exported file, cell by cell."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.access.exports import Asked, Export, _file
from app.kit import sql
from app.kit.database import SYSTEM
from app.kit.exports import Column, sheet_name, write_csv, write_xlsx
from app.kit.formats import in_zone
from app.kit.i18n import speaking

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1+1", "=cmd|' /C calc'!A0"]


def sheet_of(content: bytes) -> list[list[Any]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)


def as_xlsx(*rows, title="Stock", headings=None) -> bytes:
    file = io.BytesIO()
    headings = headings or [f"c{number}" for number in range(len(rows[0]))]
    write_xlsx(file, title, headings, rows)
    return file.getvalue()


def as_csv(*rows) -> list[list[str]]:
    file = io.BytesIO()
    write_csv(file, [f"c{number}" for number in range(len(rows[0]))], rows)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))[1:]


def test_everything_is_what_it_is():
    moment = datetime(2026, 11, 22, 23, 30, 5, tzinfo=UTC)
    row = ["可颂", 7, Decimal("-2.50"), date(2026, 1, 31), moment, None, True, "00123", ""]
    with in_zone("Asia/Shanghai"), speaking("zh_CN"):
        [_, shown] = sheet_of(as_xlsx(row))
        [text] = as_csv(row)
    local = datetime(2026, 11, 23, 7, 30, 5)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert shown == ["可颂", 7.0, -2.5, date(2026, 1, 31), local, "", "是", "00123", ""]
    assert text == [
        *("可颂", "7", "-2.5", "2026-01-31", "2026-11-23 07:30:05", "", "是", "00123", "")
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text):
    content = as_xlsx([text])
    assert sheet_of(content)[1][0].lstrip("\t\r") == text.lstrip("\t\r")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")
    assert as_csv([text]) == [["'" + text]]


@settings(max_examples=300)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**14))
def test_a_number_is_exact_or_text(value):
    cell = sheet_of(as_xlsx([value]))[1][0]
    assert Decimal(cell if isinstance(cell, str) else f"{cell:.15g}") == value
    digits = len(str(abs(value).normalize().as_tuple().digits)) // 3
    assert isinstance(cell, str) == (digits > 15)


@pytest.mark.parametrize(
    ("value", "is_text"),
    [
        (Decimal("9.95"), False),
        (Decimal("123456789.123456"), False),
        (Decimal("1234567890.123456"), True),
        (Decimal("1E+20"), False),
        (10**15 - 1, False),
        (6901234567892001, True),
    ],
)
def test_what_a_double_cannot_hold_stays_text(value, is_text):
    cell = sheet_of(as_xlsx([value]))[1][0]
    assert isinstance(cell, str) == is_text
    assert Decimal(cell if is_text else f"{cell:.15g}") == value


def test_a_cell_takes_no_more_than_it_can():
    [_, [cell, other]] = sheet_of(as_xlsx(["馆" * 40_000, "a\x00b\x0b"]))
    assert len(cell) == 32_767
    assert cell.endswith("…")
    assert other.startswith("a")


@pytest.mark.parametrize("title", ["a/b[c]:*?", "", "'quoted'", "很长的名字" * 20])
def test_any_title_names_a_sheet(title):
    assert as_xlsx(["x"], title=title)
    assert 0 < len(sheet_name(title)) <= 31


@dataclass(frozen=True)
class Wide:
    id: int
    name: str
    quantity: Decimal
    moved_at: datetime


def test_memory_does_not_grow_with_the_rows(database):
    few, many = (peak_mb(database, count) for count in (4_000, 40_000))
    assert many - few < 8


def peak_mb(database, count: int) -> float:
    """The highest resident memory of this process while so many rows are exported."""
    text = (
        "select id, repeat('商品', 20) || id as name, id / 7.0 as quantity, now() as moved_at"
        " from generate_series(1, %(count)s::int) as id"
    )
    columns: list[Column[Wide]] = [Column(n, n) for n in ("id", "name", "quantity", "moved_at")]
    export = Export("/x", "x", "", lambda _asked: sql.Select(Wide, text, {"count": count}), columns)
    nobody: Any = SimpleNamespace(can=lambda _capability: True)
    for suffix in (".csv", ".xlsx"):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        with database.reading(SYSTEM) as session:
            _file(export, Asked(session, {}, {}, nobody), suffix).close()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak) / 1024
