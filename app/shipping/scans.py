"""Commands of the packing screen: every scan, button and typed number goes through the one flow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import logistic_units, values
from app.kit import sql
from app.kit.transactions import Envelope
from app.scanning.meanings import CommandMeaning, Meaning
from app.scanning.messages import Message, Tone
from app.scanning.parse import storable
from app.scanning.resolver import Context, resolve
from app.shipping import problems
from app.shipping.flow import step
from app.shipping.loading import QUERIES, LockedShipment, facts_of, open_shipment
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
    shipment = open_shipment(session, command.shipment_id, envelope)
    meaning = resolve(session, command.code, Context(item_id=shipment.flow_state.item_id))
    return _go(session, shipment, meaning, envelope)


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    try:
        quantity = values.number(command.quantity[:60])
    except ValueError:
        raise problems.NotForPacking(given=command.quantity[:40]) from None
    shipment = open_shipment(session, command.shipment_id, envelope)
    return _go(session, shipment, TypedQuantity(quantity), envelope)


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    shipment = open_shipment(session, command.shipment_id, envelope)
    event: Meaning = CommandMeaning(command.button.upper()[:40])
    return _go(session, shipment, event, envelope)


def _go(session: Session, shipment: LockedShipment, event: Event, envelope: Envelope) -> ScanAnswer:
    outcome = step(shipment.flow_state, event, facts_of(session, shipment))
    if outcome.problem is not None:
        raise outcome.problem
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
            _check(session, shipment, intent, state, envelope)
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


def _check(
    session: Session, shipment: LockedShipment, intent: Check, state: State, envelope: Envelope
) -> None:
    for goods, quantity in intent.parts:
        row = {
            "shipment_id": shipment.id,
            "store_id": shipment.store_id,
            "order_line_id": goods.order_line_id,
            "balance_id": goods.balance_id,
            "item_id": goods.item.id,
            "lot_id": goods.lot_id,
            "logistic_unit_id": state.carton_id,
            "quantity": quantity,
            "command_id": envelope.command_id,
            "user_id": envelope.caller.user_id,
        }
        sql.execute(session, QUERIES["insert_check"], row)


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
