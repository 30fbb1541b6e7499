"""What the screens of count sheets show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session

from app.counting import queries
from app.counting import sheet_problems as problems
from app.counting.problems import NoSuchCount
from app.counting.sheet_files import SHEET
from app.counting.sheet_making import SHEETS
from app.counting.sheet_tasks import progress_key
from app.kit import jobs, sql
from app.spreadsheets.findings import Finding

MOST_SHEETS, MOST_UPLOADS = 200, 100
MOST_ROWS = 200


@dataclass(frozen=True)
class SheetRow:
    """A sheet; ``done`` of its ``places`` are counted."""

    id: int
    code: str
    is_blind: bool
    line_count: int
    page_count: int
    state: str
    created_at: datetime
    created_by: str | None
    places: int
    done: int


@dataclass(frozen=True)
class UploadRow:
    id: int
    sheet: str
    file_name: str
    state: str
    figures: dict[str, int]
    created_at: datetime
    counted_by: str


@dataclass(frozen=True)
class SheetsView:
    """The sheets of one count; ``progress`` of those that are being made, by their id."""

    head: queries.CountHead
    is_open: bool
    sheets: list[SheetRow]
    progress: dict[int, jobs.Progress]
    uploads: list[UploadRow]
    zones: list[queries.Named]
    people: list[queries.Named]

    @property
    def is_making(self) -> bool:
        return any(sheet.state == "making" for sheet in self.sheets)


@dataclass(frozen=True)
class UploadHead:
    id: int
    count_id: int
    sheet_id: int
    sheet: str
    is_blind: bool
    file_name: str
    state: str
    counted_at: datetime
    findings: dict[str, list[Any]]
    figures: dict[str, int]
    created_at: datetime
    closed_at: datetime | None
    counted_by: str
    created_by: str | None
    number: str
    count_state: str


@dataclass(frozen=True)
class FoundRow:
    """One row of the file with what was found."""

    number: int
    cells: dict[str, str]
    findings: list[Finding]

    @property
    def words(self) -> str:
        """What it says of the goods, in the order of the sheet."""
        shown = (self.cells.get(name, "") for name in ("location", "item", "name", "lot"))
        return " · ".join(part for part in shown if part)


def sheets(session: Session, count_id: int) -> SheetsView:
    """Raises NoSuchCount: or it is another store's."""
    head = sql.one(session, queries.CountHead, queries.VIEWS["head"], {"count_id": count_id})
    if head is None:
        raise NoSuchCount
    asked = {"count_id": count_id, "most": MOST_SHEETS}
    rows = sql.rows(session, SheetRow, SHEETS["sheets"], asked)
    making = [row.id for row in rows if row.state == "making"]
    reports = {sheet_id: jobs.progress(session, progress_key(sheet_id)) for sheet_id in making}
    uploads = {"count_id": count_id, "most": MOST_UPLOADS}
    return SheetsView(
        head,
        head.state in ("confirmed", "in_progress") and head.posting_by is None,
        rows,
        {sheet_id: report for sheet_id, report in reports.items() if report},
        sql.rows(session, UploadRow, SHEETS["uploads"], uploads),
        sql.rows(session, queries.Named, SHEETS["zones_to_count"], {"count_id": count_id}),
        queries.people(session, head.store_id),
    )


def upload(session: Session, upload_id: int) -> UploadHead:
    """Raises NoSuchUpload: or it is another store's."""
    found = sql.one(session, UploadHead, SHEETS["upload"], {"upload_id": upload_id})
    if found is None:
        raise problems.NoSuchUpload
    return found


def found_rows(view: UploadHead) -> list[FoundRow]:
    """Rows with errors first, then those with warnings."""
    rows = [
        FoundRow(number, cells, msgspec.convert(findings, list[Finding]))
        for number, cells, _, findings in view.findings["rows"]
    ]
    return sorted(rows, key=lambda row: all(one.warning for one in row.findings))


def label(field: str) -> str:
    """The heading of a column, in the current language."""
    return SHEET.column(field).label


def file_of(session: Session, sheet_id: int) -> bytes | None:
    """The PDF that a job made."""
    found = sql.value(session, SHEETS["file"], {"sheet_id": sheet_id})
    return bytes(found) if found is not None else None
