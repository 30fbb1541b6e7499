"""2,000 random commands from 8 threads, with replays and killed connections."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from threading import Event, Lock, Thread
from uuid import UUID

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from app.kit import ids
from app.kit.database import SYSTEM, Database, driver
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.ledger.movements import Posted
from tests.harness import SampleCompany, assert_verified
from tests.ledger.moves import PostMoves, ReverseMove, movement, post_moves, reverse_move

pytestmark = pytest.mark.ledger
THREADS, COMMANDS = 8, 2000
ITEMS = ("bread", "flour", "milk")
ROUTES = (
    ("supplier", "dock"), ("supplier", "dock"), ("supplier", "shelf1"), ("dock", "shelf1"),
    ("shelf1", "shelf2"), ("shelf2", "dock"), ("dock", "customer"), ("shelf2", "adjustment"),
    ("adjustment", "shelf1"),
)  # fmt: skip


@dataclass
class History:
    """What the server acknowledged, as the devices know it."""

    lock: Lock = field(default_factory=Lock)
    sent: dict[UUID, tuple[object, object]] = field(default_factory=dict)
    answers: dict[UUID, object] = field(default_factory=dict)
    moves: list[int] = field(default_factory=list)

    def remember(self, command_id: UUID, answer: object) -> None:
        with self.lock:
            assert self.answers.setdefault(command_id, answer) == answer
            if isinstance(answer, list):
                self.moves += [posted.move_id for posted in answer if isinstance(posted, Posted)]

    def some(self, values: list, chance: random.Random):
        with self.lock:
            return chance.choice(values) if values else None


def random_command(company: SampleCompany, history: History, chance: random.Random):
    move_id = history.some(history.moves, chance) if chance.random() < 0.15 else None
    if move_id is not None:
        return reverse_move, ReverseMove(move_id)
    return post_moves, PostMoves(
        [random_movement(company, chance) for _ in range(chance.choice([1, 1, 1, 3]))]
    )


def random_movement(company: SampleCompany, chance: random.Random):
    item, (source, target) = chance.choice(ITEMS), chance.choice(ROUTES)
    quantity = str(chance.randint(1, 9)) if item != "flour" else f"{chance.randint(1, 9000)}e-3"
    lot = company.lots["milk"] if item == "milk" else None
    made = movement(company, item, quantity, source, target, lot_id=lot)
    if source == "supplier":
        cents = chance.randint(0, 9999)
        return replace(made, amount=Decimal(cents).scaleb(-2))
    return made


def work(database: Database, company: SampleCompany, history: History, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(COMMANDS // THREADS):
        command_id = history.some(list(history.sent), chance) if chance.random() < 0.1 else None
        command_id = command_id or ids.new_id()
        with history.lock:
            sent = history.sent.get(command_id)
        handler, command = sent or random_command(company, history, chance)
        with history.lock:
            history.sent[command_id] = (handler, command)
        send(database, history, handler, command, command_id)


def send(database: Database, history: History, handler, command, command_id: UUID) -> None:
    """As a device does: resend the same id until an answer comes."""
    for _ in range(50):
        try:
            answer = run(database, handler, command, Envelope(command_id, SYSTEM))
        except Problem as problem:
            return history.remember(command_id, (problem.code, str(problem.data)))
        except (psycopg.OperationalError, DBAPIError):
            continue
        return history.remember(command_id, answer)
    raise AssertionError("fifty attempts without an answer")


def kill_connections(owner_url: str, stop: Event) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        while not stop.wait(0.15):
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
                " and backend_type = 'client backend' order by random() limit 1"
            )


def test_random_commands_with_replays_and_killed_connections(
    database: Database, owner_url: str, company: SampleCompany
) -> None:
    history, stop = History(), Event()
    killer = Thread(target=kill_connections, args=(owner_url, stop))
    killer.start()
    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(work, database, company, history, seed) for seed in range(THREADS)]
    stop.set()
    killer.join()
    for future in done:
        future.result()
    assert_verified(database)
    applied = {key for key, answer in history.answers.items() if not isinstance(answer, tuple)}
    assert stored_commands(database) == applied
    assert len(applied) > COMMANDS / 4


def stored_commands(database: Database) -> set[UUID]:
    """Every command that was applied, each of which moved something exactly once."""
    with database.reading(SYSTEM) as session:
        connection = driver(session)
        doubled = connection.execute(
            "select command_id from stock_move group by command_id, item_id, from_location_id,"
            " to_location_id, quantity, lot_id having count(*) > 3"
        ).fetchall()
        assert doubled == []
        rows = connection.execute("select id from command where outcome = 'done'").fetchall()
    return {row[0] for row in rows}
