"""The card of the home screen that leads to counting."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.counting import queries
from app.kit.i18n import gettext, mark

NOTE = mark("Count places, find differences, make the books right")


def counting_card(session: Session, actor: Actor) -> Card | None:
    """How many places wait to be counted in the actor's store."""
    if not actor.can("count") or actor.store_id is None:
        return None
    waiting = queries.count_waiting(session, actor.store_id)
    return Card(gettext("Counting"), "/counting", gettext(NOTE), waiting or None)
