"""Commands of the scan screen: every scan, button and typed value goes through the one flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.catalog import values
from app.catalog.codes import tidied
from app.kit import sql
from app.kit.database import unanswered
from app.kit.transactions import Envelope
from app.receiving import booking, problems, undoing
from app.receiving.flow import step
from app.receiving.loading import QUERIES, Loaded, LockedReceipt, facts_of, load
from app.receiving.state import (
    AskToClose,
    Intent,
    MoveIn,
    NoteInvoice,
    Outcome,
    Pause,
    Print,
    Receive,
    Replace,
    State,
    Undo,
)
from app.receiving.typed import Event, NoInput, Turn, TypedDates, TypedLot, TypedQuantity
from app.scanning.meanings import Candidate, CommandMeaning, Dates, LotMeaning
from app.scanning.messages import Message, Tone
from app.scanning.parse import MAXIMUM_LENGTH, storable
from app.scanning.queries import LookupKey
from app.scanning.resolver import Asked, Context, answered, asked


@dataclass(frozen=True)
class Scan:
    """One code as it was read.  Make it with ``scan_of``."""

    receipt_id: int
    code: str
    symbology: str = ""
    source: str = ""


@dataclass(frozen=True)
class SetQuantity:
    """From the keypad, as typed, in base units."""

    receipt_id: int
    quantity: str


@dataclass(frozen=True)
class EnterLot:
    receipt_id: int
    lot: str


@dataclass(frozen=True)
class EnterExpiry:
    """Dates as typed; the one that the item goes by is needed."""

    receipt_id: int
    expires_on: str = ""
    produced_on: str = ""


@dataclass(frozen=True)
class PressButton:
    """``button`` is a command's name: OK, UNDO, CANCEL, PUTAWAY, PRINT, +10."""

    receipt_id: int
    button: str


@dataclass(frozen=True)
class ScanAnswer:
    """What the scan did: to be shown, and to be shown again on a replay.

    ``line_ids`` are the receipt lines to highlight; ``label`` is where a label can be printed;
    ``closing`` asks whether to close the receipt.
    """

    receipt_id: int
    step: str
    tone: Tone
    message: Message
    also: Message | None = None
    line_ids: list[int] = field(default_factory=list[int])
    candidates: tuple[Candidate, ...] = ()
    label: str | None = None
    closing: bool = False


def scan_of(receipt_id: int, code: str, symbology: str = "", source: str = "") -> Scan:
    """The command for a raw scan."""
    return Scan(receipt_id, storable(code), symbology[:20], source[:20])


def scan(session: Session, command: Scan, envelope: Envelope) -> ScanAnswer:
    """Resolve the code and take the step that it means.

    Raises:
        Problem: refused; the receipt, the stock and the step stay as they are.
    """
    if not command.code.strip():
        raise problems.EmptyScan
    if len(command.code) > MAXIMUM_LENGTH:
        raise problems.CodeTooLong
    question = asked(command.code)
    if question.meaning is not None:
        loaded = _load(session, command.receipt_id, envelope, event=question.meaning)
        return _go(session, loaded, _event(question.meaning), envelope, command.code)
    loaded, question = _looked_up(session, command, question, envelope)
    meaning = answered(session, question, loaded.found)
    return _go(session, loaded, meaning, envelope, command.code)


def _looked_up(
    session: Session, command: Scan, question: Asked, envelope: Envelope
) -> tuple[Loaded, Asked]:
    loaded = _load(session, command.receipt_id, envelope, question.key)
    if not question.key.text or not any(row.kind == "lot" for row in loaded.found):
        return loaded, question
    # A bare lot number means the lot of the item in hand or of this order: ask again, with them.
    pending = loaded.receipt.flow_state.pending
    item_id = pending.item.id if pending else None
    question = asked(command.code, Context(item_id, loaded.receipt.order_id))
    return _load(session, command.receipt_id, envelope, question.key), question


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    """Set how many there are of what was scanned last, is in hand, or is carried."""
    loaded = _load(session, command.receipt_id, envelope)
    return _go(session, loaded, TypedQuantity(quantity_of(command.quantity)), envelope)


def quantity_of(text: str) -> Decimal:
    """The number that was typed.

    Raises:
        NotANumber, QuantityAbsurd: it is none, or has more digits than any quantity.
    """
    try:
        return values.number(text[:60])
    except ValueError:
        raise problems.NotANumber(given=text[:40]) from None


def enter_lot(session: Session, command: EnterLot, envelope: Envelope) -> ScanAnswer:
    """The lot or serial number of the item in hand, typed."""
    code = tidied(command.lot)
    loaded = _load(session, command.receipt_id, envelope)
    pending = loaded.receipt.flow_state.pending
    if pending is None:
        return _go(session, loaded, TypedLot(code), envelope)
    key = LookupKey(text=code, item_id=pending.item.id)
    loaded = _load(session, command.receipt_id, envelope, key)
    found = answered(session, asked(code, Context(pending.item.id)), loaded.found)
    is_its_own = isinstance(found, LotMeaning) and found.item.id == pending.item.id
    known = found.lot if is_its_own and isinstance(found, LotMeaning) else None
    return _go(session, loaded, TypedLot(code, known), envelope)


def enter_expiry(session: Session, command: EnterExpiry, envelope: Envelope) -> ScanAnswer:
    """The date of the item in hand, typed."""
    loaded = _load(session, command.receipt_id, envelope)
    pending = loaded.receipt.flow_state.pending
    last, produced = date_of(command.expires_on), date_of(command.produced_on)
    best_before = pending is not None and pending.item.expiry_rule == "best_before_on"
    dates = Dates(produced, last, None) if best_before else Dates(produced, None, last)
    if dates == Dates():
        raise problems.NotADate(given=command.expires_on or "—")
    return _go(session, loaded, TypedDates(dates), envelope)


