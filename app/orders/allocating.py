"""Promising stock to sales orders, and taking promises back.

Orders are locked first (by id), then the items that are planned for, then balances (by key).  Who
plans for an item of a store does so alone, so two orders never plan with the same goods; a plan is
made anew where a mover of goods was faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Promise, Released
from app.ledger.problems import StockTaken
from app.orders import planning
from app.orders.answers import Allocated, LineAllocated
from app.orders.planning import Candidate, Demand, Part
from app.orders.telling import tell_blocked, tell_unblocked

LINE_KIND = "sales_order_line"
QUERIES = sql.Queries.beside(__file__)
MOST_WAITING = 200
_PLANS = 3
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


def allocate_orders(
    session: Session, envelope: Envelope, order_ids: Sequence[int]
) -> list[Allocated]:
    """Promise these orders what there is: by priority, due time and age.

    Orders that are not released, or that want nothing, are left out of the answer.  Lines whose
    promise had lapsed take part: somebody asks for them.

    Raises:
        StockTaken: goods were moved away again and again while this was planned.
    """
    orders = sorted(lock_orders(session, order_ids), key=lambda order: order.turn)
    answers = _allocate(session, orders, open_lines(session, orders))
    stores = {order.id: order.store_id for order in orders}
    for allocated in answers:
        if not allocated.is_complete:
            tell_blocked(session, envelope, stores[allocated.order_id], allocated)
    return answers


def allocate_waiting(
    session: Session,
    envelope: Envelope,
    store_id: int,
    item_ids: Sequence[int],
    *,
    first: int | None = None,
    but_not: Sequence[int] = (),
) -> list[Allocated]:
    """Stock of these items has become free: promise it to the released orders that wait for it.

    To be called in the transaction that frees it.  An order that somebody works on at this moment
    is passed over; the job that runs every minute comes back to it.

    Args:
        first: the order that goes before all others.
        but_not: orders that must not have it, such as the one that it was taken from.

    Returns:
        The orders that got something.
    """
    free = _free(session, store_id, item_ids)
    if not free:
        return []
    asked = {
        "store_id": store_id,
        "item_ids": list(item_ids),
        "first": first,
        "but_not": list(but_not),
        "most": MOST_WAITING,
    }
    waiting = sql.rows(session, _Id, QUERIES["waiting_orders"], asked)
    order_ids = [order.id for order in waiting]
    found = order_terms(session, order_ids, " for no key update of sales_order skip locked")
    place = {order_id: place for place, order_id in enumerate(order_ids)}
    orders = sorted(found, key=lambda order: place[order.id])
    lines = [line for line in open_lines(session, orders) if not line.lapsed]
    answers = _allocate(session, orders, lines, free)
    served = [allocated for allocated in answers if allocated.is_anything]
    for allocated in served:
        if allocated.is_complete:
            tell_unblocked(session, envelope, store_id, allocated)
    return served


def release_lines(
    session: Session,
    line_ids: Sequence[int],
    *,
    balance_id: int | None = None,
    quantity: Decimal | None = None,
    lapse: bool = False,
) -> list[Released]:
    """Take back what is promised to lines and still lies on its shelf; the newest promise first.

    Open stops of picks follow.  What is on a cart or waits for the lorry stays promised until it
    is put back.  The caller decides who gets it: ``allocate_waiting``.

    Args:
        quantity: at most so much, of all the lines together; None takes all.
        lapse: the lines get no other promise until somebody asks.
    """
    asked = {"line_ids": list(line_ids), "balance_id": balance_id}
    seen = sql.rows(session, allocations.Part, QUERIES["shelved_promises"], asked)
    allocations.lock_balances(session, [part.balance_id for part in seen])
    # Read again: what was seen may have been picked before its balance was locked.
    parts = sql.rows(session, allocations.Part, QUERIES["shelved_promises"], asked)
    return _give_back(session, allocations.newest(parts, quantity), lapse=lapse)


def release_stale(
    session: Session,
    *,
    store_id: int | None = None,
    item_ids: Sequence[int] | None = None,
    but_not: Sequence[int] = (),
) -> list[Released]:
    """Take back promises that have lapsed, but of work that is going on.

    Their lines get no other promise until somebody asks.
    """
    asked = {
        "store_id": store_id,
        "item_ids": list(item_ids) if item_ids is not None else None,
        "but_not": list(but_not),
    }
    seen = sql.rows(session, allocations.Part, QUERIES["stale_promises"], asked)
    if not seen:
        return []
    allocations.lock_balances(session, [part.balance_id for part in seen])
    parts = sql.rows(session, allocations.Part, QUERIES["stale_promises"], asked)
    return _give_back(session, parts, lapse=True)


def lock_orders(session: Session, order_ids: Sequence[int]) -> list[OrderTerms]:
    """Lock orders by id; those of stores that the caller doesn't see are not found."""
    return order_terms(session, order_ids, " for no key update of sales_order")


# ---- Planning and promising -------------------------------------------------------------------


@dataclass(frozen=True)
class _Id:
    id: int


@dataclass(frozen=True)
class _Free:
    item_id: int
    free: Decimal


def order_terms(
    session: Session, order_ids: Sequence[int], lock: LiteralString = ""
) -> list[OrderTerms]:
    return sql.rows(session, OrderTerms, QUERIES["orders"] + lock, {"order_ids": list(order_ids)})


def open_lines(session: Session, orders: Sequence[OrderTerms]) -> list[OpenLine]:
    """What the released ones of these orders still want."""
    order_ids = [order.id for order in orders if order.is_released]
    return sql.rows(session, OpenLine, QUERIES["open_lines"], {"order_ids": order_ids})


