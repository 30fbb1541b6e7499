"""What came in for orders that wait: receipts and put-away know nothing of orders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlmodel import Session

from app.kit import sql
from app.orders.allocating import MOST_WAITING
from app.orders.demands import QUERIES, open_lines, order_terms, plan


@dataclass(frozen=True)
class _Waiting:
    store_id: int
    order_id: int


def items_to_serve(session: Session) -> dict[int, list[int]]:
    """Items that waiting orders would be promised now, by store; reads only.

    A plan is made for each, so that an order which there is not enough for makes no work.
    """
    waiting = sql.rows(session, _Waiting, QUERIES["waiting_with_stock"], {"most": MOST_WAITING})
    orders = order_terms(session, [one.order_id for one in waiting])
    lines = [line for line in open_lines(session, orders) if not line.lapsed]
    items: dict[int, set[int]] = defaultdict(set)
    for order in orders:
        mine = {line.line_id: line for line in lines if line.order_id == order.id}
        for part in plan(session, order, list(mine.values())):
            items[order.store_id].add(mine[part.line_id].item_id)
    return {store_id: sorted(of_store) for store_id, of_store in items.items()}
