"""Cards on the home screen."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.producing import queries

NOTE = mark("Scan components and what was made")
RECIPE_NOTE = mark("What goes in, what it costs, what it should sell for")


def producing_card(session: Session, actor: Actor) -> Card | None:
    """How many orders of the actor's store are open."""
    if not actor.can("produce") or actor.store_id is None:
        return None
    count = queries.count_waiting(session, actor.store_id)
    return Card(gettext("Production"), "/producing", gettext(NOTE), count or None)


def recipes_card(session: Session, actor: Actor) -> Card | None:
    del session
    if not actor.can("recipe_read"):
        return None
    return Card(gettext("Recipes"), "/recipes", gettext(RECIPE_NOTE))
