"""Order lines from a file or a box: read, compared with the items, shown with what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.orders.creating import MOST_LINES
from app.selling.columns import LINES
from app.selling.forms import IN_A_LINE, cells_of_text
from app.selling.problems import TooManyLines
from app.selling.sold import Sold, assortment, check_line
from app.spreadsheets.files import Table, read
from app.spreadsheets.findings import Row
from app.spreadsheets.problems import NoHeadings
from app.spreadsheets.reading import read_rows


@dataclass(frozen=True)
class PreviewLine:
    """A row with the item that it orders, where that is known."""

    row: Row
    sold: Sold | None

    @property
    def cells(self) -> list[str]:
        return [self.row.cells[c.field] for c in LINES.columns if c.field in self.row.cells]

    @property
    def text(self) -> str:
        """The line for the box: what was read, or as it stands in the file where it is wrong."""
        known = self.row.cells | {name: str(value) for name, value in self.row.values.items()}
        known["item"] = known.get("barcode") or known.get("item") or "?"
        if "whole_packs" in self.row.values:
            known["whole_packs"] = "yes" if self.row.values["whole_packs"] else ""
        return "\t".join(known.get(name, "") for name in IN_A_LINE).rstrip("\t")


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
    def found(self) -> list[PreviewLine]:
        """The lines with something to say about."""
        return [line for line in self.lines if line.row.findings]

    @property
    def good(self) -> list[PreviewLine]:
        return [line for line in self.lines if not line.row.findings]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def preview_file(session: Session, file_name: str, content: bytes) -> Preview:
    """The lines of an XLSX or CSV file and, in one pass, whatever is wrong with each.

    Raises:
        Unreadable: the file as a whole, see ``app.spreadsheets.problems``; or too many lines.
    """
    return _preview(session, file_name, read(content))


def preview_text(session: Session, text: str) -> Preview:
    """The same for what stands in the box; its first line is row 1.  Raises FileEmpty."""
    headings = [LINES.column(name).label for name in IN_A_LINE]
    rows = [cells[: len(IN_A_LINE)] for cells in cells_of_text(text)]
    return _preview(session, "", Table([headings, *rows], "box", first_row=0))


def _preview(session: Session, file_name: str, table: Table) -> Preview:
    headings, rows = read_rows(LINES, table, {}, lambda _done, _all: None)
    if not headings.fields.keys() & {"item", "barcode"}:
        needed = [LINES.column(name).label for name in ("item", "quantity")]
        raise NoHeadings(needed=", ".join(needed))
    if len(rows) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES, lines=len(rows))
    known = assortment(session, rows)
    first: dict[int, int] = {}
    lines = [PreviewLine(row, check_line(row, known, first)) for row in rows]
    return Preview(file_name, headings.ignored, lines)
