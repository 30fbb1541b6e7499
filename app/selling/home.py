"""The card of the home screen that leads to the sales orders."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.selling import queries

NOTE = mark("{released} released, {drafts} drafts")
BLOCKED = mark("{released} released ({blocked} miss stock), {drafts} drafts")
NOTHING = mark("Create an order, or import a file of them")


def sales_card(session: Session, actor: Actor) -> Card | None:
    """Open orders of the actor's store, and how many of them miss stock."""
    if not actor.can("sales_order_read") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id)
    text = BLOCKED if found.blocked else NOTE if found.released or found.drafts else NOTHING
    note = gettext(text).format(released=found.released, drafts=found.drafts, blocked=found.blocked)
    title, url = gettext("Sales orders"), "/sales-orders"
    return Card(title, url, note, found.released or None, urgent=bool(found.blocked))
