from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from app.kit.database import SYSTEM, Database, driver
from app.producing import completing, planning, recipe_text, recipes, undoing
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import PostMoves, movement, post_moves, receive


@dataclass
class Kitchen:
    """The sample company with recipes: bread is made of flour and milk."""

    database: Database
    run: Runner
    company: SampleCompany

    def stock(self, item: str, quantity: str, amount: str, **more: Any) -> None:
        """On shelf 1, worth so much."""
        self.run(post_moves, PostMoves([receive(self.company, item, quantity, amount, **more)]))
        move = movement(self.company, item, quantity, "dock", "shelf1", **more)
        self.run(post_moves, PostMoves([move]))

    def recipe(self, item: str, lines: str, **more: Any) -> recipes.RecipeSaved:
        outputs = recipe_text.outputs_of(more.pop("outputs", ""))
        more = {"quantity": "10", **more}
        more["quantity"] = Decimal(more["quantity"])
        command = recipes.SaveRecipe(
            item, lines=recipe_text.lines_of(lines), outputs=outputs, **more
        )
        return self.run(recipes.save_recipe, command)

    def plan(self, item: str = "BREAD", quantity: str = "100", **more: Any) -> int:
        command = planning.PlanOrder(self.company.a.store_id, item, Decimal(quantity), **more)
        return self.run(planning.plan_order, command).order_id

    def complete(self, order_id: int, quantity: str, **more: Any) -> completing.Completed:
        command = completing.Complete(order_id, Decimal(quantity), **more)
        return self.run(completing.complete, command)

    def undo(self, order_id: int, reason: str = "报错了") -> Any:
        return self.run(undoing.undo_completion, undoing.UndoCompletion(order_id, reason))

    def one(self, statement: str, *values: Any) -> Any:
        with self.database.session(SYSTEM) as session:
            row = driver(session).execute(statement, values).fetchone()
            return None if row is None else row[0] if len(row) == 1 else row

    def worth(self, item: str) -> tuple[Decimal, Decimal]:
        return self.one(
            "select coalesce(sum(quantity), 0), coalesce(sum(value), 0) from cost_pool"
            " where item_id = %s",
            self.company.items[item],
        )


@pytest.fixture
def kitchen(database: Database, run: Runner, company: SampleCompany) -> Kitchen:
    return Kitchen(database, run, company)
