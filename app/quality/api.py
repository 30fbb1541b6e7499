"""Status changes, holds and customer returns as JSON: the same commands as the pages.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.kit import clock
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, api, envelope
from app.quality import queries
from app.quality.changing import ChangeStatus, StatusChanged, change_status
from app.quality.holds import HoldLifted, HoldLot, LiftHold, LotHeld, hold_lot, lift_hold

Body = dict[str, Any]


@get("/status-changes", sync_to_thread=True)
def list_changes(
    database: Database, actor: Actor, cursor: str | None = None, limit: int | None = None
) -> Listing[queries.ChangeRow]:
    """Newest first."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.changes(session, Cursor.read(cursor, limit))


@get("/status-changes/{change_id:int}", sync_to_thread=True)
def show_change(database: Database, actor: Actor, change_id: int) -> queries.ChangeView:
    """One change with its lines and moves."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.change(session, change_id)


@post("/status-changes", sync_to_thread=True)
def create_change(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> StatusChanged:
    """Fields: to_status, reason; pieces (balance_id, quantity) or item_id, location_id, lot_id,
    logistic_unit_id, from_status and quantity (text; empty means all); note, photo_id, store_id.

    With ``request_id`` in the answer nothing has changed yet: it waits for votes.
    """
    actor.require("status_change")
    fields = {"store_id": actor.working_store_id, **data}
    command = given.read(ChangeStatus, fields)
    actor.require_sight(command.store_id)
    return run(database, change_status, command, envelope(request))


@get("/lots/{lot_id:int}/trace", sync_to_thread=True)
def show_trace(database: Database, actor: Actor, lot_id: int) -> queries.LotTrace:
    """Where a lot came from, where it lies, whom it was shipped to, and its holds."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.trace(session, lot_id, clock.today(actor.time_zone))


@get("/lot-holds", sync_to_thread=True)
def list_holds(database: Database, actor: Actor) -> list[queries.HoldRow]:
    """Holds in force."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.holds_in_force(session)


@post("/lots/{lot_id:int}/holds", sync_to_thread=True)
def create_hold(
    request: AnyRequest, database: Database, actor: Actor, lot_id: int, data: Body
) -> LotHeld:
    """Field: reason.  Stops the lot in every store."""
    actor.require("lot_hold")
    command = given.read(HoldLot, {**data, "lot_id": lot_id})
    return run(database, hold_lot, command, envelope(request))


@post("/lots/{lot_id:int}/holds/lifting", sync_to_thread=True)
def create_lifting(
    request: AnyRequest, database: Database, actor: Actor, lot_id: int, data: Body
) -> HoldLifted:
    """Field: reason.  With ``request_id`` in the answer it waits for votes."""
    actor.require("lot_hold")
    fields = {"store_id": actor.working_store_id, **data, "lot_id": lot_id}
    return run(database, lift_hold, given.read(LiftHold, fields), envelope(request))


router = api(
    [
        list_changes,
        show_change,
        create_change,
        show_trace,
        list_holds,
        create_hold,
        create_lifting,
    ],
    tag="Quality",
)
