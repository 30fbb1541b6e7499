"""Commands of the scan screen: every scan, button and typed value goes through the one flow."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.catalog import values
from app.kit import sql
from app.kit.database import unanswered
from app.kit.transactions import Envelope
from app.picking import booking, ending, problems, refusals, undoing
from app.picking.booking import Work
from app.picking.flow import step
from app.picking.loading import QUERIES, Loaded, LockedPick, facts_of, load, task_of
from app.picking.reasons import reason_of
from app.picking.state import (
    AskShort,
    AskToClose,
    Close,
    Event,
    Intent,
    NoInput,
    NotEmpty,
    Outcome,
    Pause,
    Short,
    Skip,
    SwapStop,
    Take,
    TypedQuantity,
    TypedShort,
    Undo,
)
from app.scanning.meanings import Candidate, CommandMeaning
from app.scanning.messages import Message, Tone
from app.scanning.parse import MAXIMUM_LENGTH, storable
from app.scanning.queries import LookupKey
from app.scanning.resolver import Asked, Context, answered, asked


@dataclass(frozen=True)
class Scan:
    """One code as it was read.  Make it with ``scan_of``."""

    pick_id: int
    code: str
    symbology: str = ""
    source: str = ""


@dataclass(frozen=True)
class SetQuantity:
    """From the keypad, as typed, in base units: how many are taken in all."""

    pick_id: int
    quantity: str


@dataclass(frozen=True)
class ShortPick:
    """There is too little; ``task_id`` is a stop that the screen showed."""

    pick_id: int
    task_id: int
    reason: str


@dataclass(frozen=True)
class PressButton:
    """``button`` is a command's name: OK, UNDO, CANCEL, SKIP, SHORT, PAUSE, DONE, +10."""

    pick_id: int
    button: str


@dataclass(frozen=True)
class ScanAnswer:
    """What the scan did: to be shown, and to be shown again on a replay.

    ``closing`` asks whether to finish the pick, ``shorting`` why there is too little.
    """

    pick_id: int
    step: str
    tone: Tone
    message: Message
    also: Message | None = None
    candidates: tuple[Candidate, ...] = ()
    closing: bool = False
    shorting: bool = False


def scan_of(pick_id: int, code: str, symbology: str = "", source: str = "") -> Scan:
    """The command for a raw scan."""
    return Scan(pick_id, storable(code), symbology[:20], source[:20])


def scan(session: Session, command: Scan, envelope: Envelope) -> ScanAnswer:
    """Resolve the code and take the step that it means.

    Raises:
        Problem: refused; the pick, the stock and the step stay as they are.
    """
    if not command.code.strip():
        raise problems.NothingScanned
    if len(command.code) > MAXIMUM_LENGTH:
        raise problems.CodeTooLong
    question = asked(command.code)
    if question.meaning is not None:
        return _do(session, command.pick_id, _event(question.meaning), envelope, command.code)
    loaded, question = _looked_up(session, command, question, envelope)
    meaning = answered(session, question, loaded.found)
    return _go(session, loaded, meaning, envelope, command.code)


def _looked_up(
    session: Session, command: Scan, question: Asked, envelope: Envelope
) -> tuple[Loaded, Asked]:
    loaded = _load(session, command.pick_id, envelope, question.key)
    item_id = loaded.pick.flow_state.item_id
    lots = sum(row.kind == "lot" for row in loaded.found)
    if not question.key.text or lots < AMBIGUOUS or item_id is None:
        return loaded, question
    # A bare lot number of several items means the one that is wanted here: ask again, with it.
    question = asked(command.code, Context(item_id))
    return _load(session, command.pick_id, envelope, question.key), question


AMBIGUOUS = 2


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    """Set how many of the goods scanned last, or in hand, are taken."""
    event = TypedQuantity(quantity_of(command.quantity))
    return _do(session, command.pick_id, event, envelope)


def quantity_of(text: str) -> Decimal:
    """The number that was typed.

    Raises:
        NotANumber: it is none, or has more digits than any quantity.
    """
    try:
        return values.number(text[:60])
    except ValueError:
        raise problems.NotANumber(given=text[:40]) from None


def short_pick(session: Session, command: ShortPick, envelope: Envelope) -> ScanAnswer:
    """Take less than promised: the rest is looked for elsewhere, and the place is counted."""
    event = TypedShort(command.task_id, reason_of(command.reason))
    return _do(session, command.pick_id, event, envelope)


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    event = _event(CommandMeaning(command.button.upper()[:40]))
    return _do(session, command.pick_id, event, envelope)


