"""Production as JSON: the same commands as the pages.  ``Idempotency-Key`` is the command's id.

A machine (MES) that has keys of its own gives them as ``external_key`` with its ``source``: the
same key again answers what it answered first and books nothing.
"""

from __future__ import annotations

from typing import Any, cast

from litestar import get, post

from app.access.actor import Actor
from app.catalog import input as given
from app.formulas.costs import ElementCost
from app.kit import clock
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, Cursor, Listing, StateFilter, api, envelope
from app.producing import completing, disassembling, planning, queries, recipes, scans, undoing
from app.producing.recipe_queries import RecipeView, recipe
from app.producing.sheets import cost_sheet

Body = dict[str, Any]


@get("/production-orders", sync_to_thread=True)
def list_orders(
    database: Database,
    actor: Actor,
    wanted_state: StateFilter = "",
    search: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> Listing[queries.OrderRow]:
    """Newest first.  ``state``: open, planned, in_progress, done or cancelled."""
    actor.require("produce")
    wanted = {"state": wanted_state, "search": search}
    with database.reading(actor.caller) as session:
        return queries.orders(session, wanted, Cursor.read(cursor, limit))


@get("/production-orders/{order_id:int}", sync_to_thread=True)
def show_order(database: Database, actor: Actor, order_id: int) -> queries.OrderView:
    """One order: components, what came of it, completions with their cost."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        return queries.order(session, order_id)


@post("/production-orders", sync_to_thread=True)
def create_order(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> planning.OrderChanged:
    """Fields item, quantity; optional unit, planned_on, lot_code, supply, output, version_id, note,
    source, external_number (the same one again gives the same order).
    """
    actor.require("production_plan")
    fields = {"store_id": actor.working_store_id, "source": "api", **given.changes(data)}
    command = given.read(planning.PlanOrder, fields)
    return run(database, planning.plan_order, command, envelope(request))


@post("/production-orders/{order_id:int}/completions", sync_to_thread=True)
def complete_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> completing.Completed:
    """Fields quantity; optional lot, produced_on, expires_on, location, rest (refuse, backflush,
    as_scanned), is_last, sides ([{item_id, quantity}]), source, external_key.
    """
    actor.require("produce")
    fields = {"source": "api", **_exact(data), "order_id": order_id}
    command = given.read(completing.Complete, fields)
    return run(database, completing.complete, command, envelope(request))


@post("/production-orders/{order_id:int}/scrap", sync_to_thread=True)
def report_scrap(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> completing.Completed:
    """Fields quantity, reason; optional is_abnormal, rest, source, external_key."""
    actor.require("produce")
    fields = {"source": "api", **_exact(data), "order_id": order_id}
    command = given.read(completing.ReportScrap, fields)
    return run(database, completing.report_scrap, command, envelope(request))


@post("/production-orders/{order_id:int}/scans", sync_to_thread=True)
def scan(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> scans.ScanAnswer:
    """Field: code.  Brings a component, or counts what was made."""
    actor.require("produce")
    command = scans.scan_of(order_id, str(data.get("code", "")))
    return run(database, scans.scan, command, envelope(request))


@post("/production-orders/{order_id:int}/reversals", sync_to_thread=True)
def undo_completion(
    request: AnyRequest, database: Database, actor: Actor, order_id: int, data: Body
) -> planning.OrderChanged:
    """Fields reason; optional completion_id (the newest where it is left out)."""
    actor.require("undo_production")
    command = given.read(undoing.UndoCompletion, {**data, "order_id": order_id})
    return run(database, undoing.undo_completion, command, envelope(request))


@post("/production-orders/{order_id:int}/closure", sync_to_thread=True)
def close_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> planning.OrderChanged:
    """Nothing more comes of it."""
    actor.require("produce")
    command = completing.CloseOrder(order_id)
    return run(database, completing.close_order, command, envelope(request))


@post("/production-orders/{order_id:int}/cancellation", sync_to_thread=True)
def cancel_order(
    request: AnyRequest, database: Database, actor: Actor, order_id: int
) -> planning.OrderChanged:
    actor.require("production_plan")
    command = planning.CancelOrder(order_id)
    return run(database, planning.cancel_order, command, envelope(request))


@post("/disassemblies", sync_to_thread=True)
def disassemble(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> disassembling.TakenApart:
    """Fields item, quantity, location; optional unit, lot, output, note."""
    actor.require("produce")
    fields = {**_exact(data), "store_id": actor.working_store_id}
    command = given.read(disassembling.Disassemble, fields)
    return run(database, disassembling.disassemble, command, envelope(request))


@post("/recipes", sync_to_thread=True)
def save_recipe(
    request: AnyRequest, database: Database, actor: Actor, data: Body
) -> recipes.RecipeSaved:
    """A new version: item, quantity, lines ([{item, quantity, unit, scrap_rate, issue,
    is_made_along}]); optional outputs, yield_rate, hours, rates, valid_from.  Rates are fractions.
    """
    actor.require("recipe_write")
    command = given.read(recipes.SaveRecipe, _exact(data))
    return run(database, recipes.save_recipe, command, envelope(request))


@get("/recipes/{recipe_id:int}", sync_to_thread=True)
def show_recipe(database: Database, actor: Actor, recipe_id: int) -> RecipeView:
    actor.require("recipe_read")
    with database.reading(actor.caller) as session:
        return recipe(session, recipe_id, clock.today())


@get("/recipes/{recipe_id:int}/cost", sync_to_thread=True)
def show_cost(database: Database, actor: Actor, recipe_id: int) -> Body:
    """What a run costs now; amounts as exact texts."""
    actor.require("view_cost")
    with database.reading(actor.caller) as session:
        view = recipe(session, recipe_id, clock.today())
        sheet = cost_sheet(session, view.head.item_id, clock.today(), None, view.version.id)
    names = ("quantity", "material", "labour", "overhead", "total", "unit_cost", "price")
    return {name: str(getattr(sheet, name)) for name in names} | {
        "currency": sheet.currency,
        "cost_rate": str(sheet.cost_rate) if sheet.cost_rate is not None else None,
        "suggested_price": str(sheet.suggested.amount) if sheet.suggested else None,
        "elements": [_element(one) for one in (*sheet.production, *sheet.sale)],
        "components": [
            {
                "level": line.level,
                "item": line.item.code,
                "quantity": str(line.quantity),
                "unit_cost": str(line.unit_cost),
                "amount": str(line.amount),
                "source": line.source,
            }
            for line in sheet.lines
        ],
    }


def _element(one: ElementCost) -> dict[str, str | None]:
    return {
        "name": one.name,
        "applies": one.applies,
        "amount": None if one.problem else str(one.amount),
        "problem": one.problem.code if one.problem else None,
    }


def _exact(data: Body) -> Body:
    """Numbers that JSON gave as floats keep the digits that were written, inside lists too."""
    found: Body = given.changes(data)
    for name, value in found.items():
        if isinstance(value, list):
            rows = cast("list[Any]", value)
            found[name] = [given.changes(row) if isinstance(row, dict) else row for row in rows]  # pyright: ignore[reportUnknownArgumentType]
    return found


router = api(
    [
        list_orders, show_order, create_order, complete_order, report_scrap, scan, undo_completion,
        close_order, cancel_order, disassemble, save_recipe, show_recipe, show_cost,
    ],
    tag="Production",
)  # fmt: skip
