"""Plans of counts: items by class every so many days, or everything once a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog import values
from app.counting import problems
from app.counting.loading import QUERIES
from app.counting.making import Made, MakeCount, RecountRule, Selection, insert_count, make_count
from app.kit import clock, ids, jobs, sql
from app.kit.database import SYSTEM
from app.kit.problems import Problem
from app.kit.transactions import Envelope, run
from app.orders.tables import PLAN_KINDS

PLANS = sql.Queries(Path(__file__).with_name("plans.sql"))
LONGEST_NAME = 80
EVERY_SO_OFTEN = frozenset({"expiry", "empty"})
AHEAD_DAYS = 35
MOST_DAYS, MOST_CAP, LAST_MONTH_DAY = 3650, 5000, 28


@dataclass(frozen=True)
class Plan:
    id: int
    store_id: int
    name: str
    kind: str
    is_active: bool
    zone_id: int | None
    zone: str | None
    a_days: int
    b_days: int
    c_days: int
    daily_cap: int
    month_day: int
    freezes: bool
    is_blind: bool
    recount_quantity: Decimal | None
    recount_value: Decimal | None
    recount_share: Decimal | None
    recount_class: str | None
    last_run_on: date | None
    every_days: int
    expiry_days: int
    time_zone: str

    @property
    def rule(self) -> RecountRule:
        return RecountRule(
            self.recount_quantity, self.recount_value, self.recount_share, self.recount_class
        )


@dataclass(frozen=True)
class Due:
    """An item in a place, with its class and the day on which it is to be counted."""

    location_id: int
    item_id: int
    item_class: str
    due_on: date


@dataclass(frozen=True)
class Day:
    """One day of the calendar: how many places are due, or whether all of the plan is."""

    day: date
    places: int
    is_full: bool = False


@dataclass(frozen=True)
class SavePlan:
    """A plan of a store; ``plan_id`` None makes a new one."""

    store_id: int
    name: str
    kind: str
    plan_id: int | None = None
    is_active: bool = True
    zone_id: int | None = None
    a_days: int = 7
    b_days: int = 30
    c_days: int = 91
    daily_cap: int = 40
    month_day: int = 1
    freezes: bool = False
    is_blind: bool = True
    rule: RecountRule = RecountRule()
    every_days: int = 7
    expiry_days: int = 30


@dataclass(frozen=True)
class RunPlan:
    """Make what is due today of one plan; nothing where it was made already."""

    plan_id: int


@dataclass(frozen=True)
class PlanSaved:
    plan_id: int


@dataclass(frozen=True)
class PlanRun:
    """``made`` is None where nothing was due."""

    made: Made | None = None


@dataclass(frozen=True)
class _DueRow:
    location_id: int
    item_id: int
    class_: str
    due_on: date


def save_plan(session: Session, command: SavePlan, envelope: Envelope) -> PlanSaved:
    """Raises PlanUnreadable, NoSuchPlan, PlanNameTaken."""
    name = values.one_line(command.name)[:LONGEST_NAME]
    if not name or command.kind not in PLAN_KINDS:
        raise problems.PlanUnreadable(given=name or "—")
    days = (command.a_days, command.b_days, command.c_days, command.every_days)
    if not all(1 <= one <= MOST_DAYS for one in days):
        raise problems.PlanUnreadable(given=" / ".join(str(one) for one in days))
    if not 0 <= command.expiry_days <= MOST_DAYS:
        raise problems.PlanUnreadable(given=str(command.expiry_days))
    if not 1 <= command.daily_cap <= MOST_CAP or not 1 <= command.month_day <= LAST_MONTH_DAY:
        raise problems.PlanUnreadable(given=f"{command.daily_cap} / {command.month_day}")
    row = _row(command, name, envelope)
    statement = PLANS["insert_plan"] if command.plan_id is None else PLANS["update_plan"]
    saved = sql.value(session, statement, row)
    if saved is None:
        raise problems.NoSuchPlan
    return PlanSaved(int(saved))


def _row(command: SavePlan, name: str, envelope: Envelope) -> dict[str, Any]:
    rule = command.rule
    kept = {key: value for key, value in vars(command).items() if key != "rule"}
    return kept | {
        "name": name,
        "recount_quantity": rule.quantity,
        "recount_value": rule.value,
        "recount_share": rule.share,
        "recount_class": rule.item_class,
        "user_id": envelope.caller.user_id,
    }


def plans(
    session: Session,
    store_id: int | None = None,
    *,
    plan_id: int | None = None,
    only_active: bool = False,
) -> list[Plan]:
    """Those of a store (or of all that the caller sees), by name."""
    asked = {"store_id": store_id, "plan_id": plan_id, "only_active": only_active}
    return sql.rows(session, Plan, PLANS["plans"], asked)


def plan_of(session: Session, plan_id: int) -> Plan:
    """Raises NoSuchPlan."""
    found = plans(session, plan_id=plan_id)
    if not found:
        raise problems.NoSuchPlan
    return found[0]


def due(session: Session, plan: Plan, today: date) -> list[Due]:
    """What the plan wants counted, the most overdue first; what is being counted is left out."""
    asked = {"plan_id": plan.id, "today": today}
    rows = sql.rows(session, _DueRow, PLANS["due"], asked)
    return [Due(row.location_id, row.item_id, row.class_, row.due_on) for row in rows]


def last_made(session: Session, plan: Plan) -> date | None:
    """The store's day on which the plan made its newest count."""
    return sql.value(session, PLANS["last_made"], {"plan_id": plan.id})


