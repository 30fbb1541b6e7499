"""Picks as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.picking import commands as c
from app.picking import queries
from app.picking.scans import ScanAnswer

Body = dict[str, Any]


@get("/picks", sync_to_thread=True)
def list_picks(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.PickRow]:
    """Newest first.  ``state``: confirmed, in_progress, paused, done, cancelled, or open."""
    actor.require("pick")
    wanted = {"state": wanted_state}
    with database.reading(actor.caller) as session:
        cut = Cursor.read(cursor, limit)
        return queries.picks(session, actor.working_store_id, wanted, cut)


@get("/picks/{pick_id:int}", sync_to_thread=True)
def show_pick(database: Database, actor: Actor, pick_id: int) -> queries.PickView:
    """What the scan screen shows: the step and every stop."""
    actor.require("pick")
    with database.reading(actor.caller) as session:
        return queries.pick(session, pick_id, rows=2_000)


@post("/picks", sync_to_thread=True)
def create_picks(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.PicksMade:
    """Fields: order_ids; optionally kind (order, batch, cluster, zone), zone_id, user_id."""
    actor.require("pick_assign")
    command = given.read(c.CreatePicks, data)
    return run(database, c.create_picks, command, envelope(request))


@post("/picks/next", sync_to_thread=True)
def next_task(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.GotWork:
    """The next task, begun.  Field: optionally zone_id."""
    actor.require("pick")
    command = given.read(c.GetWork, {"store_id": actor.working_store_id, **data})
    return run(database, c.get_work, command, envelope(request))


@post("/picks/{pick_id:int}/start", sync_to_thread=True)
def start_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> c.PickChanged:
    actor.require("pick")
    return run(database, c.start_pick, c.StartPick(pick_id), envelope(request))


@post("/picks/{pick_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Body
) -> ScanAnswer:
    """Fields: code; optionally symbology, source.  ``attention`` asks for the same code again."""
    actor.require("pick")
    parts = [str(data.get(name, "")) for name in ("code", "symbology", "source")]
    return run(database, c.scan, c.scan_of(pick_id, *parts), envelope(request))


@post("/picks/{pick_id:int}/quantity", sync_to_thread=True)
def set_quantity(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Body
) -> ScanAnswer:
    """Field: quantity, as text or number, in base units: how many are taken in all."""
    actor.require("pick")
    command = c.SetQuantity(pick_id, str(data.get("quantity", ""))[:80])
    return run(database, c.set_quantity, command, envelope(request))


@post("/picks/{pick_id:int}/shortages", sync_to_thread=True)
def short_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, data: Body
) -> ScanAnswer:
    """Fields: task_id (of an open stop), reason."""
    actor.require("pick")
    command = given.read(c.ShortPick, {"pick_id": pick_id, **data})
    return run(database, c.short_pick, command, envelope(request))


@post("/picks/{pick_id:int}/undo", sync_to_thread=True)
def undo(request: AnyRequest, database: Database, actor: Actor, pick_id: int) -> ScanAnswer:
    """Take back the last entry."""
    actor.require("pick")
    return run(database, c.press_button, c.PressButton(pick_id, "UNDO"), envelope(request))


@post("/picks/{pick_id:int}/closure", sync_to_thread=True)
def close_pick(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int
) -> c.PickChanged:
    """Finish; stops that are open wait for another pick."""
    actor.require("pick")
    return run(database, c.close_pick, c.ClosePick(pick_id), envelope(request))


@post("/picks/{pick_id:int}/orders/{order_id:int}/return", sync_to_thread=True)
def put_back_order(
    request: AnyRequest, database: Database, actor: Actor, pick_id: int, order_id: int
) -> c.PickChanged:
    """Put everything that was taken for the order back to where it was."""
    actor.require("pick")
    command = c.PutBackOrder(pick_id, order_id)
    return run(database, c.put_back_order, command, envelope(request))


router = api(
    [
        list_picks,
        show_pick,
        create_picks,
        next_task,
        start_pick,
        scan,
        set_quantity,
        short_pick,
        undo,
        close_pick,
        put_back_order,
    ],
    tag="Picking",
)
