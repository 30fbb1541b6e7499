"""Pages for suppliers and customers."""

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
    marks_of,
    query_of,
)
from app.catalog.queries import Filter
from app.kit.database import Database
from app.kit.exports import Column
from app.kit.forms import Form
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, Cursor, envelope, page, see


@get("/catalog/partners", sync_to_thread=True)
def partners_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("stock_read")
    query = query_of(request)
    wanted = _wanted(query)
    with database.reading(actor.caller) as session:
        listing = queries.partners(session, wanted)
    return page(
        request, "catalog/partners.html", listing=listing, query=query, wanted=wanted, **WORDS
    )


def _wanted(query: Mapping[str, str]) -> Filter:
    return Filter(
        query.get("search", ""),
        query.get("state", "active"),
        kind=query.get("kind", ""),
        cursor=Cursor.read(query.get("cursor")),
    )


PARTNERS_EXPORT = Export(
    "/catalog/partners",
    mark("Partners"),
    "stock_read",
    lambda asked: queries.every_partner(_wanted(asked.query)),
    [
        Column(mark("Code"), "code"),
        Column(mark("Partner"), "name"),
        Column(mark("Kind"), lambda row: gettext(fields.PARTNER_NAMES[row.kind])),
        Column(mark("Phone"), "phone"),
        Column(mark("Tax number"), "tax_number"),
        Column(mark("In use"), "is_active"),
    ],
)


@get("/catalog/partners/new", sync_to_thread=True)
def new_partner_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("partner_write")
    return _partner(request, database, actor)


@post("/catalog/partners", sync_to_thread=True)
def create_partner(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    actor.require("partner_write")
    try:
        command = given.from_form(c.CreatePartner, data)
        done = run(database, c.create_partner, command, envelope(request, data))
    except Problem as problem:
        return _partner(request, database, actor, data=data, problem=problem)
    return see(f"/catalog/partners/{done.id}")


@get("/catalog/partners/{partner_id:int}", sync_to_thread=True)
def partner_page(
    request: AnyRequest, database: Database, actor: Actor, partner_id: int
) -> Response[bytes]:
    actor.require("stock_read")
    return _partner(request, database, actor, partner_id)


@post("/catalog/partners/{partner_id:int}", sync_to_thread=True)
def change_partner(
    request: AnyRequest, database: Database, actor: Actor, partner_id: int, data: Form
) -> Response[Any]:
    actor.require("partner_write")
    try:
        sent = given.from_form(c.CreatePartner, data)
        command = c.ChangePartner(partner_id, given.all_fields(sent))
        run(database, c.change_partner, command, envelope(request, data))
    except Problem as problem:
        return _partner(request, database, actor, partner_id, data, problem)
    return see(f"/catalog/partners/{partner_id}")


@post("/catalog/partners/{partner_id:int}/archival", sync_to_thread=True)
def archive_partner(
    request: AnyRequest, database: Database, actor: Actor, partner_id: int, data: Form
) -> Response[Any]:
    """Field ``restore``: back into use."""
    actor.require("partner_write")
    command = c.ArchivePartner(partner_id, restore=bool(data.get("restore")))
    run(database, c.archive_partner, command, envelope(request, data))
    return see(f"/catalog/partners/{partner_id}")


def _partner(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    partner_id: int | None = None,
    data: Form | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    partner = None
    if partner_id is not None:
        with database.reading(actor.caller) as session:
            partner = queries.partner(session, partner_id)
    with visit_of(request).speaking():
        shown = fields.partner_fields(partner)
    return page(
        request,
        "catalog/partner.html",
        status=problem.status if problem else 200,
        problem=problem,
        marks=marks_of(request, problem),
        values=data,
        fields=shown,
        partner=partner,
        **WORDS,
    )


handlers = [
    partners_page,
    *PARTNERS_EXPORT.handlers,
    new_partner_page,
    create_partner,
    partner_page,
    change_partner,
    archive_partner,
]
