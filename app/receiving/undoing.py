"""Taking back the last step by its mirror image, or saying why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger.posting import reverse
from app.ledger.problems import AlreadyReversed, InsufficientOnHand, StockAllocated
from app.receiving import problems
from app.receiving.loading import QUERIES, LockedReceipt

TAKEN_BACK = "undo"


@dataclass(frozen=True)
class LastMove:
    """A move of the last step.  ``line_id`` is the received line that it moved."""

    move_id: int
    quantity: Decimal
    biz_step: str
    line_id: int
    item_id: int
    damaged_line_id: int | None


@dataclass(frozen=True)
class BackLine:
    """A line that was taken back, as it was."""

    order_line_id: int | None
    quantity: Decimal
    net_amount: Decimal


def undo_last(session: Session, receipt: LockedReceipt, envelope: Envelope) -> list[LastMove]:
    """Take back the newest step of the receipt: an entry, a put-away or a damage.

    Raises:
        NothingToUndo, StockMovedOn, ReceiptClosed: what was received by a closed receipt stays.
    """
    moves = sql.rows(session, LastMove, QUERIES["last_moves"], {"receipt_id": receipt.id})
    if not moves:
        raise problems.NothingToUndo
    if receipt.state == "done" and any(move.biz_step != "put_away" for move in moves):
        raise problems.ReceiptClosed(number=receipt.number)
    for move in moves:
        _take_back(session, move, envelope)
    return moves


def _take_back(session: Session, move: LastMove, envelope: Envelope) -> None:
    _reverse(session, move.move_id, move.item_id, envelope)
    if move.biz_step == "receiving":
        sql.execute(session, QUERIES["undone_line"], {"line_id": move.line_id})
        sql.execute(session, QUERIES["release_tags"], {"line_id": move.line_id})
        return
    back = {"line_id": move.line_id, "quantity": move.quantity}
    sql.execute(session, QUERIES["put_back"], back)
    if move.damaged_line_id is not None:
        sql.execute(session, QUERIES["undone_line"], {"line_id": move.damaged_line_id})


def take_back_line(session: Session, line_id: int, envelope: Envelope) -> BackLine:
    """Take back one received line, to book it anew."""
    line = sql.one(session, _Line, QUERIES["line"], {"line_id": line_id})
    if line is None:
        raise problems.NothingToCorrect
    _reverse(session, line.move_id, line.item_id, envelope)
    sql.execute(session, QUERIES["undone_line"], {"line_id": line_id})
    return BackLine(line.order_line_id, line.quantity, line.net_amount)


@dataclass(frozen=True)
class _Line:
    move_id: int
    item_id: int
    order_line_id: int | None
    quantity: Decimal
    net_amount: Decimal


def _reverse(session: Session, move_id: int, item_id: int, envelope: Envelope) -> None:
    try:
        reverse(session, envelope, move_id, TAKEN_BACK)
    except (InsufficientOnHand, StockAllocated, AlreadyReversed) as problem:
        name = str(sql.value(session, QUERIES["item_name"], {"item_id": item_id}))
        raise problems.StockMovedOn(item=name, detail=problem.message) from None
