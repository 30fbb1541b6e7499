"""What costing costs: an issue after a million moves, late paper, and a late receipt.

Long histories are written set-based, as the owner and without foreign keys; what is measured goes
through the posting code, and ``verify`` looks at all of it at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlmodel import Session

from app.kit import clock, sql, transactions
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from app.ledger import corrections, posting, recosting
from app.ledger.corrections import Corrected, Correction
from app.ledger.movements import Movement, Place, Posted

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
MOVES, LATER, PAPERS, PAPER_ITEMS, LOOKS = 1_000_000, 100_000, 5_000, 500, 101
STOCK, FEW = 2_000_000, 1_000
BATCH = 500


@dataclass(frozen=True)
class Post:
    movements: list[Movement]


@dataclass(frozen=True)
class Correct:
    corrections: list[Correction]


def post(session: Session, command: Post, envelope: transactions.Envelope) -> list[Posted]:
    return posting.post(session, envelope, command.movements)


def correct(session: Session, command: Correct, envelope: transactions.Envelope) -> list[Corrected]:
    return corrections.correct(session, envelope, command.corrections)


class Bench:
    """One store of the company that is measured, with items of its own."""

    def __init__(self, owner_url: str, database: Database, store_id: int) -> None:
        self.owner_url, self.database, self.store_id = owner_url, database, store_id
        with psycopg.connect(owner_url) as owner, owner.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(QUERIES["places"], {"store_id": store_id}).fetchone()
        assert found
        self.places: dict[str, Any] = found

    def item(self, code: str, method: str) -> int:
        with psycopg.connect(self.owner_url) as owner:
            made = owner.execute(QUERIES["new_item"], {"code": code, "method": method})
            row = made.fetchone()
        assert row
        return row[0]

    def history(self, item_id: int, moves: int, since: datetime, *, receipts: bool) -> None:
        """``moves`` moves of one piece each behind a receipt that is large enough.

        With receipts it is small, so that under FIFO each issue empties a layer of its own.
        """
        values: dict[str, Any] = {
            **self.places, "store_id": self.store_id, "item_id": item_id, "moves": moves,
            "since": since, "stock": FEW if receipts else STOCK, "receipts": receipts,
            "command_id": new_id(),
        }  # fmt: skip
        fifo = "select cost_method = 'fifo' from item where id = %s"
        with psycopg.connect(self.owner_url) as owner:
            owner.execute("set local session_replication_role = replica")
            row = owner.execute(fifo, [item_id]).fetchone()
            layered = ("layers",) if row and row[0] else ()
            for name in ("command", "moves", "pool", "balance", *layered):
                owner.execute(QUERIES[name], values)
            # Without it the planner may believe that the new rows are few, and nest its loops.
            owner.execute("analyze stock_move, cost_pool, cost_layer")
            owner.execute(QUERIES["entries"], values)

    def run(self, handler: Callable[..., Any], command: object, at: datetime | None = None) -> Any:
        moment = at or clock.now()
        envelope = transactions.Envelope(new_id(), SYSTEM, moment)
        return transactions.run(self.database, handler, command, envelope)

    def receipt(self, item_id: int, quantity: int, amount: int) -> Movement:
        return self._movement(item_id, quantity, "supplier", amount)

    def issue(self, item_id: int, quantity: int = 1) -> Movement:
        return self._movement(item_id, quantity, "customer", None)

    def _movement(self, item_id: int, quantity: int, other: str, amount: int | None) -> Movement:
        enters = other == "supplier"
        shelf, virtual = Place(self.places["shelf"], "available"), Place(self.places[other])
        return Movement(
            store_id=self.store_id,
            item_id=item_id,
            quantity=Decimal(quantity),
            source=virtual if enters else shelf,
            target=shelf if enters else virtual,
            biz_step="bench",
            kind="receipt" if enters else "issue",
            amount=None if amount is None else Decimal(amount),
        )


def measured(owner_url: str, database: Database, store_id: int, moves: int) -> dict[str, object]:
    """``moves`` on one item of each method; the other sizes are a tenth and 5,000 papers."""
    bench = Bench(owner_url, database, store_id)
    found: dict[str, object] = {"moves": moves}
    for method in ("moving_average", "fifo"):
        found |= _issues(bench, method, moves)
    found |= _papers(bench)
    return found | _late(bench, min(LATER, moves))


def _issues(bench: Bench, method: str, moves: int) -> dict[str, object]:
    """Milliseconds of an issue by turns: of an item with all those moves, and of a new one."""
    long, new = (bench.item(f"BENCH-{method}-{name}", method) for name in ("long", "new"))
    since = clock.now() - timedelta(days=30)
    bench.history(long, moves, since, receipts=True)
    bench.run(post, Post([bench.receipt(new, STOCK, STOCK)]))
    with psycopg.connect(bench.owner_url, autocommit=True) as owner:
        owner.execute("vacuum analyze cost_entry, cost_layer, cost_pool, stock_move, balance")
    times: dict[int, list[float]] = {long: [], new: []}
    for _ in range(LOOKS):
        for item_id, taken in times.items():
            started = time.perf_counter()
            bench.run(post, Post([bench.issue(item_id)]))
            taken.append(time.perf_counter() - started)
    after, empty = (sorted(times[item_id])[LOOKS // 2] * 1000 for item_id in (long, new))
    name = "fifo" if method == "fifo" else "average"
    return {
        f"{name}_issue_ms": round(after, 2),
        f"{name}_issue_of_new_item_ms": round(empty, 2),
        f"{name}_times": round(after / empty, 2),
    }


def _papers(bench: Bench) -> dict[str, object]:
    """Seconds of a landed cost over 5,000 receipts, half of whose goods are gone."""
    items = [bench.item(f"BENCH-PAPER-{number}", _method(number)) for number in range(PAPER_ITEMS)]
    receipts: list[int] = []
    for first in range(0, PAPERS, BATCH):
        numbers = range(first, first + BATCH)
        coming = [bench.receipt(items[number % PAPER_ITEMS], 10, 100) for number in numbers]
        posted = bench.run(post, Post(coming))
        receipts += [one.move_id for one in posted]
        bench.run(post, Post([bench.issue(items[n % PAPER_ITEMS], 5) for n in numbers]))
    asked = Correct([Correction(receipt, Decimal("1.23")) for receipt in receipts])
    started = time.perf_counter()
    answers = bench.run(correct, asked)
    seconds = time.perf_counter() - started
    gone = sum(answer.to_cogs for answer in answers)
    return {"landed_lines": len(receipts), "landed_s": round(seconds, 2), "landed_gone": str(gone)}


def _method(number: int) -> str:
    return "fifo" if number % 2 else "moving_average"


def _late(bench: Bench, later: int) -> dict[str, object]:
    """Seconds of a receipt before many issues; the slowest receipt of another item meanwhile."""
    found: dict[str, object] = {"late_before": later}
    for method in ("moving_average", "fifo"):
        item_id, other = (bench.item(f"BENCH-LATE-{method}-{n}", method) for n in ("own", "other"))
        since = clock.now() - timedelta(days=20)
        bench.history(item_id, later, since + timedelta(days=2), receipts=False)
        stop, waits = Event(), [0.0]
        other_work = Thread(target=_go_on, args=(bench, other, stop, waits))
        other_work.start()
        started = time.perf_counter()
        bench.run(post, Post([bench.receipt(item_id, STOCK, 3 * STOCK)]), since)
        posted = time.perf_counter()
        with bench.database.reading(SYSTEM) as session:
            text = "select id from cost_pool where item_id = %(item_id)s"
            pool_id = sql.value(session, text, {"item_id": item_id})
        bench.run(recosting.recost_pool, recosting.RecostPool(pool_id))
        ended = time.perf_counter()
        stop.set()
        other_work.join()
        name = "fifo" if method == "fifo" else "average"
        found[f"late_{name}_posted_ms"] = round((posted - started) * 1000, 1)
        found[f"late_{name}_s"] = round(ended - started, 2)
        found[f"others_{name}_slowest_ms"] = round(max(waits) * 1000, 1)
    return found


def _go_on(bench: Bench, item_id: int, stop: Event, waits: list[float]) -> None:
    while not stop.is_set():
        started = time.perf_counter()
        bench.run(post, Post([bench.receipt(item_id, 1, 1)]))
        waits.append(time.perf_counter() - started)
        time.sleep(0.05)
