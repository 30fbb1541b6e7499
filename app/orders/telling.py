"""What people are told of orders, wherever they are."""

from __future__ import annotations

from sqlmodel import Session

from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.notifications.publishing import Event, publish
from app.orders.answers import Allocated

ORDER_UNBLOCKED = mark("Order {order} can be picked now")
ORDER_BLOCKED = mark("Order {order} cannot ship: {quantity} of {item} are missing")


def tell_unblocked(
    session: Session, envelope: Envelope, store_id: int, allocated: Allocated
) -> None:
    """The pickers hear that an order that waited has all that it needs now."""
    _tell(session, envelope, store_id, allocated, "order_unblocked", ORDER_UNBLOCKED)


def tell_blocked(session: Session, envelope: Envelope, store_id: int, allocated: Allocated) -> None:
    """Those in charge hear that an order was promised less than it wants."""
    _tell(session, envelope, store_id, allocated, "order_blocked", ORDER_BLOCKED)


def _tell(
    session: Session,
    envelope: Envelope,
    store_id: int,
    allocated: Allocated,
    kind: str,
    title: str,
) -> None:
    facts = {"order": allocated.number}
    missing = next((line for line in allocated.lines if line.short), None)
    if missing:
        facts |= {"item": missing.item, "quantity": plain(missing.short)}
    link = f"/sales-orders/{allocated.order_id}"
    event = Event(kind, store_id, title, facts, link)
    publish(session, event, envelope)
