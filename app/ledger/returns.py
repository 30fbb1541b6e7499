"""Goods that a customer brings back enter at the cost of the issue that they left by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.money import plain, rounded
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Posted
from app.ledger.posting import post
from app.ledger.problems import MoreThanIssued, MoveNotFound

RETURNS = sql.Queries(Path(__file__).with_name("returns.sql"))


@dataclass(frozen=True)
class _Issue:
    """An issue with what came back of it; quantities and amounts are positive."""

    entry_id: int | None
    quantity: Decimal
    amount: Decimal
    returned_quantity: Decimal
    returned_amount: Decimal
    decimals: int

    @property
    def left(self) -> Decimal:
        return self.quantity - self.returned_quantity

    def cost_of(self, quantity: Decimal) -> Decimal:
        """Its share of what has not come back; the last piece takes all that is left of it."""
        amount = max(self.amount - self.returned_amount, Decimal(0))
        return (
            amount
            if quantity == self.left
            else rounded(amount * quantity / self.left, self.decimals)
        )


def return_in(session: Session, envelope: Envelope, movement: Movement, issue_id: int) -> Posted:
    """Post goods that come back from the virtual customer at the cost of the issue ``issue_id``.

    IFRS 15.B25 and CAS 14: a return restores the cost that was charged.  The caller holds a lock on
    the document line that was shipped, so that two returns of one issue come one after the other.

    Raises:
        MoveNotFound: no such issue.
        MoreThanIssued: more than left by it and did not come back yet.
    """
    issue = sql.one(session, _Issue, RETURNS["issue_cost"], {"move_id": issue_id})
    if issue is None or issue.entry_id is None:
        raise MoveNotFound
    if movement.quantity > issue.left:
        raise MoreThanIssued(left=plain(issue.left), wanted=plain(movement.quantity))
    valued = replace(
        movement,
        amount=issue.cost_of(movement.quantity),
        kind="return_in",
        cause_id=issue.entry_id,
    )
    return post(session, envelope, [valued])[0]


@dataclass(frozen=True)
class ReturnedOut:
    """``amount`` left stock (negative); ``variance`` is value that left less the credit."""

    move_id: int
    amount: Decimal
    variance: Decimal


def return_out(
    session: Session,
    envelope: Envelope,
    movement: Movement,
    receipt_move_id: int,
    credit: Decimal,
) -> ReturnedOut:
    """Post goods that go back to the supplier (``movement`` from a real place to ``supplier``).

    They leave at the cost of the receipt's own layer or lot, under moving average at the current
    average; the difference to the supplier's ``credit`` is variance.
    """
    raise NotImplementedError
