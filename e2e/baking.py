"""A recipe, production orders and a cost element, for the screens that show them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.formulas.commands import DefineElement, define_element
from app.kit import clock
from app.producing import completing, planning, recipe_text, recipes
from e2e.product import Product
from tests.ledger.moves import PostMoves, post_moves, receive

Do = Callable[..., Any]


def baking_of(saoku: Product, do: Do) -> dict[str, int]:
    """Flour out of milk and bread: what comes of it is nobody else's."""
    company = saoku.company
    with_lots = {"lot_id": company.lots["milk"]}
    do(saoku, post_moves, PostMoves([receive(company, "milk", "9", "45", **with_lots)]))
    lines = recipe_text.lines_of("MILK, 1 个, 2%\nBREAD, 1, 扫码")
    recipe = recipes.SaveRecipe("FLOUR", Decimal(10), lines, hours=Decimal("0.5"))
    saved = do(saoku, recipes.save_recipe, recipe, "manager_a")
    element = DefineElement("包装", "production", "0.5 元/个 + 3% * 材料 / 数量", clock.today())
    defined = do(saoku, define_element, element, "administrator")
    store = company.a.store_id
    plan = planning.PlanOrder(store, "FLOUR", Decimal(20))
    orders = [do(saoku, planning.plan_order, plan, "manager_a").order_id for _ in range(2)]
    made = completing.Complete(orders[1], Decimal(8), rest="as_scanned")
    do(saoku, completing.complete, made)
    waste = completing.ReportScrap(orders[1], Decimal(1), "洒了")
    do(saoku, completing.report_scrap, waste)
    return {
        "recipe": saved.recipe_id, "production": orders[0], "produced": orders[1],
        "element": defined.element_id,
    }  # fmt: skip
