"""Files for the tests of imports: made here, also the malicious ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(rows: Sequence[Sequence[object]], *, sheet: str = "Sheet1") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return file.getvalue()


def csv_text(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    return "\r\n".join(delimiter.join(str(cell) for cell in row) for row in rows)


def patched(content: bytes, name: str, change) -> bytes:
    """The workbook with one of its parts changed: ``change(bytes) -> bytes``."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(
                part, change(data) if part == name else data, compress_type=zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def bomb(megabytes: int) -> bytes:
    """A small file that unpacks to a sheet of so many megabytes."""
    return patched(xlsx([["a"]]), SHEET, lambda data: data + b" " * (megabytes << 20))
