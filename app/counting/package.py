"""Counting as work that a device can carry along; the browser's half is js/offline/counting.

A package stays blind: it has no quantity of the books, nothing of another round, and of what is
expected here only marks, which answer "was this expected?" and do not read as a list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.actor import Actor
from app.counting import problems
from app.counting.state import Place, State
from app.kit import sql
from app.scanning.packages import Carrying, Goods, OpenWork, WorkPackage, goods_of

QUERIES = sql.Queries(Path(__file__).with_name("package.sql"))
NAME = "counting"
MOST_TASKS = 7
MOST_ITEMS = 500
MOST_LOTS = 1_500
FEWEST_MARKS = 32
_FNV_START, _FNV_PRIME, _FNV_MASK = 0xCBF29CE484222325, 0x100000001B3, 2**64 - 1


@dataclass(frozen=True)
class _Waiting:
    id: int
    location: str
    detail: str | None
    number: str


@dataclass(frozen=True)
class _Task:
    id: int
    store_id: int
    location_id: int
    location: str
    zone_id: int | None
    item_id: int | None
    item: str | None
    zone: str | None
    state: str
    round: int
    held_by: int | None
    step: dict[str, Any] | None
    count_state: str
    number: str
    store: str
    time_zone: str
    counted_before: bool

    def is_open_to(self, user_id: int) -> bool:
        return (
            self.state in ("open", "in_progress")
            and self.count_state in ("confirmed", "in_progress")
            and self.held_by in (None, user_id)
            and not self.counted_before
        )


@dataclass(frozen=True)
class _Line:
    """One line of the place; ``entry`` is the same for those of one scan."""

    entry: int
    item: dict[str, Any]
    quantity: Decimal
    lot_id: int | None
    lot: str | None
    last_day: date | None
    unit_id: int | None
    sscc: str | None
    is_unexpected: bool


@dataclass(frozen=True)
class _Expected:
    item_id: int
    lot_id: int | None


@dataclass(frozen=True)
class _ItemId:
    item_id: int


@dataclass(frozen=True)
class _Lots:
    lots: list[dict[str, Any]]
    cut: list[int]


def open_work(session: Session, actor: Actor) -> list[OpenWork]:
    """The places that this person counts, and those that come next for them."""
    if not actor.can("count") or actor.store_id is None:
        return []
    asked = {"store_id": actor.store_id, "user_id": actor.user_id, "limit": MOST_TASKS}
    return [
        _work(row.id, row.location, row.number, row.detail)
        for row in sql.rows(session, _Waiting, QUERIES["open_work"], asked)
    ]


def _work(task_id: int, location: str, number: str, detail: str | None) -> OpenWork:
    note = " · ".join(part for part in (number, detail) if part)
    return OpenWork(NAME, task_id, f"/counting/{task_id}", location, note)


def pack(session: Session, actor: Actor, task_id: int) -> WorkPackage:
    """The task with all that its flow is stepped with.

    Raises:
        NoSuchCountTask: or it is another store's, somebody else's, finished, or a recount of what
            this person counted.
    """
    actor.require("count")
    asked = {"task_id": task_id, "user_id": actor.user_id}
    task = sql.one(session, _Task, QUERIES["task"], asked)
    if task is None or not task.is_open_to(actor.user_id):
        raise problems.NoSuchCountTask
    goods, cut = _goods(session, task)
    return WorkPackage(
        open=_work(task.id, task.location, task.number, task.item or task.zone),
        user_id=actor.user_id,
        user=actor.name,
        store=task.store,
        time_zone=task.time_zone,
        documents=[],
        goods=goods,
        work={**_carried(session, task), "cut": cut},
    )


def _goods(session: Session, task: _Task) -> tuple[Goods, list[int]]:
    """How codes are understood, and the items whose lots are not all carried."""
    near = {
        "task_id": task.id,
        "store_id": task.store_id,
        "location_id": task.location_id,
        "zone_id": task.zone_id,
        "item_id": task.item_id,
        "limit": MOST_ITEMS,
    }
    items = [row.item_id for row in sql.rows(session, _ItemId, QUERIES["items"], near)]
    asked = {"items": items, "store_id": task.store_id, "limit": MOST_LOTS}
    found = sql.one(session, _Lots, QUERIES["lots"], asked)
    assert found is not None, "a select without a from has one row"
    goods = goods_of(session, items, task.store_id)
    return replace(goods, lots=found.lots), found.cut


def _carried(session: Session, task: _Task) -> dict[str, Any]:
    place = Place(task.location_id, task.location, task.item_id, task.item)
    asked = {"task_id": task.id, "location_id": task.location_id, "item_id": task.item_id}
    lines = sql.rows(session, _Line, QUERIES["lines"], asked)
    expected = sql.rows(session, _Expected, QUERIES["expected"], asked)
    state = msgspec.convert(task.step or {}, State, strict=False)
    return {
        "state": {"step": state.step, "pending": msgspec.to_builtins(state.pending)},
        "task_id": task.id,
        "round": task.round,
        "zone": task.zone,
        "place": msgspec.to_builtins(place),
        "lines": msgspec.to_builtins(lines),
        "expected": marks(task.id, ((row.item_id, row.lot_id) for row in expected)),
    }


def marks(task_id: int, expected: Iterable[tuple[int, int | None]]) -> list[str]:
    """One mark for each (item, lot), among so many others that their number says little."""
    real = {mark_of(task_id, item_id, lot_id) for item_id, lot_id in expected}
    size = FEWEST_MARKS
    while size < len(real):
        size *= 2
    others = (mark_of(task_id, -number, None) for number in range(1, size - len(real) + 1))
    return sorted(real.union(others))


def mark_of(task_id: int, item_id: int, lot_id: int | None) -> str:
    """FNV-1a, as js/offline/counting/marks.js has it: no secret, but nothing that can be read."""
    value = _FNV_START
    for byte in f"{task_id} {item_id} {lot_id or 0}".encode():
        value = (value ^ byte) * _FNV_PRIME & _FNV_MASK
    return f"{value:016x}"


counting_packages = Carrying(NAME, open_work, pack)
"""The contract of ``app.scanning.packages``, implemented by places that are counted."""
