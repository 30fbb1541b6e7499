"""The screen of charges that are expected with a purchase order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog.form_page import marks_of
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, envelope, page, see
from app.landing.estimates import (
    EstimateCharges,
    charges_of_order,
    estimate_charges,
    order_head,
)
from app.landing.forms import counted, estimate_values, expected_in
from app.landing.words import CHARGE_NAMES, WORDS


@get("/landing/orders/{order_id:int}", sync_to_thread=True)
def estimates_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    """What freight and the like will probably add to an order's goods."""
    actor.require("landed_cost_read")
    return _page(request, database, actor, order_id)


@post("/landing/orders/{order_id:int}", sync_to_thread=True)
def estimate_charges_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Per charge kind.1, amount.1, basis.1, currency.1, rate.1; they replace what was expected."""
    actor.require("landed_cost_write")
    try:
        fields = {"order_id": order_id, "charges": expected_in(data)}
        command = counted(EstimateCharges, fields)
        run(database, estimate_charges, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _page(request, database, actor, order_id, data, problem)
    return see(f"/landing/orders/{order_id}")


def _page(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    order_id: int,
    data: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        order, charges = order_head(session, order_id), charges_of_order(session, order_id)
    return page(
        request,
        "landing/estimates.html",
        status=problem.status if problem else 200,
        **WORDS,
        order=order,
        charges=charges,
        values=dict(data) if data is not None else estimate_values(charges),
        places=range(1, len(CHARGE_NAMES) + 1),
        problem=problem,
        marks=marks_of(request, problem),
        may_write=actor.can("landed_cost_write") and order.is_open,
    )


handlers: list[ControllerRouterHandler] = [estimates_page, estimate_charges_page]
