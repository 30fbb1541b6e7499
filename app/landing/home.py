"""The card of the home screen that leads to landed cost."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.landing import queries

NOTE = mark("{drafts} drafts to post")
NOTHING = mark("Spread freight, duty and handling over what they brought in")


def landing_card(session: Session, actor: Actor) -> Card | None:
    """Drafts of the actor's store."""
    if not actor.can("landed_cost_read") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id)
    note = gettext(NOTE).format(drafts=found.drafts) if found.drafts else gettext(NOTHING)
    return Card(gettext("Landed cost"), "/landing", note, found.drafts or None)
