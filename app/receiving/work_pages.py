"""What can be received, opening a receipt, its lines, its end and its paper."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.i18n import current_language
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import envelope, page, pdf, see
from app.receiving import commands as c
from app.receiving import problems, queries
from app.receiving.note import goods_received_note
from app.receiving.pages import SCREEN
from app.receiving.words import WORDS
from app.scanning.meanings import (
    DocumentMeaning,
    ItemMeaning,
    LotMeaning,
    Meaning,
    PartnerMeaning,
)
from app.scanning.resolver import resolve, shown
from printing.documents import goods_received_note_pdf


@get("/receiving", sync_to_thread=True)
def receiving_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Open receipts and orders of the store; ``item`` and ``partner`` narrow the orders."""
    actor.require("receive")
    query = request.query_params
    with database.reading(actor.caller) as session:
        work = queries.open_work(
            session,
            actor.working_store_id,
            actor.user_id,
            item_id=number_in(query, "item"),
            partner_id=number_in(query, "partner"),
        )
    narrowed = bool(query.get("item") or query.get("partner"))
    return page(request, "receiving/work.html", **WORDS, work=work, narrowed=narrowed)


@post("/receiving/scans", sync_to_thread=True)
def find_work(database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Go to what was scanned: a receipt, an order, the orders of an item or a supplier."""
    actor.require("receive")
    code = data.get("code", "")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
        return see(_whither(meaning, code))


def _whither(meaning: Meaning, code: str) -> str:
    match meaning:
        case DocumentMeaning(kind="receipt", id=receipt_id):
            return f"/receiving/{receipt_id}"
        case DocumentMeaning(kind="purchase_order", id=order_id):
            return f"/receiving/orders/{order_id}"
        case ItemMeaning(item=item) | LotMeaning(item=item):
            return f"/receiving?item={item.id}"
        case PartnerMeaning(id=partner_id):
            return f"/receiving?partner={partner_id}"
        case _:
            raise problems.UnknownCode(raw=shown(code), barcode="")


@get("/receiving/orders/{order_id:int}", sync_to_thread=True)
def start_page(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> Response[bytes]:
    """An order about to be received: what it expects, and the button that starts."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        order = queries.order(session, order_id)
    return page(request, "receiving/start.html", **WORDS, order=order)


@post("/receiving/receipts", sync_to_thread=True)
def open_receipt(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Open or go on with the receipt of ``order_id``; without one, a receipt without an order."""
    actor.require("receive")
    order_id = number_in(data, "order_id")
    store = None if order_id else actor.working_store_id
    command = c.OpenReceipt(order_id, store)
    opened = run(database, c.open_receipt, command, envelope(request, data))
    return see(f"/receiving/{opened.receipt_id}")


@get("/receiving/{receipt_id:int}/lines", sync_to_thread=True)
def lines_page(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int
) -> Response[bytes]:
    """All lines, with the ways to note damaged and missing goods."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        view = queries.receipt(session, receipt_id, rows=2_000)
    return page(request, "receiving/lines.html", **WORDS, view=view)


@get("/receiving/{receipt_id:int}/lines/{place:str}", sync_to_thread=True)
def line_page(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, place: str
) -> Response[bytes]:
    """One line: damaged and missing goods.  ``place`` is the order line's id, or ``i`` + item."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        view = queries.receipt(session, receipt_id, rows=2_000)
    row = next((row for row in view.rows if _place(row) == place), None)
    if row is None:
        raise problems.NoSuchReceipt
    return page(request, "receiving/line.html", **WORDS, view=view, row=row)


def _place(row: queries.Row) -> str:
    return str(row.order_line_id) if row.order_line_id is not None else f"i{row.item_id}"


@post("/receiving/{receipt_id:int}/damages", sync_to_thread=True)
def record_damaged(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    actor.require("receive")
    command = c.RecordDamaged(
        receipt_id, number_in(data, "item_id") or 0, data.get("quantity", ""), _reason(data)
    )
    try:
        run(database, c.record_damaged, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, receipt_id, problem)
    return see(f"/receiving/{receipt_id}")


@post("/receiving/{receipt_id:int}/shortages", sync_to_thread=True)
def record_short(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    actor.require("receive")
    line_id = number_in(data, "order_line_id") or 0
    command = c.RecordShort(receipt_id, line_id, _reason(data), closes=bool(data.get("closes")))
    try:
        run(database, c.record_short, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, receipt_id, problem)
    return see(f"/receiving/{receipt_id}")


def _reason(data: Form) -> str:
    """The written reason, else the chosen one."""
    return data.get("other_reason", "").strip() or data.get("reason", "")


@get("/receiving/{receipt_id:int}/closure", sync_to_thread=True)
def closing_page(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int
) -> Response[bytes]:
    """What is missing, and whether it stays open."""
    actor.require("receive")
    with database.reading(actor.caller) as session:
        view = queries.receipt(session, receipt_id, rows=2_000)
    missing = [row for row in view.rows if row.expected is not None and not row.is_done]
    return page(request, "receiving/closing.html", **WORDS, view=view, missing=missing)


@post("/receiving/{receipt_id:int}/closure", sync_to_thread=True)
def close_receipt(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int, data: Form
) -> Response[Any]:
    actor.require("receive")
    missing = "short" if data.get("missing") == "short" else "open"
    command = c.CloseReceipt(receipt_id, missing, _reason(data))
    try:
        run(database, c.close_receipt, command, envelope(request, data))
    except Problem as problem:
        return SCREEN.refusal(request, receipt_id, problem)
    return see(f"/receiving/{receipt_id}")


@get("/receiving/{receipt_id:int}/note.pdf", sync_to_thread=True)
def note_pdf(
    request: AnyRequest, database: Database, actor: Actor, receipt_id: int
) -> Response[bytes]:
    """The goods-received note (收货单); amounts only for those who may see cost."""
    actor.require("receive")
    with database.reading(actor.caller) as session, visit_of(request).speaking():
        address = str(request.base_url).rstrip("/") + f"/receiving/{receipt_id}"
        note = goods_received_note(
            session, receipt_id, address=address, with_costs=actor.can("view_cost"),
            printed_by=actor.name,
        )  # fmt: skip
        language = "en" if current_language() == "en" else "zh"
    return pdf(goods_received_note_pdf(note, language), note.number)


handlers: list[ControllerRouterHandler] = [
    receiving_page,
    find_work,
    start_page,
    open_receipt,
    lines_page,
    line_page,
    record_damaged,
    record_short,
    closing_page,
    close_receipt,
    note_pdf,
]
