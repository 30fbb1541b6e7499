"""Sales orders for people: list, create, look, change, release, cancel, close short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog.problems import InvalidInput
from app.kit.database import Database
from app.kit.forms import (
    Form,
    number_in,
)
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, envelope, page, see
from app.orders import commands as c
from app.orders.problems import SalesOrderFixed
from app.selling import queries
from app.selling.columns import LINES
from app.selling.commands import PlaceOrder, place_order
from app.selling.exports import DEFAULT_STATE, EXPORTS
from app.selling.forms import (
    lines_of_text,
    order_of,
    terms_in,
    values_of,
)
from app.selling.line_files import Preview, preview_file, preview_text
from app.selling.words import WORDS
from app.spreadsheets.problems import NoFile
from app.spreadsheets.template import template
from app.spreadsheets.web import SPREADSHEET, FileForm, file_answer, uploaded

EMPTY_FORM = {"prices_include_tax": "yes", "exchange_rate": "1", "priority": "5"}
FILE_BYTES = 8 << 20
"""Of a file of order lines: an order has 2,000 of them at most."""


@get("/sales-orders", sync_to_thread=True)
def orders_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: state, readiness, text, from, to; ``imported`` and ``skipped`` after an import."""
    actor.require("sales_order_read")
    query = {name: value for name, value in request.query_params.items() if value}
    query.setdefault("state", DEFAULT_STATE)
    told = {name: number_in(query, name) or 0 for name in ("imported", "skipped")}
    query = {name: value for name, value in query.items() if name not in told}
    with database.reading(actor.caller) as session:
        listing = queries.orders(session, query, Cursor.read(query.get("cursor")))
    return page(request, "selling/orders.html", **WORDS, listing=listing, query=query, told=told)


@get("/sales-orders/new", sync_to_thread=True)
def new_order_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("sales_order_write")
    return _form(request, database, actor, EMPTY_FORM)


@get("/sales-orders/{order_id:int}/form", sync_to_thread=True)
def order_form_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    """A draft in the form that it was made with."""
    actor.require("sales_order_write")
    with database.reading(actor.caller) as session:
        order = queries.order(session, order_id)
    if order.head.state != "draft":
        raise SalesOrderFixed(order.head.number, order.head.state)
    values = values_of(order.head, order.lines)
    return _form(request, database, actor, values | {"order_id": str(order_id)})


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, str],
    problem: Problem | None = None,
    shown: Preview | None = None,
) -> Response[bytes]:
    order_id = number_in(values, "order_id")
    with database.reading(actor.caller) as session:
        head = queries.order_head(session, order_id) if order_id else None
        store_id = head.store_id if head else actor.working_store_id
        offered = queries.choices(session, store_id)
    marks = problem.marks if isinstance(problem, InvalidInput) else {}
    return page(
        request,
        "selling/order_form.html",
        status=problem.status if problem else 200,
        **WORDS,
        values=dict(values),
        order=head,
        offered=offered,
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


@post("/sales-orders/previews", sync_to_thread=True, request_max_body_size=FILE_BYTES)
def preview_lines(
    request: AnyRequest, database: Database, actor: Actor, data: FileForm
) -> Response[bytes]:
    """The form again, with what is wrong with each line of ``file``, or of the box without one."""
    actor.require("sales_order_write")
    values = {name: value for name, value in data.items() if isinstance(value, str)}
    try:
        found = _read_lines(request, database, actor, data)
    except Problem as problem:
        return _form(request, database, actor, values, problem)
    return _form(request, database, actor, values | {"lines": found.text}, shown=found)


def _read_lines(
    request: AnyRequest, database: Database, actor: Actor, data: dict[str, Any]
) -> Preview:
    try:
        name, content = uploaded(request, data)
    except NoFile:
        box = str(data.get("lines", ""))
        if not box.strip():
            raise
        with database.reading(actor.caller) as session:
            return preview_text(session, box)
    with database.reading(actor.caller) as session:
        return preview_file(session, name, content)


@get("/sales-orders/template", sync_to_thread=True)
def download_template(actor: Actor) -> Response[bytes]:
    """An XLSX of order lines to fill in, in the visitor's language."""
    actor.require("sales_order_write")
    return file_answer(template(LINES), "saoku-sales-lines.xlsx", SPREADSHEET)


@post("/sales-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """The form; its lines are pasted text, or come from a file into the same box."""
    actor.require("sales_order_write")
    try:
        fields = _fields(data, actor.time_zone)
        fields |= {"store_id": actor.working_store_id, "number": data.get("number", "")}
        order = order_of(c.CreateOrder, fields)
        command = PlaceOrder(order, release=data.get("release") == "yes")
        made = run(database, place_order, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, data, problem)
    return see(f"/sales-orders/{made.order_id}")


def _fields(data: Mapping[str, str], zone: str) -> dict[str, Any]:
    return terms_in(data, zone) | {"lines": lines_of_text(data.get("lines", ""))}


@post("/sales-orders/{order_id:int}/form", sync_to_thread=True)
def change_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """The draft anew, as the form says."""
    actor.require("sales_order_write")
    with database.reading(actor.caller) as session:
        zone = queries.order_head(session, order_id).time_zone
    try:
        fields = _fields(data, zone) | {"order_id": order_id}
        command = order_of(c.ChangeOrder, fields)
        run(database, c.change_order, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, {**data, "order_id": str(order_id)}, problem)
    return see(f"/sales-orders/{order_id}")


@get("/sales-orders/{order_id:int}", sync_to_thread=True)
def order_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    actor.require("sales_order_read")
    with database.reading(actor.caller) as session:
        order = queries.order(session, order_id)
    return page(request, "selling/order.html", **WORDS, order=order)


@post("/sales-orders/{order_id:int}/release", sync_to_thread=True)
def release_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Field ``reason``, for those who have to approve.  The page says what it waits for."""
    actor.require("sales_order_release")
    command = c.ReleaseOrder(order_id, data.get("reason", "")[:300])
    run(database, c.release_order, command, envelope(request, data))
    return see(f"/sales-orders/{order_id}")


@post("/sales-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    actor.require("sales_order_write")
    run(database, c.cancel_order, c.CancelOrder(order_id), envelope(request, data))
    return see(f"/sales-orders/{order_id}")


@post("/sales-orders/{order_id:int}/closure", sync_to_thread=True)
def close_short(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Form
) -> Response[Any]:
    """Fields ``reason`` and, for one line only, ``line_id``."""
    actor.require("sales_order_write")
    command = c.CloseOrderShort(order_id, data.get("reason", ""), number_in(data, "line_id"))
    run(database, c.close_order_short, command, envelope(request, data))
    return see(f"/sales-orders/{order_id}")


handlers: list[ControllerRouterHandler] = [
    orders_page,
    *(handler for export in EXPORTS for handler in export.handlers),
    new_order_page,
    order_form_page,
    preview_lines,
    download_template,
    create_order,
    change_order,
    order_page,
    release_order,
    cancel_order,
    close_short,
]