def calendar(plan: Plan, wanted: Sequence[Due], today: date, last: date | None = None) -> list[Day]:
    """The coming days with what falls due, never more than the cap: the rest waits a day.

    ``last``: when it made its newest count.
    """
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD_DAYS)]
    if plan.kind in EVERY_SO_OFTEN:
        first = max(last + timedelta(days=plan.every_days), today) if last else today
        return [
            Day(day, 0, day >= first and (day - first).days % plan.every_days == 0) for day in days
        ]
    if plan.kind == "full":
        return [Day(day, 0, day.day == plan.month_day) for day in days]
    left, done = sorted(one.due_on for one in wanted), 0
    shown: list[Day] = []
    for day in days:
        waiting = sum(one <= day for one in left) - done
        places = min(plan.daily_cap, waiting)
        done += places
        shown.append(Day(day, places))
    return shown


def run_plan(session: Session, command: RunPlan, envelope: Envelope) -> PlanRun:
    """Make today's count of a plan, once a day; everything, once a month.

    Raises:
        NoSuchPlan, CapabilityMissing.
    """
    sql.value(session, PLANS["lock_plan"], {"plan_id": command.plan_id})
    plan = plan_of(session, command.plan_id)
    _permit(session, envelope)
    today = clock.today(plan.time_zone)
    if plan.last_run_on == today:
        return PlanRun()
    sql.execute(session, PLANS["ran"], {"plan_id": plan.id, "day": today})
    if plan.kind in EVERY_SO_OFTEN:
        return PlanRun(_now_and_then(session, plan, today, envelope))
    if plan.kind == "full":
        return PlanRun(_full(session, plan, today, envelope))
    return PlanRun(_by_class(session, plan, today, envelope))


def _permit(session: Session, envelope: Envelope) -> None:
    user_id = envelope.caller.user_id
    if user_id is None:
        return
    role = sql.value(session, QUERIES["role"], {"user_id": user_id})
    if role is None or not may(role, "count_manage"):
        raise CapabilityMissing(capability="count_manage")


def _full(session: Session, plan: Plan, today: date, envelope: Envelope) -> Made | None:
    since = {"plan_id": plan.id, "since": clock.midnight(today.replace(day=1), plan.time_zone)}
    if today.day < plan.month_day or sql.value(session, PLANS["made_this_month"], since):
        return None
    zones = (plan.zone_id,) if plan.zone_id else ()
    command = _command(plan, "zone" if zones else "full", Selection(zone_ids=zones))
    return make_count(session, command, envelope)


def _now_and_then(session: Session, plan: Plan, today: date, envelope: Envelope) -> Made | None:
    """Raises NothingToCount: the next hour looks again."""
    last = last_made(session, plan)
    if last is not None and today < last + timedelta(days=plan.every_days):
        return None
    zones = (plan.zone_id,) if plan.zone_id else ()
    days = plan.expiry_days if plan.kind == "expiry" else None
    command = _command(plan, plan.kind, Selection(zone_ids=zones, days=days))
    return make_count(session, command, envelope)


def _by_class(session: Session, plan: Plan, today: date, envelope: Envelope) -> Made | None:
    wanted = [one for one in due(session, plan, today) if one.due_on <= today][: plan.daily_cap]
    if not wanted:
        return None
    count_id, number = insert_count(session, _command(plan, "class", Selection()), envelope)
    pairs = {
        "store_id": plan.store_id,
        "count_id": count_id,
        "location_ids": [one.location_id for one in wanted],
        "item_ids": [one.item_id for one in wanted],
        "days": [one.due_on for one in wanted],
    }
    sql.execute(session, PLANS["insert_pairs"], pairs)
    return Made(count_id, number, len(wanted))


def _command(plan: Plan, kind: str, selection: Selection) -> MakeCount:
    return MakeCount(
        plan.store_id,
        kind,
        selection,
        plan.rule,
        plan.freezes,
        plan.is_blind,
        plan.name,
        plan.id,
    )


@jobs.hourly("counting.plans", minute=11)
def run_plans(job: jobs.Job) -> None:
    """What is due today becomes work: once a day per plan, in the store's own time."""
    with job.database.reading(SYSTEM) as session:
        active = plans(session, only_active=True)
    for plan in active:
        try:
            run(job.database, run_plan, RunPlan(plan.id), Envelope(ids.new_id(), SYSTEM))
        except Problem:
            continue
