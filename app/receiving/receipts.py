"""Commands on a whole receipt: open, pause, resume, take over, damaged and short goods, close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.transactions import Envelope
from app.receiving import order_problems, problems
from app.receiving.deviations import mine, missing_lines, reason_of, refuse_closed
from app.receiving.loading import QUERIES, LockedReceipt, load
from app.receiving.scans import guard
from app.receiving.state import State

FIRST_STEP = msgspec.to_builtins(State())


@dataclass(frozen=True)
class OpenReceipt:
    """Start receiving an order, or go on where it was left; without ``order_id`` in ``store_id``.

    ``supplier_id`` may be given where there is no order.
    """

    order_id: int | None = None
    store_id: int | None = None
    supplier_id: int | None = None


@dataclass(frozen=True)
class OpenedReceipt:
    """``held_by_other`` is true where somebody else is working on it: nothing was changed then."""

    receipt_id: int
    number: str
    is_new: bool
    held_by_other: bool = False


@dataclass(frozen=True)
class PauseReceipt:
    receipt_id: int


@dataclass(frozen=True)
class ResumeReceipt:
    receipt_id: int


@dataclass(frozen=True)
class TakeOverReceipt:
    """``holder_id`` is who the person was told holds it: the confirmation is for them alone."""

    receipt_id: int
    holder_id: int | None


@dataclass(frozen=True)
class CloseReceipt:
    """``missing`` stays open for a later delivery, or is given up with a reason."""

    receipt_id: int
    missing: Literal["open", "short"] = "open"
    reason: str = ""


@dataclass(frozen=True)
class CancelReceipt:
    receipt_id: int


@dataclass(frozen=True)
class ReceiptChanged:
    receipt_id: int
    state: str


@dataclass(frozen=True)
class _Order:
    id: int
    store_id: int
    supplier_id: int
    number: str
    state: str
    open_receipt_id: int | None


@dataclass(frozen=True)
class _Site:
    """The store's side of a new receipt."""

    role: str | None
    time_zone: str
    receive_without_order: bool
    dock_id: int | None


def open_receipt(session: Session, command: OpenReceipt, envelope: Envelope) -> OpenedReceipt:
    """Open or resume.  Of two people who open the same order at once, the second joins the first.

    Raises:
        NoSuchOrder, OrderNotOpen, OrderWanted, NoDock, CapabilityMissing.
    """
    if command.order_id is None:
        return _new_receipt(session, command.store_id, command.supplier_id, None, envelope)
    order = sql.one(session, _Order, QUERIES["lock_order"], {"order_id": command.order_id})
    if order is None:
        raise order_problems.NoSuchOrder
    if order.open_receipt_id is not None:
        return _joined(session, order.open_receipt_id, envelope)
    if order.state not in ("confirmed", "in_progress"):
        raise order_problems.OrderNotOpen(number=order.number, state=order.state)
    opened = _new_receipt(session, order.store_id, order.supplier_id, order.id, envelope)
    sql.execute(session, QUERIES["order_state"], {"order_id": order.id, "state": "in_progress"})
    return opened


def _joined(session: Session, receipt_id: int, envelope: Envelope) -> OpenedReceipt:
    receipt = load(session, receipt_id, envelope.caller.user_id).receipt
    others = receipt.held_by not in (None, envelope.caller.user_id)
    if receipt.state == "paused" and not others:
        _hold(session, receipt, "in_progress", envelope)
    return OpenedReceipt(receipt.id, receipt.number, is_new=False, held_by_other=others)


def _new_receipt(
    session: Session,
    store_id: int | None,
    supplier_id: int | None,
    order_id: int | None,
    envelope: Envelope,
) -> OpenedReceipt:
    site = _site(session, store_id, envelope)
    if order_id is None and not _may_do_without(site):
        raise problems.OrderWanted
    if site.dock_id is None:
        raise problems.NoDock
    number = next_number(session, "GR", clock.today(site.time_zone))
    values = {
        "store_id": store_id,
        "number": number,
        "order_id": order_id,
        "supplier_id": supplier_id,
        "dock_id": site.dock_id,
        "user_id": envelope.caller.user_id,
        "step": Jsonb(FIRST_STEP),
    }
    receipt_id = int(sql.value(session, QUERIES["insert_receipt"], values))
    return OpenedReceipt(receipt_id, number, is_new=True)


def _site(session: Session, store_id: int | None, envelope: Envelope) -> _Site:
    given = {"store_id": store_id, "user_id": envelope.caller.user_id}
    site = sql.one(session, _Site, QUERIES["site"], given)
    if site is None or envelope.caller.user_id is None or site.role is None:
        raise problems.NobodyReceives
    if not may(site.role, "receive"):
        raise CapabilityMissing(capability="receive")
    return site


def _may_do_without(site: _Site) -> bool:
    return site.receive_without_order and may(site.role or "", "receive_without_order")


