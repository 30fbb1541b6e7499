"""Shipments as JSON: the same commands as the pages.  ``Idempotency-Key`` is the command's id."""

from __future__ import annotations

from typing import Any

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.shipping import commands as c
from app.shipping import queries, scans
from app.shipping.scans import ScanAnswer

Body = dict[str, Any]


@get("/shipments", sync_to_thread=True)
def list_shipments(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.ShipmentRow]:
    """Newest first.  ``state``: in_progress, done or cancelled."""
    actor.require("pack")
    wanted = {"state": wanted_state, "search": search}
    with database.reading(actor.caller) as session:
        return queries.shipments(session, wanted, Cursor.read(cursor, limit))


@get("/shipments/{shipment_id:int}", sync_to_thread=True)
def show_shipment(database: Database, actor: Actor, shipment_id: int) -> queries.ShipmentView:
    """One shipment: its goods, what is checked, its cartons."""
    actor.require("pack")
    with database.reading(actor.caller) as session:
        return queries.shipment(session, shipment_id)


@post("/shipments", sync_to_thread=True)
def start_shipment(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.ShipmentOpened:
    """Field: order_id."""
    actor.require("pack")
    command = given.read(c.OpenShipment, data)
    return run(database, c.start_shipment, command, envelope(request))


@post("/shipments/{shipment_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Body
) -> ScanAnswer:
    """Field: code."""
    actor.require("pack")
    command = scans.scan_of(shipment_id, str(data.get("code", "")))
    return run(database, scans.scan, command, envelope(request))


@post("/shipments/{shipment_id:int}/undo", sync_to_thread=True)
def undo(request: AnyRequest, database: Database, actor: Actor, shipment_id: int) -> ScanAnswer:
    """Take back the last check."""
    actor.require("pack")
    command = scans.PressButton(shipment_id, "UNDO")
    return run(database, scans.press_button, command, envelope(request))


@post("/shipments/{shipment_id:int}/departure", sync_to_thread=True)
def ship(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Body
) -> c.ShipmentChanged:
    """Optional fields: carrier, tracking_number, rest (open or short), reason, unchecked."""
    actor.require("ship")
    command = given.read(c.Ship, {**data, "shipment_id": shipment_id})
    return run(database, c.ship, command, envelope(request))


@post("/shipments/{shipment_id:int}/return", sync_to_thread=True)
def take_back(
    request: AnyRequest, database: Database, actor: Actor, shipment_id: int, data: Body
) -> c.ShipmentChanged:
    """Field: reason.  On the day of departure only."""
    actor.require("take_back_shipment")
    command = given.read(c.TakeBack, {**data, "shipment_id": shipment_id})
    return run(database, c.take_back, command, envelope(request))


router = api(
    [list_shipments, show_shipment, start_shipment, scan, undo, ship, take_back], tag="Shipping"
)