def date_of(text: str) -> date | None:
    """A typed date: ``2026-12-31``, ``2026/12/31``, ``20261231`` or ``261231``; None for nothing.

    Raises:
        NotADate: it is none, such as the 31st of February.
    """
    if not text.strip():
        return None
    try:
        return values.day(text)
    except ValueError:
        raise problems.NotADate(given=tidied(text)[:40]) from None


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    event = _event(CommandMeaning(command.button.upper()[:40]))
    loaded = _load(session, command.receipt_id, envelope, event=event)
    return _go(session, loaded, event, envelope)


def _event(meaning: Event) -> Event:
    if isinstance(meaning, CommandMeaning):
        return {"OK": NoInput(), "PUTAWAY": Turn()}.get(meaning.name, meaning)
    return meaning


def _load(
    session: Session,
    receipt_id: int,
    envelope: Envelope,
    key: LookupKey | None = None,
    *,
    event: Event | None = None,
) -> Loaded:
    turning = event is not None and isinstance(_event(event), Turn)
    loaded = load(session, receipt_id, envelope.caller.user_id, key, turning=turning)
    guard(session, loaded.receipt, envelope)
    return loaded


def guard(session: Session, receipt: LockedReceipt, envelope: Envelope) -> None:
    """Refuse who may not work on this receipt now, in this order.

    Raises:
        NobodyReceives, CapabilityMissing, ReceiptCancelled, HeldByOther, TakenOver, ReceiptPaused.
    """
    user_id = envelope.caller.user_id
    if user_id is None or receipt.role is None:
        raise problems.NobodyReceives
    if not receipt.can("receive"):
        raise CapabilityMissing(capability="receive")
    if receipt.state == "cancelled":
        raise problems.ReceiptCancelled(number=receipt.number)
    if receipt.held_by not in (None, user_id):
        raise _held(session, receipt, user_id)
    if receipt.state == "paused":
        raise problems.ReceiptPaused(number=receipt.number, receipt_id=receipt.id)


def _held(
    session: Session, receipt: LockedReceipt, user_id: int
) -> problems.TakenOver | problems.HeldByOther:
    who = {"receipt_id": receipt.id, "user_id": user_id}
    worked = bool(sql.value(session, QUERIES["has_worked"], who))
    kind = problems.TakenOver if worked else problems.HeldByOther
    return kind(
        holder=receipt.holder or "?",
        number=receipt.number,
        receipt_id=receipt.id,
        holder_id=receipt.held_by,
    )


def _go(
    session: Session, loaded: Loaded, event: Event, envelope: Envelope, raw_code: str = ""
) -> ScanAnswer:
    """Step the flow, do what it intends, keep the step."""
    state = loaded.receipt.flow_state
    outcome = step(state, event, facts_of(session, loaded))
    if outcome.problem is not None:
        raise outcome.problem
    _refuse_cancelled_order(loaded, outcome.intents)
    # What is only written needs no answer before the commit's.
    unanswered(session)
    line_ids = [
        line_id
        for intent in outcome.intents
        for line_id in _do(session, loaded, intent, envelope, raw_code)
    ]
    _keep(session, loaded, outcome, envelope)
    return _answer(loaded, outcome, line_ids)


def _refuse_cancelled_order(loaded: Loaded, intents: Sequence[Intent]) -> None:
    booking_goods = any(isinstance(intent, Receive | Replace) for intent in intents)
    if booking_goods and loaded.row.order_state == "cancelled":
        raise problems.OrderCancelledMeanwhile(
            order=loaded.row.order_number or "", receipt_id=loaded.receipt.id
        )


def _do(
    session: Session, loaded: Loaded, intent: Intent, envelope: Envelope, raw_code: str
) -> list[int]:
    match intent:
        case Receive():
            return booking.receive(session, loaded, intent.pending, envelope, raw_code)
        case Replace():
            return booking.replace_line(session, loaded, intent, envelope, raw_code)
        case MoveIn():
            return booking.move_in(session, loaded, intent, envelope)
        case Undo():
            undoing.undo_last(session, loaded.receipt, envelope)
            return []
        case Print() | Pause() | NoteInvoice() | AskToClose():
            return []


def _keep(session: Session, loaded: Loaded, outcome: Outcome, envelope: Envelope) -> None:
    receipt = loaded.receipt
    pausing = any(isinstance(intent, Pause) for intent in outcome.intents)
    notes = [intent for intent in outcome.intents if isinstance(intent, NoteInvoice)]
    kept = {
        "receipt_id": receipt.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(msgspec.to_builtins(_settled(receipt, outcome.state))),
        "state": "paused" if pausing else receipt.state,
        "note": f"发票 {notes[0].number}" if notes else None,
    }
    sql.execute(session, QUERIES["set_step"], kept)


def _settled(receipt: LockedReceipt, state: State) -> State:
    """A closed receipt rests at ``done`` until someone turns to putting away again."""
    return State("done") if receipt.state == "done" and state.step == "scan_item" else state


def _answer(loaded: Loaded, outcome: Outcome, line_ids: list[int]) -> ScanAnswer:
    labels = [intent for intent in outcome.intents if isinstance(intent, Print)]
    return ScanAnswer(
        receipt_id=loaded.receipt.id,
        step=outcome.state.step,
        tone=outcome.tone,
        message=outcome.message,
        also=outcome.also,
        line_ids=line_ids,
        candidates=outcome.candidates,
        label=_label(labels[0]) if labels else None,
        closing=any(isinstance(intent, AskToClose) for intent in outcome.intents),
    )


def _label(label: Print) -> str:
    if label.lot_id is not None:
        return f"/labels/lots/{label.lot_id}"
    return f"/labels/items/{label.item_id}"
