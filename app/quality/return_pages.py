"""The screens of customer returns: scan the order, then each thing that is back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.quality import problems, return_queries
from app.quality.forms import (
    text_in,
)
from app.quality.return_queries import Returnable, ReturnView
from app.quality.returning import (
    CloseReturn,
    OpenReturn,
    ReturnGoods,
    TakeReturnBack,
    close_return,
    open_return,
    order_of_code,
    return_goods,
    take_return_back,
)
from app.quality.words import WORDS
from app.scanning.meanings import ItemMeaning, LocationMeaning, LotMeaning, Meaning
from app.scanning.resolver import asked, resolve, shown


@get("/returns", sync_to_thread=True)
def returns_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Every return, newest first."""
    actor.require("customer_return")
    query = {name: value for name, value in request.query_params.items() if value}
    with database.reading(actor.caller) as session:
        listing = return_queries.returns(session, Cursor.read(query.get("cursor")))
    return page(request, "quality/returns.html", **WORDS, listing=listing, query=query)


@post("/returns/scans", sync_to_thread=True)
def scan_order(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """The code of an order, a shipment or a carton: go on with its return, or begin one."""
    actor.require("customer_return")
    code = text_in(data, "code")
    key = asked(code).key
    with database.reading(actor.caller) as session:
        order_id = order_of_code(session, key.number or key.text.upper(), key.sscc, shown(code))
    done = run(database, open_return, OpenReturn(order_id), envelope(request, data))
    return see(f"/returns/{done.return_id}")


@post("/returns", sync_to_thread=True)
def open_return_page(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Field: order_id."""
    actor.require("customer_return")
    command = OpenReturn(number_in(data, "order_id") or 0)
    done = run(database, open_return, command, envelope(request, data))
    return see(f"/returns/{done.return_id}")


@get("/returns/{return_id:int}", sync_to_thread=True)
def return_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int
) -> Response[bytes]:
    """The scan screen of a return; with a line chosen, the form that books it."""
    actor.require("customer_return")
    query = request.query_params
    line_id, lot_id = number_in(query, "order_line_id"), number_in(query, "lot_id")
    with database.reading(actor.caller) as session:
        view = return_queries.a_return(session, return_id)
        place = return_queries.place(session, view.head.store_id, number_in(query, "location_id"))
    chosen = view.chosen(line_id, lot_id)
    return page(
        request,
        "quality/return.html",
        **WORDS,
        view=view,
        chosen=chosen if chosen and chosen.left > 0 else None,
        place=place,
        photo_id=number_in(query, "photo_id"),
        here=_address(return_id, line_id, lot_id, number_in(query, "location_id")),
    )


def _address(
    return_id: int, line_id: int | None, lot_id: int | None, location_id: int | None
) -> str:
    given = {"order_line_id": line_id, "lot_id": lot_id, "location_id": location_id}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"/returns/{return_id}" + (f"?{query}" if query else "")


@post("/returns/{return_id:int}/scans", sync_to_thread=True)
def scan_goods(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Form
) -> Response[Any]:
    """Goods choose their line, a location where they go: nothing is booked yet."""
    actor.require("customer_return")
    code, query = text_in(data, "code"), request.query_params
    line_id, lot_id = number_in(query, "order_line_id"), number_in(query, "lot_id")
    location_id = number_in(query, "location_id")
    with database.reading(actor.caller) as session:
        meaning = resolve(session, code)
        if isinstance(meaning, LocationMeaning):
            location_id = meaning.id
        else:
            view = return_queries.a_return(session, return_id)
            row = _row_of(view, meaning, code)
            line_id, lot_id = row.order_line_id, row.lot_id
    return see(_address(return_id, line_id, lot_id, location_id))


def _row_of(view: ReturnView, meaning: Meaning, code: str) -> Returnable:
    """Raises NotShipped, SeveralLots, ScanMeansNothingHere."""
    match meaning:
        case ItemMeaning(item=item, lot=lot):
            rows = [row for row in view.returnable if row.item_id == item.id]
            if lot:
                rows = [row for row in rows if row.lot_code == lot]
        case LotMeaning(lot=lot):
            rows = [row for row in view.returnable if row.lot_id == lot.id]
        case _:
            raise problems.ScanMeansNothingHere(given=shown(code))
    if not rows:
        raise problems.NotShipped(given=shown(code))
    open_rows = [row for row in rows if row.left > 0] or rows
    if len({row.lot_id for row in open_rows}) > 1:
        raise problems.SeveralLots(item=open_rows[0].title)
    return open_rows[0]


@post("/returns/{return_id:int}/lines", sync_to_thread=True)
def return_goods_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Form
) -> Response[Any]:
    """Fields: order_line_id, lot_id, quantity, status, reason, note, location_id, photo_id."""
    actor.require("customer_return")
    command = ReturnGoods(
        return_id=return_id,
        order_line_id=number_in(data, "order_line_id") or 0,
        quantity=text_in(data, "quantity")[:60],
        status=text_in(data, "status")[:40],
        reason=text_in(data, "reason"),
        lot_id=number_in(data, "lot_id"),
        location_id=number_in(data, "location_id"),
        note=text_in(data, "note"),
        photo_id=number_in(data, "photo_id"),
    )
    run(database, return_goods, command, envelope(request, data))
    return see(f"/returns/{return_id}")


@post("/returns/{return_id:int}/lines/{line_id:int}/reversal", sync_to_thread=True)
def take_return_back_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, line_id: int, data: Form
) -> Response[Any]:
    """Take an entry back."""
    actor.require("customer_return")
    command = TakeReturnBack(return_id, line_id, text_in(data, "reason"))
    run(database, take_return_back, command, envelope(request, data))
    return see(f"/returns/{return_id}")


@post("/returns/{return_id:int}/closure", sync_to_thread=True)
def close_return_page(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Form
) -> Response[Any]:
    """Everything is booked; field: note."""
    actor.require("customer_return")
    command = CloseReturn(return_id, text_in(data, "note"))
    run(database, close_return, command, envelope(request, data))
    return see("/returns")


handlers: list[ControllerRouterHandler] = [
    returns_page,
    scan_order,
    open_return_page,
    return_page,
    scan_goods,
    return_goods_page,
    take_return_back_page,
    close_return_page,
]
