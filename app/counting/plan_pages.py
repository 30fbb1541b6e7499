"""Count plans and the calendar of what is due."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlmodel import Session

from app.access.actor import Actor
from app.access.authentication import AnyRequest
from app.counting import plans, queries
from app.counting.forms import rule_in
from app.counting.words import WORDS
from app.kit import clock
from app.kit.database import Database
from app.kit.forms import Form, number_in
from app.kit.problems import Problem
from app.kit.transactions import run
from app.kit.web import envelope, page, see

LONGEST_DAYS = 6


@get("/counting/plans", sync_to_thread=True)
def plans_page(request: AnyRequest, database: Database, actor: Actor) -> Response[bytes]:
    """The plans of the store with their next weeks."""
    actor.require("count_manage")
    return _plans(request, database, actor)


def _plans(
    request: AnyRequest,
    database: Database,
    actor: Actor,
    given: Mapping[str, Any] | None = None,
    problem: Problem | None = None,
) -> Response[bytes]:
    with database.reading(actor.caller) as session:
        found = plans.plans(session, actor.working_store_id)
        days = {plan.id: calendar_of(session, plan) for plan in found}
        zones = queries.zones(session, actor.working_store_id)
    return page(
        request,
        "counting/plans.html",
        status=problem.status if problem else 200,
        **WORDS,
        plans=found,
        days=days,
        zones=zones,
        given=given or {},
        problem=problem,
    )


def calendar_of(session: Session, plan: plans.Plan) -> list[plans.Day]:
    """What falls due in the next weeks; nothing by a plan that is switched off."""
    today = clock.today(plan.time_zone)
    wanted = plans.due(session, plan, today) if plan.kind == "class" and plan.is_active else []
    return plans.calendar(plan, wanted, today, plans.last_made(session, plan))


@post("/counting/plans", sync_to_thread=True)
def save_plan(request: AnyRequest, database: Database, actor: Actor, data: Form) -> Response[Any]:
    """A new plan, or with ``plan_id`` a changed one."""
    actor.require("count_manage")
    try:
        command = _plan_in(data, actor.working_store_id)
        run(database, plans.save_plan, command, envelope(request, data))
    except Problem as problem:
        return _plans(request, database, actor, data, problem)
    return see("/counting/plans")


def _plan_in(data: Mapping[str, str], store_id: int) -> plans.SavePlan:
    return plans.SavePlan(
        store_id,
        data.get("name", ""),
        data.get("kind", "")[:20],
        number_in(data, "plan_id"),
        bool(data.get("is_active")),
        number_in(data, "zone_id"),
        number_in(data, "a_days") or 0,
        number_in(data, "b_days") or 0,
        number_in(data, "c_days") or 0,
        number_in(data, "daily_cap") or 0,
        number_in(data, "month_day") or 0,
        bool(data.get("freezes")),
        not data.get("shows_books"),
        rule_in(data),
        number_in(data, "every_days") or 0,
        _days_in(data),
    )


def _days_in(data: Mapping[str, str]) -> int:
    """Within how many days; 0 means what has expired.  Something else is refused later."""
    given = data.get("expiry_days", "").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) < LONGEST_DAYS else -1


@post("/counting/plans/{plan_id:int}/run", sync_to_thread=True)
def run_plan(
    request: AnyRequest, database: Database, actor: Actor, plan_id: int, data: Form
) -> Response[Any]:
    """Make today's count now, without waiting for the clock."""
    actor.require("count_manage")
    try:
        done = run(database, plans.run_plan, plans.RunPlan(plan_id), envelope(request, data))
    except Problem as problem:
        return _plans(request, database, actor, None, problem)
    return see(f"/counting/counts/{done.made.count_id}" if done.made else "/counting/plans")


handlers: list[ControllerRouterHandler] = [plans_page, save_plan, run_plan]
