"""The screens of recipes: what goes in, what it costs, versions; checked while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.catalog import input as given
from app.catalog import values
from app.catalog.problems import InvalidInput
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form
from app.kit.i18n import current_language
from app.kit.money import plain
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import Cursor, envelope, page, see
from app.producing import problems, recipe_queries, recipe_text
from app.producing.exports import RECIPES_EXPORT
from app.producing.recipes import (
    Draft,
    SaveRecipe,
    UseRecipe,
    drafted,
    refuse_senseless,
    save_recipe,
    use_recipe,
)
from app.producing.sheets import Sheet, cost_sheet
from app.producing.words import WORDS

NUMBERS = ("yield_rate", "hours", "labour_rate", "overhead_rate", "overhead_amount", "tolerance")
_HUNDRED = Decimal(100)
# Yield and tolerance are typed in percent.
_IN_PERCENT = ("yield_rate", "tolerance")
USUAL = {"quantity": "1", "yield_rate": "100", "tolerance": "5"}


@get("/recipes", sync_to_thread=True)
def recipes_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    actor.require("recipe_read")
    query = {name: value for name, value in request.query_params.items() if value}
    cursor = Cursor.read(query.get("cursor"))
    with database.reading(actor.caller) as session:
        found = recipe_queries.recipes(session, query.get("search", ""), clock.today(), cursor)
    return page(request, "producing/recipes.html", **WORDS, listing=found, query=query)


@get("/recipes/{recipe_id:int}", sync_to_thread=True)
def recipe_page(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    recipe_id: int,
    version: int | None = None,
    quantity: str = "",
) -> Response[bytes]:
    """The recipe and what it costs now; ``quantity`` of it, or a run."""
    actor.require("recipe_read")
    with database.reading(actor.caller) as session:
        view = recipe_queries.recipe(session, recipe_id, clock.today(), version)
        sheet, problem = None, None
        if actor.can("view_cost"):
            try:
                sheet = _sheet(session, view, quantity)
            except Problem as refused:
                problem = refused
    return page(
        request, "producing/recipe.html", **WORDS, view=view, sheet=sheet, problem=problem,
        quantity=quantity,
    )  # fmt: skip


def _sheet(session: Session, view: recipe_queries.RecipeView, quantity: str) -> Sheet:
    wanted = None
    if quantity.strip():
        try:
            wanted = values.number(quantity[:40])
        except ValueError:
            wanted = Decimal(0)
        if wanted <= 0:
            raise problems.QuantityMissing(given=quantity[:40])
        refuse_senseless(view.head.title, view.head.base_unit, wanted)
    return cost_sheet(session, view.head.item_id, clock.today(), wanted, view.version.id)


@get("/recipes/new", sync_to_thread=True)
def new_recipe_page(
    request: AnyRequest, database: Database, actor: Actor, item: str = ""
) -> Response[bytes]:
    actor.require("recipe_write")
    return _form(request, database, actor, USUAL | {"item": item})


@get("/recipes/{recipe_id:int}/versions/new", sync_to_thread=True)
def new_version_page(
    request: AnyRequest, database: Database, actor: Actor, recipe_id: int
) -> Response[bytes]:
    """A new version, beginning with what holds now."""
    actor.require("recipe_write")
    with database.reading(actor.caller) as session:
        view = recipe_queries.recipe(session, recipe_id, clock.today())
    return _form(request, database, actor, _values(view))


def _values(view: recipe_queries.RecipeView) -> dict[str, str]:
    version = view.version
    is_english = current_language() == "en"
    words = ("scan", "along") if is_english else ("扫码", "现做")
    found = {name: plain(getattr(version, name)) for name in NUMBERS}
    found |= {name: plain(getattr(version, name) * _HUNDRED) for name in _IN_PERCENT}
    return found | {
        "item": view.head.code,
        "quantity": plain(version.quantity),
        "unit": view.head.base_unit,
        "lines": recipe_queries.lines_text(view, *words),
        "outputs": recipe_queries.outputs_text(view, "元"),
        "valid_from": clock.today().isoformat(),
        "note": "",
    }


@post("/recipes", sync_to_thread=True)
def create_recipe(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[Any]:
    """Fields item, quantity, unit, lines, outputs, yield_rate and tolerance (in percent), hours,
    labour_rate, overhead_rate, overhead_amount, valid_from, note.
    """
    actor.require("recipe_write")
    try:
        saved = run(database, save_recipe, _command(data), envelope(request, data))
    except Problem as problem:
        return _form(request, database, actor, data, problem)
    return see(f"/recipes/{saved.recipe_id}")


def _command(data: Mapping[str, str]) -> SaveRecipe:
    """Raises InvalidInput, LineUnreadable, TooManyRecipeLines."""
    fields: dict[str, Any] = {
        name: data[name] for name in ("item", "quantity", "unit", "note") if data.get(name)
    }
    fields |= {name: _number(name, data[name]) for name in NUMBERS if data.get(name, "").strip()}
    fields["valid_from"] = data.get("valid_from") or None
    fields["lines"] = recipe_text.lines_of(data.get("lines", "")[:20000])
    fields["outputs"] = recipe_text.outputs_of(data.get("outputs", "")[:20000])
    return given.read(SaveRecipe, fields)


def _number(name: str, text: str) -> Any:
    """What cannot be read is left to be marked."""
    try:
        number = values.number(text.replace("%", "")[:40])
    except ValueError:
        return text
    return number / _HUNDRED if name in _IN_PERCENT else number


@post("/recipes/checks", sync_to_thread=True)
def check_recipe(
    request: AnyRequest, database: Database, actor: Actor, data: Form
) -> Response[bytes]:
    """What the lines as typed so far mean; nothing is saved."""
    actor.require("recipe_write")
    draft, problem = None, None
    if data.get("item", "").strip() and data.get("lines", "").strip():
        try:
            with database.reading(actor.caller) as session:
                draft = drafted(session, given.checked(_command(data)))
        except Problem as refused:
            problem = refused
    return page(request, "producing/check_recipe.hx.html", **WORDS, draft=draft, wrong=problem)


@post("/recipes/{recipe_id:int}/use", sync_to_thread=True)
def change_use(
    request: AnyRequest, database: Database, actor: Actor, recipe_id: int, data: Form
) -> Response[Any]:
    """Out of use, or with the field ``active`` back in use."""
    actor.require("recipe_write")
    command = UseRecipe(recipe_id, active=bool(data.get("active")))
    run(database, use_recipe, command, envelope(request, data))
    return see(f"/recipes/{recipe_id}")


def _form(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    values: Mapping[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    draft: Draft | None = None
    wrong: Problem | None = None
    if values.get("lines", "").strip() and problem is None:
        try:
            with database.reading(actor.caller) as session:
                draft = drafted(session, given.checked(_command(values)))
        except Problem as refused:
            wrong = refused
    marks = problem.marks if isinstance(problem, InvalidInput) else {}
    return page(
        request,
        "producing/recipe_form.html",
        status=problem.status if problem else 200,
        **WORDS,
        values=values,
        problem=problem,
        marks=marks,
        draft=draft,
        wrong=wrong,
        today=date.isoformat(clock.today()),
    )


handlers: list[ControllerRouterHandler] = [
    recipes_page,
    *RECIPES_EXPORT.handlers,
    new_recipe_page,
    recipe_page,
    new_version_page,
    create_recipe,
    check_recipe,
    change_use,
]
