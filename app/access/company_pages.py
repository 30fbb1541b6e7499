"""Pages for the company: its settings, areas and stores."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from litestar import Response, get, post

from app.access import company, queries
from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.access.forms import (
    area_fields,
    company_fields,
    store_fields,
)
from app.access.problems import NoSuchArea, NoSuchStore
from app.kit.database import Database
from app.kit.forms import (
    Field,
    ManyForm,
    Reader,
)
from app.kit.i18n import gettext, mark
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see

NOT_A_ZONE = mark("Not a known time zone, such as Asia/Shanghai.")
NOT_A_CURRENCY = mark("Three capital letters, such as CNY.")
NOT_A_PREFIX = mark("4 to 12 digits.")


@get("/company", sync_to_thread=True)
def company_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The tree of areas and stores; its settings for those who may change them."""
    actor.require("user_read")
    with database.reading(actor.caller) as session:
        found = queries.company(session)
        areas, stores = queries.areas(session), queries.own_stores(session, actor)
    return page(request, "access/company.html", company=found, areas=areas, stores=stores)


@get("/company/settings", sync_to_thread=True)
def company_settings_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("company_write")
    with database.reading(actor.caller) as session:
        fields = company_fields(queries.company(session))
    return _form(request, gettext("Company"), "/company/settings", fields)


@post("/company/settings", sync_to_thread=True)
def change_company(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    actor.require("company_write")
    try:
        command = _company(Reader(data))
        run(database, company.change_company, command, envelope(request, data))
    except Problem as problem:
        fields = company_fields(None)
        return _form(request, gettext("Company"), "/company/settings", fields, data, problem)
    return see("/company")


@get("/areas/new", sync_to_thread=True)
def new_area_page(request: AnyRequest, actor: Actor) -> Response[bytes]:
    actor.require("company_write")
    return _form(request, gettext("New area"), "/areas", area_fields(None))


@post("/areas", sync_to_thread=True)
def create_area(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    actor.require("company_write")
    try:
        form = Reader(data)
        command = company.CreateArea(form.text("code", longest=20), form.text("name", longest=60))
        form.done()
        run(database, company.create_area, command, envelope(request, data))
    except Problem as problem:
        return _form(request, gettext("New area"), "/areas", area_fields(None), data, problem)
    return see("/company")


@get("/areas/{area_id:int}", sync_to_thread=True)
def area_page(
    request: AnyRequest, database: Database, actor: Actor, area_id: int
) -> Response[bytes]:
    actor.require("company_write")
    return _area_form(request, database, actor, area_id)


@post("/areas/{area_id:int}", sync_to_thread=True)
def change_area(
    request: AnyRequest, database: Database, actor: Actor, area_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("company_write")
    try:
        form = Reader(data)
        command = company.ChangeArea(area_id, form.text("name", longest=60))
        form.done()
        run(database, company.change_area, command, envelope(request, data))
    except Problem as problem:
        return _area_form(request, database, actor, area_id, data, problem)
    return see("/company")


@get("/stores/new", sync_to_thread=True)
def new_store_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("company_write")
    return _store_form(request, database, actor, None)


@post("/stores", sync_to_thread=True)
def create_store(
    request: AnyRequest, database: Database, actor: Actor, data: ManyForm
) -> Response[Any]:
    actor.require("company_write")
    try:
        form = Reader(data)
        code = form.text("code", longest=20)
        command = company.CreateStore(code=code, **_store(form))
        run(database, company.create_store, command, envelope(request, data))
    except Problem as problem:
        return _store_form(request, database, actor, None, data, problem)
    return see("/company")


@get("/stores/{store_id:int}", sync_to_thread=True)
def store_page(
    request: AnyRequest, database: Database, actor: Actor, store_id: int
) -> Response[bytes]:
    actor.require("company_write")
    return _store_form(request, database, actor, store_id)


@post("/stores/{store_id:int}", sync_to_thread=True)
def change_store(
    request: AnyRequest, database: Database, actor: Actor, store_id: int, data: ManyForm
) -> Response[Any]:
    actor.require("company_write")
    try:
        command = company.ChangeStore(store_id=store_id, **_store(Reader(data)))
        run(database, company.change_store, command, envelope(request, data))
    except Problem as problem:
        return _store_form(request, database, actor, store_id, data, problem)
    return see("/company")


def _company(form: Reader) -> company.ChangeCompany:
    currency = form.text("currency", longest=3)
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):  # noqa: PLR2004
        form.wrong("currency", gettext(NOT_A_CURRENCY))
    prefix = form.text("gs1_prefix", needed=False, longest=12)
    if prefix and not (prefix.isascii() and prefix.isdigit() and len(prefix) >= 4):  # noqa: PLR2004
        form.wrong("gs1_prefix", gettext(NOT_A_PREFIX))
    command = company.ChangeCompany(
        name=form.text("name", longest=100),
        currency=currency,
        currency_decimals=form.number("currency_decimals", least=0, most=4),
        recovers_input_tax=form.yes("recovers_input_tax"),
        gs1_prefix=prefix or None,
        receive_without_order=form.yes("receive_without_order"),
        cost_scope=_scope(form),
    )
    form.done()
    return command


def _scope(form: Reader) -> company.CostScope | None:
    """None where the form does not ask for it."""
    if "cost_scope" not in form.data:
        return None
    return "store" if form.choice("cost_scope", ("company", "store")) == "store" else "company"


def _store(form: Reader) -> dict[str, Any]:
    zone = form.text("time_zone", longest=60)
    if zone not in available_timezones():
        form.wrong("time_zone", gettext(NOT_A_ZONE))
    fields = {
        "area_id": form.id_or_none("area_id") or 0,
        "name": form.text("name", longest=60),
        "time_zone": zone,
    }
    form.done()
    return fields


def _area_form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    area_id: int,
    data: ManyForm | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        area = next((area for area in queries.areas(session) if area.id == area_id), None)
    if area is None:
        raise NoSuchArea
    return _form(request, area.name, f"/areas/{area_id}", area_fields(area), data, problem)


def _store_form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    store_id: int | None,
    data: ManyForm | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        stores, areas = queries.own_stores(session, actor), queries.areas(session)
    store = next((store for store in stores if store.id == store_id), None)
    if store is None and store_id is not None:
        raise NoSuchStore
    title = store.name if store else gettext("New store")
    action = f"/stores/{store_id}" if store else "/stores"
    return _form(request, title, action, store_fields(store, areas), data, problem)


def _form(
    request: AnyRequest,
    title: str,
    action: str,
    fields: list[Field],
    data: ManyForm | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    return page(
        request,
        "access/form.html",
        status=problem.status if problem else 200,
        problem=problem,
        title=title,
        action=action,
        fields=fields,
        values=data or {},
    )


handlers = [
    company_page,
    company_settings_page,
    change_company,
    new_area_page,
    create_area,
    area_page,
    change_area,
    new_store_page,
    create_store,
    store_page,
    change_store,
]
