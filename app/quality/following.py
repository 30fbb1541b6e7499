"""When stock stops or starts to be free: orders are allocated anew, people are told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.notifications.publishing import Event, publish
from app.orders.allocating import allocate_waiting
from app.quality.promises import Promised
from app.quality.stock import Lying

LEADING = ("supervisor", "store_manager")
LOST = mark("Order {order} lost {quantity} {item}: the stock may not ship any more.")


def allocate_anew(session: Session, envelope: Envelope, touched: Iterable[Lying]) -> None:
    """Let the orders that wait for these items have what is free now, store by store."""
    items: dict[int, set[int]] = defaultdict(set)
    for row in touched:
        items[row.store_id].add(row.item_id)
    for store_id in sorted(items):
        allocate_waiting(session, envelope, store_id, sorted(items[store_id]))


def tell(
    session: Session,
    envelope: Envelope,
    freed: Sequence[Promised],
    rows: Sequence[Lying],
    reason: str,
) -> None:
    """Tell who picks these orders, and who leads there, that goods were taken from under them."""
    by_id = {row.id: row for row in rows}
    for lost in freed:
        row = by_id[lost.balance_id]
        facts = {
            "order": lost.order_number,
            "item": row.title,
            "quantity": f"{plain(lost.quantity)} {row.base_unit}",
            "lot": row.lot_code or "",
            "location": row.location_code,
            "reason": reason,
        }
        event = Event(
            kind="order_blocked",
            store_id=lost.store_id,
            title=LOST,
            facts=facts,
            link=f"/troubleshooting?order_line_id={lost.line_id}",
            roles=LEADING,
            user_ids=[lost.holder_id] if lost.holder_id else [],
        )
        publish(session, event, envelope)
