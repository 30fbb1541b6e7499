"""Promising stock to orders and taking it back, by buttons of these and other screens.

A screen that has such a button says in ``return_to`` where its person wants to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from litestar import Response, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog.values import number
from app.kit.database import Database
from app.kit.forms import (
    Form,
    ManyForm,
    number_in,
    numbers_in,
)
from app.kit.transactions import run
from app.kit.web import AnyRequest, envelope, see
from app.ledger.problems import QuantityNotPositive
from app.orders import commands as c
from app.selling import queries
from app.selling.problems import NoOrderNamed, NothingTicked, TooManyTicked

MOST_TICKED = 100


@post("/sales-orders/allocation", sync_to_thread=True)
def allocate(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Fields ``order_id``, or ``line_id`` (its order; with ``anew`` the line is planned afresh)."""
    actor.require("allocate")
    line_id, order_id = number_in(data, "line_id"), number_in(data, "order_id")
    with database.reading(actor.caller) as session:
        order_id = queries.order_of_line(session, line_id) if line_id else order_id
    if order_id is None:
        raise NoOrderNamed
    if line_id and data.get("anew"):
        run(database, c.reallocate, c.Reallocate(line_id), envelope(request, data))
    else:
        command = c.AllocateOrders([order_id])
        run(database, c.allocate, command, envelope(request, data))
    return _back(data, order_id)


@post("/sales-orders/allocations", sync_to_thread=True)
def allocate_ticked(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """The orders ticked in the list (``order``, several times), by priority, due time and age."""
    actor.require("allocate")
    order_ids = numbers_in(data, "order")
    if not order_ids:
        raise NothingTicked
    if len(order_ids) > MOST_TICKED:
        raise TooManyTicked(most=MOST_TICKED)
    run(database, c.allocate, c.AllocateOrders(order_ids), envelope(request, data))
    return see(str(data.get("return_to") or "/sales-orders"))


@post("/sales-orders/allocations/release", sync_to_thread=True)
def release_allocation(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``line_id``; optionally ``balance_id``, ``quantity`` (base units) and
    ``for_order_id``, the order that comes first.
    """
    actor.require("allocate")
    line_id = number_in(data, "line_id")
    if line_id is None:
        raise NoOrderNamed
    command = c.ReleaseAllocation(
        line_id, number_in(data, "balance_id"), _quantity(data), number_in(data, "for_order_id")
    )
    released = run(database, c.release_allocation, command, envelope(request, data))
    return _back(data, released.order_id)


def _quantity(data: Mapping[str, str]) -> Decimal | None:
    text = data.get("quantity", "").strip()
    if not text:
        return None
    try:
        return number(text)
    except ValueError:
        raise QuantityNotPositive from None


def _back(data: Mapping[str, str], order_id: int) -> Response[None]:
    return see(data.get("return_to") or f"/sales-orders/{order_id}")


handlers: list[ControllerRouterHandler] = [allocate, allocate_ticked, release_allocation]
