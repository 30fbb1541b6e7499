"""The card of the home screen that leads to packing."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.shipping import queries

NOTE = mark("Check picked goods, pack them, let them leave")


def shipping_card(session: Session, actor: Actor) -> Card | None:
    """How many orders wait to be packed in the actor's store."""
    if not actor.can("pack") or actor.store_id is None:
        return None
    count = queries.count_to_pack(session, actor.store_id)
    return Card(gettext("Pack and ship"), "/shipping", gettext(NOTE), count or None)
