"""The screens of suppliers' invoices: write one over what is open, look, post, take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog.form_page import marks_of
from app.invoicing import open_goods, queries
from app.invoicing.exports import EXPORTS
from app.invoicing.forms import (
    begun,
    counted,
    invoice_fields,
    line_marks,
    numbers_of,
    places_of,
    values_of,
)
from app.invoicing.posting import PostInvoice, ReverseInvoice, post_invoice, reverse_invoice
from app.invoicing.problems import InvoiceFixed
from app.invoicing.words import WORDS
from app.invoicing.writing import (
    CancelInvoice,
    ChangeInvoice,
    CreateInvoice,
    cancel_invoice,
    change_invoice,
    create_invoice,
)
from app.kit.database import Database
from app.kit.forms import ManyForm, number_in
from app.kit.problems import Gone, Problem
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, envelope, page, see

READ, WRITE = "supplier_invoice_read", "supplier_invoice_write"


@get("/invoices", sync_to_thread=True)
def invoices_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Query: state, kind, text."""
    actor.require(READ)
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = queries.invoices(session, query, Cursor.read(query.get("cursor")))
    return page(request, "invoicing/invoices.html", **WORDS, listing=listing, query=query)


@get("/invoices/open", sync_to_thread=True)
def open_goods_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Goods received and not invoiced.  Query: by, text, from, to."""
    actor.require(READ)
    query = {name: value for name, value in request.query_params.items() if value}
    query.setdefault("by", "receipt")
    with database.reading(actor.caller) as session:
        rows = open_goods.open_goods(session, query, actor.time_zone)
    return page(
        request, "invoicing/open_goods.html", **WORDS, rows=rows, query=query,
        may_write=actor.can(WRITE),
    )  # fmt: skip


@get("/invoices/open/movements", sync_to_thread=True)
def movements_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """How the estimate moved in a month, by supplier.  Query: month (2026-11)."""
    actor.require(READ)
    query = {name: value for name, value in request.query_params.items() if value}
    zone = actor.time_zone
    query["month"] = f"{open_goods.month_of(query, zone):%Y-%m}"
    select = open_goods.movements(query, zone)
    with database.reading(actor.caller) as session:
        rows = open_goods.read_movements(session, select)
    return page(request, "invoicing/movements.html", **WORDS, rows=rows, query=query)


@get("/invoices/new", sync_to_thread=True)
def new_invoice_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Over what is open.  Query: receipt (several), supplier; kind credit_note, corrects_id."""
    actor.require(WRITE)
    query = request.query_params
    credit = query.get("kind") == "credit_note"
    numbers = [one for text in query.getall("receipt", []) for one in numbers_of(text)]
    with database.reading(actor.caller) as session:
        rows = queries.offered(
            session,
            actor.working_store_id,
            numbers=numbers,
            supplier=query.get("supplier", ""),
            credit=credit,
        )
    kind = "credit_note" if credit else "invoice"
    more = {"kind": kind, "corrects_id": query.get("corrects_id", "")}
    return _form(request, database, actor, {**begun(rows, credit=credit), **more})


@post("/invoices", sync_to_thread=True)
def create_invoice_page(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    """Fields: kind, supplier, supplier_number, invoice_on, currency, exchange_rate,
    prices_include_tax, note; per row receipt.1, item.1, quantity.1, unit_price.1, tax_rate.1.
    """
    actor.require(WRITE)
    try:
        fields = {**invoice_fields(data), "store_id": actor.working_store_id}
        command = counted(CreateInvoice, fields)
        done = run(database, create_invoice, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, data, problem)
    return see(f"/invoices/{done.invoice_id}")


@get("/invoices/{invoice_id:int}", sync_to_thread=True)
def invoice_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int
) -> Response[bytes]:
    """An invoice: of a draft what posting would do, line by line."""
    actor.require(READ)
    return _invoice(request, database, actor, invoice_id)


