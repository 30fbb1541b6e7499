"""The sums of what was sold follow the facts: every minute, and when somebody asks for it."""

from __future__ import annotations

from app.kit import jobs, sql
from app.kit.database import Database

QUERIES = sql.Queries.beside(__file__)
NUMBERS_AT_ONCE = 20_000


@jobs.minutely("reporting.follow")
def follow(job: jobs.Job) -> None:
    """What was booked since the last run, and what committed late."""
    catch_up(job.database)


def catch_up(database: Database, most: int = NUMBERS_AT_ONCE) -> None:
    """Sum everything that was committed before now, ``most`` moves and cost entries at a time.

    Each step is a transaction of its own; what is summed twice comes out the same.
    """
    # The first step only notes how far the facts go: what it notes can be settled by the others.
    move, entry, since, _ = _step(database, 0, 0, None, 0)
    is_done = False
    while not is_done:
        move, entry, since, is_done = _step(database, move, entry, since, most)


def _step(
    database: Database, move: int, entry: int, since: object, most: int
) -> tuple[int, int, object, bool]:
    asked = {"move": move, "entry": entry, "since": since, "most": most}
    found = jobs.note(database, QUERIES["catch_up"], asked)[0]
    return found[0], found[1], found[2], found[3]
