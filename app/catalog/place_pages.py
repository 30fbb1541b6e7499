"""Pages for warehouses with their zones and locations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post

from app.access.actor import Actor
from app.access.exports import Export
from app.catalog import commands as c
from app.catalog import fields, queries
from app.catalog import input as given
from app.catalog.form_page import (
    WORDS,
    FormPage,
    form_page,
    marks_of,
    query_of,
)
from app.catalog.problems import NoSuchPlace
from app.catalog.queries import Filter
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form, number_in
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, Cursor, envelope, page, see

PLACES = "/catalog/locations"


@get(PLACES, sync_to_thread=True)
def locations_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("stock_read")
    query = query_of(request)
    wanted = _wanted(query)
    with database.reading(actor.caller) as session:
        listing = queries.locations(session, wanted)
        warehouses, zones = queries.warehouses(session), queries.zones(session)
    return page(
        request,
        "catalog/locations.html",
        listing=listing,
        query=query,
        wanted=wanted,
        warehouses=warehouses,
        zones=zones,
        **WORDS,
    )


def _wanted(query: Mapping[str, str]) -> Filter:
    return Filter(
        query.get("search", ""),
        query.get("state", "active"),
        warehouse_id=number_in(query, "warehouse"),
        cursor=Cursor.read(query.get("cursor")),
    )


LOCATIONS_EXPORT = Export(
    PLACES,
    mark("Locations"),
    "stock_read",
    lambda asked: queries.every_location(_wanted(asked.query)),
    [
        Column(mark("Location"), "code"),
        Column(mark("Name"), "name"),
        Column(mark("Store"), "store"),
        Column(mark("Warehouse"), "warehouse"),
        Column(mark("Zone"), "zone"),
        Column(mark("Kind"), lambda row: gettext(fields.KIND_NAMES[row.kind])),
        Column(mark("Place on the walk"), "sequence"),
        Column(mark("Check letter"), "check_letter"),
        Column(mark("In use"), "is_active"),
    ],
)


@get("/catalog/new-places/{form:str}", sync_to_thread=True)
def new_place_page(
    request: AnyRequest, database: Database, actor: Actor, form: str
) -> Response[bytes]:
    """The form of a new warehouse, zone, location or range of locations."""
    actor.require("location_write")
    return _place_form(request, database, actor, form)


@post("/catalog/warehouses", sync_to_thread=True)
def create_warehouse(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``code``, ``name``, ``is_auxiliary``; in the store that the actor works in."""
    actor.require("location_write")
    try:
        command = given.from_form(c.CreateWarehouse, data, store_id=actor.working_store_id)
        run(database, c.create_warehouse, command, envelope(request, data))
    except Problem as problem:
        return _place_form(request, database, actor, "warehouses", data, problem)
    return see(PLACES)


@post("/catalog/zones", sync_to_thread=True)
def create_zone(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Fields ``warehouse_id``, ``code``, ``name``, ``is_pickable``."""
    actor.require("location_write")
    try:
        command = given.from_form(c.CreateZone, data)
        run(database, c.create_zone, command, envelope(request, data))
    except Problem as problem:
        return _place_form(request, database, actor, "zones", data, problem)
    return see(PLACES)


@post("/catalog/locations", sync_to_thread=True)
def create_location(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``warehouse_id``, ``code``, ``zone_id``, ``name``, ``kind``, ``sequence``."""
    actor.require("location_write")
    try:
        command = given.from_form(c.CreateLocation, data)
        run(database, c.create_location, command, envelope(request, data))
    except Problem as problem:
        return _place_form(request, database, actor, "locations", data, problem)
    return see(PLACES)


@post("/catalog/ranges", sync_to_thread=True)
def create_locations(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``warehouse_id``, ``first``, ``last``, ``zone_id``, ``kind``."""
    actor.require("location_write")
    try:
        command = given.from_form(c.CreateLocations, data)
        run(database, c.create_locations, command, envelope(request, data))
    except Problem as problem:
        return _place_form(request, database, actor, "ranges", data, problem)
    return see(PLACES)


@get("/catalog/locations/{location_id:int}", sync_to_thread=True)
def location_page(
    request: AnyRequest, database: Database, actor: Actor, location_id: int
) -> Response[bytes]:
    actor.require("stock_read")
    return _location(request, database, actor, location_id)


@post("/catalog/locations/{location_id:int}", sync_to_thread=True)
def change_location(
    request: AnyRequest, database: Database, actor: Actor, location_id: int, data: Form
) -> Response[Any]:
    actor.require("location_write")
    changed: Any = {
        "code": data.get("code", ""),
        "zone_id": number_in(data, "zone_id"),
        "name": data.get("name", ""),
        "kind": data.get("kind", ""),
        "sequence": data.get("sequence") or 0,
    }
    try:
        command = c.ChangeLocation(location_id, changed)
        run(database, c.change_location, command, envelope(request, data))
    except Problem as problem:
        return _location(request, database, actor, location_id, problem, data)
    return see(f"/catalog/locations/{location_id}")


@post("/catalog/locations/{location_id:int}/archival", sync_to_thread=True)
def archive_location(
    request: AnyRequest, database: Database, actor: Actor, location_id: int, data: Form
) -> Response[Any]:
    """Field ``restore``: back into use."""
    actor.require("location_write")
    try:
        command = c.ArchiveLocation(location_id, restore=bool(data.get("restore")))
        run(database, c.archive_location, command, envelope(request, data))
    except Problem as problem:
        return _location(request, database, actor, location_id, problem)
    return see(f"/catalog/locations/{location_id}")


def _place_form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    form: str,
    data: Form | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        warehouses, zones = queries.warehouses(session), queries.zones(session)
    with visit_of(request).speaking():
        titles = {
            "warehouses": (mark("New warehouse"), fields.warehouse_fields()),
            "zones": (mark("New zone"), fields.zone_fields(warehouses)),
            "locations": (
                mark("New location"),
                fields.location_fields(None, warehouses, zones),
            ),
            "ranges": (mark("New range of locations"), fields.range_fields(warehouses, zones)),
        }
    if form not in titles:
        raise NoSuchPlace
    title, shown = titles[form]
    made = FormPage(title, f"/catalog/{form}", PLACES, shown, mark("Save"))
    return form_page(request, made, data, problem)


def _location(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    location_id: int,
    problem: Problem | None = None,
    data: Form | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        location = queries.location(session, location_id)
        warehouses = queries.warehouses(session)
        zones = [z for z in queries.zones(session) if z.warehouse_id == location.warehouse_id]
    with visit_of(request).speaking():
        shown = fields.location_fields(location, warehouses, zones)
    return page(
        request,
        "catalog/location.html",
        status=problem.status if problem else 200,
        problem=problem,
        marks=marks_of(request, problem),
        values=data,
        fields=shown,
        location=location,
        **WORDS,
    )


handlers = [
    locations_page,
    *LOCATIONS_EXPORT.handlers,
    new_place_page,
    create_warehouse,
    create_zone,
    create_location,
    create_locations,
    location_page,
    change_location,
    archive_location,
]
