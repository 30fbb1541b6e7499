"""Plans of counts as JSON: the same commands as the page.

``Idempotency-Key`` is the command's id; repeat it to repeat a request safely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import get, post
from pydantic import Field

from app.access.actor import Actor
from app.catalog import input as given
from app.counting import plans
from app.counting.making import RecountRule
from app.counting.plan_pages import calendar_of
from app.kit.database import Database
from app.kit.transactions import run
from app.kit.web import AnyRequest, api, envelope

Body = dict[str, Any]
Small = Annotated[int, Field(ge=0, le=100_000)]


@dataclass(frozen=True)
class PlanAnswer:
    """A plan with its next weeks."""

    plan: plans.Plan
    days: list[plans.Day]


@get("/count-plans", sync_to_thread=True)
def list_plans(database: Database, actor: Actor) -> list[PlanAnswer]:
    """Those of the store, with how many places fall due on which day."""
    actor.require("count_manage")
    with database.reading(actor.caller) as session:
        found = plans.plans(session, actor.working_store_id)
        return [PlanAnswer(plan, calendar_of(session, plan)) for plan in found]


@dataclass(frozen=True)
class PlanBody:
    """What a request for a plan may say."""

    store_id: given.Id
    name: str
    kind: str = "class"
    plan_id: given.Id | None = None
    is_active: bool = True
    zone_id: given.Id | None = None
    a_days: Small = 7
    b_days: Small = 30
    c_days: Small = 91
    daily_cap: Small = 40
    month_day: Small = 1
    every_days: Small = 7
    expiry_days: Small = 30
    freezes: bool = False
    is_blind: bool = True
    recount_quantity: given.Quantity | None = None
    recount_value: given.Quantity | None = None
    recount_share: given.Quantity | None = None
    recount_class: str | None = None

    def command(self) -> plans.SavePlan:
        """The limits of recounts are one rule there."""
        rule = RecountRule(
            self.recount_quantity, self.recount_value, self.recount_share, self.recount_class
        )
        fields = {name: said for name, said in vars(self).items() if "recount" not in name}
        return plans.SavePlan(**fields, rule=rule)


@post("/count-plans", sync_to_thread=True)
def save_plan(request: AnyRequest, database: Database, actor: Actor, data: Body) -> plans.PlanSaved:
    """Fields: name, kind (class, full, expiry, empty); optionally plan_id (changes that one),
    is_active, zone_id, a_days, b_days, c_days, daily_cap, month_day, every_days, expiry_days,
    freezes, is_blind, recount_quantity, recount_value, recount_share, recount_class, store_id.
    """
    actor.require("count_manage")
    wanted = given.read(PlanBody, {"store_id": actor.working_store_id, **data})
    actor.require_sight(wanted.store_id)
    return run(database, plans.save_plan, wanted.command(), envelope(request))


@post("/count-plans/{plan_id:int}/runs", sync_to_thread=True)
def run_plan(request: AnyRequest, database: Database, actor: Actor, plan_id: int) -> plans.PlanRun:
    """Make today's count without waiting for the clock; ``made`` is null where nothing is due."""
    actor.require("count_manage")
    return run(database, plans.run_plan, plans.RunPlan(plan_id), envelope(request))


router = api([list_plans, save_plan, run_plan], tag="Counting")
