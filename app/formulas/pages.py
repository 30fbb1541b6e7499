"""The screens of cost elements: define, check as you type, try on real items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.formulas import costs, queries
from app.formulas.checking import Definition, Elements
from app.formulas.commands import (
    AddVersion,
    DefineElement,
    UseElement,
    add_version,
    define_element,
    refuse_name,
    try_formula,
    use_element,
)
from app.formulas.costs import Making, Reckoned
from app.formulas.queries import ElementView
from app.formulas.tables import APPLIES
from app.formulas.units import Sort, words
from app.formulas.words import APPLIES as APPLIES_WORDS
from app.formulas.words import WORDS
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form, Reader, number_in
from app.kit.i18n import gettext, mark
from app.kit.money import ZERO
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see

EVERY = mark("Every item")
NO_DAY = mark("This is no day.")
MOST_PRICED = 100
TRIED = Decimal(10)
"""How many base units a formula is tried on."""


@dataclass(frozen=True)
class Tried:
    """What a formula comes to for one item: one base unit, its present cost."""

    reckoned: Reckoned
    cost: costs.ElementCost


@dataclass(frozen=True)
class Checked:
    """What became of a formula as typed: its measure and what it comes to, or why not."""

    problem: Problem | None = None
    sort: Sort | None = None
    tried: tuple[Tried, ...] = ()
    currency: str = ""

    @property
    def measured(self) -> str:
        return words(self.sort) if self.sort else ""


@get("/cost-elements", sync_to_thread=True)
def elements_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("formula_read")
    with database.reading(actor.caller) as session:
        known = queries.elements(session, clock.today())
    groups = [(kind, [one for one in known if one.applies == kind]) for kind in APPLIES]
    return page(request, "formulas/elements.html", **WORDS, groups=groups, any=bool(known))


@get("/cost-elements/prices", sync_to_thread=True)
def prices_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """What items cost now, what they sell for, and what the formulas suggest.

    Query: search, category.
    """
    actor.require("formula_read")
    query = {name: value for name, value in request.query_params.items() if value}
    category = number_in(query, "category")
    with database.reading(actor.caller) as session:
        wanted = queries.some_items(session, query.get("search", "")[:100], category, MOST_PRICED)
        found = costs.reckon_items(session, wanted, clock.today())
        categories = [(str(one.id), one.name) for one in queries.categories(session)]
        setting = queries.setting(session)
    return page(
        request,
        "formulas/prices.html",
        rows=[found[item_id] for item_id in wanted if item_id in found],
        query=query,
        categories=[("", gettext(EVERY)), *categories],
        currency=setting.currency,
        most=MOST_PRICED,
    )


@get("/cost-elements/new", sync_to_thread=True)
def new_element_page(
    request: AnyRequest, database: Database, actor: Actor, applies: str = "production"
) -> Response[bytes]:
    actor.require("formula_write")
    kind = applies if applies in APPLIES else "production"
    return _form(request, database, actor, None, {"applies": kind})


@get("/cost-elements/{element_id:int}", sync_to_thread=True)
def element_page(
    request: AnyRequest, database: Database, actor: Actor, element_id: int
) -> Response[bytes]:
    actor.require("formula_read")
    with database.reading(actor.caller) as session:
        known = queries.element(session, element_id, clock.today())
        newest = queries.versions(session, element_id)[0]
    shown = {"formula": newest.formula} if known.formula is None else {}
    return _form(request, database, actor, known, {**_values(known), **shown})


def _values(known: ElementView) -> dict[str, str]:
    return {
        "name": known.name,
        "title": known.title,
        "applies": known.applies,
        "category": str(known.category_id or ""),
        "position": str(known.position),
        "formula": known.formula or "",
        "valid_from": clock.today().isoformat(),
    }


@post("/cost-elements", sync_to_thread=True)
def create_element(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields name, title, applies, category, position, formula, valid_from, note."""
    actor.require("formula_write")
    try:
        form = Reader(data)
        name = form.text("name", longest=30)
        fields = _fields(form)
        applies = form.choice("applies", APPLIES)
        form.done()
        command = DefineElement(name=name, applies=applies, **fields)
        run(database, define_element, command, envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, None, data, problem)
    return see("/cost-elements")


@post("/cost-elements/{element_id:int}/versions", sync_to_thread=True)
def create_version(
    request: AnyRequest, database: Database, actor: Actor, element_id: int, data: Form
) -> Response[Any]:
    """The same fields; name and use stay as they are."""
    actor.require("formula_write")
    with database.reading(actor.caller) as session:
        known = queries.element(session, element_id, clock.today())
    try:
        form = Reader(data)
        fields = _fields(form)
        form.done()
        run(database, add_version, AddVersion(element_id, **fields), envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, known, {**_values(known), **data}, problem)
    return see(f"/cost-elements/{element_id}")


