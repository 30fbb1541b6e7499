"""What leads into the pages of the outbox."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext
from app.outbox import queries


def conflicts_card(session: Session, actor: Actor) -> Card | None:
    """Scans that wait for a decision, for those who decide."""
    if not actor.can("conflict_resolve"):
        return None
    count = len(queries.conflicts(session)) or None
    note = gettext("Scans that were refused late or handed over")
    return Card(gettext("Scans to settle"), "/outbox/conflicts", note, count, urgent=bool(count))


def scans_card(session: Session, actor: Actor) -> Card | None:
    del session
    if not actor.can("audit_read"):
        return None
    note = gettext("Every code as it was read, with device, time and result")
    return Card(gettext("Scan log"), "/scans", note)
