"""What the central kitchen makes: recipes, the company's cost elements, two orders to make."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.demo.company import KITCHEN, Company
from app.demo.maker import Maker
from app.formulas.commands import DefineElement, define_element
from app.producing import planning, recipe_text, recipes

DAYS_AGO = -30


@dataclass(frozen=True)
class Baked:
    """A recipe: a run gives ``quantity``; ``lines`` as a person types them."""

    code: str
    quantity: str
    hours: str
    lines: str
    yield_rate: str = "1"


RECIPES = (
    Baked("3009", "100", "1.5", "1001, 5 kg, 2%\n1203, 5 块, 1%\n1201, 2 盒\n1301, 10 个, 3%\n"
          "1101, 600 g\n1401, 0.2 包\n1103, 0.2 包", "0.98"),
    Baked("3001", "96", "0.8", "3009, 96 个, 2%, 扫码\n1301, 4 个\n2001, 96 个, 1%"),
    Baked("3003", "48", "1.2", "1001, 12 kg, 2%\n1201, 5 盒\n1101, 900 g\n1203, 1 块\n"
          "1401, 0.3 包\n1103, 0.4 包\n2002, 48 个, 1%", "0.97"),
)  # fmt: skip
ELEMENTS = (
    ("能源费", "production", "4 元/h * hours + 0.02 元/个 * quantity"),
    ("配送费", "sale", "0.12 元/个 * quantity"),
    ("建议售价", "price", "up((cost + sale_costs) / (1 - 45 %), 0.1 元/个)"),
)  # fmt: skip
ORDERS = (("3001", "96"), ("3003", "48"))


def make_baking(maker: Maker, made: Company) -> None:
    """Recipes and formulas of the company, orders of the kitchen; nothing is made yet."""
    since = maker.day(DAYS_AGO)
    for name, applies, formula in ELEMENTS:
        element = DefineElement(name, applies, formula, since)
        maker.do(f"element {name}", define_element, element)
    for one in RECIPES:
        recipe = recipes.SaveRecipe(
            one.code, Decimal(one.quantity), recipe_text.lines_of(one.lines), since,
            yield_rate=Decimal(one.yield_rate), hours=Decimal(one.hours),
            labour_rate=Decimal(32), overhead_amount=Decimal(12),
        )  # fmt: skip
        maker.do(f"recipe {one.code}", recipes.save_recipe, recipe)
    for code, quantity in ORDERS:
        plan = planning.PlanOrder(
            made.stores[KITCHEN], code, Decimal(quantity), planned_on=maker.today
        )
        maker.do(f"production {code}", planning.plan_order, plan, "lead")
