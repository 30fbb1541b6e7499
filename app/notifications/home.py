"""The card of the home screen that leads to channels, rules and the log."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.notifications import queries

USUAL = mark("Which group or mailbox hears of what")
FAILED = mark("{count} messages did not arrive")


def notifications_card(session: Session, actor: Actor) -> Card | None:
    if not actor.can("notification_read"):
        return None
    count = queries.count_failed(session)
    note = gettext(FAILED).format(count=count) if count else gettext(USUAL)
    url = "/notifications/log?state=failed" if count else "/notifications"
    return Card(gettext("Notifications"), url, note, count or None, urgent=bool(count))
