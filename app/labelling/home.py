"""The card of the home screen that leads to labels and printers."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.labelling import queue

USUAL = mark("Print labels, cartons' numbers, what is still waiting")
TO_LOOK_AT = mark("{count} labels did not come out, or perhaps not")


def labels_card(session: Session, actor: Actor) -> Card | None:
    """Labels that somebody should look at make it urgent."""
    if not actor.can("print_label") or actor.store_id is None:
        return None
    count = queue.count_to_look_at(session, actor.store_id)
    note = gettext(TO_LOOK_AT).format(count=count) if count else gettext(USUAL)
    return Card(gettext("Labels"), "/labels", note, count or None, urgent=bool(count))
