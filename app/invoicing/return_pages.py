"""The screens of returns to suppliers: scan the receipt, then what goes back."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.catalog import input as given
from app.invoicing import paper, problems, return_queries
from app.invoicing.exports import RETURN_EXPORTS
from app.invoicing.return_queries import Returnable, ReturnView
from app.invoicing.returning import (
    CloseReturn,
    OpenReturn,
    SendBack,
    TakeBack,
    close_return,
    open_return,
    receipt_of_code,
    send_back,
    take_back,
)
from app.invoicing.words import WORDS
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, envelope, page, pdf, see
from app.scanning.meanings import ItemMeaning, LocationMeaning, LotMeaning, Meaning
from app.scanning.resolver import asked, resolve, shown

MAY = "supplier_return"


@get("/supplier-returns", sync_to_thread=True)
def returns_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every return, newest first."""
    actor.require(MAY)
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = return_queries.returns(session, Cursor.read(query.get("cursor")))
    return page(request, "invoicing/returns.html", **WORDS, listing=listing, query=query)


@post("/supplier-returns/scans", sync_to_thread=True)
def scan_receipt(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """The code of a receipt, an order or a carton: go on with its return, or begin one."""
    actor.require(MAY)
    code = data.get("code", "")
    key = asked(code).key
    with database.reading(actor.caller) as session:
        number = key.number or key.text.upper()
        receipt_id = receipt_of_code(session, number, key.sscc, shown(code))
    done = run(database, open_return, OpenReturn(receipt_id), envelope(request, data))
    return see(f"/supplier-returns/{done.return_id}")


@post("/supplier-returns", sync_to_thread=True)
def open_return_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Field: receipt_id."""
    actor.require(MAY)
    command = OpenReturn(number_in(data, "receipt_id") or 0)
    done = run(database, open_return, command, envelope(request, data))
    return see(f"/supplier-returns/{done.return_id}")


@get("/supplier-returns/{return_id:int}", sync_to_thread=True)
def return_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int
) -> Response[bytes]:
    """The scan screen of a return; with goods chosen (``balance_id``), the form that books them."""
    actor.require(MAY)
    with database.reading(actor.caller) as session:
        view = return_queries.a_return(session, return_id)
    return page(
        request,
        "invoicing/return.html",
        **WORDS,
        view=view,
        head=view.head,
        chosen=view.chosen(number_in(request.query_params, "balance_id")),
        costs=actor.can("view_cost"),
    )


@get("/supplier-returns/{return_id:int}/note.pdf", sync_to_thread=True)
def return_note_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int
) -> Response[bytes]:
    """The note that goes with the goods, on A4; its QR opens the return."""
    actor.require(MAY)
    address = f"{str(request.base_url).rstrip('/')}/supplier-returns/{return_id}"
    with database.reading(actor.caller) as session:
        note = paper.return_note(session, return_id, address, actor.name, actor.time_zone)
    return pdf(paper.printed(note), note.number)


@post("/supplier-returns/{return_id:int}/scans", sync_to_thread=True)
def scan_goods(database: Database, actor: Actor, return_id: int, data: Form) -> Response[Any]:
    """Goods or their place choose what goes back: nothing is booked yet."""
    actor.require(MAY)
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
        view = return_queries.a_return(session, return_id)
    row = _row_of(view, meaning, code)
    return see(f"/supplier-returns/{return_id}?balance_id={row.balance_id}")


def _row_of(view: ReturnView, meaning: Meaning, code: str) -> Returnable:
    """Raises NotOfReceipt."""
    match meaning:
        case ItemMeaning(item=item, lot=lot):
            rows = [row for row in view.returnable if row.item_id == item.id]
            rows = [row for row in rows if not lot or row.lot_code == lot]
        case LotMeaning(lot=lot):
            rows = [row for row in view.returnable if row.lot_id == lot.id]
        case LocationMeaning(id=location_id):
            rows = [row for row in view.returnable if row.location_id == location_id]
        case _:
            rows = []
    if not rows:
        raise problems.NotOfReceipt(given=shown(code))
    return max(rows, key=lambda row: row.left)


@post("/supplier-returns/{return_id:int}/lines", sync_to_thread=True)
def send_back_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Form
) -> Response[Any]:
    """Fields: balance_id, quantity, reason, other (a reason in one's own words), unit_credit."""
    actor.require(MAY)
    fields = {
        "return_id": return_id,
        "balance_id": number_in(data, "balance_id") or 0,
        "quantity": data.get("quantity", ""),
        "reason": data.get("other") or data.get("reason", ""),
        "unit_credit": (data.get("unit_credit") or None) if actor.can("view_cost") else None,
    }
    run(database, send_back, given.read(SendBack, fields), envelope(request, data))
    return see(f"/supplier-returns/{return_id}")


@post("/supplier-returns/{return_id:int}/lines/{line_id:int}/reversal", sync_to_thread=True)
def take_back_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, line_id: int, data: Form
) -> Response[Any]:
    """Field: reason."""
    actor.require(MAY)
    command = TakeBack(return_id, line_id, data.get("reason", ""))
    run(database, take_back, command, envelope(request, data))
    return see(f"/supplier-returns/{return_id}")


@post("/supplier-returns/{return_id:int}/closure", sync_to_thread=True)
def close_return_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Form
) -> Response[Any]:
    """Everything is booked; field: note."""
    actor.require(MAY)
    command = CloseReturn(return_id, data.get("note", ""))
    run(database, close_return, command, envelope(request, data))
    return see("/supplier-returns")


handlers: list[ControllerRouterHandler] = [
    returns_page,
    scan_receipt,
    open_return_page,
    return_page,
    return_note_page,
    *[handler for one in RETURN_EXPORTS for handler in one.handlers],
    scan_goods,
    send_back_page,
    take_back_page,
    close_return_page,
]
