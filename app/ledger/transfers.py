"""Goods from store to store through ``in_transit``: they keep their cost."""

from __future__ import annotations

from sqlmodel import Session

from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Posted


def depart(session: Session, envelope: Envelope, movement: Movement) -> Posted:
    """Goods leave a real place for their store's ``in_transit``, with their cost."""
    raise NotImplementedError


def arrive(session: Session, envelope: Envelope, movement: Movement, departed_id: int) -> Posted:
    """Goods (or part of them) that left by the move ``departed_id`` enter a place of another store
    (from that store's ``in_transit``) at the cost they left with.
    """
    raise NotImplementedError
