"""Production orders on the desk: plan, what became of them, disassembly, consumption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.queries import own_stores
from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.producing import queries
from app.producing.completing import CloseOrder, ReportScrap, close_order, report_scrap
from app.producing.disassembling import Disassemble, disassemble
from app.producing.exports import CONSUMPTION_EXPORT, ORDERS_EXPORT
from app.producing.periods import period_of
from app.producing.planning import CancelOrder, PlanOrder, cancel_order, plan_order
from app.producing.undoing import UndoCompletion, undo_completion
from app.producing.words import ORDER_STATES, WORDS

ALL, OPEN, ALL_STORES = mark("All"), mark("Open"), mark("All stores")


@get("/production-orders", sync_to_thread=True)
def orders_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("produce")
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.orders(session, query, Cursor.read(query.get("cursor")))
    choices = [("", gettext(ALL)), ("open", gettext(OPEN))]
    choices += [(key, gettext(name)) for key, name in ORDER_STATES.items()]
    return page(
        request, "producing/orders.html", **WORDS, listing=listing, query=query, choices=choices
    )


@get("/production-orders/new", sync_to_thread=True)
def new_order_page(
    request: AnyRequest, actor: Actor, item: str = "", quantity: str = ""
) -> Response[bytes]:
    actor.require("production_plan")
    return _plan_form(request, {"item": item, "quantity": quantity})


def _plan_form(
    request: AnyRequest, values: Mapping[str, str], problem: Problem | None = None
) -> Response[bytes]:
    marks = problem.marks if isinstance(problem, InvalidInput) else {}
    return page(
        request,
        "producing/order_form.html",
        status=problem.status if problem else 200,
        values=values,
        problem=problem,
        marks=marks,
    )


@post("/production-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields item, quantity, unit, planned_on, lot_code, supply, output, note."""
    actor.require("production_plan")
    names = ("item", "quantity", "unit", "planned_on", "lot_code", "supply", "output", "note")
    fields: dict[str, Any] = {name: data[name] for name in names if data.get(name)}
    try:
        command = given.read(PlanOrder, fields | {"store_id": actor.working_store_id})
        made = run(database, plan_order, command, envelope(request, data))
    except Problem as problem:
        return _plan_form(request, data, problem)
    return see(f"/production-orders/{made.order_id}")


@get("/production-orders/{order_id:int}", sync_to_thread=True)
def order_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    """What it takes, what it gave, what it costs."""
    actor.require("produce")
    return _order(request, database, actor, order_id)


def _order(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    order_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = queries.order(session, order_id)
    return page(
        request,
        "producing/order.html",
        status=problem.status if problem else 200,
        **WORDS,
        view=view,
        problem=problem,
        costs=actor.can("view_cost"),
    )


@post("/production-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    actor.require("production_plan")
    try:
        run(database, cancel_order, CancelOrder(order_id), envelope(request, data))
    except Problem as problem:
        return _order(request, database, actor, order_id, problem)
    return see(f"/production-orders/{order_id}")


@post("/production-orders/{order_id:int}/closure", sync_to_thread=True)
def close(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Nothing more comes of it."""
    actor.require("produce")
    try:
        run(database, close_order, CloseOrder(order_id), envelope(request, data))
    except Problem as problem:
        return _order(request, database, actor, order_id, problem)
    return see(f"/production-orders/{order_id}")


@post("/production-orders/{order_id:int}/scrap", sync_to_thread=True)
def scrap(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Fields quantity, reason, is_abnormal."""
    actor.require("produce")
    fields = {name: data.get(name, "") for name in ("quantity", "reason")}
    try:
        command = given.read(
            ReportScrap,
            {**fields, "order_id": order_id, "is_abnormal": bool(data.get("is_abnormal"))},
        )
        run(database, report_scrap, command, envelope(request, data))
    except Problem as problem:
        return _order(request, database, actor, order_id, problem)
    return see(f"/production-orders/{order_id}")


@post("/production-orders/{order_id:int}/reversals", sync_to_thread=True)
def undo(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Fields completion_id (the newest where it is left out) and reason."""
    actor.require("undo_production")
    command = UndoCompletion(
        order_id, data.get("reason", "")[:200], number_in(data, "completion_id")
    )
    try:
        run(database, undo_completion, command, envelope(request, data))
    except Problem as problem:
        return _order(request, database, actor, order_id, problem)
    return see(f"/production-orders/{order_id}")


# Disassembly --------------------------------------------------------------------------------------


@get("/producing/disassembly", sync_to_thread=True)
def disassembly_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("produce")
    query = {name: value for name, value in request.query_params.items() if value}
    return _disassembly_form(request, query)


def _disassembly_form(
    request: AnyRequest, values: Mapping[str, str], problem: Problem | None = None
) -> Response[bytes]:
    return page(
        request,
        "producing/disassembly.html",
        status=problem.status if problem else 200,
        values=values,
        problem=problem,
        marks=problem.marks if isinstance(problem, InvalidInput) else {},
    )


@post("/producing/disassembly", sync_to_thread=True)
def take_apart(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Fields item, quantity, unit, lot, location, output, note."""
    actor.require("produce")
    names = ("item", "quantity", "unit", "lot", "location", "output", "note")
    fields: dict[str, Any] = {name: data[name] for name in names if data.get(name)}
    try:
        command = given.read(Disassemble, fields | {"store_id": actor.working_store_id})
        done = run(database, disassemble, command, envelope(request, data))
    except Problem as problem:
        return _disassembly_form(request, data, problem)
    return see(f"/production-orders/{done.order_id}")


# Theoretical and actual consumption ---------------------------------------------------------------


@get("/producing/consumption", sync_to_thread=True)
def consumption_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: first, last, store."""
    actor.require("recipe_read")
    query = dict(request.query_params.items())
    period = period_of(query, actor)
    with database.reading(actor.caller) as session:
        rows = queries.consumption(session, period)
        stores = [(str(store.id), store.name) for store in own_stores(session, actor)]
    return page(
        request,
        "producing/consumption.html",
        rows=rows,
        period=period,
        query=query,
        stores=[("", gettext(ALL_STORES)), *stores],
        costs=actor.can("view_cost"),
        difference=sum(row.difference_amount for row in rows),
    )


handlers: list[ControllerRouterHandler] = [
    orders_page,
    *ORDERS_EXPORT.handlers,
    new_order_page,
    create_order,
    order_page,
    cancel,
    close,
    scrap,
    undo,
    disassembly_page,
    take_apart,
    consumption_page,
    *CONSUMPTION_EXPORT.handlers,
]
