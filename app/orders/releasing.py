"""The way of an order: released for picking, cancelled, closed short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.approvals.asking import Ask, Subject, Title, Waiting, ask
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import plain
from app.kit.transactions import Envelope
from app.ledger.allocations import Released
from app.orders import problems
from app.orders.allocating import allocate_orders, allocate_waiting, release_lines
from app.orders.answers import Allocated, OrderChanged
from app.orders.permitting import permit
from app.orders.progress import close_when_done

QUERIES = sql.Queries(Path(__file__).with_name("releasing.sql"))
LONGEST_REASON = 200
RELEASE = mark("Release sales order {order} of {customer} over {amount}")


@dataclass(frozen=True)
class ReleaseOrder:
    """Let stock go to an order.  ``reason`` is for those who have to approve it."""

    order_id: int
    reason: str = ""


@dataclass(frozen=True)
class CancelOrder:
    """Nothing of the order is wanted any more."""

    order_id: int


@dataclass(frozen=True)
class CloseOrderShort:
    """What is not picked will not be delivered; ``line_id`` None closes every open line."""

    order_id: int
    reason: str
    line_id: int | None = None


@dataclass(frozen=True)
class _Order:
    id: int
    number: str
    store_id: int
    state: str
    customer: str
    customer_name: str
    amount: Decimal
    currency: str
    region: str
    allocate_on_release: bool


@dataclass(frozen=True)
class _Lines:
    line_count: int
    discount_rate: Decimal
    shipped: Decimal
    fingerprint: str


@dataclass(frozen=True)
class _Line:
    id: int
    item_id: int
    quantity: Decimal
    allocated: Decimal
    picked: Decimal
    shipped: Decimal
    short_reason: str | None


def release_order(session: Session, command: ReleaseOrder, envelope: Envelope) -> OrderChanged:
    """Make a draft an order that is picked, and promise it what there is (company policy).

    Where a policy wants it approved first, the answer has ``approval_id`` and nothing else happens.

    Raises:
        NoSuchSalesOrder, CapabilityMissing, SalesOrderFixed, NoSalesLines.
        ChangedUnderneath: it is not what was approved any more.
    """
    order = _locked(session, envelope, command.order_id, "sales_order_release")
    if order.state != "draft":
        raise problems.SalesOrderFixed(order.number, order.state)
    lines = _summary(session, order)
    if not lines.line_count:
        raise problems.NoSalesLines
    waiting = _ask(session, envelope, command, order, lines)
    if waiting:
        return OrderChanged(order.id, order.number, "draft", approval_id=waiting.request_id)
    sql.execute(session, QUERIES["release"], {"order_id": order.id})
    allocated = None
    if order.allocate_on_release:
        allocated = next(iter(allocate_orders(session, envelope, [order.id])), None)
    return OrderChanged(order.id, order.number, "confirmed", allocated=allocated)


def cancel_order(session: Session, command: CancelOrder, envelope: Envelope) -> OrderChanged:
    """End an order of which nothing was shipped; what was promised to it goes to others.

    Goods that are on a cart or wait for the lorry stay promised until somebody puts them back:
    the picker hears of it at the next scan.

    Raises:
        NoSuchSalesOrder, CapabilityMissing, SalesOrderClosed.
        PartShipped: close the rest short instead.
    """
    order = _locked(session, envelope, command.order_id, "sales_order_write")
    if order.state in ("done", "cancelled"):
        raise problems.SalesOrderClosed(order.number, order.state)
    if _summary(session, order).shipped:
        raise problems.PartShipped(number=order.number)
    lines = _lines(session, order)
    released = release_lines(session, [line.id for line in lines])
    sql.execute(session, QUERIES["cancel"], {"order_id": order.id})
    served = _serve_others(session, envelope, order, lines, released)
    return OrderChanged(order.id, order.number, "cancelled", served=served)


def close_order_short(
    session: Session, command: CloseOrderShort, envelope: Envelope
) -> OrderChanged:
    """Give up what is not picked yet; with all the rest shipped the order is done.

    Raises:
        NoSuchSalesOrder, NoSuchSalesLine, CapabilityMissing, ShortReasonMissing.
        NotReleased: a draft is changed, not closed short.
        NothingWanted: the line has all that it wants.
    """
    reason = " ".join(command.reason.split())[:LONGEST_REASON]
    if not reason:
        raise problems.ShortReasonMissing
    order = _locked(session, envelope, command.order_id, "sales_order_write")
    if order.state not in ("confirmed", "in_progress"):
        raise problems.NotReleased(order.number, order.state)
    lines = _to_close(session, order, command.line_id)
    line_ids = [line.id for line in lines]
    released = release_lines(session, line_ids)
    sql.execute(session, QUERIES["close_short"], {"line_ids": line_ids, "reason": reason})
    is_done = close_when_done(session, order.id)
    served = _serve_others(session, envelope, order, lines, released)
    state = "done" if is_done else order.state
    return OrderChanged(order.id, order.number, state, served=served)


# ---- Behind them ------------------------------------------------------------------------------


def _locked(session: Session, envelope: Envelope, order_id: int, capability: str) -> _Order:
    order = sql.one(session, _Order, QUERIES["lock_order"], {"order_id": order_id})
    if order is None:
        raise problems.NoSuchSalesOrder
    permit(session, envelope, order.store_id, capability)
    return order


def _summary(session: Session, order: _Order) -> _Lines:
    found = sql.one(session, _Lines, QUERIES["summary"], {"order_id": order.id})
    assert found is not None, "a sum without its row"
    return found


def _lines(session: Session, order: _Order) -> list[_Line]:
    return sql.rows(session, _Line, QUERIES["lines"], {"order_id": order.id})


def _to_close(session: Session, order: _Order, line_id: int | None) -> list[_Line]:
    """The lines that are closed short now."""
    lines = _lines(session, order)
    chosen = [line for line in lines if line_id in (None, line.id)]
    if not chosen:
        raise problems.NoSuchSalesLine
    wanting = [line for line in chosen if line.short_reason is None and line.picked < line.quantity]
    if not wanting:
        raise problems.NothingWanted(number=order.number)
    return wanting


def _ask(
    session: Session, envelope: Envelope, command: ReleaseOrder, order: _Order, lines: _Lines
) -> Waiting | None:
    facts: dict[str, Any] = {
        "order": order.number,
        "customer": order.customer,
        "amount": order.amount,
        "discount_rate": lines.discount_rate,
        "currency": order.currency,
        "region": order.region,
        "line_count": lines.line_count,
        "content": lines.fingerprint,
    }
    values = {
        "order": order.number,
        "customer": order.customer_name,
        "amount": plain(order.amount),
    }
    asked = Ask(
        kind="order_release",
        facts=facts,
        command=command,
        handler=release_order,
        subject=Subject("sales_order", order.id, f"/sales-orders/{order.id}"),
        store_id=order.store_id,
        reason=command.reason,
        title=Title(RELEASE, values),
    )
    return ask(session, envelope, asked)


def _serve_others(
    session: Session,
    envelope: Envelope,
    order: _Order,
    lines: Sequence[_Line],
    released: Sequence[Released],
) -> list[Allocated]:
    """What an order gave back is promised to those that wait for it."""
    gave = {part.line_id for part in released}
    items = sorted({line.item_id for line in lines if line.id in gave})
    return allocate_waiting(session, envelope, order.store_id, items, but_not=[order.id])
