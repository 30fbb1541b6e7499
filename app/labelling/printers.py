"""Commands on printers: which ones there are, where, and what paper they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.kit.tables import saved_id
from app.kit.transactions import Envelope
from app.labelling.problems import NoSuchPrinter, PrinterNeedsRoll
from app.labelling.tables import Printer
from app.labelling.templates import size_of


@dataclass(frozen=True)
class PrinterFacts:
    """``host`` a name or address that was checked already, ``size`` of a roll such as 60x40."""

    name: str
    host: str
    port: int
    language: str
    dpi: int
    size: str


@dataclass(frozen=True)
class PrinterDone:
    printer_id: int
    name: str


@dataclass(frozen=True)
class RegisterPrinter:
    store_id: int
    facts: PrinterFacts


def register_printer(
    session: Session, command: RegisterPrinter, _envelope: Envelope
) -> PrinterDone:
    """A printer of the store, in use from now on."""
    printer = Printer(store_id=command.store_id, **_columns(command.facts))
    session.add(printer)
    session.flush()
    return PrinterDone(saved_id(printer.id), printer.name)


@dataclass(frozen=True)
class ChangePrinter:
    printer_id: int
    facts: PrinterFacts


def change_printer(session: Session, command: ChangePrinter, _envelope: Envelope) -> PrinterDone:
    """Whether it answers is asked anew: it may be another one."""
    printer = _locked(session, command.printer_id)
    for name, value in _columns(command.facts).items():
        setattr(printer, name, value)
    printer.reports_status = None
    session.add(printer)
    return PrinterDone(command.printer_id, printer.name)


@dataclass(frozen=True)
class RetirePrinter:
    """Out of use, or back in use (``active``)."""

    printer_id: int
    active: bool = False


def retire_printer(session: Session, command: RetirePrinter, _envelope: Envelope) -> PrinterDone:
    """Its queue stays: labels that wait are printed or cancelled by somebody."""
    printer = _locked(session, command.printer_id)
    printer.is_active = command.active
    session.add(printer)
    return PrinterDone(command.printer_id, printer.name)


def _locked(session: Session, printer_id: int) -> Printer:
    printer = session.get(Printer, printer_id, with_for_update=True)
    if printer is None:
        raise NoSuchPrinter
    return printer


def _columns(facts: PrinterFacts) -> dict[str, Any]:
    """A sheet printer takes PDF; label languages know rolls only."""
    size = size_of(facts.size)
    if size.sheet is not None and facts.language != "pdf":
        raise PrinterNeedsRoll(size=size.name)
    return {
        "name": facts.name,
        "host": facts.host,
        "port": facts.port,
        "language": facts.language,
        "dpi": facts.dpi,
        "size": size.name,
    }
