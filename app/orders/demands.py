"""What orders want, and what they would be promised now; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.money import ZERO
from app.orders import planning
from app.orders.planning import Candidate, Demand, Part

QUERIES = sql.Queries.beside(__file__)
_RELEASED = ("confirmed", "in_progress")


@dataclass(frozen=True)
class OrderTerms:
    """What decides the allocation of an order."""

    id: int
    number: str
    store_id: int
    warehouse_id: int | None
    state: str
    priority: int
    due_at: datetime | None
    created_at: datetime
    minimum_days: int
    partial_policy: str
    allocation_rule: str | None
    time_zone: str
    allocation_hours: int

    @property
    def is_released(self) -> bool:
        return self.state in _RELEASED

    @property
    def turn(self) -> tuple[int, bool, datetime, datetime, int]:
        """Who is served first: priority, then what is due, then the older one."""
        due = self.due_at or self.created_at
        return self.priority, self.due_at is None, due, self.created_at, self.id


@dataclass(frozen=True)
class OpenLine:
    """What a line still wants; ``lapsed`` where it must be asked for again."""

    line_id: int
    order_id: int
    item_id: int
    item: str
    factor: Decimal
    whole_packs: bool
    minimum_days: int | None
    picking_rule: str
    wanted: Decimal
    lapsed: bool


def order_terms(
    session: Session, order_ids: Sequence[int], lock: LiteralString = ""
) -> list[OrderTerms]:
    return sql.rows(session, OrderTerms, QUERIES["orders"] + lock, {"order_ids": list(order_ids)})


def open_lines(session: Session, orders: Sequence[OrderTerms]) -> list[OpenLine]:
    """What the released ones of these orders still want."""
    order_ids = [order.id for order in orders if order.is_released]
    return sql.rows(session, OpenLine, QUERIES["open_lines"], {"order_ids": order_ids})


def plan(session: Session, order: OrderTerms, lines: Sequence[OpenLine]) -> list[Part]:
    """What the lines of an order would be promised now; reads only."""
    today = clock.today(order.time_zone)
    known: dict[tuple[int, int], list[Candidate]] = {}
    candidates: dict[int, list[Candidate]] = {}
    for line in lines:
        days = order.minimum_days if line.minimum_days is None else line.minimum_days
        key = line.item_id, days
        if key not in known:
            of_item = [other for other in lines if other.item_id == line.item_id]
            asked = _asked(order, of_item) | {"today": today, "minimum_days": days}
            known[key] = sql.rows(session, Candidate, QUERIES["candidates"], asked)
        candidates[line.line_id] = known[key]
    demands = [_demand(order, line) for line in lines]
    return planning.plan_order(demands, candidates, order.partial_policy)


def _asked(order: OrderTerms, lines: Sequence[OpenLine]) -> dict[str, Any]:
    """Which candidates to read for the lines of one item: all, where the next best may not do."""
    rule = _rule(order, lines[0])
    takes_in_turn = rule != "fewest_stops" and not any(line.whole_packs for line in lines)
    return {
        "item_id": lines[0].item_id,
        "store_id": order.store_id,
        "warehouse_id": order.warehouse_id,
        "rule": rule,
        "enough": sum((line.wanted for line in lines), ZERO) if takes_in_turn else None,
    }


def _demand(order: OrderTerms, line: OpenLine) -> Demand:
    return Demand(line.line_id, line.wanted, _rule(order, line), line.factor, line.whole_packs)


def _rule(order: OrderTerms, line: OpenLine) -> str:
    return order.allocation_rule or line.picking_rule
