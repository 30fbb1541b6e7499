"""Look into an XLSX file before anything opens it: bombs, fakes, and what readers hide.

An XLSX is a zip of XML.  A few kilobytes can declare gigabytes, or one cell in the last column of
the last row can make a reader reserve seventeen billion cells; so sizes are taken from the zip
directory first, then each sheet is unpacked piece by piece with its cells counted.  The same pass
finds what the reader would show as empty: error values and formulas that were never calculated.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from app.spreadsheets.problems import NoSpreadsheet, SpreadsheetTooBig

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CELLS = 3_000_000
MOST_UNPACKED = 200 << 20
MOST_ENTRIES = 1000
# Sheets of repeated rows shrink 100 times in real life; bombs shrink 1,000 times.
MOST_RATIO = 400
_SMALL = 1 << 20
_PIECE = 1 << 20
_LONGEST_REST = 4 << 20
_CELL = re.compile(rb"<c(?=[\s>])([^>]{0,200}?)(?<!/)>(.*?)</c>", re.DOTALL)
_CLOSED = b"</c>"
_REFERENCE = re.compile(rb'\br="([A-Z]{1,4})(\d{1,8})"')
_ERROR = re.compile(rb'\bt="e"')
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>|<is>")
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class SheetFacts:
    """What one sheet holds.  ``faults``: (row, column) from 0 -> error value or formula."""

    name: str
    visible: bool
    cells: int = 0
    rows: int = 0
    columns: int = 0
    faults: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


def inspect(content: bytes) -> list[SheetFacts]:
    """The workbook's sheets in their order.

    Raises:
        NoSpreadsheet: no zip, a broken one, or no workbook inside.
        SpreadsheetTooBig: unpacked it would be more than a person ever typed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_bomb(archive)
            _refuse_lies(archive)
            return [_scan(archive, path, facts) for path, facts in _sheets(archive)]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise NoSpreadsheet(reason=str(error)[:200]) from error
    except (KeyError, ET.ParseError, ValueError, OSError, EOFError) as error:
        raise NoSpreadsheet(reason=str(error)[:200]) from error


def _refuse_bomb(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise SpreadsheetTooBig(reason=f"{len(entries)} parts")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise SpreadsheetTooBig(reason=f"more than {MOST_UNPACKED >> 20} MB unpacked")
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise SpreadsheetTooBig(reason=f"{entry.filename} is packed like a bomb")


def _refuse_lies(archive: zipfile.ZipFile) -> None:
    """Unpack every part once, piece by piece: the directory may declare less than is there.

    The module reads no more than was declared and then finds the checksum wrong.
    """
    for entry in archive.infolist():
        with archive.open(entry) as file:
            while file.read(_PIECE):
                pass


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, SheetFacts]]:
    workbook = ET.fromstring(_small(archive, "xl/workbook.xml"))  # noqa: S314 - size is capped
    relations = ET.fromstring(_small(archive, "xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
    targets = {one.get("Id", ""): one.get("Target", "") for one in relations}
    for sheet in workbook.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        path = posixpath.normpath(
            posixpath.join("/xl", targets.get(sheet.get(_RELATIONS, ""), ""))
        ).lstrip("/")
        visible = sheet.get("state", "visible") == "visible"
        yield path, SheetFacts(sheet.get("name", ""), visible)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _SMALL:
        raise SpreadsheetTooBig(reason=name)
    # Entities could unfold in memory; no spreadsheet program declares any.
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise NoSpreadsheet(reason=name)
    return text


def _scan(archive: zipfile.ZipFile, path: str, facts: SheetFacts) -> SheetFacts:
    """Unpack one sheet in pieces; what is left of a cell at a piece's end joins the next one."""
    rest = b""
    with archive.open(path) as file:
        while piece := file.read(_PIECE):
            text = rest + piece
            end = 0
            # Up to the last closed cell only: a search for an end that isn't there takes for ever.
            for cell in _CELL.finditer(text, 0, text.rfind(_CLOSED) + len(_CLOSED)):
                _note(facts, cell.group(1), cell.group(2))
                end = cell.end()
            rest = text[end:] if end else text
            if len(rest) > _LONGEST_REST:
                rest = rest[-_PIECE:]
    return facts


def _note(facts: SheetFacts, attributes: bytes, content: bytes) -> None:
    facts.cells += 1
    where = _REFERENCE.search(attributes)
    if facts.cells > MOST_CELLS:
        raise SpreadsheetTooBig(reason=f"{facts.name}: more than {MOST_CELLS} cells")
    if where is None:
        return
    row, column = int(where.group(2)) - 1, _column(where.group(1))
    if row >= MOST_ROWS or column >= MOST_COLUMNS:
        place = (where.group(1) + where.group(2)).decode()
        raise SpreadsheetTooBig(reason=f"{facts.name}: there is something in cell {place}")
    facts.rows, facts.columns = max(facts.rows, row + 1), max(facts.columns, column + 1)
    value = _VALUE.search(content)
    if _ERROR.search(attributes) and value:
        facts.faults[row, column] = (value.group(1) or b"#").decode(errors="replace")[:20]
    elif value is None and b"<f" in content:
        facts.faults[row, column] = "="


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
