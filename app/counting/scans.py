"""Commands of the count screen: every scan, button and typed value goes through the one flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import lots, values
from app.catalog.codes import tidied
from app.counting import problems
from app.counting.beginning import ensure_begun
from app.counting.flow import step
from app.counting.loading import QUERIES, LockedTask, facts_of, open_task
from app.counting.results import finish_task
from app.counting.state import (
    Add,
    Event,
    Facts,
    Finish,
    Intent,
    Outcome,
    TypedLot,
    TypedQuantity,
    Undo,
    goods_key,
)
from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.scanning.meanings import Candidate, CommandMeaning, Dates, LotFacts
from app.scanning.messages import Message, Tone
from app.scanning.parse import MAXIMUM_LENGTH, storable
from app.scanning.resolver import Context, answered, asked

MOST_RAW = 500


@dataclass(frozen=True)
class Scan:
    """One code as it was read.  Make it with ``scan_of``."""

    task_id: int
    code: str
    symbology: str = ""
    source: str = ""


@dataclass(frozen=True)
class SetQuantity:
    """From the keypad, as typed, in base units: how many there are in all of the last goods.

    ``about`` are the goods that the screen showed (``goods_key``): a scan that was refused
    meanwhile must not lead to the quantity of others.  Empty: not said.
    """

    task_id: int
    quantity: str
    about: str = ""


@dataclass(frozen=True)
class EnterLot:
    """The lot of the goods in hand, typed; ``expires_on`` is the printed date of a new one."""

    task_id: int
    lot: str = ""
    expires_on: str = ""
    about: str = ""


@dataclass(frozen=True)
class PressButton:
    """``button`` is a command's name: OK, UNDO, CANCEL, EMPTY, DONE, +10.

    ``about`` as in ``SetQuantity``; ``seen`` is how many entries of the place a device has that
    worked without network: it is not finished while some of them are missing.
    """

    task_id: int
    button: str
    about: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Shown:
    """What the screen showed when something was typed or pressed; empty where it does not say.

    ``about`` as in ``SetQuantity``, ``entries`` as ``seen`` in ``PressButton``.
    """

    about: str = ""
    entries: str = ""


@dataclass(frozen=True)
class ScanAnswer:
    """What the scan did: to be shown, and to be shown again on a replay.

    ``recounts`` is how many differences another person counts again, once the place is finished.
    """

    task_id: int
    step: str
    tone: Tone
    message: Message
    candidates: tuple[Candidate, ...] = ()
    recounts: int = 0


def scan_of(task_id: int, code: str, symbology: str = "", source: str = "") -> Scan:
    """The command for a raw scan."""
    return Scan(task_id, storable(code), symbology[:20], source[:20])


def scan(session: Session, command: Scan, envelope: Envelope) -> ScanAnswer:
    """Resolve the code and take the step that it means.

    Raises:
        Problem: refused; what was counted stays as it is.
    """
    if not command.code.strip():
        raise problems.NothingScanned
    if len(command.code) > MAXIMUM_LENGTH:
        raise problems.CodeTooLong
    question = asked(command.code)
    task, found = open_task(session, command.task_id, envelope, question.key)
    pending = task.flow_state.pending
    if pending is not None and question.meaning is None:
        # In hand already: a bare lot number means a lot of these goods.
        question = asked(command.code, Context(pending.item.id))
        task, found = open_task(session, command.task_id, envelope, question.key)
    meaning = question.meaning or answered(session, question, found)
    return _go(session, task, meaning, envelope, command.code)


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    """Set how many there are in all of what was counted last, or of what is in hand."""
    task, _ = open_task(session, command.task_id, envelope)
    event = TypedQuantity(quantity_of(command.quantity))
    return _go(session, task, event, envelope, shown=Shown(command.about))


def quantity_of(text: str) -> Decimal:
    """The number that was typed.

    Raises:
        NotANumber: it is none, or has more digits than any quantity.
    """
    try:
        return values.number(text[:60])
    except ValueError:
        raise problems.NotANumber(given=text[:40]) from None


def enter_lot(session: Session, command: EnterLot, envelope: Envelope) -> ScanAnswer:
    """The lot of the goods in hand; an unknown one becomes a new one when it is confirmed."""
    task, _ = open_task(session, command.task_id, envelope)
    event = _typed_lot(session, task, command)
    return _go(session, task, event, envelope, shown=Shown(command.about))


def _typed_lot(session: Session, task: LockedTask, command: EnterLot) -> TypedLot:
    pending = task.flow_state.pending
    if pending is None:
        raise problems.GoodsFirst
    code = tidied(command.lot)[: lots.LONGEST_LOT] or pending.lot or ""
    if not code:
        raise problems.LotWanted(item=pending.item.title)
    asked_for = {"item_id": pending.item.id, "code": code}
    known = sql.one(session, LotFacts, QUERIES["lot_of_item"], asked_for)
    day = date_of(command.expires_on)
    best_before = pending.item.expiry_rule == "best_before_on"
    dates = Dates(None, day, None) if best_before else Dates(None, None, day)
    return TypedLot(code, known, dates if day else Dates())


def date_of(text: str) -> date | None:
    """A typed date such as ``2026-12-31`` or ``20261231``; None for nothing.

    Raises:
        NotADate.
    """
    try:
        return values.day(text) if text.strip() else None
    except ValueError:
        raise problems.NotADate(given=text[:40]) from None


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    task, _ = open_task(session, command.task_id, envelope)
    event = CommandMeaning(command.button.upper()[:40])
    return _go(session, task, event, envelope, shown=Shown(command.about, command.seen))


def _go(
    session: Session,
    task: LockedTask,
    event: Event,
    envelope: Envelope,
    raw_code: str = "",
    shown: Shown | None = None,
) -> ScanAnswer:
    task = ensure_begun(session, task, envelope)
    facts = facts_of(session, task, event)
    if shown is not None:
        _check_shown(task, facts, shown)
    outcome = step(task.flow_state, event, facts)
    if outcome.problem is not None:
        raise outcome.problem
    recounts = [_do(session, task, intent, envelope, raw_code) for intent in outcome.intents]
    if not any(isinstance(intent, Finish) for intent in outcome.intents):
        _keep(session, task, outcome, envelope)
    return ScanAnswer(
        task.id,
        outcome.state.step,
        outcome.tone,
        outcome.message,
        outcome.candidates,
        sum(recounts),
    )


def _check_shown(task: LockedTask, facts: Facts, shown: Shown) -> None:
    """What the person looked at is what is here."""
    if shown.about and shown.about != goods_key(task.flow_state, facts.last):
        raise problems.OtherGoods(location=task.location)
    if shown.entries not in ("", str(facts.entries)):
        there = {"seen": shown.entries, "there": facts.entries}
        raise problems.NotAsSeen(location=task.location, **there)


def _do(
    session: Session, task: LockedTask, intent: Intent, envelope: Envelope, raw_code: str
) -> int:
    """Write what the flow intends; how many recounts it leads to."""
    match intent:
        case Add():
            sql.execute(
                session, QUERIES["insert_line"], _line(session, task, intent, envelope, raw_code)
            )
        case Undo():
            sql.execute(session, QUERIES["undo_last"], {"task_id": task.id})
        case Finish():
            return finish_task(session, task, envelope, is_empty=intent.is_empty)
    return 0


def _line(
    session: Session, task: LockedTask, added: Add, envelope: Envelope, raw_code: str
) -> dict[str, Any]:
    factor = added.packaging.quantity if added.packaging else Decimal(1)
    is_whole = factor > ZERO and added.quantity % factor == ZERO
    return {
        "count_id": task.count_id,
        "task_id": task.id,
        "store_id": task.store_id,
        "location_id": task.location_id,
        "item_id": added.item.id,
        "lot_id": _lot_id(session, added),
        "unit_id": added.unit_id,
        "packaging_id": added.packaging.id if added.packaging and is_whole else None,
        "entered_quantity": added.quantity / factor if is_whole else added.quantity,
        "factor": factor if is_whole else Decimal(1),
        "quantity": added.quantity,
        "is_serial": added.item.has_serials,
        "is_unexpected": added.is_unexpected,
        "source": "keypad" if added.is_typed else "scan",
        "raw_code": raw_code[:MOST_RAW],
        "round": task.round,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
        "occurred_at": envelope.occurred_at,
    }


def _lot_id(session: Session, added: Add) -> int | None:
    if added.lot_id is not None or added.lot is None or not added.item.has_lots:
        return added.lot_id
    dates = added.dates
    said = lots.LotDates(dates.produced_on, dates.best_before_on, dates.expires_on)
    return lots.lot_id(session, added.item.id, added.lot, said)


def _keep(session: Session, task: LockedTask, outcome: Outcome, envelope: Envelope) -> None:
    kept = {
        "task_id": task.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(msgspec.to_builtins(outcome.state)),
    }
    sql.execute(session, QUERIES["keep_step"], kept)
