"""Customer returns as JSON: the same commands as the pages."""

from __future__ import annotations

from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, api, envelope
from app.quality import return_queries
from app.quality.returning import (
    CloseReturn,
    OpenReturn,
    ReturnChanged,
    ReturnGoods,
    TakeReturnBack,
    close_return,
    open_return,
    return_goods,
    take_return_back,
)

Body = dict[str, Any]


@get("/customer-returns", sync_to_thread=True)
def list_returns(
    database: Database, actor: Actor, cursor: str | None = None, limit: int | None = None
) -> Listing[return_queries.ReturnRow]:
    """Newest first."""
    actor.require("customer_return")
    with database.reading(actor.caller) as session:
        return return_queries.returns(session, Cursor.read(cursor, limit))


@get("/customer-returns/{return_id:int}", sync_to_thread=True)
def show_return(database: Database, actor: Actor, return_id: int) -> return_queries.ReturnView:
    """What can come back, and what has."""
    actor.require("customer_return")
    with database.reading(actor.caller) as session:
        return return_queries.a_return(session, return_id)


@post("/customer-returns", sync_to_thread=True)
def create_return(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> ReturnChanged:
    """Field: order_id.  An open return of the order is gone on with."""
    actor.require("customer_return")
    command = given.read(OpenReturn, data)
    return run(database, open_return, command, envelope(request))


@post("/customer-returns/{return_id:int}/lines", sync_to_thread=True)
def create_line(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Body
) -> ReturnChanged:
    """Fields: order_line_id, lot_id, quantity (text, base units), status (returned or inspection),
    reason, location_id, note, photo_id.
    """
    actor.require("customer_return")
    command = given.read(ReturnGoods, {**data, "return_id": return_id})
    return run(database, return_goods, command, envelope(request))


@post("/customer-returns/{return_id:int}/lines/{line_id:int}/reversal", sync_to_thread=True)
def reverse_line(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, line_id: int, data: Body
) -> ReturnChanged:
    """Field: reason."""
    actor.require("customer_return")
    fields = {**data, "return_id": return_id, "line_id": line_id}
    command = given.read(TakeReturnBack, fields)
    return run(database, take_return_back, command, envelope(request))


@post("/customer-returns/{return_id:int}/closure", sync_to_thread=True)
def close(
    request: AnyRequest, database: Database, actor: Actor, return_id: int, data: Body
) -> ReturnChanged:
    """Field: note."""
    actor.require("customer_return")
    command = given.read(CloseReturn, {**data, "return_id": return_id})
    return run(database, close_return, command, envelope(request))


router = api(
    [list_returns, show_return, create_return, create_line, reverse_line, close],
    tag="Customer returns",
)
