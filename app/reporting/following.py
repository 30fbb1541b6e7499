"""The sums of what was sold follow the facts: every minute, and when somebody asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from app.kit import jobs, sql
from app.kit.database import Database

QUERIES = sql.Queries.beside(__file__)
NUMBERS_AT_ONCE, MOST_SECONDS = 20_000, 40


@jobs.minutely("reporting.follow")
def follow(job: jobs.Job) -> None:
    """What was booked since the last run, and what committed late.

    Where another run is at it, or this one has worked long enough, the next one goes on.
    """
    until = time.monotonic() + MOST_SECONDS
    for is_done in _steps(job.database, NUMBERS_AT_ONCE, waits=False):
        if is_done is None or time.monotonic() > until:
            return


def catch_up(database: Database, most: int = NUMBERS_AT_ONCE) -> None:
    """Sum everything that was committed before now, ``most`` moves and cost entries at a time.

    Each step is a transaction of its own; what is summed twice comes out the same.
    """
    for _is_done in _steps(database, most, waits=True):
        pass


def _steps(database: Database, most: int, *, waits: bool) -> Iterator[bool | None]:
    """Step by step until all is done; None where another run is in the way."""
    asked: dict[str, Any] = {"move": 0, "entry": 0, "since": None, "waits": waits}
    # The first step only notes how far the facts go: what it notes can be settled by the others.
    asked["most"], is_done = 0, False
    while not is_done:
        found = jobs.note(database, QUERIES["catch_up"], asked)[0]
        asked["move"], asked["entry"], asked["since"], is_done = found
        asked["most"] = most
        yield is_done
        is_done = is_done is None or is_done
