"""Whole orders from a file: choose it, look at what is wrong, take the orders in.

Nothing is kept between the two steps: the page of the check carries the cells that were read.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, envelope, page, see
from app.selling import order_files
from app.selling.columns import ORDERS
from app.selling.commands import ImportOrders, content_hash, importing
from app.selling.order_files import OrdersFile
from app.selling.words import WORDS
from app.spreadsheets.template import template
from app.spreadsheets.web import SPREADSHEET, FileForm, file_answer, uploaded

FILE_BYTES = 16 << 20


@get("/sales-orders/imports", sync_to_thread=True)
def import_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("sales_order_write")
    return _page(request, None)


@get("/sales-orders/imports/template", sync_to_thread=True)
def orders_template(actor: Actor) -> Response[bytes]:
    """An XLSX of whole orders to fill in, in the visitor's language."""
    actor.require("sales_order_write")
    return file_answer(template(ORDERS), "saoku-sales-orders.xlsx", SPREADSHEET)


@post("/sales-orders/imports/checks", sync_to_thread=True, request_max_body_size=FILE_BYTES)
def check_orders(
    request: AnyRequest, database: Database, actor: Actor, data: FileForm
) -> Response[bytes]:
    """Field ``file``.  Nothing is saved."""
    actor.require("sales_order_write")
    store_id = actor.working_store_id
    try:
        name, content = uploaded(request, data)
        with database.reading(actor.caller) as session:
            found = order_files.check_file(session, store_id, name, content)
    except Problem as problem:
        return _page(request, None, problem)
    return _page(request, found)


@post("/sales-orders/imports", sync_to_thread=True, request_max_body_size=FILE_BYTES)
def import_orders(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``content`` (of the check), ``file_name``, ``skip_bad``, ``release``."""
    actor.require("sales_order_write")
    content, store_id = data.get("content", ""), actor.working_store_id
    command = ImportOrders(
        store_id,
        data.get("file_name", "")[-200:],
        content_hash(content),
        skip_bad=bool(data.get("skip_bad")),
        release=bool(data.get("release")),
    )
    try:
        made = run(database, importing(content), command, envelope(request, data))
    except Problem as problem:
        return _again(request, database, actor, data, problem)
    return see(f"/sales-orders?imported={len(made.orders)}&skipped={len(made.skipped)}")


def _again(
    request: AnyRequest, database: Database, actor: Actor, data: Form, problem: Problem
) -> Response[bytes]:
    """The check once more, with what was refused."""
    try:
        with database.reading(actor.caller) as session:
            content = data.get("content", "")
            found = order_files.check_content(session, actor.working_store_id, content)
    except Problem:
        found = None
    return _page(request, found, problem, data.get("file_name", ""))


def _page(
    request: AnyRequest,
    found: OrdersFile | None,
    problem: Problem | None = None,
    file_name: str = "",
) -> Response[bytes]:
    return page(
        request,
        "selling/import.html",
        status=problem.status if problem else 200,
        **WORDS,
        found=found,
        file_name=found.file_name or file_name if found else file_name,
        problem=problem,
        columns=ORDERS,
    )


handlers: list[ControllerRouterHandler] = [
    import_page,
    orders_template,
    check_orders,
    import_orders,
]
