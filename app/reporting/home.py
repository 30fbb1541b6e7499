"""The cards of the home screen that lead to the reports."""

from __future__ import annotations

from sqlmodel import Session

from app.access.actor import Actor
from app.access.home import Card
from app.kit.i18n import gettext, mark
from app.reporting import abc
from app.reporting.poor import poor_items
from app.reporting.question import Question

POOR = mark("{count} items sell much and earn nothing")
WHAT = mark("What sales earn, by anything")
CLASSED = mark("A {a}, B {b}, C {c} items")


def margin_card(session: Session, actor: Actor) -> Card | None:
    """Of the last 30 days in the store that they work in now."""
    if not actor.can("margin_read") or actor.store_id is None:
        return None
    question = Question.read({"store": str(actor.store_id)}, actor.time_zone)
    count = len(poor_items(session, question))
    note = gettext(POOR).format(count=count) if count else gettext(WHAT)
    return Card(gettext("Margin"), "/reports/margin", note, count or None)


def abc_card(session: Session, actor: Actor) -> Card | None:
    """For supervisors, who see classes but no cost."""
    if not actor.can("abc_read") or actor.can("margin_read") or actor.store_id is None:
        return None
    counts = {one.letter: one.items for one in abc.class_sums(session, actor.store_id)}
    note = gettext(CLASSED).format(**{one.lower(): counts.get(one, 0) for one in abc.LETTERS})
    return Card(gettext("ABC classes"), "/reports/abc", note)
