"""Working off the queue of one printer, so that no label is printed twice unnoticed.

"sent" is written before a label's first byte leaves.  If this process dies then, the next one finds
the label in that state, does not send it again, and asks a person: only they can look.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from app.kit import jobs, sql
from app.kit.database import SYSTEM, Database
from app.kit.i18n import gettext
from app.kit.problems import Problem
from app.labelling.addresses import addresses
from app.labelling.problems import (
    Interrupted,
    NotPrintable,
    PrinterClosed,
    PrinterSays,
    PrinterSilent,
)
from app.labelling.queue import QUERIES, UsablePrinter, usable_printer
from app.labelling.status import INQUIRIES, Status
from app.labelling.stored import unpacked
from app.labelling.templates import looks
from app.labelling.wire import Patience, Wire, connected
from printing.labels import Label, LabelError, Looks, label_commands, labels_pdf
from printing.labels import Printer as Machine
from printing.texts import Language

WINDOW = 10
"""Labels sent before the printer is asked whether they came out."""
TURN_SECONDS = 60.0
"""After that another job goes on, so that the worker can be stopped without losing track."""


@dataclass(frozen=True)
class Waiting:
    """A label to be sent."""

    id: int
    kind: str
    content: dict[str, Any]
    language: str

    @property
    def label(self) -> Label:
        return unpacked(self.kind, self.content)

    @property
    def words(self) -> Language:
        return "en" if self.language == "en" else "zh"


class Queue:
    """The labels of one printer, each change written down at once."""

    def __init__(self, database: Database, printer_id: int) -> None:
        self.database, self.printer_id = database, printer_id

    def printer(self) -> UsablePrinter:
        with self.database.reading(SYSTEM) as session:
            return usable_printer(session, self.printer_id)

    def next(self, limit: int = WINDOW) -> list[Waiting]:
        asked = {"printer_id": self.printer_id, "limit": limit}
        with self.database.reading(SYSTEM) as session:
            return sql.rows(session, Waiting, QUERIES["waiting"], asked)

    def looks(self, size: str) -> Looks:
        with self.database.reading(SYSTEM) as session:
            return looks(session, size)

    def interrupted(self) -> None:
        self._note("interrupted", printer_id=self.printer_id, problem=stored(Interrupted()))

    def claim(self, label_id: int) -> bool:
        """Whether it is ours to send: False where somebody cancelled it meanwhile."""
        return bool(self._note("claim", id=label_id))

    def delivered(self, label_id: int) -> None:
        self._note("delivered", id=label_id)

    def printed(self, ids: Sequence[int]) -> None:
        self._note("printed", ids=list(ids))

    def unsure(self, ids: Sequence[int], problem: Problem) -> None:
        self._note("unsure", ids=list(ids), problem=stored(problem))

    def failed(self, ids: Sequence[int], problem: Problem) -> None:
        self._note("failed", ids=list(ids), problem=stored(problem))

    def all_failed(self, problem: Problem) -> None:
        """Everything that still waits: nobody is at the printer to see it stuck."""
        self._note("all_failed", printer_id=self.printer_id, problem=stored(problem))

    def note_status(self, *, reports: bool) -> None:
        self._note("note_status", id=self.printer_id, reports=reports)

    def _note(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        statement: LiteralString = QUERIES[name]
        return jobs.note(self.database, statement, values)


def stored(problem: Problem) -> Jsonb:
    return Jsonb({"code": problem.code, "data": problem.data})


def send_all(queue: Queue, networks: str, patience: Patience) -> bool:
    """Send what waits for the printer until nothing does, the turn is over, or the printer fails.

    Returns:
        Whether more is left.

    Raises:
        Problem: the printer failed; every label says already what that means for it.
    """
    queue.interrupted()
    if not queue.next(1):
        return False
    printer = queue.printer()
    try:
        places = addresses(printer.host, printer.port, networks)
        with connected(places, printer.port, patience) as wire:
            Sender(queue, printer, wire, patience).run()
    except Problem as problem:
        queue.all_failed(problem)
        raise
    return bool(queue.next(1))


class Sender:
    """One connection's worth of labels."""

    def __init__(
        self, queue: Queue, printer: UsablePrinter, wire: Wire, patience: Patience
    ) -> None:
        self.queue, self.printer, self.wire, self.patience = queue, printer, wire, patience
        self.inquiry = INQUIRIES.get(printer.language)
        self.reports = printer.reports_status if self.inquiry else False
        self.unconfirmed: list[int] = []

    def run(self) -> None:
        self._ask_first()
        end = monotonic() + TURN_SECONDS
        while window := self.queue.next():
            self._send_window(window)
            if self.reports:
                self._confirm()
            if monotonic() > end:
                break
        if self.unconfirmed:
            self._finish()

    def _ask_first(self) -> None:
        """Before anything is sent: a printer without paper, ribbon or a closed head stays silent,
        one that is in trouble says so, and one that never answers is remembered as such.
        """
        if self.reports is False:
            return
        status = self._status()
        if status is None and self.reports:
            raise PrinterSilent
        self._refuse_trouble(status)
        if self.reports is None:
            self.reports = status is not None
            self.queue.note_status(reports=self.reports)

    def _send_window(self, window: list[Waiting]) -> None:
        look = self.queue.looks(self.printer.size)
        self.unconfirmed = []
        for one in window:
            try:
                content = printer_bytes(one, self.printer, look)
            except LabelError as error:
                reason = error.text(one.words)
                self.queue.failed([one.id], NotPrintable(reason=reason))
                continue
            if self.queue.claim(one.id):
                self._send(one.id, content)

    def _send(self, label_id: int, content: bytes) -> None:
        try:
            self.wire.send(content)
        except Problem as problem:
            # What it has of this label, and whether it printed what it took before, nobody knows.
            self.queue.unsure([*self.unconfirmed, label_id], problem)
            raise
        self.queue.delivered(label_id)
        self.unconfirmed.append(label_id)

    def _confirm(self) -> None:
        """Wait until the printer has nothing left to print."""
        try:
            self._wait_until_idle()
        except Problem as problem:
            self.queue.unsure(self.unconfirmed, problem)
            raise
        self.queue.printed(self.unconfirmed)
        self.unconfirmed = []

    def _wait_until_idle(self) -> None:
        left, end = -1, 0.0  # tidy: allow-float - a moment
        while True:
            status = self._status()
            if status is None:
                raise PrinterSilent
            self._refuse_trouble(status)
            if not status.waiting:
                return
            if status.waiting != left:
                left, end = status.waiting, monotonic() + self.patience.idle_seconds
            elif monotonic() > end:
                raise PrinterSilent
            time.sleep(self.patience.look_seconds)

    def _refuse_trouble(self, status: Status | None) -> None:
        if status is not None and status.trouble:
            raise PrinterSays(trouble=gettext(status.trouble))

    def _status(self) -> Status | None:
        assert self.inquiry is not None, "only a printer that can be asked is asked"
        return self.wire.ask(self.inquiry)

    def _finish(self) -> None:
        """A printer that is not asked can still break off: then the last ones are in doubt."""
        try:
            self.wire.finish()
        except PrinterClosed as problem:
            self.queue.unsure(self.unconfirmed, problem)
            raise


def printer_bytes(one: Waiting, printer: UsablePrinter, look: Looks) -> bytes:
    """One label as its printer wants it.

    Raises:
        LabelError: it cannot be made at this size.
    """
    if printer.language == "pdf":
        return labels_pdf([one.label], look, dpi=printer.dpi, language=one.words)
    machine = Machine("zpl" if printer.language == "zpl" else "tspl", printer.dpi)
    return label_commands(one.label, look, machine, language=one.words)