def _event(meaning: Event) -> Event:
    if isinstance(meaning, CommandMeaning) and meaning.name == "OK":
        return NoInput()
    return meaning


def _do(
    session: Session, pick_id: int, event: Event, envelope: Envelope, raw_code: str = ""
) -> ScanAnswer:
    """What needs no lookup."""
    loaded = _load(session, pick_id, envelope, event=event)
    return _go(session, loaded, event, envelope, raw_code)


def _load(
    session: Session,
    pick_id: int,
    envelope: Envelope,
    key: LookupKey | None = None,
    *,
    event: Event | None = None,
) -> Loaded:
    loaded = load(session, pick_id, envelope.caller.user_id, key, task_id=task_of(event))
    guard(session, loaded.pick, envelope)
    return loaded


def guard(session: Session, pick: LockedPick, envelope: Envelope) -> None:
    """Refuse who may not work on this pick now, in this order.

    Raises:
        NobodyPicks, CapabilityMissing, PickCancelled, PickHeld, PickTakenOver, PickPaused,
        PickWaits.
    """
    user_id = envelope.caller.user_id
    if user_id is None or pick.role is None:
        raise refusals.NobodyPicks
    if not pick.can("pick"):
        raise CapabilityMissing(capability="pick")
    if pick.state == "cancelled":
        raise refusals.PickCancelled(number=pick.number)
    if pick.held_by not in (None, user_id):
        raise held(session, pick, user_id)
    if pick.state == "paused":
        raise refusals.PickPaused(number=pick.number, pick_id=pick.id)
    if pick.state == "confirmed":
        raise refusals.PickWaits(number=pick.number, pick_id=pick.id)


def held(
    session: Session, pick: LockedPick, user_id: int
) -> refusals.PickTakenOver | refusals.PickHeld:
    """Who holds it; whoever has worked on it is told that it was taken over."""
    who = {"pick_id": pick.id, "user_id": user_id}
    worked = bool(sql.value(session, QUERIES["has_worked"], who))
    kind = refusals.PickTakenOver if worked else refusals.PickHeld
    return kind(
        holder=pick.holder or "?", number=pick.number, pick_id=pick.id, holder_id=pick.held_by
    )


def _go(
    session: Session, loaded: Loaded, event: Event, envelope: Envelope, raw_code: str = ""
) -> ScanAnswer:
    """Step the flow, do what it intends, keep the step."""
    outcome = step(loaded.pick.flow_state, event, facts_of(session, loaded, event))
    if outcome.problem is not None:
        raise outcome.problem
    if all(isinstance(intent, Take) for intent in outcome.intents):
        # What is only written needs no answer before the commit's.
        unanswered(session)
    work = Work(session, loaded, envelope, raw_code)
    for intent in outcome.intents:
        _book(work, intent)
    _keep(session, loaded, outcome, envelope)
    return _answer(loaded, outcome)


def _book(work: Work, intent: Intent) -> None:
    match intent:
        case Take():
            booking.take(work, intent)
        case SwapStop():
            booking.swap(work, intent)
        case Short():
            _check(work, "short_pick")
            booking.shorten(work, intent)
        case Skip():
            booking.skip(work, intent)
        case NotEmpty():
            booking.not_empty(work, intent)
        case Undo():
            undoing.undo_last(work.session, work.pick, work.envelope)
        case Close():
            ending.bring_together(work.session, work.pick, work.envelope)
        case Pause() | AskShort() | AskToClose():
            pass


def _check(work: Work, capability: str) -> None:
    if not work.pick.can(capability):
        raise CapabilityMissing(capability=capability)


def _keep(session: Session, loaded: Loaded, outcome: Outcome, envelope: Envelope) -> None:
    pick = loaded.pick
    if any(isinstance(intent, Close) for intent in outcome.intents):
        ending.end(session, pick, "done", outcome.state)
        return
    pausing = any(isinstance(intent, Pause) for intent in outcome.intents)
    kept = {
        "pick_id": pick.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(msgspec.to_builtins(outcome.state)),
        "state": "paused" if pausing else pick.state,
    }
    sql.execute(session, QUERIES["set_step"], kept)


def _answer(loaded: Loaded, outcome: Outcome) -> ScanAnswer:
    return ScanAnswer(
        pick_id=loaded.pick.id,
        step=outcome.state.step,
        tone=outcome.tone,
        message=outcome.message,
        also=outcome.also,
        candidates=outcome.candidates,
        closing=any(isinstance(intent, AskToClose) for intent in outcome.intents),
        shorting=any(isinstance(intent, AskShort) for intent in outcome.intents),
    )
