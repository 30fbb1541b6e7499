"""Random work on the same few items from eight threads: what it is all worth always adds up."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

import pytest

from app.kit.problems import Problem
from app.ledger import recosting
from app.ledger.corrections import Correction, Revaluation
from app.ledger.counts import Counted
from tests import harness
from tests.ledger import costs
from tests.ledger.costs import Amend, Correct, Ledger, Post, Return, Reverse, Transfer

pytestmark = pytest.mark.ledger
THREADS, STEPS = 8, 24
METHODS = {"bread": "fifo", "flour": "moving_average", "milk": "specific"}
SINCE = datetime(2026, 5, 1, tzinfo=UTC)
D = Decimal


@dataclass
class Story:
    """What the threads have posted so far: receipts and issues by item."""

    ledger: Ledger
    lock: Lock = field(default_factory=Lock)
    receipts: list[tuple[str, int]] = field(default_factory=list)
    issues: list[tuple[str, int]] = field(default_factory=list)
    done: int = 0
    refused: int = 0

    def some(self, moves: list[tuple[str, int]], chance: random.Random) -> tuple[str, int]:
        with self.lock:
            return chance.choice(moves) if moves else ("bread", 0)

    def note(self, moves: list[tuple[str, int]], item: str, move_id: int) -> None:
        with self.lock:
            moves.append((item, move_id))


class Worker:
    """One thread: any kind of event, now or on an earlier day."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.ledger, self.chance = story, story.ledger, random.Random(seed)

    def work(self) -> None:
        for _ in range(STEPS):
            step = self.chance.choice(
                (self.receive, self.receive, self.receive, self.issue, self.issue, self.issue,
                 self.come_back, self.go_back, self.land, self.count, self.transfer, self.reverse,
                 self.amend, self.revalue)
            )  # fmt: skip
            try:
                step()
            except Problem:
                self.story.refused += 1
            else:
                self.story.done += 1

    def at(self) -> datetime | None:
        late = timedelta(minutes=self.chance.randint(1, 60_000))
        return SINCE + late if self.chance.random() < 0.3 else None

    def quantity(self) -> str:
        return str(self.chance.randint(1, 9))

    def amount(self) -> Decimal:
        return D(self.chance.randint(0, 5000)).scaleb(-2)

    def lot(self, item: str) -> dict[str, Any]:
        return {"lot_id": self.ledger.company.lots["milk"]} if item == "milk" else {}

    def item(self) -> str:
        return self.chance.choice(list(METHODS))

    def receive(self) -> None:
        item = self.item()
        move = self.ledger.receive(
            item, self.quantity(), str(self.amount()), self.at(), **self.lot(item)
        )
        self.story.note(self.story.receipts, item, move)

    def issue(self) -> None:
        item = self.item()
        move = self.ledger.issue(item, self.quantity(), self.at(), **self.lot(item))
        self.story.note(self.story.issues, item, move)

    def come_back(self) -> None:
        item, move = self.story.some(self.story.issues, self.chance)
        back = self.ledger.move(
            item, self.quantity(), "customer", "dock", kind="return_in", **self.lot(item)
        )
        self.ledger.run(costs.return_in, Return(back, move))

    def go_back(self) -> None:
        item, move = self.story.some(self.story.receipts, self.chance)
        back = self.ledger.move(item, self.quantity(), "dock", "supplier", **self.lot(item))
        self.ledger.run(costs.return_out, Return(back, move, self.amount()))

    def land(self) -> None:
        moves = {self.story.some(self.story.receipts, self.chance)[1] for _ in range(3)}
        kind = self.chance.choice(("landed", "correction"))
        sign = self.chance.choice((1, 1, -1))
        asked = [Correction(move, sign * self.amount() / 10, kind) for move in moves]
        rounded = [Correction(a.move_id, round(a.amount, 2), kind) for a in asked]
        self.ledger.run(costs.correct, Correct(rounded))

    def count(self) -> None:
        item, place = self.item(), self.ledger.company.a
        counted = Counted(
            place.store_id, self.ledger.company.items[item], place.locations["dock"],
            D(self.quantity()), place.locations["adjustment"], **self.lot(item),
        )  # fmt: skip
        self.ledger.run(costs.observe, counted, self.at())

    def transfer(self) -> None:
        item, quantity = self.item(), self.quantity()
        leaving = self.ledger.move(item, quantity, "dock", "in_transit", **self.lot(item))
        arriving = self.ledger.move(item, quantity, "in_transit", "dock", "b", **self.lot(item))
        self.ledger.run(costs.transfer, Transfer(leaving, arriving))

    def reverse(self) -> None:
        moves = self.chance.choice((self.story.receipts, self.story.issues))
        self.ledger.run(costs.reverse, Reverse(self.story.some(moves, self.chance)[1]))

    def amend(self) -> None:
        moves = self.chance.choice((self.story.receipts, self.story.issues))
        move = self.story.some(moves, self.chance)[1]
        self.ledger.run(costs.amend, Amend(move, D(self.quantity())))

    def revalue(self) -> None:
        item = self.item()
        self.ledger.run(costs.revalue, Revaluation(
            self.ledger.company.a.store_id, self.ledger.company.items[item],
            self.ledger.company.lots["milk"] if item == "milk" else None, unit_cost=self.amount(),
        ))  # fmt: skip


@pytest.fixture(params=["store, none below zero", "company, below zero"])
def ledger(request, postgres):
    with harness.fresh_database(postgres) as name:
        database = postgres.database(name)
        made = Ledger(database, harness.make_company(database))
        for item, method in METHODS.items():
            made.sql("update item set cost_method = %s where id = %s", method,
                     made.company.items[item])  # fmt: skip
        scope, below = request.param.split(", ")
        made.sql("update company set cost_scope = %s", scope)
        made.sql("update warehouse set allows_negative = %s", below == "below zero")
        yield made
        database.close()


def test_any_interleaving_adds_up(ledger: Ledger) -> None:
    story = Story(ledger)
    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(Worker(story, seed).work) for seed in range(THREADS)]
    for future in futures:
        future.result()
    harness.assert_verified(ledger.database)
    for (pool_id,) in ledger.sql("select pool_id from cost_recost"):
        ledger.run(recosting.recost_pool, recosting.RecostPool(pool_id))
    harness.assert_verified(ledger.database)
    assert story.done > THREADS * STEPS / 4


def test_reversal_of_anything_restores_value(ledger: Ledger) -> None:
    chance = random.Random(1)
    for item in ("bread", "flour"):
        for _ in range(3):
            ledger.receive(item, str(chance.randint(5, 9)), str(chance.randint(1, 999)))
        for _ in range(2):
            before = ledger.pool(item), ledger.layers(item)
            moves = [ledger.receive(item, "4", "7.77"), ledger.issue(item, "3")]
            gain = ledger.move(item, "2", "adjustment", "dock")
            moves.append(ledger.run(costs.post, Post([gain]))[0].move_id)
            for move in reversed(moves):
                ledger.run(costs.reverse, Reverse(move))
            assert (ledger.pool(item), ledger.layers(item)) == before
            ledger.issue(item, "2")
    harness.assert_verified(ledger.database)