# Who works on it ----------------------------------------------------------------------------------


def pause_receipt(session: Session, command: PauseReceipt, envelope: Envelope) -> ReceiptChanged:
    receipt = mine(session, command.receipt_id, envelope).receipt
    return _hold(session, receipt, "paused", envelope)


def resume_receipt(session: Session, command: ResumeReceipt, envelope: Envelope) -> ReceiptChanged:
    """Go on with a paused receipt; one's own, or one that nobody holds."""
    receipt = load(session, command.receipt_id, envelope.caller.user_id).receipt
    if receipt.state == "paused":
        # Pausing is no reason to refuse here, everything else is.
        guard(session, replace(receipt, state="in_progress"), envelope)
        return _hold(session, receipt, "in_progress", envelope)
    guard(session, receipt, envelope)
    return ReceiptChanged(receipt.id, receipt.state)


def take_over_receipt(
    session: Session, command: TakeOverReceipt, envelope: Envelope
) -> ReceiptChanged:
    """Make the receipt one's own; the former holder's next scan is refused with one's name.

    Raises:
        NotConfirmedTakeOver: meanwhile somebody else than the one named holds it.
    """
    receipt = load(session, command.receipt_id, envelope.caller.user_id).receipt
    if receipt.held_by == envelope.caller.user_id:
        return ReceiptChanged(receipt.id, receipt.state)
    if receipt.held_by not in (None, command.holder_id):
        raise problems.NotConfirmedTakeOver(
            number=receipt.number,
            holder=receipt.holder or "?",
            receipt_id=receipt.id,
            holder_id=receipt.held_by,
        )
    if receipt.state in ("done", "cancelled"):
        raise problems.ReceiptClosed(number=receipt.number)
    if not receipt.can("receive"):
        raise CapabilityMissing(capability="receive")
    return _hold(session, receipt, "in_progress", envelope)


def _hold(
    session: Session, receipt: LockedReceipt, state: str, envelope: Envelope
) -> ReceiptChanged:
    kept = {"receipt_id": receipt.id, "state": state, "user_id": envelope.caller.user_id}
    sql.execute(session, QUERIES["hold"], kept)
    return ReceiptChanged(receipt.id, state)


# The end ------------------------------------------------------------------------------------------


def close_receipt(session: Session, command: CloseReceipt, envelope: Envelope) -> ReceiptChanged:
    """End receiving.  What is missing stays open on the order or is given up; put-away may follow.

    Raises:
        OtherItemInHand: goods were scanned but not booked yet.
        ReasonWanted, CapabilityMissing: giving up needs a reason and the right.
    """
    _lock_order_of(session, command.receipt_id)
    receipt = mine(session, command.receipt_id, envelope).receipt
    refuse_closed(receipt)
    pending = receipt.flow_state.pending
    if pending is not None:
        raise problems.OtherItemInHand(scanned=receipt.number, expected=pending.item.title)
    if command.missing == "short":
        _give_up(session, receipt, command.reason)
    ended = {
        "receipt_id": receipt.id,
        "step": Jsonb(msgspec.to_builtins(State("done"))),
        "state": "done",
    }
    sql.execute(session, QUERIES["end_receipt"], ended)
    _settle_order(session, receipt.order_id)
    return ReceiptChanged(receipt.id, "done")


def _lock_order_of(session: Session, receipt_id: int) -> None:
    """The order before its receipt: the documented order of locks."""
    sql.execute(session, QUERIES["lock_order_of_receipt"], {"receipt_id": receipt_id})


def _give_up(session: Session, receipt: LockedReceipt, reason: str) -> None:
    if not missing_lines(session, receipt.order_id):
        return
    if not receipt.can("close_short"):
        raise CapabilityMissing(capability="close_short")
    given = {"order_id": receipt.order_id, "reason": reason_of(reason)}
    sql.execute(session, QUERIES["close_order_lines"], given)


def _settle_order(session: Session, order_id: int | None) -> None:
    """An order is done when nothing of it is open; a cancelled one stays cancelled."""
    if order_id is not None:
        sql.execute(session, QUERIES["settle_order"], {"order_id": order_id})


def cancel_receipt(session: Session, command: CancelReceipt, envelope: Envelope) -> ReceiptChanged:
    """Drop a receipt into which nothing was received; its order is open again."""
    _lock_order_of(session, command.receipt_id)
    receipt = mine(session, command.receipt_id, envelope).receipt
    refuse_closed(receipt)
    if not sql.value(session, QUERIES["receipt_is_empty"], {"receipt_id": receipt.id}):
        raise problems.ReceiptNotEmpty
    ended = {"receipt_id": receipt.id, "step": Jsonb(FIRST_STEP), "state": "cancelled"}
    sql.execute(session, QUERIES["end_receipt"], ended)
    _settle_order(session, receipt.order_id)
    return ReceiptChanged(receipt.id, "cancelled")
