"""What an item costs and why, on the screen."""

from __future__ import annotations

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.costing import queries
from app.costing.why import why
from app.costing.words import WORDS
from app.kit.database import Database
from app.kit.web import Cursor, page


@get("/costing/items/{item_id:int}", sync_to_thread=True)
def item_costs_page(
    request: AnyRequest, database: Database, actor: Actor, item_id: int
) -> Response[bytes]:
    """Pools, layers and value rows of an item, each with its reason."""
    actor.require("view_cost")
    query = {name: value for name, value in request.query_params.items() if value}
    cursor = Cursor.read(query.get("cursor"))
    with database.reading(actor.caller) as session:
        costs = queries.item_costs(session, item_id, cursor)
    return page(request, "costing/item.html", **WORDS, costs=costs, head=costs.head, query=query)


@get("/costing/moves/{move_id:int}", sync_to_thread=True)
def why_page(
    request: AnyRequest, database: Database, actor: Actor, move_id: int
) -> Response[bytes]:
    """Why a movement cost what it did."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        found = why(session, move_id)
    return page(request, "costing/why.html", **WORDS, why=found, head=found.head)


handlers: list[ControllerRouterHandler] = [item_costs_page, why_page]
