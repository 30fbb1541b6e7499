"""The days that a report looks at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.access.actor import Actor
from app.kit import clock
from app.kit.forms import number_in
from app.producing.queries import Period


def period_of(query: Mapping[str, str], actor: Actor) -> Period:
    """From the fields ``first``, ``last`` and ``store``: this month in one's own store at first."""
    zone = actor.time_zone or "Asia/Shanghai"
    today = clock.today(zone)
    first = _day(query.get("first", "")) or today.replace(day=1)
    last = max(_day(query.get("last", "")) or today, first)
    store_id = number_in(query, "store") if "store" in query else actor.store_id
    return Period(first, last, store_id, zone)


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if found.year > 1 and found < date.max else None
