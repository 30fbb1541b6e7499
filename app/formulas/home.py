"""The card on the home screen."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark

NOTE = mark("Formulas for packaging, freight, prices; with a preview")


def formulas_card(session: Session, actor: Actor) -> Card | None:
    del session
    if not actor.can("formula_read"):
        return None
    return Card(gettext("Cost elements"), "/cost-elements", gettext(NOTE))
