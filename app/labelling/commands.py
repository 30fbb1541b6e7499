"""Asking for paper: labels for a printer or a PDF, again with a reason, and what to do about those
that did not come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import logistic_units
from app.catalog.codes import normalised
from app.kit import jobs, sql
from app.kit.i18n import gettext, mark
from app.kit.transactions import Envelope
from app.labelling import contents, queries, queue
from app.labelling.contents import Wanted
from app.labelling.problems import (
    BadgesNotKept,
    CodesUnknown,
    LabelMovedOn,
    NotPrintable,
    PrinterRetired,
    RunTooLong,
    TooManyLabels,
)
from app.labelling.queue import QUERIES, UsablePrinter
from app.labelling.stored import Found, packed, title_of, unpacked
from app.labelling.templates import looks
from printing.labels import LabelError, LogisticUnitLabel, label_png
from printing.texts import Language

MOST_COPIES = 500
MOST_UNITS = 500
TEST_HINT = mark("Test print")


@dataclass(frozen=True)
class Paper:
    """Where to: a printer, whose labels have its size, or (None) a PDF of labels of ``size``.

    ``copies`` is 1 to 500 of each, ``start`` the first free label of a sheet, ``language`` of the
    words on the labels.  ``store_id`` is whose run it is; a printer's is its own store's.
    """

    store_id: int
    printer_id: int | None = None
    size: str = "60x40"
    copies: int = 1
    start: int = 1
    language: Language = "zh"


@dataclass(frozen=True)
class RunStarted:
    run_id: int
    labels: int


@dataclass(frozen=True)
class PrintLabels:
    wanted: Wanted
    paper: Paper


def print_labels(session: Session, command: PrintLabels, envelope: Envelope) -> RunStarted:
    """Queue the labels for the printer, or the making of the PDF."""
    if command.wanted.kind == "users" and command.paper.printer_id is None:
        raise BadgesNotKept
    return start_run(session, contents.found(session, command.wanted), command.paper, envelope)


@dataclass(frozen=True)
class MakeUnits:
    """``count`` new cartons or pallets, each with its own number; all say the same of the inside.

    ``item`` is any code of an item and ``item_count`` how many of it are in each.
    """

    count: int
    paper: Paper
    item: str = ""
    item_count: int | None = None
    lot: str = ""
    expires_on: date | None = None
    order_number: str = ""
    receiver: str = ""


@dataclass(frozen=True)
class UnitsMade:
    run_id: int
    ssccs: list[str]


def make_units(session: Session, command: MakeUnits, envelope: Envelope) -> UnitsMade:
    """Give out the numbers and print their labels, both or neither."""
    if not 1 <= command.count <= MOST_UNITS:
        raise TooManyLabels(given=command.count, most=MOST_UNITS)
    label = _unit_label(session, command)
    made = logistic_units.make_units(session, command.paper.store_id, command.count)
    found = [Found(unit_id, replace(label, sscc=sscc)) for unit_id, sscc in made]
    started = start_run(session, found, command.paper, envelope)
    return UnitsMade(started.run_id, [sscc for _, sscc in made])


def _unit_label(session: Session, command: MakeUnits) -> LogisticUnitLabel:
    """What all of them say, with no number yet."""
    label = LogisticUnitLabel(
        sscc="",
        receiver=command.receiver,
        count=command.item_count,
        lot=command.lot,
        expires_on=command.expires_on,
        order_number=command.order_number,
    )
    if not command.item:
        return label
    row = queries.item_of_code(session, normalised(command.item))
    if row is None:
        raise CodesUnknown(count=1, codes=command.item)
    return replace(label, item_name=row.name, gtin=queries.item_label(row).gtin)


@dataclass(frozen=True)
class ReprintLabel:
    """``reason`` is kept with the new label and in the audit trail."""

    label_id: int
    reason: str
    printer_id: int | None = None
    copies: int = 1


def reprint_label(session: Session, command: ReprintLabel, envelope: Envelope) -> RunStarted:
    """The very same label again, on its printer or another one."""
    old = queue.stored_label(session, command.label_id)
    paper = Paper(
        old.store_id,
        command.printer_id or old.printer_id,
        copies=command.copies,
        language="en" if old.language == "en" else "zh",
    )
    found = Found(old.thing_id, unpacked(old.kind, old.content))
    why = _Why(command.reason, old.id)
    return start_run(session, [found], paper, envelope, why)


@dataclass(frozen=True)
class TestPrinter:
    __test__ = False  # no test of pytest's

    printer_id: int
    language: Language = "zh"


def test_printer(session: Session, command: TestPrinter, envelope: Envelope) -> RunStarted:
    """One label that says which printer it is; and whether the printer answers is asked anew."""
    printer = queue.usable_printer(session, command.printer_id)
    sql.execute(session, QUERIES["note_status"], {"id": printer.id, "reports": None})
    label = queries.command_label("OK", f"{gettext(TEST_HINT)} {printer.name}")
    paper = Paper(printer.store_id, printer.id, language=command.language)
    return start_run(session, [Found(None, label)], paper, envelope)


test_printer.__test__ = False  # pyright: ignore[reportFunctionMemberAccess]


@dataclass(frozen=True)
class SettleLabels:
    """``step`` is a key of STEPS; labels by their ids, or those of a whole run."""

    step: str
    label_ids: tuple[int, ...] = ()
    run_id: int | None = None


@dataclass(frozen=True)
class LabelsSettled:
    count: int


STEPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "retry": ("queued", ("failed",)),
    "again": ("queued", ("unsure",)),
    "came_out": ("printed", ("unsure", "sent")),
    "cancel": ("cancelled", ("queued", "failed")),
}
"""What a person can say about labels: the state after it, and the states that it starts from."""


def settle_labels(session: Session, command: SettleLabels, _envelope: Envelope) -> LabelsSettled:
    """Try again, print again, "it came out", or give up; refused where no label is there for it."""
    to, origins = STEPS[command.step]
    asked = {
        "ids": list(command.label_ids),
        "run_id": command.run_id,
        "to": to,
        "from": list(origins),
    }
    changed = sql.rows(session, _PrinterOf, QUERIES["settle"], asked)
    if not changed:
        raise LabelMovedOn
    if to == "queued":
        for printer_id in sorted({row.printer_id for row in changed}):
            _send(session, printer_id)
    return LabelsSettled(len(changed))


@dataclass(frozen=True)
class _PrinterOf:
    printer_id: int


# ---- A run ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Why:
    reason: str
    label_id: int


def start_run(
    session: Session,
    found: Sequence[Found],
    paper: Paper,
    envelope: Envelope,
    why: _Why | None = None,
) -> RunStarted:
    """Write down what is to be printed and defer the job that does it.

    Raises:
        TooManyLabels, RunTooLong: copies or labels beyond the limits.
        NotPrintable: the first label cannot be made on this paper.
        NoSuchPrinter, PrinterRetired.
    """
    count = _counted(found, paper)
    printer = _usable(session, paper)
    size = printer.size if printer else paper.size
    _refuse_unprintable(session, found[0], size, paper.language)
    run = {
        "store_id": printer.store_id if printer else paper.store_id,
        "printer_id": paper.printer_id,
        "title": title_of_run(found),
        "size": size,
        "language": paper.language,
        "label_count": count,
        "copies": paper.copies,
        "start": paper.start,
        "state": "printing" if printer else "making",
        "content": None if printer else Jsonb(_file_content(found)),
        "created_by": envelope.caller.user_id,
    }
    run_id: int = sql.value(session, QUERIES["insert_run"], run)
    if printer:
        _queue_labels(session, run_id, printer, found, paper.copies, why)
    else:
        jobs.defer(session, "labelling.make_pdf", run_id=run_id)
    return RunStarted(run_id, count)


def _counted(found: Sequence[Found], paper: Paper) -> int:
    """How many labels of paper it will be, within the limits."""
    if not 1 <= paper.copies <= MOST_COPIES:
        raise TooManyLabels(given=paper.copies, most=MOST_COPIES)
    count = sum(one.copies for one in found) * paper.copies
    if count > contents.MOST_LABELS:
        raise RunTooLong(given=count, most=contents.MOST_LABELS)
    return count


def title_of_run(found: Sequence[Found]) -> str:
    first, last = found[0].title, found[-1].title
    return first if first == last else f"{first} … {last}"


def _usable(session: Session, paper: Paper) -> UsablePrinter | None:
    if paper.printer_id is None:
        return None
    printer = queue.usable_printer(session, paper.printer_id)
    if not printer.is_active:
        raise PrinterRetired(name=printer.name)
    return printer


def _refuse_unprintable(session: Session, found: Found, size: str, language: Language) -> None:
    """The person is still there: what cannot be made is refused now, not minutes later."""
    try:
        label_png(found.label, looks(session, size), language=language)
    except LabelError as error:
        raise NotPrintable(reason=error.text(language)) from error


def _file_content(found: Sequence[Found]) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "label": packed(one.label)} for one in found for _ in range(one.copies)
    ]


def _queue_labels(
    session: Session,
    run_id: int,
    printer: UsablePrinter,
    found: Sequence[Found],
    copies: int,
    why: _Why | None,
) -> None:
    labels = [
        {
            "kind": one.kind,
            "thing_id": one.thing_id,
            "title": title_of(one.label),
            "content": packed(one.label),
            "copies": one.copies,
        }
        for one in found
    ]
    asked = {
        "run_id": run_id,
        "store_id": printer.store_id,
        "printer_id": printer.id,
        "reason": why.reason if why else None,
        "reprint_of": why.label_id if why else None,
        "labels": Jsonb(labels),
        "copies": copies,
    }
    sql.execute(session, QUERIES["insert_labels"], asked)
    _send(session, printer.id)


def _send(session: Session, printer_id: int) -> None:
    """One printer, one sender: jobs with the same lock run one after another."""
    jobs.defer(session, "labelling.send", lock=f"printer/{printer_id}", printer_id=printer_id)
