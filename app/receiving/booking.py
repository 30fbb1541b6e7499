"""Doing what the flow intends: lines, moves and value, in the transaction of the scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec
from sqlmodel import Session

from app.catalog.lots import LotDates, lot_id
from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place, Posted
from app.ledger.posting import post
from app.ledger.problems import InsufficientOnHand, StockAllocated
from app.receiving import problems
from app.receiving.loading import QUERIES, Loaded
from app.receiving.shares import Share, shares
from app.receiving.state import ExpectedLine, MoveIn, Pending, Replace
from app.receiving.undoing import BackLine, take_back_line
from app.scanning.meanings import Dates, ItemFacts

LINE = "receipt_line"
RECEIVING, PUTTING_AWAY, DAMAGING = "receiving", "put_away", "damaged"


@dataclass(frozen=True)
class Entry:
    """One line to be booked."""

    line_id: int
    pending: Pending
    share: Share
    lot_id: int | None
    raw_code: str = ""


def receive(
    session: Session, loaded: Loaded, pending: Pending, envelope: Envelope, raw_code: str
) -> list[int]:
    """Book the goods in hand; the ids of the new lines (several where order lines share them)."""
    lines = _lines_of(loaded, pending)
    lot = lot_of(session, pending)
    parts = shares(pending.quantity or ZERO, lines, loaded.receipt.decimals)
    ids = [loaded.row.line_id, *(_next_line_id(session) for _ in parts[1:])]
    entries = [
        Entry(line_id, pending, part, lot, raw_code)
        for line_id, part in zip(ids, parts, strict=True)
    ]
    book(session, loaded, entries, envelope)
    return ids


def book(session: Session, loaded: Loaded, entries: Sequence[Entry], envelope: Envelope) -> None:
    """Move the goods of these lines onto the dock, and write the lines."""
    posted = post(session, envelope, [_incoming(loaded, entry) for entry in entries])
    for entry, done in zip(entries, posted, strict=True):
        sql.execute(session, QUERIES["book_line"], _line_values(loaded, entry, done, envelope))


def _lines_of(loaded: Loaded, pending: Pending) -> list[ExpectedLine]:
    lines = msgspec.convert(loaded.row.lines, list[ExpectedLine], strict=False)
    return [line for line in lines if line.item_id == pending.item.id]


def lot_of(session: Session, pending: Pending) -> int | None:
    """The id of the lot in hand; it is made where it is new, its dates are completed."""
    if pending.lot is None:
        return None
    known = pending.known
    if known is not None and pending.dates in (known.dates, Dates()):
        return known.id
    said = pending.dates
    dates = LotDates(said.produced_on, said.best_before_on, said.expires_on)
    return lot_id(session, pending.item.id, pending.lot, dates)


def _next_line_id(session: Session) -> int:
    return int(sql.value(session, QUERIES["next_line_id"]))


def _status(pending: Pending) -> str:
    return "inspection" if pending.item.inspect_on_receipt else "available"


def _incoming(loaded: Loaded, entry: Entry) -> Movement:
    receipt, item = loaded.receipt, entry.pending.item
    return Movement(
        store_id=receipt.store_id,
        item_id=item.id,
        quantity=entry.share.quantity,
        source=Place(receipt.supplier_location_id),
        target=Place(receipt.dock_location_id, _status(entry.pending)),
        biz_step=RECEIVING,
        kind="receipt",
        lot_id=entry.lot_id,
        amount=entry.share.amount,
        line_kind=LINE,
        line_id=entry.line_id,
        reason=_accepted_deviations(entry.pending),
        move_id=loaded.row.move_id if entry.line_id == loaded.row.line_id else None,
    )


def _accepted_deviations(pending: Pending) -> str | None:
    """In English: what was accepted by a second scan stays readable in the ledger."""
    said = [message.text.format(**message.values) for message in pending.deviations]
    return "; ".join(said) or None


def _line_values(
    loaded: Loaded, entry: Entry, posted: Posted, envelope: Envelope
) -> dict[str, Any]:
    pending, share = entry.pending, entry.share
    packaging = pending.packaging
    whole_packs = packaging is not None and share.quantity % packaging.quantity == 0
    factor = packaging.quantity if packaging is not None and whole_packs else Decimal(1)
    return {
        "id": entry.line_id,
        "receipt_id": loaded.receipt.id,
        "store_id": loaded.receipt.store_id,
        "order_line_id": share.order_line_id,
        "kind": "received",
        "item_id": pending.item.id,
        "lot_id": entry.lot_id,
        "packaging_id": packaging.id if packaging is not None and whole_packs else None,
        "entered_quantity": share.quantity / factor,
        "factor": factor,
        "quantity": share.quantity,
        "status": _status(pending),
        "net_amount": posted.amount,
        "reason": _accepted_deviations(pending),
        "move_id": posted.move_id,
        "command_id": envelope.command_id,
        "user_id": envelope.caller.user_id,
        "raw_code": entry.raw_code[:MOST_RAW],
    }


MOST_RAW = 500


# Corrections --------------------------------------------------------------------------------------


def replace_line(
    session: Session, loaded: Loaded, intent: Replace, envelope: Envelope, raw_code: str
) -> list[int]:
    """Take a line back and book its goods with another quantity."""
    back = take_back_line(session, intent.line_id, envelope)
    rows = [_given_back(row, back) for row in loaded.row.lines]
    after = replace(loaded, row=replace(loaded.row, lines=rows))
    return receive(session, after, intent.pending, envelope, raw_code)


def _given_back(row: dict[str, Any], back: BackLine) -> dict[str, Any]:
    """The order's line as it is after the line was taken back."""
    if row["id"] != back.order_line_id:
        return row
    return row | {
        "received": format(Decimal(row["received"]) - back.quantity, "f"),
        "received_value": format(Decimal(row["received_value"]) - back.net_amount, "f"),
    }


