"""Units and categories: short lists on one page."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from app.access.actor import Actor
from app.catalog import commands as c
from app.catalog import fields, queries
from app.catalog import input as given
from app.catalog.form_page import (
    FormPage,
    form_page,
)
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.i18n import mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.visit import visit_of
from app.kit.web import AnyRequest, envelope, page, see

LISTS = "/catalog/lists"


@get(LISTS, sync_to_thread=True)
def lists_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """Units and categories."""
    actor.require("stock_read")
    with database.reading(actor.caller) as session:
        units, categories = queries.units(session), queries.categories(session)
    return page(request, "catalog/lists.html", units=units, categories=categories)


@get("/catalog/units/new", sync_to_thread=True)
def new_unit_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("catalog_write")
    return form_page(request, _unit_form(request))


@post("/catalog/units", sync_to_thread=True)
def create_unit(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """Fields ``code``, ``name``, ``decimals``."""
    actor.require("catalog_write")
    try:
        command = given.from_form(c.CreateUnit, data)
        run(database, c.create_unit, command, envelope(request, data))
    except Problem as problem:
        return form_page(request, _unit_form(request), data, problem)
    return see(LISTS)


@get("/catalog/categories/new", sync_to_thread=True)
def new_category_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("catalog_write")
    return form_page(request, _category_form(request, database, actor))


@post("/catalog/categories", sync_to_thread=True)
def create_category(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields ``code``, ``name``, ``parent_id``."""
    actor.require("catalog_write")
    try:
        command = given.from_form(c.CreateCategory, data)
        run(database, c.create_category, command, envelope(request, data))
    except Problem as problem:
        return form_page(request, _category_form(request, database, actor), data, problem)
    return see(LISTS)


def _unit_form(request: AnyRequest) -> FormPage:
    with visit_of(request).speaking():
        shown = fields.unit_fields()
    return FormPage(mark("New unit"), "/catalog/units", LISTS, shown, mark("Create unit"))


def _category_form(request: AnyRequest, database: Database, actor: Actor) -> FormPage:
    with database.reading(actor.caller) as session:
        categories = queries.categories(session)
    with visit_of(request).speaking():
        shown = fields.category_fields(categories)
    action = "/catalog/categories"
    return FormPage(mark("New category"), action, LISTS, shown, mark("Create category"))


handlers = [
    lists_page,
    new_unit_page,
    create_unit,
    new_category_page,
    create_category,
]
