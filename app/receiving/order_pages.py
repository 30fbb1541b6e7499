"""Purchase orders for supervisors: list, create, look, confirm, cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.receiving import commands as c
from app.receiving import queries
from app.receiving.exports import DEFAULT_STATE, EXPORTS
from app.receiving.forms import (
    lines_of_text,
)
from app.receiving.order_files import LINES, Preview, preview
from app.receiving.words import WORDS
from app.spreadsheets.template import template
from app.spreadsheets.web import SPREADSHEET, FileForm, file_answer, uploaded

EMPTY_FORM = {"prices_include_tax": "yes", "exchange_rate": "1"}
FILE_BYTES = 8 << 20
"""Of a file of order lines: an order has 2,000 of them at most."""


@get("/purchase-orders", sync_to_thread=True)
def orders_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("purchase_order_read")
    query = {name: value for name, value in request.query_params.items() if value}
    query.setdefault("state", DEFAULT_STATE)
    with database.reading(actor.caller) as session:
        listing = queries.orders(session, query, Cursor.read(query.get("cursor")))
    return page(request, "receiving/orders.html", **WORDS, listing=listing, query=query)


@get("/purchase-orders/new", sync_to_thread=True)
def new_order_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("purchase_order_write")
    return _form(request, database, actor, EMPTY_FORM)


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, str],
    problem: Problem | None = None,
    shown: Preview | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        suppliers = queries.suppliers(session)
    marks = problem.marks if isinstance(problem, InvalidInput) else {}
    return page(
        request,
        "receiving/order_form.html",
        status=problem.status if problem else 200,
        **WORDS,
        values=dict(values),
        suppliers=suppliers,
        problem=problem,
        marks=marks,
        line_marks=_line_marks(marks),
        preview=shown,
        columns=LINES,
    )


def _line_marks(marks: Mapping[str, str]) -> list[tuple[str, str]]:
    """(line number, what is wrong) of the marks of lines, in the order of the form."""
    found = [name.split(".") for name in marks if name.startswith("lines.")]
    return [(parts[1], marks[".".join(parts)]) for parts in found]


@post("/purchase-orders/previews", sync_to_thread=True, request_max_body_size=FILE_BYTES)
def preview_lines(
    request: AnyRequest, database: Database, actor: Actor, data: FileForm
) -> Response[bytes]:
    """The form again with the lines of ``file`` in its box, and what is wrong with each of them."""
    actor.require("purchase_order_write")
    values = {name: value for name, value in data.items() if isinstance(value, str)}
    try:
        name, content = uploaded(request, data)
        with database.reading(actor.caller) as session:
            found = preview(session, name, content)
    except Problem as problem:
        return _form(request, database, actor, values, problem)
    return _form(request, database, actor, values | {"lines": found.text}, shown=found)


@get("/purchase-orders/template", sync_to_thread=True)
def download_template(actor: Actor) -> Response[bytes]:
    """An XLSX of order lines to fill in, in the visitor's language."""
    actor.require("purchase_order_write")
    return file_answer(template(LINES), "saoku-order-lines.xlsx", SPREADSHEET)


@post("/purchase-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """The form; its lines are pasted text, or come from a file into the same box."""
    actor.require("purchase_order_write")
    try:
        command = given.read(c.CreatePurchaseOrder, _fields(data, actor.working_store_id))
        made = run(database, c.create_purchase_order, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, data, problem)
    return see(f"/purchase-orders/{made.order_id}")


def _fields(data: Mapping[str, str], store_id: int) -> dict[str, Any]:
    names = ("supplier", "number", "currency", "note")
    fields: dict[str, Any] = {name: data.get(name, "") for name in names}
    return fields | {
        "store_id": store_id,
        "exchange_rate": data.get("exchange_rate") or "1",
        "expected_on": data.get("expected_on") or None,
        "prices_include_tax": bool(data.get("prices_include_tax")),
        "confirm": data.get("confirm") == "yes",
        "lines": lines_of_text(data.get("lines", "")),
    }


@get("/purchase-orders/{order_id:int}", sync_to_thread=True)
def order_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    actor.require("purchase_order_read")
    with database.reading(actor.caller) as session:
        order = queries.order(session, order_id)
    return page(request, "receiving/order.html", **WORDS, order=order, costs=actor.can("view_cost"))


@post("/purchase-orders/{order_id:int}/confirmation", sync_to_thread=True)
def confirm_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    actor.require("purchase_order_write")
    command = c.ConfirmPurchaseOrder(order_id)
    run(database, c.confirm_purchase_order, command, envelope(request, data))
    return see(f"/purchase-orders/{order_id}")


@post("/purchase-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    actor.require("purchase_order_write")
    command = c.CancelPurchaseOrder(order_id)
    run(database, c.cancel_purchase_order, command, envelope(request, data))
    return see(f"/purchase-orders/{order_id}")


@post("/purchase-orders/{order_id:int}/lines", sync_to_thread=True)
def change_lines(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """The draft's lines anew, pasted like those of a new order."""
    actor.require("purchase_order_write")
    fields = {"order_id": order_id, "lines": lines_of_text(data.get("lines", ""))}
    command = given.read(c.ChangeOrderLines, fields)
    run(database, c.change_order_lines, command, envelope(request, data))
    return see(f"/purchase-orders/{order_id}")


handlers: list[ControllerRouterHandler] = [
    orders_page,
    *(handler for export in EXPORTS for handler in export.handlers),
    new_order_page,
    preview_lines,
    download_template,
    create_order,
    order_page,
    confirm_order,
    cancel_order,
    change_lines,
]