# Leaving the dock ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """Part of a line that waits on the dock."""

    id: int
    order_line_id: int | None
    waiting: Decimal
    lot_id: int | None
    status: str


def waiting_lines(
    session: Session,
    receipt_id: int,
    item_id: int,
    *,
    lot_id: int | None = None,
    status: str | None = None,
    kinds: Sequence[str] = ("received", "damaged"),
) -> list[Waiting]:
    given = {
        "receipt_id": receipt_id,
        "item_id": item_id,
        "lot_id": lot_id,
        "status": status,
        "kinds": list(kinds),
    }
    return sql.rows(session, Waiting, QUERIES["waiting_lines"], given)


def taken(lines: Sequence[Waiting], quantity: Decimal) -> list[tuple[Waiting, Decimal]]:
    """How much of each line makes up the quantity, oldest first; less where too little waits."""
    left, parts = quantity, list[tuple[Waiting, Decimal]]()
    for line in lines:
        part = min(left, line.waiting)
        if part > 0:
            parts.append((line, part))
            left -= part
    return parts


@dataclass(frozen=True)
class Departure:
    """Parts of lines that leave the dock, or change their status on it."""

    item: ItemFacts
    parts: Sequence[tuple[Waiting, Decimal]]
    target: Place
    biz_step: str = PUTTING_AWAY
    reason: str | None = None


def move_in(session: Session, loaded: Loaded, intent: MoveIn, envelope: Envelope) -> list[int]:
    """Post the put-away: one move per line that it empties, so that each line knows its part."""
    held = intent.holding
    lines = waiting_lines(
        session, loaded.receipt.id, held.item.id, lot_id=held.lot_id, status=held.status
    )
    parts = taken(lines, intent.quantity)
    if sum((part for _, part in parts), ZERO) != intent.quantity:
        raise problems.NotOnDock(item=held.item.title)
    target = Place(intent.location_id, held.status)
    depart(session, loaded, Departure(held.item, parts, target), envelope)
    return [line.id for line, _ in parts]


def depart(
    session: Session, loaded: Loaded, departure: Departure, envelope: Envelope
) -> list[Posted]:
    """Move parts of lines from the dock to another place or status.

    Raises:
        StockMovedOn: the goods have left the dock otherwise, or are promised to an order.
    """
    movements = [_outgoing(loaded, departure, line, quantity) for line, quantity in departure.parts]
    try:
        posted = post(session, envelope, movements)
    except (InsufficientOnHand, StockAllocated) as problem:
        raise problems.StockMovedOn(item=departure.item.title, detail=problem.message) from None
    for line, part in departure.parts:
        sql.execute(session, QUERIES["moved_on"], {"line_id": line.id, "quantity": part})
    return posted


def _outgoing(loaded: Loaded, departure: Departure, line: Waiting, quantity: Decimal) -> Movement:
    receipt = loaded.receipt
    return Movement(
        store_id=receipt.store_id,
        item_id=departure.item.id,
        quantity=quantity,
        source=Place(receipt.dock_location_id, line.status),
        target=departure.target,
        biz_step=departure.biz_step,
        lot_id=line.lot_id,
        line_kind=LINE,
        line_id=line.id,
        reason=departure.reason,
    )
