"""Pages for items: the list, one item with its packs and barcodes, units and categories."""

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
from app.catalog.queries import Filter
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form, number_in
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, Cursor, envelope, page, see


@get("/catalog/items", sync_to_thread=True)
def items_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("stock_read")
    query = query_of(request)
    wanted = _wanted(query)
    with database.reading(actor.caller) as session:
        listing = queries.items(session, wanted)
        categories = [(str(one.id), one.name) for one in queries.categories(session)]
    return page(
        request,
        "catalog/items.html",
        listing=listing,
        query=query,
        wanted=wanted,
        categories=categories,
        **WORDS,
    )


def _wanted(query: Mapping[str, str]) -> Filter:
    return Filter(
        query.get("search", ""),
        query.get("state", "active"),
        query.get("sort", "code"),
        number_in(query, "category"),
        cursor=Cursor.read(query.get("cursor")),
    )


ITEMS_EXPORT = Export(
    "/catalog/items",
    mark("Items"),
    "stock_read",
    lambda asked: queries.every_item(_wanted(asked.query)),
    [
        Column(mark("Item code"), "code"),
        Column(mark("Item"), "name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Category"), "category"),
        Column(mark("Base unit"), "base_unit"),
        Column(mark("Decimals"), "decimals"),
        Column(mark("Barcode"), lambda row: queries.shortest(row.barcode)),
        Column(mark("Tracking"), lambda row: gettext(fields.TRACKING_NAMES[row.tracking])),
        Column(mark("Price"), "price"),
        Column(mark("In use"), "is_active"),
    ],
)


@get("/catalog/items/new", sync_to_thread=True)
def new_item_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("item_write")
    return _form(request, database, actor)


@post("/catalog/items", sync_to_thread=True)
def create_item(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    actor.require("item_write")
    try:
        command = given.from_form(c.CreateItem, data)
        done = run(database, c.create_item, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, data=data, problem=problem)
    return see(f"/catalog/items/{done.id}")


@get("/catalog/items/{item_id:int}", sync_to_thread=True)
def item_page(
    request: AnyRequest, database: Database, actor: Actor, item_id: int
) -> Response[bytes]:
    actor.require("stock_read")
    return _item(request, database, actor, item_id)


@get("/catalog/items/{item_id:int}/form", sync_to_thread=True)
def change_item_page(
    request: AnyRequest, database: Database, actor: Actor, item_id: int
) -> Response[bytes]:
    actor.require("item_write")
    return _form(request, database, actor, item_id)


@post("/catalog/items/{item_id:int}", sync_to_thread=True)
def change_item(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Form
) -> Response[Any]:
    actor.require("item_write")
    try:
        sent = given.from_form(c.CreateItem, data)
        command = c.ChangeItem(item_id, given.all_fields(sent))
        # The composition root says what may need approval: catalog lies below that.
        handler = request.app.state.change_item
        changed: c.Changed = run(database, handler, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, item_id, data, problem)
    if changed.request_id is not None:
        return see(f"/approvals/{changed.request_id}")
    return see(f"/catalog/items/{item_id}")


@post("/catalog/items/{item_id:int}/archival", sync_to_thread=True)
def archive_item(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Form
) -> Response[Any]:
    """Field ``restore``: back into use."""
    actor.require("item_write")
    try:
        command = c.ArchiveItem(item_id, restore=bool(data.get("restore")))
        run(database, c.archive_item, command, envelope(request, data))
    except Problem as problem:
        return _item(request, database, actor, item_id, problem)
    return see(f"/catalog/items/{item_id}")


@get("/catalog/items/{item_id:int}/packagings/new", sync_to_thread=True)
def new_packaging_page(
    request: AnyRequest, database: Database, actor: Actor, item_id: int
) -> Response[bytes]:
    actor.require("item_write")
    with database.reading(actor.caller) as session:
        queries.item(session, item_id)
    return form_page(request, _packaging_form(request, item_id))


@post("/catalog/items/{item_id:int}/packagings", sync_to_thread=True)
def add_packaging(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Form
) -> Response[Any]:
    """Fields ``name``, ``quantity``, ``barcode``, ``internal``."""
    actor.require("item_write")
    try:
        command = given.from_form(c.AddPackaging, data, item_id=item_id)
        run(database, c.add_packaging, command, envelope(request, data))
    except Problem as problem:
        return form_page(request, _packaging_form(request, item_id), data, problem)
    return see(f"/catalog/items/{item_id}")


@post("/catalog/items/{item_id:int}/barcodes", sync_to_thread=True)
def add_barcode(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Form
) -> Response[Any]:
    """Fields ``barcode``, ``packaging_id``, ``internal``."""
    actor.require("item_write")
    try:
        command = given.from_form(c.AddBarcode, data, item_id=item_id)
        run(database, c.add_barcode, command, envelope(request, data))
    except Problem as problem:
        return _item(request, database, actor, item_id, problem, data)
    return see(f"/catalog/items/{item_id}")


@post("/catalog/items/{item_id:int}/barcodes/removals", sync_to_thread=True)
def remove_barcode(
    request: AnyRequest, database: Database, actor: Actor, item_id: int, data: Form
) -> Response[Any]:
    """Field ``barcode``."""
    actor.require("item_write")
    try:
        command = c.RemoveBarcode(item_id, data.get("barcode", ""))
        run(database, c.remove_barcode, command, envelope(request, data))
    except Problem as problem:
        return _item(request, database, actor, item_id, problem)
    return see(f"/catalog/items/{item_id}")


def _packaging_form(request: AnyRequest, item_id: int) -> FormPage:
    item = f"/catalog/items/{item_id}"
    with visit_of(request).speaking():
        shown = fields.packaging_fields()
    return FormPage(mark("New pack"), f"{item}/packagings", item, shown, mark("Add pack"))


def _item(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    item_id: int,
    problem: Problem | None = None,
    data: Form | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        found = queries.item(session, item_id)
    return page(
        request,
        "catalog/item.html",
        status=problem.status if problem else 200,
        problem=problem,
        marks=marks_of(request, problem),
        values=data or {},
        found=found,
        item=found.item,
        packs=[(str(pack.id), pack.name) for pack in found.packagings],
        **WORDS,
    )


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    item_id: int | None = None,
    data: Form | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        item = queries.item(session, item_id).item if item_id is not None else None
        units, categories = queries.units(session), queries.categories(session)
    address = f"/catalog/items/{item_id}" if item else "/catalog/items"
    title = mark("Change the item") if item else mark("New item")
    with visit_of(request).speaking():
        shown = fields.item_fields(item, units, categories)
    form = FormPage(title, address, address, shown, mark("Save"))
    return form_page(request, form, data, problem)


handlers = [
    items_page,
    *ITEMS_EXPORT.handlers,
    new_item_page,
    create_item,
    item_page,
    change_item_page,
    change_item,
    archive_item,
    new_packaging_page,
    add_packaging,
    add_barcode,
    remove_barcode,
]
