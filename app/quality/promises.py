"""Promises on stock that may not ship any more: given back, wherever the goods are by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.ledger import allocations
from app.orders.allocating import release_lines
from app.quality.stock import QUERIES


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
    holder_id: int | None


def free(session: Session, needed: Mapping[int, Decimal]) -> list[Promised]:
    """Release so much of the promises on each of these locked balances; what was released.

    The least urgent orders give first.  A line's sums of what is allocated and picked follow, and
    the open stops of its picks.
    """
    wanted = {balance_id: quantity for balance_id, quantity in needed.items() if quantity > 0}
    if not wanted:
        return []
    found = sql.rows(session, Promised, QUERIES["promises_on"], {"balance_ids": sorted(wanted)})
    freed = _chosen(found, wanted)
    for row in freed:
        if not row.is_picked:
            release_lines(session, [row.line_id], balance_id=row.balance_id, quantity=row.quantity)
    _give_back_picked(session, [row for row in freed if row.is_picked])
    return freed


def _chosen(found: Sequence[Promised], wanted: dict[int, Decimal]) -> list[Promised]:
    chosen: list[Promised] = []
    for row in found:
        part = min(row.quantity, wanted[row.balance_id])
        if part > 0:
            wanted[row.balance_id] -= part
            chosen.append(replace(row, quantity=part))
    return chosen


def _give_back_picked(session: Session, rows: Sequence[Promised]) -> None:
    """What lies on a cart or waits for the lorry stays there, but is no order's any more."""
    if not rows:
        return
    allocations.give_back(
        session,
        [allocations.Part(row.id, row.line_id, row.balance_id, row.quantity) for row in rows],
    )
    columns = {
        "line_ids": [row.line_id for row in rows],
        "quantities": [row.quantity for row in rows],
    }
    sql.execute(session, QUERIES["unpick_lines"], columns)