@get("/invoices/{invoice_id:int}/form", sync_to_thread=True)
def invoice_form_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int
) -> Response[bytes]:
    """A draft in the form that it was made with."""
    actor.require(WRITE)
    with database.reading(actor.caller) as session:
        view = queries.invoice(session, invoice_id)
    if view.head.state != "draft":
        raise InvoiceFixed(number=view.head.number, state=view.head.state)
    return _form(request, database, actor, values_of(view), invoice_id=invoice_id)


@post("/invoices/{invoice_id:int}", sync_to_thread=True)
def change_invoice_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: ManyForm
) -> Response[Any]:
    """Fields as of a new invoice."""
    actor.require(WRITE)
    try:
        content = {**invoice_fields(data), "store_id": actor.working_store_id}
        command = counted(ChangeInvoice, {"invoice_id": invoice_id, "content": content})
        run(database, change_invoice, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _form(request, database, actor, data, problem, invoice_id)
    return see(f"/invoices/{invoice_id}")


@post("/invoices/{invoice_id:int}/posting", sync_to_thread=True)
def post_invoice_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: ManyForm
) -> Response[Any]:
    """Field: reason (for those who approve a changed price)."""
    actor.require(WRITE)
    command = PostInvoice(invoice_id, str(data.get("reason", "")))
    return _done(request, database, actor, (post_invoice, command, data))


@post("/invoices/{invoice_id:int}/reversal", sync_to_thread=True)
def reverse_invoice_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: ManyForm
) -> Response[Any]:
    """Field: reason."""
    actor.require(WRITE)
    command = ReverseInvoice(invoice_id, str(data.get("reason", "")))
    return _done(request, database, actor, (reverse_invoice, command, data))


@post("/invoices/{invoice_id:int}/cancellation", sync_to_thread=True)
def cancel_invoice_page(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: ManyForm
) -> Response[Any]:
    actor.require(WRITE)
    return _done(request, database, actor, (cancel_invoice, CancelInvoice(invoice_id), data))


# ---- Behind them -------------------------------------------------------------------------------


def _done(
    request: AnyRequest, database: Database, actor: Actor, asked: tuple[Any, Any, dict[str, Any]]
) -> Response[Any]:
    """Run a command on an invoice: its page follows, with what was refused if anything."""
    handler, command, data = asked
    try:
        done = run(database, handler, command, envelope(request, data))
    except Gone:
        raise
    except Problem as problem:
        return _invoice(request, database, actor, command.invoice_id, problem)
    if done.request_id is not None:
        return see(f"/approvals/{done.request_id}")
    return see(f"/invoices/{command.invoice_id}")


def _invoice(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    invoice_id: int,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        view = queries.invoice(session, invoice_id)
    return page(
        request,
        "invoicing/invoice.html",
        status=problem.status if problem else 200,
        **WORDS,
        view=view,
        head=view.head,
        problem=problem or view.refusal,
        may_write=actor.can(WRITE),
    )


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, Any],
    problem: Problem | None = None,
    invoice_id: int | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        offered = queries.suppliers(session)
    marks = marks_of(request, problem)
    return page(
        request,
        "invoicing/invoice_form.html",
        status=problem.status if problem else 200,
        **WORDS,
        values=dict(values),
        suppliers=offered,
        problem=problem,
        marks=marks,
        line_marks=line_marks(marks, values),
        places=places_of(values),
        credit=values.get("kind") == "credit_note",
        invoice_id=invoice_id or number_in(values, "invoice_id"),
    )


handlers: list[ControllerRouterHandler] = [
    invoices_page,
    open_goods_page,
    movements_page,
    *[handler for one in EXPORTS for handler in one.handlers],
    new_invoice_page,
    create_invoice_page,
    invoice_page,
    invoice_form_page,
    change_invoice_page,
    post_invoice_page,
    reverse_invoice_page,
    cancel_invoice_page,
]
