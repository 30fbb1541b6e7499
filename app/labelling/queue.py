"""Printers, runs and labels as the screens show them, and as the commands find them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem, problem_named
from app.labelling.problems import NoSuchLabel, NoSuchPrinter, NoSuchRun

QUERIES = sql.Queries(Path(__file__).with_name("queue.sql"))
STATE_NAMES = {
    "queued": mark("Waiting to be printed"),
    "sent": mark("Handed to the printer"),
    "printed": mark("Printed"),
    "failed": mark("Not printed"),
    "unsure": mark("Perhaps printed"),
    "cancelled": mark("Cancelled"),
}
BEING_SENT = mark("Being sent")
STATE_TONES = {"printed": "good", "sent": "accent", "failed": "bad", "unsure": "warn"}
LANGUAGE_NAMES = {"zpl": "ZPL", "tspl": "TSPL", "pdf": "PDF"}


@dataclass(frozen=True)
class UsablePrinter:
    """What a job and a command need to know of a printer."""

    id: int
    store_id: int
    name: str
    host: str
    port: int
    language: str
    dpi: int
    size: str
    is_active: bool
    reports_status: bool | None


@dataclass(frozen=True)
class PrinterView:
    id: int
    store_id: int
    store_name: str
    name: str
    host: str
    port: int
    language: str
    dpi: int
    size: str
    is_active: bool
    reports_status: bool | None
    waiting: int


@dataclass(frozen=True)
class RunView:
    """One run; ``counts`` are its labels by state, empty for a PDF, ``awaited`` how many of those
    that were sent will still change by themselves.
    """

    id: int
    title: str
    size: str
    label_count: int
    state: str
    problem: dict[str, Any] | None
    created_at: datetime
    made_at: datetime | None
    has_file: bool
    printer_name: str | None
    printer_id: int | None
    made_by: str
    store_id: int
    counts: dict[str, int]
    awaited: int
    copies: int

    @property
    def is_working(self) -> bool:
        """Whether the page should look again: something moves without anybody's doing."""
        return self.state == "making" or bool(self.counts.get("queued") or self.awaited)

    @property
    def done_count(self) -> int:
        return sum(self.counts.get(state, 0) for state in ("sent", "printed"))

    @property
    def by_state(self) -> list[tuple[str, str, int]]:
        """(tone, words, number) of each state that occurs."""
        return [
            (STATE_TONES.get(state, ""), gettext(words), self.counts[state])
            for state, words in STATE_NAMES.items()
            if state in self.counts
        ]

    @property
    def refusal(self) -> Problem | None:
        return _refusal(self.problem)


@dataclass(frozen=True)
class LabelView:
    """One label of paper."""

    id: int
    run_id: int
    kind: str
    thing_id: int | None
    title: str
    state: str
    problem: dict[str, Any] | None
    reason: str | None
    reprint_of: int | None
    printer_id: int
    printer_name: str
    sent_at: datetime | None
    delivered_at: datetime | None
    printed_at: datetime | None
    created_at: datetime
    made_by: str

    @property
    def state_name(self) -> str:
        if self.state == "sent" and self.delivered_at is None:
            return gettext(BEING_SENT)
        return gettext(STATE_NAMES[self.state])

    @property
    def tone(self) -> str:
        return STATE_TONES.get(self.state, "")

    @property
    def refusal(self) -> Problem | None:
        return _refusal(self.problem)


@dataclass(frozen=True)
class StoredLabel:
    """A label with its content, for printing it again."""

    id: int
    run_id: int
    store_id: int
    printer_id: int
    kind: str
    thing_id: int | None
    title: str
    content: dict[str, Any]
    language: str


def usable_printer(session: Session, printer_id: int) -> UsablePrinter:
    """Raises NoSuchPrinter where the caller sees none."""
    found = sql.one(session, UsablePrinter, QUERIES["printer_to_use"], {"id": printer_id})
    if found is None:
        raise NoSuchPrinter
    return found


def printers(session: Session, store_id: int | None, *, active: bool) -> list[PrinterView]:
    """Of one store, or of all that the caller sees; with ``active`` only those in use."""
    asked = {"store_id": store_id, "active": active}
    return sql.rows(session, PrinterView, QUERIES["printers"], asked)


def printer(session: Session, printer_id: int) -> PrinterView:
    """Raises NoSuchPrinter where the caller sees none."""
    found = sql.one(session, PrinterView, QUERIES["printer"], {"id": printer_id})
    if found is None:
        raise NoSuchPrinter
    return found


def runs(session: Session, store_id: int | None, before: int | None, limit: int) -> list[RunView]:
    """The newest first, from before an id on."""
    asked = {"id": None, "before": before, "store_id": store_id, "limit": limit}
    return sql.rows(session, RunView, QUERIES["runs"], asked)


def run_view(session: Session, run_id: int) -> RunView:
    """Raises NoSuchRun where the caller sees none."""
    asked = {"id": run_id, "before": None, "store_id": None, "limit": 1}
    found = sql.one(session, RunView, QUERIES["runs"], asked)
    if found is None:
        raise NoSuchRun
    return found


def labels_of_run(session: Session, run_id: int, after: int, limit: int) -> list[LabelView]:
    """In the order of printing, after an id."""
    asked = {"run_id": run_id, "after": after, "limit": limit}
    return sql.rows(session, LabelView, QUERIES["labels_of_run"], asked)


def labels(
    session: Session,
    *,
    store_id: int | None = None,
    states: Sequence[str] | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[LabelView]:
    """The newest first, from before an id on; ``states`` None means all."""
    asked = {
        "id": None,
        "store_id": store_id,
        "states": list(states) if states is not None else None,
        "before": before,
        "limit": limit,
    }
    return sql.rows(session, LabelView, QUERIES["labels"], asked)


def label_view(session: Session, label_id: int) -> LabelView:
    """Raises NoSuchLabel where the caller sees none."""
    asked = {"id": label_id, "store_id": None, "states": None, "before": None, "limit": 1}
    found = sql.one(session, LabelView, QUERIES["labels"], asked)
    if found is None:
        raise NoSuchLabel
    return found


def stored_label(session: Session, label_id: int) -> StoredLabel:
    """Raises NoSuchLabel where the caller sees none."""
    found = sql.one(session, StoredLabel, QUERIES["label_to_reprint"], {"id": label_id})
    if found is None:
        raise NoSuchLabel
    return found


def file_of(session: Session, run_id: int) -> bytes | None:
    """The PDF of a run; None while it is being made, and after it was removed."""
    content: Any = sql.value(session, QUERIES["file"], {"id": run_id})
    return bytes(content) if content is not None else None


def count_to_look_at(session: Session, store_id: int) -> int:
    """Labels of a store that failed, or perhaps did not come out."""
    return sql.value(session, QUERIES["to_look_at"], {"store_id": store_id})


def _refusal(problem: dict[str, Any] | None) -> Problem | None:
    """What went wrong, ready to be shown in the reader's language."""
    return problem_named(problem["code"], problem["data"]) if problem else None
