"""Cost as JSON: pools, layers, value rows, and the chain behind a figure."""

from __future__ import annotations

from litestar import get
from litestar.handlers import HTTPRouteHandler

from app.access.actor import Actor
from app.costing import queries
from app.costing.queries import ItemCosts
from app.costing.why import Why, why
from app.kit.database import Database
from app.kit.web import Cursor, api


@get("/costing/items/{item_id:int}", sync_to_thread=True)
def read_item_costs(
    database: Database,
    actor: Actor,
    item_id: int,
    cursor: str | None = None,
    limit: int | None = None,
) -> ItemCosts:
    """Pools, open layers, and a page of value rows, newest first."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        return queries.item_costs(session, item_id, Cursor.read(cursor, limit))


@get("/costing/moves/{move_id:int}", sync_to_thread=True)
def read_why(database: Database, actor: Actor, move_id: int) -> Why:
    """What a movement's goods cost, and step by step why."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        return why(session, move_id)


_handlers: list[HTTPRouteHandler] = [read_item_costs, read_why]
router = api(_handlers, tag="Cost")
