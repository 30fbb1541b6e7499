"""The cards of the home screen that lead into the stock pages."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.stock import queries
from app.stock.filters import today_of

EXPIRING_DAYS = 7
EXPIRING = mark("{count} items expire within {days} days")
LOOK = mark("Scan an item, a lot or a place to see what is there")


def stock_card(session: Session, actor: Actor) -> Card | None:
    """Stock, with how many items expire soon."""
    if not actor.can("stock_read") or actor.store_id is None:
        return None
    until = today_of(actor.time_zone) + timedelta(days=EXPIRING_DAYS)
    count = queries.stock_count(session, actor.store_id, until)
    note = gettext(LOOK)
    if count.expiring:
        note = gettext(EXPIRING).format(count=count.expiring, days=EXPIRING_DAYS)
    return Card(gettext("Stock"), "/stock", note)
