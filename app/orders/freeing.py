"""Allocation as people ask for it: give an order what there is, take a promise away, plan anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.ledger.allocations import Released
from app.orders import problems
from app.orders.allocating import (
    allocate_orders,
    allocate_waiting,
    lock_orders,
    release_lines,
    release_stale,
)
from app.orders.answers import Allocated, LineReleased
from app.orders.permitting import permit

QUERIES = sql.Queries(Path(__file__).with_name("freeing.sql"))


@dataclass(frozen=True)
class AllocateOrders:
    """Promise these orders what there is; orders that want nothing are passed over."""

    order_ids: list[int]


@dataclass(frozen=True)
class ReleaseAllocation:
    """Take back what is promised to a line and still lies on its shelf.

    ``balance_id`` and ``quantity`` (base units) narrow it.  Those who wait get it, first of all
    ``for_order_id``; the line itself gets no other promise until somebody asks.
    """

    line_id: int
    balance_id: int | None = None
    quantity: Decimal | None = None
    for_order_id: int | None = None


@dataclass(frozen=True)
class Reallocate:
    """Plan a line anew: what it has on shelves goes back and the best of all there is comes."""

    line_id: int


@dataclass(frozen=True)
class AllocateWaiting:
    """What the job asks for: orders that wait for these items of a store get what came in."""

    store_id: int
    item_ids: list[int]


@dataclass(frozen=True)
class ReleaseStale:
    """What the job asks for: promises that lapsed go to others."""


@dataclass(frozen=True)
class StaleReleased:
    """How many lines gave something back, and who got it."""

    line_ids: list[int] = field(default_factory=list[int])
    served: list[Allocated] = field(default_factory=list[Allocated])


@dataclass(frozen=True)
class _Line:
    id: int
    order_id: int
    store_id: int
    item_id: int
    item: str
    number: str
    state: str
    allocated: Decimal
    picked: Decimal
    shipped: Decimal
    short_reason: str | None


def allocate(session: Session, command: AllocateOrders, envelope: Envelope) -> list[Allocated]:
    """Allocate by order or by batch: by priority, due time and age.

    Raises:
        NoSuchSalesOrder, CapabilityMissing.
        NotReleased, NothingWanted, NothingAvailable: of a single order; in a batch the answer says
            what each one misses.
        StockTaken.
    """
    orders = lock_orders(session, command.order_ids)
    if len(orders) < len(set(command.order_ids)) or not orders:
        raise problems.NoSuchSalesOrder
    for store_id in sorted({order.store_id for order in orders}):
        permit(session, envelope, store_id, "allocate")
    answers = allocate_orders(session, envelope, [order.id for order in orders])
    if len(orders) == 1:
        if not orders[0].is_released:
            raise problems.NotReleased(orders[0].number, orders[0].state)
        _refuse_nothing(orders[0].number, answers)
    return answers


def release_allocation(
    session: Session, command: ReleaseAllocation, envelope: Envelope
) -> LineReleased:
    """Free stock that a line was promised.

    Raises:
        NoSuchSalesLine, CapabilityMissing, QuantityNotPositive.
        GoodsPicked: all of it is on a cart or waits for the lorry.
        NothingPromised: there is no such promise any more.
    """
    line = _line(session, envelope, command.line_id)
    released = release_lines(
        session, [line.id], balance_id=command.balance_id, quantity=command.quantity, lapse=True
    )
    if not released:
        raise _nothing_released(line)
    served = allocate_waiting(
        session, envelope, line.store_id, [line.item_id],
        first=command.for_order_id, but_not=[line.order_id],
    )  # fmt: skip
    return LineReleased(line.order_id, line.id, _sum(released), served)


def reallocate(session: Session, command: Reallocate, envelope: Envelope) -> Allocated:
    """Plan a line anew, with its whole order.

    Raises:
        NoSuchSalesLine, CapabilityMissing, NotReleased, LineClosed, NothingWanted,
        NothingAvailable, StockTaken.
    """
    line = _line(session, envelope, command.line_id)
    if line.state not in ("confirmed", "in_progress"):
        raise problems.NotReleased(line.number, line.state)
    if line.short_reason is not None:
        raise problems.LineClosed(number=line.number)
    release_lines(session, [line.id])
    answers = allocate_orders(session, envelope, [line.order_id])
    _refuse_nothing(line.number, answers)
    return answers[0]


def allocate_arrivals(
    session: Session, command: AllocateWaiting, envelope: Envelope
) -> list[Allocated]:
    """Orders that wait get what receipts and put-away have brought."""
    return allocate_waiting(session, envelope, command.store_id, command.item_ids)


def release_lapsed(
    session: Session,
    command: ReleaseStale,  # noqa: ARG001 - it says all by being there
    envelope: Envelope,
) -> StaleReleased:
    """Promises that have lapsed are taken back and go to those that wait."""
    line_ids = sorted({part.line_id for part in release_stale(session)})
    asked = {"line_ids": line_ids}
    served: list[Allocated] = []
    for freed in sql.rows(session, _Freed, QUERIES["items_of_lines"], asked):
        served += allocate_waiting(session, envelope, freed.store_id, freed.item_ids)
    return StaleReleased(line_ids, served)


# ---- Behind them ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Freed:
    store_id: int
    item_ids: list[int]


def _line(session: Session, envelope: Envelope, line_id: int) -> _Line:
    line = sql.one(session, _Line, QUERIES["lock_line"], {"line_id": line_id})
    if line is None:
        raise problems.NoSuchSalesLine
    permit(session, envelope, line.store_id, "allocate")
    return line


def _refuse_nothing(number: str, answers: list[Allocated]) -> None:
    """A person asked for one order: no answer at all, or no goods at all, is a refusal."""
    if not answers:
        raise problems.NothingWanted(number=number)
    if not answers[0].is_anything:
        missing = answers[0].lines[0]
        raise problems.NothingAvailable(
            number=number,
            wanted=plain(missing.short),
            item=missing.item,
            why=f"order_line_id={missing.line_id}",
        )


def _nothing_released(line: _Line) -> problems.GoodsPicked | problems.NothingPromised:
    why = f"order_line_id={line.id}"
    if line.picked > line.shipped:
        picked = plain(line.picked - line.shipped)
        return problems.GoodsPicked(picked, line.item, line.number, why)
    return problems.NothingPromised(line.number, why)


def _sum(released: list[Released]) -> Decimal:
    return sum((part.quantity for part in released), Decimal(0))
