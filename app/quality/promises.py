"""Promises on stock that may not ship any more: given back, wherever the goods are by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry
from app.ledger.movements import Place
from app.orders.allocating import LINE_KIND, release_lines
from app.quality.stock import QUERIES

UNPICKING = "unpicking"


@dataclass(frozen=True)
class Promised:
    """A promise on a balance, with the order that it was made to and who picks it now."""

    id: int
    line_id: int
    balance_id: int
    quantity: Decimal
    store_id: int
    item_id: int
    order_id: int
    order_number: str
    is_picked: bool
    location_id: int
    holder_id: int | None


@dataclass(frozen=True)
class Freed:
    """Promises that end: on shelves they are released already; ``picked`` goods are set apart by
    the document that changes their status.
    """

    shelved: list[Promised]
    picked: list[Promised]

    @property
    def each(self) -> list[Promised]:
        return [*self.shelved, *self.picked]

    @property
    def orders(self) -> tuple[str, ...]:
        """The numbers of the orders that lose something."""
        return tuple(sorted({row.order_number for row in self.each}))


def free(session: Session, needed: Mapping[int, Decimal]) -> Freed:
    """End so much of the promises on each of these locked balances.

    The least urgent orders give first.  A line's sum of what is allocated follows, and the open
    stops of its picks.
    """
    wanted = {balance_id: quantity for balance_id, quantity in needed.items() if quantity > 0}
    if not wanted:
        return Freed([], [])
    found = sql.rows(session, Promised, QUERIES["promises_on"], {"balance_ids": sorted(wanted)})
    chosen = _chosen(found, wanted)
    shelved = [row for row in chosen if not row.is_picked]
    for row in shelved:
        release_lines(session, [row.line_id], balance_id=row.balance_id, quantity=row.quantity)
    return Freed(shelved, [row for row in chosen if row.is_picked])


def _chosen(found: Sequence[Promised], wanted: dict[int, Decimal]) -> list[Promised]:
    chosen: list[Promised] = []
    for row in found:
        part = min(row.quantity, wanted[row.balance_id])
        if part > 0:
            wanted[row.balance_id] -= part
            chosen.append(replace(row, quantity=part))
    return chosen


def set_apart(
    session: Session, envelope: Envelope, row: Promised, target: Place, reason: str
) -> int:
    """Goods on a cart or before the lorry: to their new status where they lie, no order's any more.

    The move is the line's own, as if they had been put back: what was picked for it is less now.

    Returns:
        The move.
    """
    carried = allocations.carry(
        session,
        envelope,
        Carry(LINE_KIND, row.line_id, row.balance_id, row.quantity, target, UNPICKING, reason),
    )
    allocations.release(
        session, LINE_KIND, row.line_id, balance_id=carried.balance_id, quantity=row.quantity
    )
    values = {"line_id": row.line_id, "quantity": row.quantity}
    sql.execute(session, QUERIES["unpick_line"], values)
    return carried.move_id
