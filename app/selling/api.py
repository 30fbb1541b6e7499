"""Sales orders as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.  An order that
another system sends with ``source`` and ``external_number`` comes in once, whatever the key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.catalog.problems import InvalidInput
from app.kit.database import Database
from app.kit.i18n import mark
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.orders import commands as c
from app.selling import queries
from app.selling.commands import PlaceOrder, place_order
from app.selling.forms import order_of

Body = dict[str, Any]
NO_ZONE = mark("Write it with its zone, as 2026-11-22T13:45:00+08:00.")


@get("/sales-orders", sync_to_thread=True)
def list_orders(  # noqa: PLR0913 - one for each query parameter
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    readiness: str = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.OrderRow]:
    """Newest first.

    ``state``: draft, confirmed, in_progress, done, cancelled, or open; ``readiness``: ready, partly
    or blocked.
    """
    actor.require("sales_order_read")
    wanted = {"state": wanted_state, "readiness": readiness, "text": search}
    with database.reading(actor.caller) as session:
        return queries.orders(session, wanted, Cursor.read(cursor, limit))


@get("/sales-orders/{order_id:int}", sync_to_thread=True)
def show_order(database: Database, actor: Actor, order_id: int) -> queries.OrderView:
    """One order with its lines, where its goods are, its documents and its history."""
    actor.require("sales_order_read")
    with database.reading(actor.caller) as session:
        return queries.order(session, order_id)


@post("/sales-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.OrderChanged:
    """Fields: customer, lines (item, quantity, unit, unit_price, discount_rate, tax_rate,
    whole_packs, minimum_days), and optionally store_id, number, source, external_number, warehouse,
    requested_on, due_at, priority, minimum_days, partial_policy, allocation_rule, salesperson,
    region, currency, exchange_rate, prices_include_tax, address, contact, phone, note; ``release``
    lets stock go to it at once (``approval_id`` in the answer: it waits for votes as a draft).

    With external_number the same number of the same source is the same order: it is answered as it
    is now; for other goods it is refused.
    """
    actor.require("sales_order_write")
    order = {"store_id": actor.working_store_id, "source": "api", **data}
    release, reason = order.pop("release", False), order.pop("reason", "")
    actor.require_sight(_store(order))
    order["due_at"] = _moment(order.get("due_at"))
    command = PlaceOrder(order_of(c.CreateOrder, order), release is True, str(reason)[:300])
    return run(database, place_order, command, envelope(request))


def _store(fields: Body) -> int:
    store_id = fields["store_id"]
    return store_id if isinstance(store_id, int) else 0


def _moment(text: object) -> object:
    """A time without its zone could be any of a whole day's."""
    if not isinstance(text, str):
        return text
    try:
        is_whole = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_whole = False
    if not is_whole:
        raise InvalidInput.of([{"field": "due_at", "text": NO_ZONE, "values": {}}])
    return text


@post("/sales-orders/{order_id:int}/release", sync_to_thread=True)
def release_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> c.OrderChanged:
    """Optional field: reason.  With ``approval_id`` in the answer it waits for votes."""
    actor.require("sales_order_release")
    command = c.ReleaseOrder(order_id, str(data.get("reason", ""))[:300])
    return run(database, c.release_order, command, envelope(request))


@post("/sales-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> c.OrderChanged:
    """Nothing was shipped yet; what was promised goes to others."""
    actor.require("sales_order_write")
    return run(database, c.cancel_order, c.CancelOrder(order_id), envelope(request))


@post("/sales-orders/{order_id:int}/closure", sync_to_thread=True)
def close_short(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> c.OrderChanged:
    """Fields: reason; optionally line_id.  What is not picked will not be delivered."""
    actor.require("sales_order_write")
    command = given.read(c.CloseOrderShort, {**data, "order_id": order_id})
    return run(database, c.close_order_short, command, envelope(request))


@post("/sales-orders/{order_id:int}/allocation", sync_to_thread=True)
def allocate(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> list[c.Allocated]:
    """Promise the order what there is; ``short`` says what each line still misses."""
    actor.require("allocate")
    return run(database, c.allocate, c.AllocateOrders([order_id]), envelope(request))


@post("/sales-orders/allocations", sync_to_thread=True)
def allocate_batch(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> list[c.Allocated]:
    """Field: order_ids.  By priority, due time and age; orders that want nothing are left out."""
    actor.require("allocate")
    command = given.read(c.AllocateOrders, data)
    return run(database, c.allocate, command, envelope(request))


@post("/sales-orders/lines/{line_id:int}/release", sync_to_thread=True)
def release_allocation(
    request: AnyRequest, database: Database, actor: Actor, line_id: int, data: Body
) -> c.LineReleased:
    """Take back what is promised to a line and still lies on its shelf.

    Optional fields: balance_id, quantity (base units), for_order_id (who comes first).
    """
    actor.require("allocate")
    command = given.read(c.ReleaseAllocation, {**data, "line_id": line_id})
    return run(database, c.release_allocation, command, envelope(request))


@post("/sales-orders/lines/{line_id:int}/allocation", sync_to_thread=True)
def reallocate(request: AnyRequest, database: Database, actor: Actor, line_id: int) -> c.Allocated:
    """Plan a line anew: what it has on shelves goes back, the best of all there is comes."""
    actor.require("allocate")
    return run(database, c.reallocate, c.Reallocate(line_id), envelope(request))


router = api(
    [
        list_orders,
        show_order,
        create_order,
        release_order,
        cancel_order,
        close_short,
        allocate,
        allocate_batch,
        release_allocation,
        reallocate,
    ],
    tag="Sales orders",
)
