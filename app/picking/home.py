"""The card of the home screen that leads to picking."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.picking import queries

NOTE = mark("{orders} orders and {picks} picks wait, {going_on} going on")
LATE = mark("{orders} orders and {picks} picks wait, {late} orders are late")
NOTHING = mark("No work is waiting.")


def picking_card(session: Session, actor: Actor) -> Card | None:
    """Waiting work of the actor's store."""
    if not actor.can("pick") or actor.store_id is None:
        return None
    found = queries.counts(session, actor.store_id, actor.user_id)
    waiting = found.orders + found.waiting
    text = LATE if found.late and waiting else NOTE if waiting or found.going_on else NOTHING
    note = gettext(text).format(
        orders=found.orders, picks=found.waiting, going_on=found.going_on, late=found.late
    )
    return Card(gettext("Pick"), "/picking", note, waiting or None, urgent=bool(found.late))
