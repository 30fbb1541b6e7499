"""Count sheets: the places of a count that nobody has begun, in the order of the way, on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.counting import sheet_problems as problems
from app.counting.results import open_count
from app.kit import clock, jobs, sql
from app.kit.transactions import Envelope
from printing.count_sheet import LINES_PER_PAGE, SPARE_LINES, CountSheet, CountSheetLine

SHEETS = sql.Queries(Path(__file__).with_name("sheets.sql"))
AT_ONCE = 1_000
"""Lines of a sheet whose PDF is made while one waits; longer ones by a job."""
MOST_LINES = 100_000
JOB = "counting.print_sheet"


@dataclass(frozen=True)
class MakeSheets:
    """``most_lines``: a place more begins the next sheet, for counters side by side."""

    count_id: int
    is_blind: bool = True
    zone_id: int | None = None
    most_lines: int = MOST_LINES
    language: str = "zh"
    address: str = ""


@dataclass(frozen=True)
class SheetsMade:
    """``codes`` of the sheets, in the order of the way."""

    count_id: int
    codes: tuple[str, ...]
    lines: int


@dataclass(frozen=True)
class SheetHead:
    """A sheet; ``address`` is of its own page, for its QR."""

    id: int
    code: str
    count_id: int
    store_id: int
    is_blind: bool
    line_count: int
    page_count: int
    state: str
    language: str
    address: str
    created_at: datetime
    number: str
    kind: str
    note: str
    store: str
    time_zone: str
    company: str
    created_by: str | None

    @property
    def is_opening(self) -> bool:
        """Whether what things cost is asked for, too."""
        return self.kind == "opening"


@dataclass(frozen=True)
class SheetLine:
    """One line; ``book`` is what the books had when the sheet was made."""

    number: int
    location: str
    item_code: str
    item_name: str
    specification: str
    unit: str
    lot: str
    last_day: date | None
    sscc: str
    book: Decimal


@dataclass(frozen=True)
class SheetOfCode:
    """Which count a sheet's code belongs to."""

    id: int
    count_id: int
    code: str


@dataclass(frozen=True)
class _Made:
    id: int
    code: str
    state: str


def make_sheets(session: Session, command: MakeSheets, envelope: Envelope) -> SheetsMade:
    """Sheets of all places of the count that wait; long ones are printed by a job.

    Raises:
        NoSuchCount, CapabilityMissing, CountClosed, AlreadyPosted, NothingOnSheet.
    """
    count = open_count(session, command.count_id, envelope)
    asked = {"count_id": count.id}
    already = int(sql.value(session, SHEETS["sheets_of_count"], asked))
    values = {
        **asked,
        "store_id": count.store_id,
        "number": count.number,
        "already": already,
        "zone_id": command.zone_id,
        "is_blind": command.is_blind,
        "most": min(max(command.most_lines, 1), MOST_LINES),
        "spare": SPARE_LINES,
        "per_page": LINES_PER_PAGE,
        "at_once": AT_ONCE,
        "language": "en" if command.language == "en" else "zh",
        "address": command.address[:200],
        "user_id": envelope.caller.user_id,
    }
    lines = sql.execute(session, SHEETS["insert_sheets"], values)
    if not lines:
        raise problems.NothingOnSheet
    made = _new_sheets(session, count.id, already)
    for sheet in made:
        if sheet.state == "making":
            jobs.defer(session, JOB, caller=envelope.caller, sheet_id=sheet.id)
    return SheetsMade(count.id, tuple(sheet.code for sheet in made), lines)


def _new_sheets(session: Session, count_id: int, already: int) -> list[_Made]:
    asked = {"count_id": count_id}
    every = int(sql.value(session, SHEETS["sheets_of_count"], asked))
    newest = {"count_id": count_id, "most": every - already}
    return sql.rows(session, _Made, SHEETS["newest_sheets"], newest)[::-1]


def sheet_head(session: Session, sheet_id: int) -> SheetHead:
    """Raises NoSuchSheet: or it is another store's."""
    head = sql.one(session, SheetHead, SHEETS["head"], {"sheet_id": sheet_id})
    if head is None:
        raise problems.NoSuchSheet
    return head


def sheet_lines(session: Session, sheet_id: int) -> list[SheetLine]:
    """In the order of the way."""
    return sql.rows(session, SheetLine, SHEETS["lines"], {"sheet_id": sheet_id})


def paper(session: Session, head: SheetHead) -> CountSheet:
    """What the printer is told."""
    zone = ZoneInfo(head.time_zone)
    return CountSheet(
        code=head.code,
        company=head.company,
        store=head.store,
        lines=tuple(_on_paper(head, line) for line in sheet_lines(session, head.id)),
        is_blind=head.is_blind,
        note=head.note,
        address=f"{head.address}/counting/sheets/{head.code}" if head.address else "",
        printed_at=clock.now().astimezone(zone),
        printed_by=head.created_by or "",
    )


def _on_paper(head: SheetHead, line: SheetLine) -> CountSheetLine:
    return CountSheetLine(
        number=line.number,
        location=line.location,
        item_code=line.item_code,
        item_name=line.item_name,
        spec=line.specification,
        unit=line.unit,
        lot=line.lot,
        last_day=line.last_day,
        sscc=line.sscc,
        book=None if head.is_blind else line.book,
    )
