"""The card of the home screen that leads to the open alerts."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.alerts import queries
from app.alerts.words import KIND_NAMES
from app.kit.i18n import gettext, mark

QUIET = mark("Nothing calls for attention")


def alerts_card(session: Session, actor: Actor) -> Card | None:
    """Those of the store that they work in now."""
    if not actor.can("alert_read") or actor.store_id is None:
        return None
    counts = queries.counts(session, actor.store_id)
    note = " · ".join(
        f"{gettext(words)} {counts[kind]}" for kind, words in KIND_NAMES.items() if kind in counts
    )
    count = sum(counts.values())
    return Card(
        gettext("Alerts"), f"/alerts?store={actor.store_id}", note or gettext(QUIET), count or None,
        urgent=bool(count),
    )  # fmt: skip
