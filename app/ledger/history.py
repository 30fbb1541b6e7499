"""What happened in cost pools from a moment on, as the database has it.

Moves are always whole: where a move has an entry in the window (a later correction of it), the
window is widened to its own moment.  Where cost flows on to other pools these belong to it, too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO
from app.ledger.costing.events import Flow, Ingredient, Part
from app.ledger.costing.stock import AVERAGE, Layer, Rank, Stock
from app.ledger.pools import Pool

QUERIES = sql.Queries(Path(__file__).with_name("history.sql"))


class Row(NamedTuple):
    """What a move did to a layer at a moment, as the pool sees it."""

    pool_id: int
    move_id: int
    layer: int
    at: datetime
    quantity: Decimal
    amount: Decimal
    first_id: int
    store_id: int


class Fact(NamedTuple):
    """What a move is in a pool.

    ``counted``: it is the adjustment of a count; ``sets_cost`` is the unit cost that it sets.
    """

    pool_id: int
    move_id: int
    first_id: int
    at: datetime
    kind: str
    priced: bool
    cause_move_id: int | None
    store_id: int
    item_id: int
    quantity: Decimal
    leaves: bool
    amends_id: int | None
    reverses_id: int | None
    sets_cost: Decimal | None
    counted: Decimal | None
    flow_id: int | None
    books_at: datetime


@dataclass(frozen=True)
class _Since:
    pool_id: int
    since: datetime


@dataclass(frozen=True)
class PoolLayer:
    pool_id: int
    id: int
    move_id: int
    remaining: Decimal
    value: Decimal
    occurred_at: datetime


@dataclass(frozen=True)
class FlowEnd:
    flow_id: int
    move_id: int | None
    side: str
    basis: str
    weight: Decimal
    amount: Decimal
    quantity: Decimal
    item_id: int | None
    cost: Decimal | None


@dataclass
class History:
    """Pools (locked), what was booked in them since their moment, and what each move is."""

    pools: dict[int, Pool]
    since: dict[int, datetime]
    rows: list[Row]
    facts: dict[tuple[int, int], Fact]
    layers: list[PoolLayer]
    flows: dict[int, Flow] = field(default_factory=dict)
    flow_of: dict[int, int] = field(default_factory=dict)
    costs: dict[int, Decimal] = field(default_factory=dict)

    def position(self, fact: Fact) -> tuple[datetime, int, int]:
        """Where a move stands in effective order.

        One that amends another is right behind it, and what comes of goods never before they were
        used up, though clocks of two pools may say so.
        """
        if fact.amends_id is None and fact.flow_id is None:
            return (fact.at, fact.first_id, fact.first_id)
        amended = self.facts.get((fact.pool_id, fact.amends_id or 0))
        first = amended.first_id if amended else fact.first_id
        own = (fact.at, first, fact.first_id)
        if fact.flow_id is None:
            return own
        moves = {one.move for one in self.flows[fact.flow_id].ingredients}
        return max([own, *(self._behind(move, fact) for move in moves if move in self.by_move)])

    def _behind(self, move: int, fact: Fact) -> tuple[datetime, int, int]:
        at, first, _number = self.position(self.by_move[move])
        return (at, first, fact.first_id)

    @cached_property
    def by_move(self) -> dict[int, Fact]:
        """The facts of moves that left, by move."""
        return {fact.move_id: fact for fact in self.facts.values() if fact.leaves}


def load(session: Session, since: dict[int, datetime], *, lock: bool = True) -> History:
    """The history of the pools from their moments on; all of its pools are locked.

    ``lock`` False is for who only looks.
    """
    read = "lock_pools" if lock else "pools"
    pools = _pools(session, since, read)
    while True:
        wider, rows, facts = _widened(session, since)
        if wider.keys() == pools.keys() and wider == since:
            break
        pools, since = _pools(session, wider, read), wider
    history = History(pools, since, rows, facts, _layers(session, rows, since))
    _load_flows(session, history)
    return history


def _pools(session: Session, since: dict[int, datetime], read: str) -> dict[int, Pool]:
    rows = sql.rows(session, Pool, QUERIES[read], {"pool_ids": list(since)})
    return {pool.id: pool for pool in rows}


def _widened(
    session: Session, since: dict[int, datetime]
) -> tuple[dict[int, datetime], list[Row], dict[tuple[int, int], Fact]]:
    values = {"pool_ids": list(since), "sinces": list(since.values())}
    rows = sql.rows(session, Row, QUERIES["window"], values)
    moves = _moves(rows)
    asked = {"move_ids": moves, "pool_ids": list(since)}
    facts = sql.rows(session, Fact, QUERIES["facts"], asked)
    wider = dict(since)
    for fact in facts:
        wider[fact.pool_id] = min(wider[fact.pool_id], fact.at)
    for reached in sql.rows(session, _Since, QUERIES["reached"], {"move_ids": moves}):
        known = wider.get(reached.pool_id, reached.since)
        wider[reached.pool_id] = min(known, reached.since)
    return wider, rows, {(fact.pool_id, fact.move_id): fact for fact in facts}


def _moves(rows: list[Row]) -> str:
    """The moves, as a text with commas: that is written and read fastest."""
    return ",".join(map(str, {row.move_id for row in rows if row.move_id > 0}))


def _layers(session: Session, rows: list[Row], since: dict[int, datetime]) -> list[PoolLayer]:
    made = ",".join(map(str, {row.layer for row in rows if row.layer != AVERAGE}))
    values = {"pool_ids": list(since), "move_ids": made}
    return sql.rows(session, PoolLayer, QUERIES["layers"], values)


def _load_flows(session: Session, history: History) -> None:
    moves = _moves(history.rows)
    ends = sql.rows(session, FlowEnd, QUERIES["flows"], {"move_ids": moves})
    grouped: dict[int, list[FlowEnd]] = defaultdict(list)
    for end in ends:
        grouped[end.flow_id].append(end)
    for flow_id, parts in grouped.items():
        history.flows[flow_id] = flow_from(parts)
        for end in parts:
            if end.side == "in" and end.move_id is not None:
                history.costs[end.move_id] = end.cost or ZERO
            if end.side == "out" and end.move_id is not None:
                history.flow_of[end.move_id] = flow_id


def flow_from(ends: list[FlowEnd]) -> Flow:
    """The pure flow of its rows."""
    return Flow(
        tuple(
            Ingredient(end.move_id or 0, end.item_id or 0, end.quantity)
            for end in ends
            if end.side == "in"
        ),
        sum((end.amount for end in ends if end.side == "overhead"), ZERO),
        tuple(
            Part(end.move_id, end.basis, end.weight, end.amount, end.quantity, end.item_id)
            for end in ends
            if end.side in {"out", "lost"}
        ),
    )


def stocks(session: Session, history: History) -> dict[int, Stock]:
    """The stock of each pool as it was just before its moment."""
    after: dict[tuple[int, int], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for row in history.rows:
        change = after[row.pool_id, row.layer]
        change[0] += row.quantity
        change[1] += row.amount
    found: dict[int, Stock] = {}
    for pool in history.pools.values():
        values = {"pool_id": pool.id, "at": history.since[pool.id]}
        last = sql.value(session, QUERIES["cost_before"], values)
        found[pool.id] = Stock(queued=pool.queued, decimals=pool.decimals, last_cost=last)
        quantity, value = pool.quantity, pool.value
        for layer in (one for one in history.layers if one.pool_id == pool.id):
            quantity, value = quantity - layer.remaining, value - layer.value
            _restore(history, found[pool.id], layer, after[pool.id, layer.move_id])
        averaged = after[pool.id, AVERAGE]
        found[pool.id].add(
            Layer(AVERAGE, Rank(None, AVERAGE), quantity - averaged[0], value - averaged[1])
        )
    return found


def _restore(history: History, stock: Stock, layer: PoolLayer, after: list[Decimal]) -> None:
    """A layer as it was before; those that were made since then are made again."""
    if (layer.pool_id, layer.move_id) not in history.facts:
        rank = Rank(layer.occurred_at, layer.id)
        quantity, value = layer.remaining - after[0], layer.value - after[1]
        stock.add(Layer(layer.move_id, rank, quantity, value))
