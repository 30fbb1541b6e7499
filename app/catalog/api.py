"""The catalog as JSON: the same commands as the pages.

Bodies are checked field by field in the commands, so that an answer names every wrong field.
"""

from __future__ import annotations

from typing import Any

from litestar import get, patch, post

from app.access.actor import Actor
from app.catalog import commands as c
from app.catalog import input as given
from app.catalog import queries
from app.catalog.queries import Filter, ItemPage, ItemRow, LocationView, LotView, PartnerView
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, api, envelope

Body = dict[str, Any]


@get("/items", sync_to_thread=True)
def list_items(
    database: Database,
    actor: Actor,
    search: str = "",
    archived: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[ItemRow]:
    """Items by code.  ``search``: beginning of a code, part of a name, or a barcode."""
    actor.require("stock_read")
    state = "all" if archived else "active"
    wanted = Filter(search=search, state=state, cursor=Cursor.read(cursor, limit))
    with database.reading(actor.caller) as session:
        return queries.items(session, wanted)


@get("/items/{item_id:int}", sync_to_thread=True)
def show_item(database: Database, actor: Actor, item_id: int) -> ItemPage:
    """One item with its packs and barcodes."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.item(session, item_id)


@get("/items/{item_id:int}/lots", sync_to_thread=True)
def list_lots(
    database: Database,
    actor: Actor,
    item_id: int,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[LotView]:
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.lots(session, item_id, Cursor.read(cursor, limit))


@post("/items", sync_to_thread=True)
def create_item(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.Created:
    """Fields: code, name, base_unit, and optionally the others of an item."""
    actor.require("item_write")
    command = given.read(c.CreateItem, data)
    return run(database, c.create_item, command, envelope(request))


@patch("/items/{item_id:int}", sync_to_thread=True)
def change_item(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Body
) -> c.Changed:
    """Only the fields that change; ``is_active`` false archives the item, true restores it.

    ``request_id`` in the answer: it waits for approval and has not changed yet.
    """
    actor.require("item_write")
    if set(data) == {"is_active"}:
        archive = c.ArchiveItem(item_id, restore=bool(data["is_active"]))
        return run(database, c.archive_item, archive, envelope(request))
    command = c.ChangeItem(item_id, given.changes(data))
    changed: c.Changed = run(database, request.app.state.change_item, command, envelope(request))
    return changed


@post("/items/{item_id:int}/packagings", sync_to_thread=True)
def add_packaging(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Body
) -> c.Created:
    """Fields: name, quantity (base units in one), and optionally barcode, internal."""
    actor.require("item_write")
    command = given.read(c.AddPackaging, {**data, "item_id": item_id})
    return run(database, c.add_packaging, command, envelope(request))


@post("/items/{item_id:int}/barcodes", sync_to_thread=True)
def add_barcode(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Body
) -> c.Changed:
    """Fields: barcode, and optionally packaging_id, internal (no GS1 number)."""
    actor.require("item_write")
    command = given.read(c.AddBarcode, {**data, "item_id": item_id})
    return run(database, c.add_barcode, command, envelope(request))


@get("/locations", sync_to_thread=True)
def list_locations(
    database: Database,
    actor: Actor,
    search: str = "",
    warehouse_id: int | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[LocationView]:
    """Locations of the stores that the caller sees, by code."""
    actor.require("stock_read")
    wanted = Filter(search, "all", warehouse_id=warehouse_id, cursor=Cursor.read(cursor, limit))
    with database.reading(actor.caller) as session:
        return queries.locations(session, wanted)


@get("/locations/{location_id:int}", sync_to_thread=True)
def show_location(database: Database, actor: Actor, location_id: int) -> LocationView:
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.location(session, location_id)


@post("/locations", sync_to_thread=True)
def create_location(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> c.Created | c.CreatedMany:
    """Fields: warehouse_id and code, or a range's first and last; zone_id, name, kind, sequence."""
    actor.require("location_write")
    if "first" in data or "last" in data:
        many = given.read(c.CreateLocations, data)
        return run(database, c.create_locations, many, envelope(request))
    command = given.read(c.CreateLocation, data)
    return run(database, c.create_location, command, envelope(request))


@patch("/locations/{location_id:int}", sync_to_thread=True)
def change_location(
    request: AnyRequest, database: Database, actor: Actor, location_id: int, data: Body
) -> c.Changed:
    """Only the fields that change; ``is_active`` alone archives or restores."""
    actor.require("location_write")
    if set(data) == {"is_active"}:
        archive = c.ArchiveLocation(location_id, restore=bool(data["is_active"]))
        return run(database, c.archive_location, archive, envelope(request))
    command = c.ChangeLocation(location_id, given.changes(data))
    return run(database, c.change_location, command, envelope(request))


@get("/partners", sync_to_thread=True)
def list_partners(
    database: Database,
    actor: Actor,
    search: str = "",
    kind: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[PartnerView]:
    """Suppliers and customers by code; ``kind`` is supplier or customer."""
    actor.require("stock_read")
    wanted = Filter(search, "all", kind=kind, cursor=Cursor.read(cursor, limit))
    with database.reading(actor.caller) as session:
        return queries.partners(session, wanted)


@get("/partners/{partner_id:int}", sync_to_thread=True)
def show_partner(database: Database, actor: Actor, partner_id: int) -> PartnerView:
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        return queries.partner(session, partner_id)


@post("/partners", sync_to_thread=True)
def create_partner(request: AnyRequest, database: Database, actor: Actor, data: Body) -> c.Created:
    """Fields: code, name, kind (supplier, customer, both), and optionally phone, tax_number."""
    actor.require("partner_write")
    command = given.read(c.CreatePartner, data)
    return run(database, c.create_partner, command, envelope(request))


@patch("/partners/{partner_id:int}", sync_to_thread=True)
def change_partner(
    request: AnyRequest, database: Database, actor: Actor, partner_id: int, data: Body
) -> c.Changed:
    """Only the fields that change; ``is_active`` alone archives or restores."""
    actor.require("partner_write")
    if set(data) == {"is_active"}:
        archive = c.ArchivePartner(partner_id, restore=bool(data["is_active"]))
        return run(database, c.archive_partner, archive, envelope(request))
    command = c.ChangePartner(partner_id, given.changes(data))
    return run(database, c.change_partner, command, envelope(request))


router = api(
    [
        list_items,
        show_item,
        list_lots,
        create_item,
        change_item,
        add_packaging,
        add_barcode,
        list_locations,
        show_location,
        create_location,
        change_location,
        list_partners,
        show_partner,
        create_partner,
        change_partner,
    ],
    tag="catalog",
)
