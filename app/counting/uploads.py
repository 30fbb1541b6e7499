"""Filled sheets that come back: read, looked at as a preview, then taken in as what was counted.

The rows go in beside their command: the audit keeps their digest, the upload keeps the rows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.counting import sheet_problems as problems
from app.counting.loading import QUERIES
from app.counting.results import LockedCount, open_count, settle
from app.counting.sheet_checking import Checked, check
from app.counting.sheet_files import SHEET
from app.counting.sheet_known import Sheet, look_up
from app.counting.sheet_making import SHEETS, SheetHead, SheetOfCode, sheet_head
from app.counting.state import State
from app.kit import clock, sql
from app.kit.transactions import Envelope
from app.orders.counting import unlock_location
from app.spreadsheets.files import Table, read
from app.spreadsheets.findings import Finding, Row
from app.spreadsheets.reading import read_rows

_CODE = re.compile(r"[A-Z]{2}-\d{8}-\d{4,}-S\d{1,4}")
_HEAD_ROWS = 10
_CLOCKS_DIFFER = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)  # people enter times without seconds
MOST_MISSING = 1_000


@dataclass(frozen=True)
class FilledSheet:
    """A file as it was read: which sheet it says it is, its rows, and their digest."""

    code: str
    rows: list[Row]
    digest: str
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakeSheet:
    """A filled sheet of a count.  ``counted_at``: when its goods were counted."""

    count_id: int
    sheet: str
    file_name: str
    digest: str
    counted_by: int | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True)
class CheckSheet:
    """Compare the rows of a preview with the store once more."""

    upload_id: int


@dataclass(frozen=True)
class ApplySheet:
    """``only_whole``: leave places open that have errors or lack lines; ``missing_is_zero``: of
    what is not filled in nothing was there.
    """

    upload_id: int
    only_whole: bool = False
    missing_is_zero: bool = False


@dataclass(frozen=True)
class DiscardSheet:
    upload_id: int


@dataclass(frozen=True)
class SheetTaken:
    """``places`` that are counted by it, and how many recounts that led to."""

    upload_id: int
    count_id: int
    state: str = "preview"
    places: int = 0
    lines: int = 0
    recounts: int = 0


@dataclass(frozen=True)
class _Same:
    id: int
    state: str
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True)
class _Upload:
    id: int
    count_id: int
    store_id: int
    sheet_id: int
    sheet: str
    state: str
    counted_by: int
    counted_at: datetime
    rows: list[Any]


@dataclass(frozen=True)
class _Id:
    id: int


# Reading ------------------------------------------------------------------------------------------


def read_sheet(content: bytes) -> FilledSheet:
    """The rows of an XLSX or CSV file, whatever the order of its columns.

    Raises:
        NoSheetCode, and what ``spreadsheets.files.read`` and ``read_rows`` refuse.
    """
    table = read(content)
    headings, rows = read_rows(SHEET, table, {}, _say_nothing)
    code = _code_of(table, rows)
    return FilledSheet(code, rows, _digest(code, rows), tuple(headings.ignored))


def _say_nothing(_done: int, _total: int) -> None:
    """Reading takes seconds at most."""


def _code_of(table: Table, rows: Sequence[Row]) -> str:
    """What most rows say, else what stands above the headings."""
    for row in rows:
        found = _CODE.search(str(row.values.get("sheet", "")).upper())
        if found:
            return found.group()
    for cells in table.rows[:_HEAD_ROWS]:
        for cell in cells:
            found = _CODE.search(cell.upper())
            if found:
                return found.group()
    raise problems.NoSheetCode


def _digest(code: str, rows: Sequence[Row]) -> str:
    """Of what was counted: a file that is saved again, or sorted anew, says the same."""
    told = ("location", "item", "lot", "last_day", "sscc", "quantity", "unit_cost")
    lines = sorted("\t".join(row.cells.get(name, "") for name in told) for row in rows)
    return hashlib.sha256("\n".join([code, *lines]).encode()).hexdigest()


# Preview ------------------------------------------------------------------------------------------


def taking(filled: FilledSheet) -> Callable[[Session, TakeSheet, Envelope], SheetTaken]:
    """The handler ``take_sheet`` for what was read.  Nothing is counted by it."""

    def take_sheet(session: Session, command: TakeSheet, envelope: Envelope) -> SheetTaken:
        count = open_count(session, command.count_id, envelope)
        head = _sheet_of(session, command, count)
        _refuse_second_time(session, command)
        counted_by = command.counted_by or envelope.caller.user_id
        if counted_by is None:
            raise problems.CountedByWhom
        counted_at = command.counted_at or envelope.occurred_at
        if not head.created_at - _MINUTE <= counted_at <= clock.now() + _CLOCKS_DIFFER:
            raise problems.CountedWhen(given=counted_at.isoformat(sep=" ", timespec="minutes"))
        stored = Jsonb([_stored(row) for row in filled.rows])
        sheet = Sheet(head.id, count.id, head.code, counted_by, head.is_opening)
        checked = check(filled.rows, look_up(session, sheet, filled.rows))
        values = {
            "count_id": count.id,
            "store_id": count.store_id,
            "sheet_id": head.id,
            "file_name": command.file_name[-200:],
            "digest": command.digest,
            "counted_by": counted_by,
            "counted_at": counted_at,
            "rows": stored,
            "user_id": envelope.caller.user_id,
            **_shown(filled.rows, checked),
        }
        return SheetTaken(int(sql.value(session, SHEETS["insert_upload"], values)), count.id)

    return take_sheet


def _sheet_of(session: Session, command: TakeSheet, count: LockedCount) -> SheetHead:
    found = sql.one(session, SheetOfCode, SHEETS["sheet_by_code"], {"code": command.sheet})
    if found is None:
        raise problems.SheetUnknown(sheet=command.sheet)
    if found.count_id != count.id:
        raise problems.SheetOfOtherCount(sheet=command.sheet, number=count.number)
    return sheet_head(session, found.id)


def _refuse_second_time(session: Session, command: TakeSheet) -> None:
    asked = {"count_id": command.count_id, "digest": command.digest}
    same = sql.one(session, _Same, SHEETS["same_upload"], asked)
    if same:
        raise problems.SheetUploadedBefore(upload=same.id, by=same.created_by or "?")


def check_sheet(session: Session, command: CheckSheet, envelope: Envelope) -> SheetTaken:
    """Raises NoSuchUpload, UploadClosed, NoSuchCount, CapabilityMissing, CountClosed."""
    upload, _ = _open_upload(session, command.upload_id, envelope)
    rows, checked = _checked(session, upload)
    shown = {"upload_id": upload.id, **_shown(rows, checked)}
    sql.execute(session, SHEETS["set_check"], shown)
    return SheetTaken(upload.id, upload.count_id)


def discard_sheet(session: Session, command: DiscardSheet, envelope: Envelope) -> SheetTaken:
    """Raises NoSuchUpload, UploadClosed, NoSuchCount, CapabilityMissing, CountClosed."""
    upload, _ = _open_upload(session, command.upload_id, envelope)
    _close(session, upload, "discarded", {})
    return SheetTaken(upload.id, upload.count_id, "discarded")


# Taking it in -------------------------------------------------------------------------------------


def apply_sheet(session: Session, command: ApplySheet, envelope: Envelope) -> SheetTaken:
    """What the rows say becomes what was counted; its places are finished.

    Raises:
        NoSuchUpload, UploadClosed, NoSuchCount, CapabilityMissing, CountClosed, SheetIncomplete,
        NothingToApply.
    """
    upload, count = _open_upload(session, command.upload_id, envelope)
    sql.rows(session, _Id, SHEETS["lock_sheet_tasks"], {"sheet_id": upload.sheet_id})
    rows, checked = _checked(session, upload)
    whole = checked.whole(missing_is_zero=command.missing_is_zero)
    bad = sum(row.is_bad for row in rows)
    if not command.only_whole and (bad or whole != checked.tasks):
        raise problems.SheetIncomplete(bad=bad, open=len(checked.tasks - whole))
    if not whole:
        raise problems.NothingToApply
    entries = [entry for entry in checked.entries if entry["task_id"] in whole]
    recounts = _count(session, upload, count, entries, sorted(whole), envelope)
    _close(session, upload, "applied", {"places_taken": len(whole), "lines_taken": len(entries)})
    return SheetTaken(upload.id, count.id, "applied", len(whole), len(entries), recounts)


def _count(
    session: Session,
    upload: _Upload,
    count: LockedCount,
    entries: list[dict[str, Any]],
    tasks: list[int],
    envelope: Envelope,
) -> int:
    """Write the lines, end the tasks; how many recounts that asks for."""
    values = {
        "entries": Jsonb(entries),
        "sheet": upload.sheet,
        "command_id": envelope.command_id,
        "counted_by": upload.counted_by,
        "counted_at": upload.counted_at,
        "task_ids": tasks,
        "step": Jsonb(msgspec.to_builtins(State("done"))),
    }
    sql.execute(session, SHEETS["make_lots"], values)
    sql.execute(session, SHEETS["insert_lines"], values)
    sql.execute(session, SHEETS["end_tasks"], values)
    sql.execute(session, QUERIES["begin_count"], {"count_id": count.id})
    recounts = settle(session, tasks)
    if count.freezes:
        places = {"task_ids": tasks, "reason": count.number}
        for place in sql.rows(session, _Id, SHEETS["places_to_free"], places):
            unlock_location(session, envelope, place.id)
    return recounts


def _open_upload(
    session: Session, upload_id: int, envelope: Envelope
) -> tuple[_Upload, LockedCount]:
    upload = sql.one(session, _Upload, SHEETS["lock_upload"], {"upload_id": upload_id})
    if upload is None:
        raise problems.NoSuchUpload
    count = open_count(session, upload.count_id, envelope)
    if upload.state != "preview":
        raise problems.UploadClosed
    return upload, count


def _checked(session: Session, upload: _Upload) -> tuple[list[Row], Checked]:
    rows = [_row(stored) for stored in upload.rows]
    head = sheet_head(session, upload.sheet_id)
    sheet = Sheet(head.id, upload.count_id, head.code, upload.counted_by, head.is_opening)
    return rows, check(rows, look_up(session, sheet, rows))


def _close(session: Session, upload: _Upload, state: str, figures: dict[str, Any]) -> None:
    closed = {"upload_id": upload.id, "state": state, "figures": Jsonb(figures)}
    sql.execute(session, SHEETS["close_upload"], closed)


# Keeping rows -------------------------------------------------------------------------------------


def _stored(row: Row) -> list[Any]:
    return _clean([row.number, row.cells, row.values, msgspec.to_builtins(row.findings)])


def _row(stored: list[Any]) -> Row:
    number, cells, values, findings = stored
    return Row(number, cells, values, msgspec.convert(findings, list[Finding]))


def _shown(rows: Sequence[Row], checked: Checked) -> dict[str, Jsonb]:
    """What the preview shows: every row with something to say, and what is missing."""
    told = [_stored(row) for row in rows if row.findings]
    missing = [
        [line.number, line.location, line.item, line.lot] for line in checked.missing[:MOST_MISSING]
    ]
    whole = checked.whole(missing_is_zero=False)
    figures = {
        "rows": len(rows),
        "bad": sum(row.is_bad for row in rows),
        "warnings": sum(row.has_warning for row in rows),
        "missing": len(checked.missing),
        "places": len(checked.tasks),
        "whole": len(whole),
        "whole_with_zero": len(checked.whole(missing_is_zero=True)),
        "differing": checked.differing,
        "unexpected": sum(entry["is_unexpected"] for entry in checked.entries),
    }
    findings = {"rows": told, "missing": missing}
    return {"findings": Jsonb(findings), "figures": Jsonb(figures)}


def _clean(value: Any) -> Any:
    """PostgreSQL's JSON has no U+0000; no cell means anything by it."""
    text = msgspec.json.encode(value)
    return msgspec.json.decode(text.replace(b"\\u0000", b"")) if b"\\u0000" in text else value
