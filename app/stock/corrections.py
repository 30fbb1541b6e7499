"""Corrections by hand: above the value that a policy names they need approval."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, ask
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.ledger.commands import ReverseMove, refuse_reversal, reverse_move
from app.ledger.problems import AlreadyReversed, MoveNotFound
from app.stock.queries import QUERIES


@dataclass(frozen=True)
class TakenBack:
    """The reversing movement; or the request that waits, and nothing has changed yet."""

    move_id: int | None = None
    request_id: int | None = None


@dataclass(frozen=True)
class _Facts:
    store_id: int
    item_id: int
    item: str
    item_name: str
    quantity: Decimal
    step: str
    amount: Decimal
    is_reversed: bool


def take_back_move(session: Session, command: ReverseMove, envelope: Envelope) -> TakenBack:
    """As the ledger's ``reverse_move``, once those who have to approve it have done so.

    Raises:
        ReasonMissing, ReasonLength, MoveOfDocument, MoveNotFound, AlreadyReversed,
        ChangedUnderneath, and what ``posting.reverse`` refuses.
    """
    reason = refuse_reversal(session, command)
    found = sql.one(session, _Facts, QUERIES["facts_of_move"], {"move_id": command.move_id})
    if found is None:
        raise MoveNotFound
    if found.is_reversed:
        raise AlreadyReversed
    waiting = ask(session, envelope, _ask(found, command, reason))
    if waiting is not None:
        return TakenBack(request_id=waiting.request_id)
    return TakenBack(reverse_move(session, command, envelope).move_id)


def _ask(found: _Facts, command: ReverseMove, reason: str) -> Ask:
    facts: dict[str, Any] = {
        "item": found.item,
        "quantity": found.quantity,
        "amount": found.amount,
        "step": found.step,
    }
    values = {"quantity": plain(found.quantity), "item": found.item_name}
    return Ask(
        kind="adjustment",
        facts=facts,
        command=command,
        handler=take_back_move,
        subject=Subject("stock_move", command.move_id, f"/stock/moves/{command.move_id}"),
        store_id=found.store_id,
        reason=reason,
        title=Title(mark("Take back the movement of {quantity} {item}"), values),
    )
