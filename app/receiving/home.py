"""The card of the home screen that leads to receiving."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit import clock
from app.kit.i18n import gettext, mark
from app.receiving import queries

NOTE = mark("{orders} orders expected, {receipts} being received")
LATE = mark("{orders} orders expected ({late} late), {receipts} being received")
NOTHING = mark("Scan a purchase order or goods that arrive")


def receiving_card(session: Session, actor: Actor) -> Card | None:
    """Open receipts and orders of the actor's store."""
    if not actor.can("receive") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id, clock.today(actor.time_zone))
    text = LATE if found.late else NOTE if found.orders or found.receipts else NOTHING
    note = gettext(text).format(orders=found.orders, late=found.late, receipts=found.receipts)
    count = found.orders or None
    return Card(gettext("Receive"), "/receiving", note, count, urgent=bool(found.late))


def orders_card(session: Session, actor: Actor) -> Card | None:
    """The way to the purchase orders, for those who write them."""
    del session
    if not actor.can("purchase_order_write"):
        return None
    note = gettext("Create, confirm and cancel what suppliers are to deliver")
    return Card(gettext("Purchase orders"), "/purchase-orders", note)
