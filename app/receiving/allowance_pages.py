"""Asking for more of an order to come in than its tolerance."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see
from app.receiving.allowance import AllowMore, allow_more, lines_with, sums
from app.receiving.order_problems import NoSuchOrder


@get("/purchase-orders/{order_id:int}/allowances/new", sync_to_thread=True)
def new_allowance_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    """The refusal of an over-receipt leads here, with ``item_id`` and ``total``."""
    actor.require("receive")
    return _form(request, database, actor, order_id, dict(request.query_params))


@post("/purchase-orders/{order_id:int}/allowances", sync_to_thread=True)
def ask_for_more(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Fields ``item_id``, ``total`` (in base units) and ``reason``."""
    actor.require("receive")
    try:
        command = given.from_form(AllowMore, data, order_id=order_id)
        allowed = run(database, allow_more, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, order_id, data, problem)
    if allowed.request_id is not None:
        return see(f"/approvals/{allowed.request_id}")
    return see(f"/purchase-orders/{order_id}")


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    order_id: int,
    values: dict[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        lines = lines_with(session, order_id, number_in(values, "item_id") or 0)
    if not lines:
        raise NoSuchOrder
    limit, ordered = sums(lines)
    return page(
        request,
        "receiving/allowance.html",
        status=problem.status if problem else 200,
        problem=problem,
        marks=problem.marks if isinstance(problem, InvalidInput) else {},
        order_id=order_id,
        line=lines[0],
        limit=limit,
        ordered=ordered,
        values=values,
    )


handlers: list[ControllerRouterHandler] = [new_allowance_page, ask_for_more]
