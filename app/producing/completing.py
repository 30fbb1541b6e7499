"""What was made, what went to waste: the books follow, at the cost of what was used up."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from psycopg.types.json import Jsonb
from pydantic import Field
from sqlmodel import Session

from app.catalog import input as given
from app.kit import sql
from app.kit.money import ZERO, plain
from app.kit.transactions import Envelope
from app.ledger.producing import Output, Produced
from app.producing import problems
from app.producing.loading import ORDERS, LockedOrder, any_order, lines_of, open_order
from app.producing.making import Label, lot_of, movement_of, outputs_of, sides_of
from app.producing.planning import OrderChanged, let_go, place_id, refuse_too_fine
from app.producing.working import (
    NO_WORK,
    Rest,
    Work,
    due,
    note_consumed,
    note_made,
    note_progress,
    produce,
    work_of,
)

LONGEST = 200
CLOSING = "closing"
LOST = Output(None, share=Decimal(1))
"""Nothing enters stock: the whole cost is an expense."""


@dataclass(frozen=True)
class SideReport:
    """How much of a side output (base units) really came."""

    item_id: int
    quantity: given.Quantity


@dataclass(frozen=True)
class Complete:
    """So much was made (base units), all good.

    ``lot`` and its dates are those on the label; without them the order's lot, or its number, and
    the item's shelf life count.  ``location`` is a code.  ``rest``: what to do where less was
    scanned than the recipe wants (``refuse``, ``backflush``, ``as_scanned``).  ``is_last`` ends the
    order.  ``external_key`` is the key under which another system (``source``) reports it.
    """

    order_id: int
    quantity: given.Factor
    lot: str = ""
    produced_on: date | None = None
    expires_on: date | None = None
    location: str = ""
    rest: str = "refuse"
    is_last: bool = False
    sides: tuple[SideReport, ...] = ()
    source: str = "scan"
    external_key: Annotated[str | None, Field(max_length=100)] = None


@dataclass(frozen=True)
class ReportScrap:
    """So much went to waste.  Normal waste makes what is good dearer; ``is_abnormal`` waste is an
    expense at once (CAS 1 art. 9, IAS 2.16).
    """

    order_id: int
    quantity: given.Factor
    reason: str
    is_abnormal: bool = False
    rest: str = "refuse"
    source: str = "scan"
    external_key: Annotated[str | None, Field(max_length=100)] = None


@dataclass(frozen=True)
class CloseOrder:
    """Nothing more comes of it.  What was brought and not used is free where it lies."""

    order_id: int
    rest: str = "as_scanned"


@dataclass(frozen=True)
class Completed:
    """``amount`` is what the goods are worth (or the waste cost); ``is_new`` False for a key that
    was known already.
    """

    completion_id: int
    order_id: int
    quantity: Decimal
    completed: Decimal
    state: str
    lot_id: int | None
    amount: Decimal
    is_new: bool = True


@dataclass(frozen=True)
class _KnownKey:
    id: int
    order_id: int
    fingerprint: str
    lot_id: int | None
    amount: Decimal
    quantity: Decimal
    kind: str
    completed: Decimal
    state: str


def complete(session: Session, command: Complete, envelope: Envelope) -> Completed:
    """Take what went in, bring in what came out, at its cost.

    Raises:
        NoSuchProductionOrder, ProductionOrderClosed, MoreThanPlanned, QuantityTooFine, LotWanted,
        SerialIsOne, ComponentShort, ComponentNotIssued, CompletionKeyReused, SideValueTooHigh; what
        formulas and the ledger refuse (a closed period, too).
    """
    command = given.checked(command)
    order = any_order(session, command.order_id, envelope)
    known = _known_key(session, command)
    if known is not None:
        return known
    _refuse_completion(order, command)
    label = Label(command.lot, command.produced_on, command.expires_on)
    lot = lot_of(session, order, label)
    place = place_id(session, order.store_id, command.location) or order.output_location_id
    done = order.completed + order.scrapped + command.quantity
    is_last = command.is_last or order.completed + command.quantity >= order.quantity
    work = work_of(session, order, envelope, done, Rest(command.rest, is_last, command.quantity))
    main = movement_of(order, None, command.quantity, lot, place)
    said = {one.item_id: one.quantity for one in command.sides}
    sides = sides_of(session, order, said, done, place)
    outputs = outputs_of(order, main, sides)
    _refuse_dear(work, outputs)
    produced = produce(session, envelope, order, work, outputs)
    row = _completion_row(order, work, produced, command, envelope)
    row |= {"kind": "output", "lot_id": lot, "location_id": place, "amount": produced.values[0]}
    completion_id = int(sql.value(session, ORDERS["insert_completion"], row))
    note_consumed(session, envelope, order, completion_id, work, produced)
    note_made(session, envelope, order, completion_id, [(None, main), *sides], produced)
    state = "done" if is_last else "in_progress"
    after = replace(order, completed=order.completed + command.quantity, state=state)
    note_progress(session, after, envelope)
    if is_last:
        let_go(session, order.id)
    return Completed(
        completion_id, order.id, command.quantity, after.completed, state, lot, produced.values[0]
    )


def report_scrap(session: Session, command: ReportScrap, envelope: Envelope) -> Completed:
    """Raises what ``complete`` raises, and ScrapReasonWanted."""
    command = given.checked(command)
    order = any_order(session, command.order_id, envelope)
    known = _known_key(session, command)
    if known is not None:
        return known
    if order.state not in ("planned", "in_progress"):
        raise problems.ProductionOrderClosed(number=order.number)
    if not command.reason.strip():
        raise problems.ScrapReasonWanted
    refuse_too_fine(order.facts.title, order.facts.decimals, command.quantity)
    amount, completion_id = _waste(session, envelope, order, command)
    after = replace(order, scrapped=order.scrapped + command.quantity, state="in_progress")
    note_progress(session, after, envelope)
    return Completed(
        completion_id, order.id, command.quantity, after.completed, after.state, None, amount
    )


def _waste(
    session: Session, envelope: Envelope, order: LockedOrder, command: ReportScrap
) -> tuple[Decimal, int]:
    """Normal waste is paid by the next goods that come; abnormal waste by nobody but the period."""
    work, produced = NO_WORK, Produced(0, ZERO, [], [], [ZERO])
    if command.is_abnormal:
        done = order.completed + order.scrapped + command.quantity
        rest = Rest(command.rest, is_last=False, quantity=command.quantity)
        work = work_of(session, order, envelope, done, rest)
        produced = produce(session, envelope, order, work, [LOST])
    row = _completion_row(order, work, produced, command, envelope)
    row |= {"kind": "scrap", "lot_id": None, "location_id": None, "amount": produced.cost}
    completion_id = int(sql.value(session, ORDERS["insert_completion"], row))
    if command.is_abnormal:
        note_consumed(session, envelope, order, completion_id, work, produced)
    return produced.cost, completion_id


def close_order(session: Session, command: CloseOrder, envelope: Envelope) -> OrderChanged:
    """What waste has used and no good piece has paid for is an expense.

    Raises:
        ProductionOrderClosed, ComponentShort.
    """
    order = open_order(session, command.order_id, envelope)
    done = order.completed + order.scrapped
    rest = Rest(command.rest, is_last=False, quantity=ZERO)
    if order.scrapped and _is_unpaid(session, order, done):
        work = work_of(session, order, envelope, done, rest)
        produced = produce(session, envelope, order, work, [LOST])
        scrap = ReportScrap(order.id, order.scrapped, "", is_abnormal=True, source=CLOSING)
        row = _completion_row(order, work, produced, scrap, envelope)
        row |= {"kind": "scrap", "lot_id": None, "location_id": None, "amount": produced.cost}
        completion_id = int(sql.value(session, ORDERS["insert_completion"], row))
        note_consumed(session, envelope, order, completion_id, work, produced)
    let_go(session, order.id)
    note_progress(session, replace(order, state="done"), envelope)
    return OrderChanged(order.id, order.number, "done")


def _refuse_dear(work: Work, outputs: list[Output]) -> None:
    """What comes besides cannot be worth more than all that goes in."""
    fixed = sum((one.fixed_value for one in outputs if one.fixed_value is not None), ZERO)
    cost = work.material + sum(work.overheads, ZERO)
    if fixed > cost:
        raise problems.SideValueTooHigh(value=plain(fixed), cost=plain(cost))


def _is_unpaid(session: Session, order: LockedOrder, done: Decimal) -> bool:
    return any(
        due(order, line, done) > line.consumed
        for line in lines_of(session, order.id)
        if line.kind == "component"
    )


def _refuse_completion(order: LockedOrder, command: Complete) -> None:
    facts = order.facts
    if order.state not in ("planned", "in_progress"):
        raise problems.ProductionOrderClosed(number=order.number)
    refuse_too_fine(facts.title, facts.decimals, command.quantity)
    if facts.has_serials and command.quantity != 1:
        raise problems.SerialIsOne(item=facts.title)
    if facts.has_serials and not command.lot.strip():
        raise problems.LotWanted(item=facts.title)
    if command.quantity > order.most:
        raise problems.MoreThanPlanned(
            item=facts.title,
            most=plain(order.most),
            unit=facts.base_unit,
            wanted=plain(command.quantity),
        )


def _known_key(session: Session, command: Complete | ReportScrap) -> Completed | None:
    """What was answered to this key.  Raises CompletionKeyReused."""
    if not command.external_key:
        return None
    asked = {"source": command.source, "external_key": command.external_key}
    found = sql.one(session, _KnownKey, ORDERS["completion_of_key"], asked)
    if found is None:
        return None
    if found.fingerprint != fingerprint(command):
        raise problems.CompletionKeyReused(key=command.external_key)
    return Completed(
        found.id, found.order_id, found.quantity, found.completed, found.state, found.lot_id,
        found.amount, is_new=False,
    )  # fmt: skip


def fingerprint(command: Complete | ReportScrap) -> str:
    """Of what is reported, but for the key."""
    content = repr(replace(command, external_key=None, quantity=command.quantity.normalize()))
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


def _completion_row(
    order: LockedOrder,
    work: Work,
    produced: Produced,
    command: Complete | ReportScrap,
    envelope: Envelope,
) -> dict[str, Any]:
    is_scrap = isinstance(command, ReportScrap)
    return {
        "order_id": order.id,
        "store_id": order.store_id,
        "quantity": command.quantity,
        "is_abnormal": is_scrap and command.is_abnormal,
        "material": -sum((posted.amount for posted in produced.consumed), ZERO),
        "labour": work.labour,
        "overhead": work.overhead,
        "elements": work.elements_amount,
        "parts": Jsonb({one.label: plain(one.amount) for one in work.elements}),
        "reason": command.reason.strip()[:LONGEST] if is_scrap else "",
        "source": command.source,
        "external_key": command.external_key,
        "fingerprint": fingerprint(command) if command.external_key else "",
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
        "occurred_at": envelope.occurred_at,
    }