def _allocate(
    session: Session,
    orders: Sequence[OrderTerms],
    lines: Sequence[OpenLine],
    free: dict[int, Decimal] | None = None,
) -> list[Allocated]:
    """One order after the other; with ``free``, until nothing of these items is left."""
    of_order: dict[int, list[OpenLine]] = defaultdict(list)
    for line in lines:
        of_order[line.order_id].append(line)
    wanting = [order for order in orders if of_order[order.id]]
    wanted = {(order.store_id, line.item_id) for order in wanting for line in of_order[order.id]}
    lock_items(session, wanted)
    answers: list[Allocated] = []
    for order in wanting:
        answers.append(_allocate_order(session, order, of_order[order.id]))
        if free is not None and not _is_left(free, answers[-1]):
            break
    return answers


def _is_left(free: dict[int, Decimal], allocated: Allocated) -> bool:
    """Note what an order took; whether anything is left for the next one."""
    for line in allocated.lines:
        if line.item_id in free:
            free[line.item_id] -= line.quantity
    return any(left > 0 for left in free.values())


def lock_items(session: Session, keys: set[tuple[int, int]]) -> None:
    """Whoever plans what these items (store, item) are promised to was before, or waits."""
    names = [f"{store_id} {item_id}" for store_id, item_id in sorted(keys)]
    if names:
        sql.execute(session, QUERIES["lock_items"], {"keys": names})


def _allocate_order(session: Session, order: OrderTerms, lines: list[OpenLine]) -> Allocated:
    for attempt in range(1, _PLANS + 1):
        parts = _plan(session, order, lines)
        try:
            _promise(session, order, parts)
        except StockTaken:
            if attempt == _PLANS:
                raise
        else:
            return _answer(order, lines, parts)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _plan(session: Session, order: OrderTerms, lines: list[OpenLine]) -> list[Part]:
    """What there is; where that is too little, promises to others that have lapsed are taken."""
    parts = plan(session, order, lines)
    short = _short_items(lines, parts)
    if short and release_stale(
        session, store_id=order.store_id, item_ids=short, but_not=[order.id]
    ):
        return plan(session, order, lines)
    return parts


def plan(session: Session, order: OrderTerms, lines: Sequence[OpenLine]) -> list[Part]:
    """What the lines of an order would be promised now; reads only."""
    today = clock.today(order.time_zone)
    known: dict[tuple[int, int], list[Candidate]] = {}
    candidates: dict[int, list[Candidate]] = {}
    for line in lines:
        days = order.minimum_days if line.minimum_days is None else line.minimum_days
        key = line.item_id, days
        if key not in known:
            known[key] = _candidates(session, order, line.item_id, today, days)
        candidates[line.line_id] = known[key]
    demands = [_demand(order, line) for line in lines]
    return planning.plan_order(demands, candidates, order.partial_policy)


def _candidates(
    session: Session, order: OrderTerms, item_id: int, today: date, days: int
) -> list[Candidate]:
    asked = {
        "item_id": item_id,
        "store_id": order.store_id,
        "warehouse_id": order.warehouse_id,
        "today": today,
        "minimum_days": days,
    }
    return sql.rows(session, Candidate, QUERIES["candidates"], asked)


def _demand(order: OrderTerms, line: OpenLine) -> Demand:
    return Demand(
        line.line_id,
        line.wanted,
        order.allocation_rule or line.picking_rule,
        line.factor,
        line.whole_packs,
    )


def _promise(session: Session, order: OrderTerms, parts: Sequence[Part]) -> None:
    expires_at = clock.now() + timedelta(hours=order.allocation_hours)
    promises = [
        Promise(LINE_KIND, part.line_id, order.store_id, part.balance_id, part.quantity, expires_at)
        for part in parts
    ]
    allocations.promise(session, promises)
    if parts:
        sql.execute(session, QUERIES["add_allocated"], _columns(parts))


def _answer(order: OrderTerms, lines: Sequence[OpenLine], parts: Sequence[Part]) -> Allocated:
    got: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        got[part.line_id] += part.quantity
    return Allocated(
        order.id,
        order.number,
        [
            LineAllocated(
                line.line_id, line.item_id, line.item, got[line.line_id],
                line.wanted - got[line.line_id],
            )
            for line in lines
        ],
    )  # fmt: skip


def _short_items(lines: Sequence[OpenLine], parts: Sequence[Part]) -> list[int]:
    got: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        got[part.line_id] += part.quantity
    return sorted({line.item_id for line in lines if got[line.line_id] < line.wanted})


def _free(session: Session, store_id: int, item_ids: Sequence[int]) -> dict[int, Decimal]:
    """What orders of the store could take at most, by item; nothing for an item without any."""
    zone = sql.value(session, QUERIES["zone_of_store"], {"store_id": store_id})
    if zone is None or not item_ids:
        return {}
    asked = {"store_id": store_id, "item_ids": list(item_ids), "today": clock.today(zone)}
    found = sql.rows(session, _Free, QUERIES["free_of_items"], asked)
    return {free.item_id: free.free for free in found}


# ---- Taking back ------------------------------------------------------------------------------


def _give_back(
    session: Session, parts: Sequence[allocations.Part], *, lapse: bool
) -> list[Released]:
    released = allocations.give_back(session, parts)
    if released:
        columns: dict[str, Any] = _columns(released)
        sql.execute(session, QUERIES["take_allocated"], columns | {"lapse": lapse})
        columns["balance_ids"] = [part.balance_id for part in released]
        sql.execute(session, QUERIES["follow_tasks"], columns)
    return released


def _columns(parts: Sequence[Part] | Sequence[Released]) -> dict[str, list[Any]]:
    return {
        "line_ids": [part.line_id for part in parts],
        "quantities": [part.quantity for part in parts],
    }
