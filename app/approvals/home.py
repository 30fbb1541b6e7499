"""What leads into the pages of approvals."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.approvals import queries
from app.kit.i18n import gettext


def approvals_card(session: Session, actor: Actor) -> Card | None:
    """How many requests wait for this person; the way to their own for everybody."""
    if not actor.can("approval_read"):
        return Card(gettext("Approvals"), "/approvals", gettext("What you asked for"))
    count = queries.to_decide(session, actor) or None
    note = gettext("What waits for your decision")
    return Card(gettext("Approvals"), "/approvals", note, count, urgent=bool(count))
