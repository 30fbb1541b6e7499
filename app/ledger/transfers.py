"""Goods from store to store through ``in_transit``: they keep their cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.money import plain, rounded
from app.kit.transactions import Envelope
from app.ledger.flowing import FLOWS, End, extend_flow, new_flow
from app.ledger.movements import Movement, Posted
from app.ledger.moving import value_back, value_in, value_out
from app.ledger.pools import locked, whole_company
from app.ledger.posting import post_by
from app.ledger.problems import MoreThanDeparted, MoveNotFound


@dataclass(frozen=True)
class _Departed:
    flow_id: int
    quantity: Decimal
    arrived: Decimal
    cost: Decimal
    arrived_cost: Decimal
    pool_id: int
    entry_id: int
    decimals: int

    def cost_of(self, quantity: Decimal) -> Decimal:
        """Its share of what is still on its way; the last part takes the rest."""
        rest, left = self.cost - self.arrived_cost, self.quantity - self.arrived
        return rest if quantity == left else rounded(rest * quantity / left, self.decimals)


def depart(session: Session, envelope: Envelope, movement: Movement) -> Posted:
    """Goods leave a real place for their store's ``in_transit``, with their cost.

    Raises:
        QuantityNotPositive, InsufficientOnHand, StockAllocated, PeriodClosed.
    """
    leaving = replace(movement, kind="transfer")
    posted = post_by(
        session,
        envelope,
        leaving,
        lambda move_id: value_out(session, envelope, move_id, leaving),
    )
    new_flow(session, [End(movement.store_id, "in", posted.move_id)])
    return posted


def arrive(session: Session, envelope: Envelope, movement: Movement, departed_id: int) -> Posted:
    """Goods (or part of them) that left by the move ``departed_id`` enter a place of another store
    (from that store's ``in_transit``) at the cost they left with.

    Where both stores share a pool its layers are as if nothing had moved.

    Raises:
        MoveNotFound: nothing left by that move.
        MoreThanDeparted: more than is still on its way.
    """
    with whole_company(session):
        found = sql.one(session, _Departed, FLOWS["departed"], {"move_id": departed_id})
    if found is None:
        raise MoveNotFound
    left = found.quantity - found.arrived
    if movement.quantity > left:
        raise MoreThanDeparted(left=plain(left), wanted=plain(movement.quantity))
    entering = replace(movement, kind="transfer", cause_id=found.entry_id)

    def value(move_id: int) -> Decimal:
        if locked(session, entering).id == found.pool_id:
            back = replace(entering, kind="return_in")
            return value_back(session, envelope, move_id, back, departed_id)
        part = End(movement.store_id, "out", move_id, "part", movement.quantity)
        extend_flow(session, found.flow_id, [part])
        priced = replace(entering, amount=found.cost_of(movement.quantity))
        return value_in(session, envelope, move_id, priced)

    return post_by(session, envelope, entering, value)
