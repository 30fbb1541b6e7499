"""Invoices, returns to suppliers and currencies as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from litestar import get, post, put
from litestar.params import QueryParameter

from app.access.actor import Actor
from app.catalog import input as given
from app.catalog.currencies import RateRow, RateSet, SetRate, rates, set_rate
from app.invoicing import open_goods, queries, return_queries
from app.invoicing.forms import counted
from app.invoicing.open_goods import MovementRow, OpenRow
from app.invoicing.pages import READ, WRITE
from app.invoicing.posting import PostInvoice, ReverseInvoice, post_invoice, reverse_invoice
from app.invoicing.returning import (
    CloseReturn,
    OpenReturn,
    ReturnChanged,
    SendBack,
    TakeBack,
    close_return,
    open_return,
    send_back,
    take_back,
)
from app.invoicing.writing import (
    CancelInvoice,
    ChangeInvoice,
    CreateInvoice,
    InvoiceChanged,
    cancel_invoice,
    change_invoice,
    create_invoice,
)
from app.kit.database import Database
from app.kit.problems import Refusal
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope

Body = dict[str, Any]
FromDay = Annotated[str, QueryParameter(name="from", max_length=10)]


@dataclass(frozen=True)
class InvoiceAnswer:
    """An invoice with its lines and what they mean; see ``queries.InvoiceView``."""

    head: queries.InvoiceHead
    lines: list[queries.LineView]
    credit_notes: list[queries.CreditNoteRow]
    refusal: Refusal | None


@get("/supplier-invoices", sync_to_thread=True)
def list_invoices(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.InvoiceRow]:
    """Newest first.  ``state``: draft, posted, reversed or cancelled."""
    actor.require(READ)
    with database.reading(actor.caller) as session:
        wanted = {"state": wanted_state, "text": search}
        return queries.invoices(session, wanted, Cursor.read(cursor, limit))


@get("/supplier-invoices/{invoice_id:int}", sync_to_thread=True)
def show_invoice(database: Database, actor: Actor, invoice_id: int) -> InvoiceAnswer:
    """One invoice: per line the estimate that it reverses and where the difference goes.

    ``refusal`` says why a draft cannot be posted.
    """
    actor.require(READ)
    with database.reading(actor.caller) as session:
        view = queries.invoice(session, invoice_id)
    return InvoiceAnswer(view.head, view.lines, view.credit_notes, Refusal.of(view.refusal))


@post("/supplier-invoices", sync_to_thread=True)
def create(request: AnyRequest, database: Database, actor: Actor, data: Body) -> InvoiceChanged:
    """Fields: supplier, supplier_number, lines (receipt, item, quantity, unit_price, tax_rate,
    kind), and optionally store_id, kind (invoice or credit_note), corrects_id, invoice_on,
    currency, exchange_rate, prices_include_tax, note.
    """
    actor.require(WRITE)
    command = counted(CreateInvoice, {"store_id": actor.working_store_id, **data})
    actor.require_sight(command.store_id)
    return run(database, create_invoice, command, envelope(request))


@put("/supplier-invoices/{invoice_id:int}", sync_to_thread=True)
def change(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: Body
) -> InvoiceChanged:
    """A draft, written anew: fields as of a new one."""
    actor.require(WRITE)
    content = {"store_id": actor.working_store_id, **data}
    command = counted(ChangeInvoice, {"invoice_id": invoice_id, "content": content})
    return run(database, change_invoice, command, envelope(request))


@post("/supplier-invoices/{invoice_id:int}/posting", sync_to_thread=True)
def post_it(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: Body
) -> InvoiceChanged:
    """Field: reason.  ``request_id`` in the answer: it waits for votes."""
    actor.require(WRITE)
    command = given.read(PostInvoice, {**data, "invoice_id": invoice_id})
    return run(database, post_invoice, command, envelope(request))


@post("/supplier-invoices/{invoice_id:int}/reversal", sync_to_thread=True)
def reverse_it(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int, data: Body
) -> InvoiceChanged:
    """Field: reason."""
    actor.require(WRITE)
    command = given.read(ReverseInvoice, {**data, "invoice_id": invoice_id})
    return run(database, reverse_invoice, command, envelope(request))


@post("/supplier-invoices/{invoice_id:int}/cancellation", sync_to_thread=True)
def cancel_it(
    request: AnyRequest, database: Database, actor: Actor, invoice_id: int
) -> InvoiceChanged:
    actor.require(WRITE)
    return run(database, cancel_invoice, CancelInvoice(invoice_id), envelope(request))


@get("/goods-received-not-invoiced", sync_to_thread=True)
def list_open(
    database: Database,
    actor: Actor,
    by: str = "line",
    search: str = "",
    first: FromDay = "",
    to: str = "",
) -> list[OpenRow]:
    """What stands at an estimate.  ``by``: line, receipt, supplier or period; ``from`` and ``to``
    are days of the receipt.  500 rows at most: narrow it down.
    """
    actor.require(READ)
    query = {"by": by, "text": search, "from": first, "to": to}
    with database.reading(actor.caller) as session:
        return open_goods.open_goods(session, query, actor.time_zone)


@get("/goods-received-not-invoiced/movements", sync_to_thread=True)
def list_movements(database: Database, actor: Actor, month: str = "") -> list[MovementRow]:
    """How the estimate moved in a month (``2026-11``), by supplier."""
    actor.require(READ)
    with database.reading(actor.caller) as session:
        select = open_goods.movements({"month": month}, actor.time_zone)
        return open_goods.read_movements(session, select)


@get("/supplier-returns", sync_to_thread=True)
def list_returns(
    database: Database, actor: Actor, cursor: str | None = None, limit: int | None = None
) -> Listing[return_queries.ReturnRow]:
    """Newest first."""
    actor.require("supplier_return")
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        return return_queries.returns(session, Cursor.read(cursor, limit))


@get("/supplier-returns/{return_id:int}", sync_to_thread=True)
def show_return(database: Database, actor: Actor, return_id: int) -> return_queries.ReturnView:
    """One return with its entries, and what may still go back."""
    actor.require("supplier_return")
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        return return_queries.a_return(session, return_id)


@post("/supplier-returns", sync_to_thread=True)
def create_return(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> ReturnChanged:
    """Field: receipt_id."""
    actor.require("supplier_return")
    return run(database, open_return, given.read(OpenReturn, data), envelope(request))


@post("/supplier-returns/{return_id:int}/lines", sync_to_thread=True)
def create_line(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Body
) -> ReturnChanged:
    """Fields: balance_id, quantity, reason; unit_credit of those who see costs."""
    actor.require("supplier_return")
    if "unit_credit" in data:
        actor.require("view_cost")
    command = given.read(SendBack, {**data, "return_id": return_id})
    done = run(database, send_back, command, envelope(request))
    if actor.can("view_cost"):
        return done
    return replace(done, amount=None, credit=None, variance=None)


@post("/supplier-returns/{return_id:int}/lines/{line_id:int}/reversal", sync_to_thread=True)
def reverse_line(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, line_id: int, data: Body
) -> ReturnChanged:
    """Field: reason."""
    actor.require("supplier_return")
    command = given.read(TakeBack, {**data, "return_id": return_id, "line_id": line_id})
    return run(database, take_back, command, envelope(request))


@post("/supplier-returns/{return_id:int}/closure", sync_to_thread=True)
def close(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Body
) -> ReturnChanged:
    """Field: note."""
    actor.require("supplier_return")
    command = given.read(CloseReturn, {**data, "return_id": return_id})
    return run(database, close_return, command, envelope(request))


@get("/currencies", sync_to_thread=True)
def list_rates(database: Database, actor: Actor) -> list[RateRow]:
    """Every rate: company currency per unit, from a day on."""
    actor.require(READ)
    with database.reading(actor.caller) as session:
        return rates(session)


@post("/currencies", sync_to_thread=True)
def create_rate(request: AnyRequest, database: Database, actor: Actor, data: Body) -> RateSet:
    """Fields: currency, valid_from, rate."""
    actor.require("currency_write")
    return run(database, set_rate, given.read(SetRate, data), envelope(request))


router = api(
    [
        list_invoices, show_invoice, create, change, post_it, reverse_it, cancel_it,
        list_open, list_movements, list_returns, show_return, create_return, create_line,
        reverse_line, close, list_rates, create_rate,
    ],
    tag="Supplier invoices",
)  # fmt: skip
