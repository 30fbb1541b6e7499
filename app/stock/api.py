"""Stock, movements and cost as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.kit.database import Database
from app.kit.web import Cursor, Listing, api
from app.stock import queries
from app.stock.filters import MoveFilter, StockFilter, number, today_of
from app.stock.views import BalanceRow, CostPoolRow, ItemOnHand, MoveRow

ApiRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class ItemCost:
    """The pools of an item that the caller sees, with their sums over all of them."""

    item_id: int
    code: str
    quantity: Decimal
    value: Decimal
    pools: list[CostPoolRow]


@get("/stock", sync_to_thread=True)
def list_stock(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[ItemOnHand]:
    """Items with what is on hand, allocated and available.

    Filters: text, category, status, place, store, expiring (days), short=1, empty=1; sort is code,
    -code, on_hand, -on_hand, available, -available or expires_on.
    """
    actor.require("stock_read")
    query = dict(request.query_params)
    wanted = StockFilter.read(query)
    with database.reading(actor.caller) as session:
        return queries.items_on_hand(
            session,
            wanted,
            today_of(actor.time_zone),
            sort=query.get("sort", "code"),
            cursor=Cursor.read(cursor, limit),
        )


@get("/balances", sync_to_thread=True)
def list_balances(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[BalanceRow]:
    """What lies where.  Filters: item, location, lot (ids) and those of the stock list."""
    actor.require("stock_read")
    query = dict(request.query_params)
    keys = {f"{name}_id": number(query, name) for name in ("item", "location", "lot")}
    wanted = StockFilter.read(query)
    with database.reading(actor.caller) as session:
        today = today_of(actor.time_zone)
        return queries.balances(session, wanted, today, Cursor.read(cursor, limit), keys)


@get("/moves", sync_to_thread=True)
def list_moves(
    request: ApiRequest,
    database: Database,
    actor: Actor,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[MoveRow]:
    """Movements, newest first.

    Filters: text, place, item, lot, location, store, person (ids), since and till (days).
    """
    actor.require("move_read")
    wanted = MoveFilter.read(dict(request.query_params))
    with database.reading(actor.caller) as session:
        return queries.moves(session, wanted, actor.time_zone, Cursor.read(cursor, limit))


@get("/items/{item_id:int}/cost", sync_to_thread=True)
def read_item_cost(database: Database, actor: Actor, item_id: int) -> ItemCost:
    """What the item's stock is worth; needs the right to see cost."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        item = queries.item(session, item_id)
        pools = queries.pools_of_item(session, item_id)
    quantity = sum((pool.quantity for pool in pools), Decimal(0))
    value = sum((pool.value for pool in pools), Decimal(0))
    return ItemCost(item.id, item.code, quantity, value, pools)


_handlers: list[HTTPRouteHandler] = [list_stock, list_balances, list_moves, read_item_cost]
router = api(_handlers, tag="Stock")
