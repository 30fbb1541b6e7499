"""The catalog's way in on the home screen."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext


def catalog_card(_session: Session, actor: Actor) -> Card | None:
    """Items, places and partners, for those who keep them."""
    if not actor.can("location_write"):
        return None
    return Card(gettext("Catalog"), "/catalog/items", gettext("Items, locations, partners, import"))
