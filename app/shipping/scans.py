"""Commands of the packing screen: every scan, button and typed number goes through the one flow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import logistic_units, values
from app.kit import sql
from app.kit.database import unanswered
from app.kit.transactions import Envelope
from app.scanning.meanings import CommandMeaning
from app.scanning.messages import Message, Tone
from app.scanning.parse import storable
from app.scanning.resolver import Context, answered, asked
from app.shipping import problems
from app.shipping.checking import check
from app.shipping.flow import step
from app.shipping.loading import QUERIES, Loaded, LockedShipment, load
from app.shipping.state import (
    Check,
    Event,
    Intent,
    NewCarton,
    Outcome,
    State,
    TypedQuantity,
    Uncheck,
    UseCarton,
)


@dataclass(frozen=True)
class Scan:
    """One code as it was read.  Make it with ``scan_of``."""

    shipment_id: int
    code: str


@dataclass(frozen=True)
class SetQuantity:
    """How many there are of what was checked last, as typed, in base units."""

    shipment_id: int
    quantity: str


@dataclass(frozen=True)
class PressButton:
    """``button``: UNDO, CARTON or +10."""

    shipment_id: int
    button: str


@dataclass(frozen=True)
class ScanAnswer:
    """What the scan did: to be shown, and to be shown again on a replay."""

    shipment_id: int
    step: str
    tone: Tone
    message: Message
    carton_id: int | None = None


def scan_of(shipment_id: int, code: str) -> Scan:
    """The command for a raw scan."""
    return Scan(shipment_id, storable(code))


def scan(session: Session, command: Scan, envelope: Envelope) -> ScanAnswer:
    """Raises Problem: refused; the shipment stays as it is."""
    if not command.code.strip():
        raise problems.NothingScanned
    question = asked(command.code)
    loaded = load(session, command.shipment_id, envelope, question.key)
    item_id = loaded.shipment.flow_state.item_id
    if item_id is not None and question.meaning is None:
        # In hand already: a bare lot number means a lot of these goods.
        question = asked(command.code, Context(item_id=item_id))
        loaded = load(session, command.shipment_id, envelope, question.key)
    meaning = question.meaning or answered(session, question, loaded.found)
    return _go(session, loaded, meaning, envelope)


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    """Set how many of what was checked last."""
    try:
        quantity = values.number(command.quantity[:60])
    except ValueError:
        raise problems.NotForPacking(given=command.quantity[:40]) from None
    loaded = load(session, command.shipment_id, envelope)
    return _go(session, loaded, TypedQuantity(quantity), envelope)


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    loaded = load(session, command.shipment_id, envelope)
    return _go(session, loaded, CommandMeaning(command.button.upper()[:40]), envelope)


def _go(session: Session, loaded: Loaded, event: Event, envelope: Envelope) -> ScanAnswer:
    shipment = loaded.shipment
    outcome = step(shipment.flow_state, event, loaded.facts)
    if outcome.problem is not None:
        raise outcome.problem
    if all(isinstance(intent, Check | Uncheck) for intent in outcome.intents):
        # What is only written needs no answer before the commit's.
        unanswered(session)
    state = outcome.state
    for intent in outcome.intents:
        state = _do(session, shipment, intent, state, envelope)
    _keep(session, shipment, state, envelope)
    return _answer(shipment, outcome, state)


def _do(
    session: Session, shipment: LockedShipment, intent: Intent, state: State, envelope: Envelope
) -> State:
    """Write what the flow intends; the state, with the carton's number where one was made."""
    match intent:
        case Check():
            check(session, shipment, intent.parts, state.carton_id, envelope)
        case Uncheck():
            sql.execute(session, QUERIES["undo_last"], {"shipment_id": shipment.id})
        case NewCarton():
            [(unit_id, sscc)] = logistic_units.make_units(session, shipment.store_id, 1)
            return replace(state, carton_id=unit_id, carton=sscc)
        case UseCarton():
            asked = {
                "unit_id": intent.unit_id,
                "store_id": shipment.store_id,
                "shipment_id": shipment.id,
            }
            if sql.value(session, QUERIES["carton_is_free"], asked) is None:
                raise problems.CartonTaken(sscc=intent.sscc)
    return state


def _keep(session: Session, shipment: LockedShipment, state: State, envelope: Envelope) -> None:
    kept = {
        "shipment_id": shipment.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(msgspec.to_builtins(state)),
    }
    sql.execute(session, QUERIES["keep_step"], kept)


def _answer(shipment: LockedShipment, outcome: Outcome, state: State) -> ScanAnswer:
    return ScanAnswer(
        shipment.id, outcome.state.step, outcome.tone, outcome.message, state.carton_id
    )
