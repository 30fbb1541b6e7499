"""Goods that come back from a customer, and goods that go back to a supplier."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.money import plain, rounded
from app.kit.transactions import Envelope
from app.ledger.books import write
from app.ledger.movements import Movement, Posted
from app.ledger.moving import value_back, value_in, value_out
from app.ledger.pools import locked, past
from app.ledger.posting import post_by
from app.ledger.problems import MoreThanIssued, MoreThanReceived, MoveNotFound
from app.ledger.valuing import entry_of

RETURNS = sql.Queries(Path(__file__).with_name("returns.sql"))


@dataclass(frozen=True)
class _Issue:
    """An issue with what came back of it; quantities and amounts are positive."""

    entry_id: int | None
    pool_id: int | None
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

    IFRS 15.B25 and CAS 14: a return restores the cost that was charged, later corrections included.
    Layers are restored, those that were taken last first.  The caller holds a lock on the document
    line that was shipped, so that two returns of one issue come one after the other.

    Raises:
        MoveNotFound: no such issue.
        MoreThanIssued: more than left by it and did not come back yet.
    """
    issue = sql.one(session, _Issue, RETURNS["issue_cost"], {"move_id": issue_id})
    if issue is None or issue.entry_id is None:
        raise MoveNotFound
    if movement.quantity > issue.left:
        raise MoreThanIssued(left=plain(issue.left), wanted=plain(movement.quantity))
    valued = replace(movement, kind="return_in", cause_id=issue.entry_id)

    def value(move_id: int) -> Decimal:
        pool = locked(session, valued)
        if pool.id != issue.pool_id:
            priced = replace(valued, amount=issue.cost_of(movement.quantity))
            return value_in(session, envelope, move_id, priced)
        return value_back(session, envelope, move_id, valued, issue_id)

    return post_by(session, envelope, valued, value)


@dataclass(frozen=True)
class ReturnedOut:
    """``amount`` left stock (negative); ``variance`` is value that left less the credit."""

    move_id: int
    amount: Decimal
    variance: Decimal


@dataclass(frozen=True)
class _Receipt:
    entry_id: int | None
    quantity: Decimal
    returned: Decimal


def return_out(
    session: Session,
    envelope: Envelope,
    movement: Movement,
    receipt_move_id: int,
    credit: Decimal,
) -> ReturnedOut:
    """Post goods that go back to the supplier (``movement`` from a real place to ``supplier``).

    They leave at the cost of the receipt's own layer or lot, under moving average at the current
    average (IAS 2.34: what is derecognised is the carrying amount); the difference to the
    supplier's ``credit`` is variance.  The credit is an entry without a pool on the same move.

    Raises:
        MoveNotFound: no such receipt.
        MoreThanReceived: more than came by it and did not go back yet.
        InsufficientOnHand, StockAllocated, PeriodClosed.
    """
    values = {"move_id": receipt_move_id}
    receipt = sql.one(session, _Receipt, RETURNS["receipt"], values)
    if receipt is None or receipt.entry_id is None:
        raise MoveNotFound
    left = receipt.quantity - receipt.returned
    if movement.quantity > left:
        raise MoreThanReceived(left=plain(left), wanted=plain(movement.quantity))
    valued = replace(movement, kind="return_out", cause_id=receipt.entry_id)

    def value(move_id: int) -> Decimal:
        amount = value_out(session, envelope, move_id, valued, receipt_move_id)
        credited = replace(entry_of(valued, move_id, past(envelope.occurred_at)), amount=-credit)
        write(session, envelope, [credited])
        return amount

    posted = post_by(session, envelope, valued, value)
    return ReturnedOut(posted.move_id, posted.amount, -posted.amount - credit)