@post("/cost-elements/{element_id:int}/use", sync_to_thread=True)
def change_use(
    request: AnyRequest, database: Database, actor: Actor, element_id: int, data: Form
) -> Response[Any]:
    """Out of use, or with the field ``active`` back in use."""
    actor.require("formula_write")
    command = UseElement(element_id, active=bool(data.get("active")))
    run(database, use_element, command, envelope(request, data))
    return see(f"/cost-elements/{element_id}")


@post("/cost-elements/checks", sync_to_thread=True)
def check_formula(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[bytes]:
    """What the formula as typed so far means and comes to; nothing is saved."""
    actor.require("formula_read")
    with database.reading(actor.caller) as session:
        checked = _checked(session, data)
    # Not ``regions``: what is checked while typing makes no sound.
    return page(request, "formulas/check_formula.hx.html", **WORDS, checked=checked)


def _fields(form: Reader) -> dict[str, Any]:
    found = {
        "title": form.text("title", needed=False, longest=60),
        "category_id": form.id_or_none("category"),
        "position": form.number("position", least=0, most=9999) if form.raw("position") else 100,
        "note": form.text("note", needed=False),
        "formula": form.raw("formula").strip(),
        "valid_from": _day(form),
    }
    if not found["formula"]:
        form.text("formula")
    return found


def _day(form: Reader) -> date:
    try:
        return date.fromisoformat(form.raw("valid_from") or clock.today().isoformat())
    except ValueError:
        form.wrong("valid_from", gettext(NO_DAY))
        return clock.today()


# Check and preview --------------------------------------------------------------------------------


def _checked(session: Session, data: Mapping[str, str]) -> Checked:
    formula = data.get("formula", "").strip()
    if not formula:
        return Checked()
    applies = data.get("applies", "production")
    name, category = data.get("name", "").strip() or "_", number_in(data, "category")
    definition = Definition(name, applies, formula, data.get("title", ""), category)
    try:
        setting = queries.setting(session)
        if name != "_":
            refuse_name(name, setting.units)
        made = try_formula(session, definition, clock.today())
    except Problem as problem:
        return Checked(problem)
    tried = _tried(session, made, definition, data.get("search", "").strip())
    return Checked(None, made.checked[name].sort, tried, setting.currency)


def _tried(
    session: Session, made: Elements, definition: Definition, search: str
) -> tuple[Tried, ...]:
    """Ten base units of real items, so that what is fixed tells from what grows."""
    ids = queries.some_items(session, search, definition.category_id)
    above = queries.ancestry(queries.categories(session))
    found: list[Tried] = []
    for row in queries.items(session, ids):
        making = Making(row.id, TRIED, row.unit_cost * TRIED, is_made=True)
        category = above.get(row.category_id or 0)
        reckoned = costs.reckon_one(made, making, row, category, costs.UNIT_COST_DECIMALS)
        found.append(Tried(reckoned, _cost_of(reckoned, definition)))
    return tuple(found)


def _cost_of(reckoned: Reckoned, definition: Definition) -> costs.ElementCost:
    every = (*reckoned.production, *reckoned.sale, *reckoned.helpers)
    price = reckoned.price
    if price is not None and price.name == definition.name:
        return price
    nothing = costs.ElementCost(definition.name, "", definition.applies, ZERO)
    return next((one for one in every if one.name == definition.name), nothing)


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    known: ElementView | None,
    values: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        categories = [(str(one.id), one.name) for one in queries.categories(session)]
        versions = queries.versions(session, known.id) if known else []
        others = queries.in_force(session, clock.today())
        checked = _checked(session, values)
    return page(
        request,
        "formulas/element.html",
        status=problem.status if problem else 200,
        **WORDS,
        known=known,
        values=values,
        problem=problem,
        marks=problem.data.get("fields", {}) if problem else {},
        categories=[("", gettext(EVERY)), *categories],
        choices=[(kind, gettext(APPLIES_WORDS[kind])) for kind in APPLIES],
        versions=versions,
        others=[one for one in others if known is None or one.id != known.id],
        checked=checked,
        today=clock.today().isoformat(),
    )


handlers: list[ControllerRouterHandler] = [
    elements_page,
    prices_page,
    new_element_page,
    element_page,
    create_element,
    create_version,
    change_use,
    check_formula,
]
