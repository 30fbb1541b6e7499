"""What a large count costs: making its tasks, comparing them with the books, and posting.

The lines of the counters are written set-based, as a filled sheet would write them; everything that
is measured is the product's own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlmodel import Session

from app.counting import making, posting, results
from app.kit import ids, sql, transactions
from app.kit.database import Caller, Database

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
LINES = 20_000


@dataclass(frozen=True)
class SettleAll:
    """Every place of the count is finished at once."""

    count_id: int


def settle_all(session: Session, command: SettleAll, envelope: transactions.Envelope) -> int:
    asked = {
        "count_id": command.count_id,
        "user_id": envelope.caller.user_id,
        "command_id": envelope.command_id,
    }
    sql.execute(session, QUERIES["lines"], asked)
    sql.execute(session, QUERIES["end_tasks"], asked)
    tasks = sql.rows(session, _Id, QUERIES["tasks"], asked)
    return results.settle(session, [one.id for one in tasks])


@dataclass(frozen=True)
class _Id:
    id: int


class Bench:
    """One count of one store; ``seconds`` by step."""

    def __init__(self, owner_url: str, database: Database, caller: Caller) -> None:
        self.owner_url, self.database, self.caller = owner_url, database, caller
        self.seconds: dict[str, float] = {}

    def places(self, store_id: int, lines: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Locations with so many lines, about, and all items; nobody has to approve here."""
        with psycopg.connect(self.owner_url) as owner:
            owner.execute("delete from approval_policy where kind = 'adjustment'")
            asked = {"store_id": store_id, "lines": lines}
            places = owner.execute(QUERIES["places"], asked).fetchall()
            items = owner.execute("select id from item").fetchall()
        return tuple(row[0] for row in places), tuple(row[0] for row in items)

    def timed(self, step: str, handler: Any, command: object) -> Any:
        started = time.perf_counter()
        answer = self.do(handler, command)
        self.seconds[step] = round(time.perf_counter() - started, 2)
        return answer

    def do(self, handler: Callable[..., Any], command: object) -> Any:
        envelope = transactions.Envelope(ids.new_id(), self.caller)
        return transactions.run(self.database, handler, command, envelope)


def measured(
    owner_url: str, database: Database, store_id: int, user_id: int, lines: int = LINES
) -> dict[str, object]:
    """Seconds of each step: a task for each line (not counted then), and a count of whole places.

    Every tenth line differs from the books by one piece.
    """
    bench = Bench(owner_url, database, Caller(user_id=user_id, stores="*"))
    location_ids, item_ids = bench.places(store_id, lines)
    chosen = making.Selection(location_ids=location_ids, item_ids=item_ids)
    wanted = making.MakeCount(store_id, "item", chosen)
    by_item = bench.timed("tasks_s", making.make_count, wanted)
    bench.do(making.cancel_count, making.CancelCount(by_item.count_id))
    chosen = making.Selection(location_ids=location_ids)
    made = bench.do(making.make_count, making.MakeCount(store_id, "full", chosen))
    bench.timed("settle_s", settle_all, SettleAll(made.count_id))
    bench.do(results.set_reason, results.SetReason(made.count_id, "unknown"))
    started = time.perf_counter()
    left = bench.do(posting.post_count, posting.PostCount(made.count_id)).left
    while left:
        left = bench.do(posting.post_part, posting.PostPart(made.count_id)).left
    bench.seconds["post_s"] = round(time.perf_counter() - started, 2)
    return {"lines": by_item.tasks, **bench.seconds}
