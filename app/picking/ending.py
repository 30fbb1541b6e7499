"""The end of a pick: everything stands where it is packed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry
from app.ledger.movements import Place
from app.orders.allocating import LINE_KIND
from app.picking.booking import AVAILABLE, BRINGING
from app.picking.loading import QUERIES, LockedPick
from app.picking.state import State


@dataclass(frozen=True)
class _OnCart:
    line_id: int
    balance_id: int
    quantity: Decimal


def bring_together(session: Session, pick: LockedPick, envelope: Envelope) -> None:
    """Carry what is on the pick's cart to its staging location; the positions are free again."""
    given = {"pick_id": pick.id}
    for held in sql.rows(session, _OnCart, QUERIES["on_cart"], given):
        brought = Carry(
            line_kind=LINE_KIND,
            line_id=held.line_id,
            balance_id=held.balance_id,
            quantity=held.quantity,
            target=Place(pick.staging_location_id, AVAILABLE),
            biz_step=BRINGING,
        )
        allocations.carry(session, envelope, brought)
    sql.execute(session, QUERIES["free_cart"], given)


def end(session: Session, pick: LockedPick, state: str, step: State) -> None:
    """Close the pick's row; stops that are still open are dropped."""
    ended = {"pick_id": pick.id, "state": state, "step": Jsonb(msgspec.to_builtins(step))}
    sql.execute(session, QUERIES["end_pick"], ended)
