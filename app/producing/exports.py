"""The files of the lists of production."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import clock, sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.producing import queries, recipe_queries
from app.producing.periods import period_of
from app.producing.words import KINDS, ORDER_STATES


def _orders(asked: Asked) -> sql.Select[queries.OrderRow]:
    return queries.every_order(asked.query)


def _recipes(asked: Asked) -> sql.Select[recipe_queries.RecipeRow]:
    return recipe_queries.every_recipe(asked.query.get("search", ""), clock.today())


def _consumption(asked: Asked) -> sql.Select[queries.ConsumptionRow]:
    return queries.every_consumption(period_of(asked.query, asked.actor))


ORDERS_EXPORT = Export(
    "/production-orders",
    mark("Production orders"),
    "produce",
    _orders,
    [
        Column(mark("Number"), "number"),
        Column(mark("Kind"), lambda row: gettext(KINDS[row.kind])),
        Column(mark("State"), lambda row: gettext(ORDER_STATES[row.state])),
        Column(mark("Store"), "store"),
        Column(mark("Code"), "code"),
        Column(mark("Item"), "title"),
        Column(mark("Planned"), "quantity"),
        Column(mark("Output"), "completed"),
        Column(mark("Waste"), "scrapped"),
        Column(mark("Unit"), "unit"),
        Column(mark("Planned on"), "planned_on"),
        Column(mark("Created"), "created_at"),
    ],
)
RECIPES_EXPORT = Export(
    "/recipes",
    mark("Recipes"),
    "recipe_read",
    _recipes,
    [
        Column(mark("Code"), "code"),
        Column(mark("Item"), "title"),
        Column(mark("Version"), "version"),
        Column(mark("Holds from"), "valid_from"),
        Column(mark("Quantity of a run"), "quantity"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Yield"), "yield_rate"),
        Column(mark("Components"), "lines"),
    ],
)
CONSUMPTION_EXPORT = Export(
    "/producing/consumption",
    mark("Theoretical and actual consumption"),
    "recipe_read",
    _consumption,
    [
        Column(mark("Code"), "code"),
        Column(mark("Item"), "title"),
        Column(mark("Unit"), "unit"),
        Column(mark("Theoretical"), "theoretical"),
        Column(mark("Used"), "used"),
        Column(mark("Missing in counts"), "missing"),
        Column(mark("Actual"), "actual"),
        Column(mark("Difference"), "difference"),
        Column(mark("Difference %"), "difference_rate"),
        Column(mark("Difference in money"), "difference_amount", needs="view_cost"),
    ],
)
EXPORTS = [ORDERS_EXPORT, RECIPES_EXPORT, CONSUMPTION_EXPORT]
