"""Holds: a lot of the whole company that must not ship, and its way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, Waiting, ask
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.notifications.publishing import Event, publish
from app.orders.allocating import lock_items
from app.quality import following, problems, promises
from app.quality.changing import AVAILABLE, set_apart
from app.quality.reasons import reason_of, reason_sentence, reason_words
from app.quality.stock import QUERIES, Aim, Lying, locked

HELD = "held"
LIFT = mark("Lift the hold on lot {lot} of {item}")
PLACED = mark("Lot {lot} of {item} is held: it must not ship")
LIFTED = mark("The hold on lot {lot} of {item} is lifted")


@dataclass(frozen=True)
class HoldLot:
    """Nothing of this lot ships any more, in any store.  Needs the sight of all stores."""

    lot_id: int
    reason: str


@dataclass(frozen=True)
class LiftHold:
    """What is otherwise free of this lot may ship again."""

    lot_id: int
    reason: str
    store_id: int


@dataclass(frozen=True)
class LotHeld:
    """The hold, in how many places the lot lies, and the orders that lost their promises."""

    lot_id: int
    hold_id: int
    places: int
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class HoldLifted:
    """``request_id`` where votes are needed first and the hold is still in force."""

    lot_id: int
    request_id: int | None = None


@dataclass(frozen=True)
class _Store:
    id: int


@dataclass(frozen=True)
class LotName:
    id: int
    code: str
    item_id: int
    item_code: str
    item_name: str
    category: str


def hold_lot(session: Session, command: HoldLot, envelope: Envelope) -> LotHeld:
    """Place the hold and release every promise on the lot, in every store, at once.

    Raises:
        LotUnknown, WhyWanted, LotHeldAlready.
    """
    reason = reason_of(command.reason)
    lot = lot_named(session, command.lot_id)
    sql.execute(session, QUERIES["lock_lot"], {"lot_id": lot.id})
    # Promises that are being planned are made before this, and released below, or see the hold.
    stores = sql.rows(session, _Store, QUERIES["stores"])
    lock_items(session, {(store.id, lot.item_id) for store in stores})
    hold_id = _placed(session, lot, reason, envelope)
    rows = locked(session, Aim(lot_id=lot.id))
    freed = promises.free(session, {row.id: row.allocated for row in rows if row.allocated > ZERO})
    _set_picked_apart(session, envelope, freed, rows, reason)
    following.tell(session, envelope, freed.each, rows, reason_sentence(reason))
    _tell(session, envelope, "lot_held", PLACED, lot, reason)
    if freed.each:
        following.allocate_anew(session, envelope, [row for row in rows if row.allocated > ZERO])
    return LotHeld(lot.id, hold_id, len(rows), freed.orders)


def _set_picked_apart(
    session: Session,
    envelope: Envelope,
    freed: promises.Freed,
    rows: list[Lying],
    reason: str,
) -> None:
    """What waits for the lorry is frozen there: a hold alone would not stop the packer's hands."""
    for store_id in sorted({row.store_id for row in freed.picked}):
        picked = [row for row in freed.picked if row.store_id == store_id]
        set_apart(session, envelope, store_id, rows, picked, reason)


def _placed(session: Session, lot: LotName, reason: str, envelope: Envelope) -> int:
    if _hold_of(session, lot.id) is not None:
        raise problems.LotHeldAlready
    values = {
        "lot_id": lot.id,
        "item_id": lot.item_id,
        "reason": reason,
        "user_id": envelope.caller.user_id,
    }
    return int(sql.value(session, QUERIES["insert_hold"], values))


def lift_hold(session: Session, command: LiftHold, envelope: Envelope) -> HoldLifted:
    """End the hold; by policy only after votes.  Orders that wait for the lot get it at once.

    Raises:
        LotUnknown, WhyWanted, NotHeld, ChangedUnderneath.
    """
    reason = reason_of(command.reason)
    lot = lot_named(session, command.lot_id)
    sql.execute(session, QUERIES["lock_lot"], {"lot_id": lot.id})
    hold_id = _hold_of(session, lot.id)
    if hold_id is None:
        raise problems.NotHeld
    rows = locked(session, Aim(lot_id=lot.id))
    waiting = _ask(session, command, lot, hold_id, rows, envelope)
    if waiting is not None:
        return HoldLifted(lot.id, waiting.request_id)
    values = {"hold_id": hold_id, "user_id": envelope.caller.user_id}
    sql.execute(session, QUERIES["lift_hold"], values)
    _tell(session, envelope, "lot_freed", LIFTED, lot, reason)
    following.allocate_anew(session, envelope, [row for row in rows if row.status == AVAILABLE])
    return HoldLifted(lot.id)


def _ask(
    session: Session,
    command: LiftHold,
    lot: LotName,
    hold_id: int,
    rows: list[Lying],
    envelope: Envelope,
) -> Waiting | None:
    facts: dict[str, Any] = {
        "item": lot.item_code,
        "category": lot.category,
        "lot": lot.code,
        "location": "",
        "from_status": HELD,
        "to_status": AVAILABLE,
        # Of the store that asks: whoever votes sees that one, but not every other.
        "quantity": sum((row.on_hand for row in rows if row.store_id == command.store_id), ZERO),
        "hold": hold_id,
    }
    return ask(
        session,
        envelope,
        Ask(
            kind="status_release",
            facts=facts,
            command=command,
            handler=lift_hold,
            subject=Subject("lot", lot.id, f"/quality/lots/{lot.id}"),
            store_id=command.store_id,
            reason=reason_words(command.reason),
            title=Title(LIFT, {"lot": lot.code, "item": lot.item_name}),
        ),
    )


def lot_named(session: Session, lot_id: int) -> LotName:
    """Raises LotUnknown where there is none."""
    found = sql.one(session, LotName, QUERIES["lot_name"], {"lot_id": lot_id})
    if found is None:
        raise problems.LotUnknown
    return found


def _hold_of(session: Session, lot_id: int) -> int | None:
    return sql.value(session, QUERIES["hold_of"], {"lot_id": lot_id})


def _tell(
    session: Session, envelope: Envelope, kind: str, title: str, lot: LotName, reason: str
) -> None:
    facts = {"lot": lot.code, "item": lot.item_name, "reason": reason_sentence(reason)}
    publish(session, Event(kind, None, title, facts, f"/quality/lots/{lot.id}"), envelope)
