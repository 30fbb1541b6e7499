"""A diagnosis is two trips to the database, and quick with a thousand balances."""

from __future__ import annotations

import time

import pytest

from app.access.actor import NOBODY, Actor
from app.troubleshooting.questions import Question, diagnose
from bench import diagnosis

PLENTY_MS = 400  # a busy machine; `./saoku bench` says how long it takes on a quiet one


@pytest.fixture
def wanted(made):
    for index in range(40):
        made._place(f"A-S{index:03}", made.company.a.warehouse_id, made.company.a.zone_id)
    size = diagnosis.Size(lots=20, balances=800, orders=60)
    return diagnosis.build(made.database, made.company.a.store_id, size)


def test_a_large_item_is_quick(made, wanted):
    store = made.company.a.store_id
    actor = Actor(NOBODY._replace(role="supervisor", stores=str(store), store_id=store))
    times = []
    for _ in range(7):
        started = time.perf_counter()
        found = diagnose(made.database, actor, Question(order_line_id=wanted))
        times.append((time.perf_counter() - started) * 1000)
    assert found.total == 800 * diagnosis.QUANTITY
    assert sum(bucket.quantity for bucket in found.buckets) == found.total
    assert sorted(times)[3] < PLENTY_MS
