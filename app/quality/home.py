"""The cards of the home screen that lead to quality and to returns."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit import clock
from app.kit.i18n import gettext, mark
from app.quality import queries

NOTE = mark("{places} places with stock that does not ship")
NOTHING = mark("Scan goods to change their status; recalls")


def quality_card(session: Session, actor: Actor) -> Card | None:
    """How much is kept back in the actor's store."""
    if not actor.can("stock_read") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id, clock.today(actor.time_zone))
    places = sum(count.places for count in found)
    note = gettext(NOTE).format(places=places) if places else gettext(NOTHING)
    return Card(gettext("Quality"), "/quality", note, places or None)


def returns_card(session: Session, actor: Actor) -> Card | None:
    """The way to goods that come back."""
    del session
    if not actor.can("customer_return") or actor.store_id is None:
        return None
    note = gettext("Scan the order or shipment of goods that a customer brings back")
    return Card(gettext("Customer returns"), "/returns", note)
