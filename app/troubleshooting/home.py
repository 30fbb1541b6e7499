"""The card of the home screen that leads to the troubleshooting screen."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.troubleshooting import queries

TITLE = mark("Why can it not ship?")
NOTE = mark("Scan goods or an order: where every piece is, and what frees it")


def trouble_card(session: Session, actor: Actor) -> Card | None:
    """With how many order lines lack something."""
    if not actor.can("troubleshoot") or actor.store_id is None:
        return None
    count = len(queries.waiting(session, actor.store_id))
    return Card(gettext(TITLE), "/troubleshooting", gettext(NOTE), count or None)
