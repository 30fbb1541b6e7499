"""Damaged and missing goods of a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import ZERO, fits, plain
from app.kit.transactions import Envelope
from app.ledger.movements import Place
from app.ledger.problems import QuantityNotPositive
from app.receiving import booking, problems
from app.receiving.loading import QUERIES, Loaded, LockedReceipt, load
from app.receiving.scans import guard, quantity_of
from app.scanning.meanings import ItemFacts

REASONS = {
    "broken": mark("Broken"),
    "wet": mark("Wet or dirty"),
    "warm": mark("Cold chain broken"),
    "expired": mark("Date too short"),
    "not_delivered": mark("Not delivered"),
    "wrong_goods": mark("Wrong goods"),
    "other": mark("Other reason"),
}
"""What a person can choose; any other text is kept as it was written."""
LONGEST_REASON = 200


@dataclass(frozen=True)
class RecordDamaged:
    """So many of what was received here are damaged: they stay, but cannot be shipped."""

    receipt_id: int
    item_id: int
    quantity: str
    reason: str
    lot_id: int | None = None


@dataclass(frozen=True)
class RecordShort:
    """What is missing of an order's line, and why; ``closes`` says that it will not come."""

    receipt_id: int
    order_line_id: int
    reason: str
    closes: bool = False


@dataclass(frozen=True)
class LinesRecorded:
    receipt_id: int
    line_ids: list[int]


def mine(session: Session, receipt_id: int, envelope: Envelope) -> Loaded:
    """The receipt, locked, where this person may work on it now."""
    loaded = load(session, receipt_id, envelope.caller.user_id)
    guard(session, loaded.receipt, envelope)
    return loaded


def refuse_closed(receipt: LockedReceipt) -> None:
    if receipt.state == "done":
        raise problems.ReceiptClosed(number=receipt.number)


def record_damaged(session: Session, command: RecordDamaged, envelope: Envelope) -> LinesRecorded:
    """Turn so many of the received goods on the dock into damaged ones; their value stays.

    Raises:
        NotThatMuchHere: fewer were received here, or fewer still wait on the dock.
    """
    loaded = mine(session, command.receipt_id, envelope)
    refuse_closed(loaded.receipt)
    item = _item(session, command.item_id)
    quantity, reason = quantity_of(command.quantity), reason_of(command.reason)
    _check_quantity(item, quantity)
    lines = booking.waiting_lines(
        session, loaded.receipt.id, item.id, lot_id=command.lot_id, kinds=("received",)
    )
    there = sum((line.waiting for line in lines), ZERO)
    if there < quantity:
        raise problems.NotThatMuchHere(
            item=item.title, unit=item.base_unit, there=plain(there), wanted=plain(quantity)[:40]
        )
    # The newest were just scanned: they are the ones in hand.
    parts = booking.taken(lines[::-1], quantity)
    return _damage(session, loaded, item, parts, reason, envelope)


def _damage(
    session: Session,
    loaded: Loaded,
    item: ItemFacts,
    parts: list[tuple[booking.Waiting, Decimal]],
    reason: str,
    envelope: Envelope,
) -> LinesRecorded:
    target = Place(loaded.receipt.dock_location_id, "damaged")
    departure = booking.Departure(item, parts, target, booking.DAMAGING, reason)
    posted = booking.depart(session, loaded, departure, envelope)
    ids: list[int] = []
    for (line, quantity), move in zip(parts, posted, strict=True):
        ids.append(int(sql.value(session, QUERIES["next_line_id"])))
        values = _note_values(loaded, ids[-1], item.id, quantity, reason, envelope) | {
            "kind": "damaged",
            "status": "damaged",
            "order_line_id": line.order_line_id,
            "lot_id": line.lot_id,
            "move_id": move.move_id,
        }
        sql.execute(session, QUERIES["book_line"], values)
    return LinesRecorded(loaded.receipt.id, ids)


def record_short(session: Session, command: RecordShort, envelope: Envelope) -> LinesRecorded:
    """Write down what is missing of a line; giving it up needs the right to do so."""
    loaded = mine(session, command.receipt_id, envelope)
    receipt = loaded.receipt
    refuse_closed(receipt)
    if command.closes and not receipt.can("close_short"):
        raise CapabilityMissing(capability="close_short")
    reason = reason_of(command.reason)
    missing = [
        line
        for line in missing_lines(session, receipt.order_id)
        if line.id == command.order_line_id
    ]
    if not missing:
        raise problems.NothingMissing
    line = missing[0]
    values = _note_values(
        loaded, loaded.row.line_id, line.item_id, line.missing, reason, envelope
    ) | {"kind": "short", "order_line_id": line.id}
    sql.execute(session, QUERIES["book_line"], values)
    if command.closes:
        given = {"line_id": line.id, "reason": reason}
        sql.execute(session, QUERIES["close_order_line"], given)
    return LinesRecorded(receipt.id, [loaded.row.line_id])


def _note_values(
    loaded: Loaded,
    line_id: int,
    item_id: int,
    quantity: Decimal,
    reason: str,
    envelope: Envelope,
) -> dict[str, Any]:
    """A receipt line that brings nothing into stock."""
    return {
        "id": line_id,
        "receipt_id": loaded.receipt.id,
        "store_id": loaded.receipt.store_id,
        "order_line_id": None,
        "item_id": item_id,
        "lot_id": None,
        "packaging_id": None,
        "entered_quantity": quantity,
        "factor": Decimal(1),
        "quantity": quantity,
        "status": "available",
        "net_amount": ZERO,
        "reason": reason,
        "move_id": None,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
        "raw_code": "",
    }


def reason_of(text: str) -> str:
    """The reason, tidied.

    Raises:
        ReasonWanted: it is empty or too long.
    """
    reason = " ".join(text.split())
    if not 1 <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise problems.ReasonWanted
    return reason


def _check_quantity(item: ItemFacts, quantity: Decimal) -> None:
    if quantity <= 0:
        raise QuantityNotPositive
    if quantity < MOST and not fits(quantity, item.decimals):
        raise problems.QuantityTooFine(
            item=item.title,
            unit=item.base_unit,
            decimals=item.decimals,
            quantity=plain(quantity)[:40],
        )


MOST = 10**12


def _item(session: Session, item_id: int) -> ItemFacts:
    found = sql.one(session, ItemFacts, QUERIES["item"], {"item_id": item_id})
    if found is None:
        raise problems.NothingToCorrect
    return found


@dataclass(frozen=True)
class _Missing:
    id: int
    item_id: int
    missing: Decimal


def missing_lines(session: Session, order_id: int | None) -> list[_Missing]:
    return sql.rows(session, _Missing, QUERIES["missing"], {"order_id": order_id})
