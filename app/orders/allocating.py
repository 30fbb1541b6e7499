"""Promising stock to sales orders, and taking promises back.

Orders are locked first (by id), then the items that are planned for, then balances (by key).  Who
plans for an item of a store does so alone, so two orders never plan with the same goods; a plan is
made anew where a mover of goods was faster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Promise, Released
from app.ledger.problems import StockTaken
from app.orders.answers import Allocated, LineAllocated
from app.orders.demands import QUERIES, OpenLine, OrderTerms, open_lines, order_terms, plan
from app.orders.planning import Part
from app.orders.telling import tell_blocked, tell_unblocked

LINE_KIND = "sales_order_line"
MOST_WAITING = 200
MOST_STALE = 500
_PLANS = 3


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
    lock_items(session, {(store_id, item_id) for item_id in item_ids})
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
    answers = _serve(session, _waiting_orders(session, asked), free)
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
    sql.execute(session, QUERIES["lock_items_of_lines"], asked)
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
    """Take back promises that have lapsed, the oldest 500, but none of work that is going on.

    Their lines get no other promise until somebody asks.
    """
    asked = {
        "store_id": store_id,
        "item_ids": list(item_ids) if item_ids is not None else None,
        "but_not": list(but_not),
        "most": MOST_STALE,
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


def _allocate(
    session: Session, orders: Sequence[OrderTerms], lines: Sequence[OpenLine]
) -> list[Allocated]:
    """One order after the other."""
    of_order = _by_order(lines)
    wanting = [order for order in orders if of_order[order.id]]
    stores = {order.id: order.store_id for order in orders}
    lock_items(session, {(stores[line.order_id], line.item_id) for line in lines})
    return [
        _allocate_order(session, order, of_order[order.id], of_order[order.id]) for order in wanting
    ]


def _waiting_orders(session: Session, asked: dict[str, Any]) -> list[OrderTerms]:
    """Lock them, but for those that somebody works on; in the order in which they are served."""
    waiting = sql.rows(session, _Id, QUERIES["waiting_orders"], asked)
    order_ids = [order.id for order in waiting]
    found = order_terms(session, order_ids, " for no key update of sales_order skip locked")
    return sorted(found, key=lambda order: order_ids.index(order.id))


def _serve(
    session: Session, orders: Sequence[OrderTerms], free: dict[int, Decimal]
) -> list[Allocated]:
    """One waiting order after the other, until nothing of these items is left.

    Only their lines of these items, for which the caller alone plans now.  An order that ships as a
    whole needs its other items too, and is passed over where somebody else plans for one of them:
    waiting for them here could be waiting for each other.
    """
    of_order = _by_order(open_lines(session, orders))
    answers: list[Allocated] = []
    for order in orders:
        lines = of_order[order.id]
        if order.partial_policy != "whole_order":
            lines = [line for line in lines if line.item_id in free and not line.lapsed]
        elif any(line.lapsed for line in lines) or not _try_items(session, order, lines):
            continue
        answers.append(_allocate_order(session, order, lines, of_order[order.id]))
        if not _is_left(free, answers[-1]):
            break
    return answers


def _by_order(lines: Sequence[OpenLine]) -> dict[int, list[OpenLine]]:
    of_order: dict[int, list[OpenLine]] = defaultdict(list)
    for line in lines:
        of_order[line.order_id].append(line)
    return of_order


def _is_left(free: dict[int, Decimal], allocated: Allocated) -> bool:
    """Note what an order took; whether anything is left for the next one."""
    for line in allocated.lines:
        if line.item_id in free:
            free[line.item_id] -= line.quantity
    return any(left > 0 for left in free.values())


def lock_items(session: Session, keys: set[tuple[int, int]]) -> None:
    """Wait until nobody else plans for these (store, item) pairs.

    Who changes balances and lets waiting orders have them in the same transaction calls it before:
    the allocator locks items first and balances second.
    """
    if keys:
        sql.execute(session, QUERIES["lock_items"], {"keys": _item_keys(keys)})


def _try_items(session: Session, order: OrderTerms, lines: Sequence[OpenLine]) -> bool:
    keys = {(order.store_id, line.item_id) for line in lines}
    return sql.value(session, QUERIES["try_items"], {"keys": _item_keys(keys)})


def _item_keys(keys: set[tuple[int, int]]) -> list[str]:
    return [f"{store_id} {item_id}" for store_id, item_id in sorted(keys)]


def _allocate_order(
    session: Session, order: OrderTerms, lines: list[OpenLine], every: list[OpenLine]
) -> Allocated:
    """Promise what there is to ``lines``; the answer says of ``every`` line what it misses."""
    for attempt in range(1, _PLANS + 1):
        parts = _plan(session, order, lines)
        try:
            _promise(session, order, parts)
        except StockTaken:
            if attempt == _PLANS:
                raise
        else:
            return _answer(order, every, parts)
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
