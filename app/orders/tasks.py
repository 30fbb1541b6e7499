"""What is done for orders without being asked: stock that came in, promises that lapsed."""

from __future__ import annotations

from typing import Any, TypeVar

from app.kit import ids, jobs, sql
from app.kit.database import SYSTEM
from app.kit.problems import Problem
from app.kit.transactions import Envelope, Handler, run
from app.orders.arrivals import items_to_serve
from app.orders.freeing import AllocateWaiting, ReleaseStale, allocate_arrivals, release_lapsed

Answer = TypeVar("Answer")
MOST_TURNS = 50
ANY_STALE = """
select exists (
    select from allocation where line_kind = 'sales_order_line' and expires_at < now()
)
"""


@jobs.minutely("orders.serve_waiting")
def serve_waiting(job: jobs.Job) -> None:
    """Receipts and put-away know nothing of orders: what they brought is promised here."""
    with job.database.reading(SYSTEM) as session:
        items = items_to_serve(session)
    for store_id, item_ids in items.items():
        command = AllocateWaiting(store_id, item_ids)
        _try(job, allocate_arrivals, command)


@jobs.hourly("orders.release_stale", minute=37)
def release_stale(job: jobs.Job) -> None:
    """Whoever is short takes lapsed promises anyway; this tidies up, in small transactions."""
    with job.database.reading(SYSTEM) as session:
        is_any = sql.value(session, ANY_STALE)
    for _turn in range(MOST_TURNS if is_any else 0):
        released = _try(job, release_lapsed, ReleaseStale())
        if released is None or not released.line_ids:
            return


def _try(job: jobs.Job, handler: Handler[Any, Answer], command: object) -> Answer | None:
    """Its answer; None where it was refused: that is written down, and the next run tries again."""
    try:
        return run(job.database, handler, command, Envelope(ids.new_id(), SYSTEM))
    except Problem:
        return None
