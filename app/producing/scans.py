"""Commands of the production screen: every scan, button and typed value goes through the flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import values
from app.kit import sql
from app.kit.transactions import Envelope
from app.producing import completing, problems, supplying
from app.producing.flow import step
from app.producing.loading import ORDERS, Line, LockedOrder, components_of, open_order
from app.producing.state import (
    Bring,
    Component,
    Event,
    Facts,
    Here,
    Intent,
    Outcome,
    Report,
    State,
    TypedLot,
    TypedQuantity,
    Undo,
)
from app.producing.supplying import Free
from app.scanning.meanings import CommandMeaning, ItemMeaning, LotMeaning, Meaning
from app.scanning.messages import Message, Tone
from app.scanning.parse import MAXIMUM_LENGTH
from app.scanning.resolver import Context, resolve


@dataclass(frozen=True)
class Scan:
    """One code as it was read.  Make it with ``scan_of``."""

    order_id: int
    code: str


@dataclass(frozen=True)
class SetQuantity:
    """How much of what is in hand, as typed, in base units."""

    order_id: int
    quantity: str


@dataclass(frozen=True)
class SetLot:
    """The lot of what was made, and its last day."""

    order_id: int
    lot: str
    last_on: date | None = None


@dataclass(frozen=True)
class PressButton:
    """``button``: OK, UNDO, CANCEL, +10, BACKFLUSH or AS_SCANNED."""

    order_id: int
    button: str


@dataclass(frozen=True)
class ScanAnswer:
    """What the scan did.  ``completion_id`` and ``lot_id`` are of what it reported as made."""

    order_id: int
    step: str
    tone: Tone
    message: Message
    completion_id: int | None = None
    lot_id: int | None = None


def scan_of(order_id: int, code: str) -> Scan:
    """The command for a raw scan; what the audit cannot store (NUL) is made visible."""
    clean = code[: MAXIMUM_LENGTH + 1].encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return Scan(order_id, clean)


def scan(session: Session, command: Scan, envelope: Envelope) -> ScanAnswer:
    """Raises Problem: refused; the order stays as it is."""
    if not command.code.strip():
        raise problems.NothingScanned
    order = open_order(session, command.order_id, envelope)
    meaning = resolve(session, command.code, Context(item_id=_state(order).item_id))
    return _go(session, order, meaning, envelope)


def set_quantity(session: Session, command: SetQuantity, envelope: Envelope) -> ScanAnswer:
    try:
        quantity = values.number(command.quantity[:60])
    except ValueError:
        raise problems.QuantityMissing(given=command.quantity[:40]) from None
    order = open_order(session, command.order_id, envelope)
    return _go(session, order, TypedQuantity(quantity), envelope)


def set_lot(session: Session, command: SetLot, envelope: Envelope) -> ScanAnswer:
    order = open_order(session, command.order_id, envelope)
    return _go(session, order, TypedLot(command.lot, command.last_on), envelope)


def press_button(session: Session, command: PressButton, envelope: Envelope) -> ScanAnswer:
    """A button of the screen: the same as scanning its label."""
    order = open_order(session, command.order_id, envelope)
    event: Meaning = CommandMeaning(command.button.upper()[:40])
    return _go(session, order, event, envelope)


def _state(order: LockedOrder) -> State:
    return msgspec.convert(order.step, State, strict=False)


def _go(session: Session, order: LockedOrder, event: Event, envelope: Envelope) -> ScanAnswer:
    if envelope.caller.user_id is None:
        raise problems.NobodyProduces
    state = _state(order)
    lines = components_of(session, order.id)
    stock = _stock(session, order, state, event, lines)
    outcome = step(state, event, _facts(order, lines, stock))
    if outcome.problem is not None:
        raise outcome.problem
    completed = None
    for intent in outcome.intents:
        completed = _do(session, order, intent, (lines, stock), envelope)
    kept = {
        "order_id": order.id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(msgspec.to_builtins(outcome.state)),
    }
    sql.execute(session, ORDERS["keep_step"], kept)
    sql.execute(session, ORDERS["begun"], {"order_id": order.id, "moment": envelope.occurred_at})
    return _answer(order, outcome, completed)


def _answer(
    order: LockedOrder, outcome: Outcome, completed: completing.Completed | None
) -> ScanAnswer:
    return ScanAnswer(
        order.id,
        "done" if completed and completed.state == "done" else outcome.state.step,
        outcome.tone,
        outcome.message,
        completed.completion_id if completed else None,
        completed.lot_id if completed else None,
    )


def _stock(
    session: Session, order: LockedOrder, state: State, event: Event, lines: list[Line]
) -> list[Free]:
    """Of the component that is scanned or in hand."""
    scanned = event.item.id if isinstance(event, (ItemMeaning, LotMeaning)) else state.item_id
    if scanned is None or all(line.item_id != scanned for line in lines):
        return []
    return supplying.free_stock(session, order, scanned)


def _facts(order: LockedOrder, lines: list[Line], stock: list[Free]) -> Facts:
    return Facts(
        number=order.number,
        store_id=order.store_id,
        item=order.facts,
        most=order.most,
        own_lot=order.lot_code or order.number,
        components=tuple(
            Component(line.id, line.facts, line.quantity, line.issued, line.consumed, line.issue)
            for line in lines
        ),
        stock=tuple(
            Here(one.balance_id, one.location_id, one.location, one.lot, one.free) for one in stock
        ),
    )


def _do(
    session: Session,
    order: LockedOrder,
    intent: Intent,
    known: tuple[list[Line], list[Free]],
    envelope: Envelope,
) -> completing.Completed | None:
    lines, stock = known
    match intent:
        case Bring():
            line = next(one for one in lines if one.id == intent.component.line_id)
            free = {one.balance_id: one for one in stock}
            for here, quantity in intent.parts:
                supplying.bring(session, envelope, order, line, free[here.balance_id], quantity)
        case Report():
            made = intent.made
            command = completing.Complete(
                order.id, made.quantity, made.lot, made.produced_on, made.last_on,
                rest=intent.rest,
            )  # fmt: skip
            return completing.complete(session, command, envelope)
        case Undo():
            supplying.take_back_last(session, envelope, order)
    return None
