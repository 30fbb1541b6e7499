"""Plans: what is due becomes work, never more than the cap, never twice a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.counting import plans, problems
from app.counting.plans import Day, Due, Plan, RunPlan, SavePlan, calendar, run_plan, save_plan
from app.kit.database import SYSTEM
from tests.counting.counters import Counters

TODAY = date(2026, 11, 23)


def _plan(**more: object) -> Plan:
    fields = dict.fromkeys(Plan.__annotations__)
    fields |= {"kind": "class", "daily_cap": 2, "month_day": 1}
    return Plan(**fields | more)  # pyright: ignore[reportArgumentType]


def test_what_is_too_much_for_a_day_waits_for_the_next() -> None:
    overdue = [Due(1, number, "A", TODAY - timedelta(days=3)) for number in range(3)]
    later = [Due(2, 9, "C", TODAY + timedelta(days=5))]
    days = calendar(_plan(), [*overdue, *later], TODAY)
    assert [day.places for day in days[:7]] == [2, 1, 0, 0, 0, 1, 0]
    assert len(days) == plans.AHEAD_DAYS


def test_a_monthly_count_is_on_its_day() -> None:
    days = calendar(_plan(kind="full", month_day=1), [], TODAY)
    assert [day for day in days if day.is_full] == [Day(date(2026, 12, 1), 0, True)]


def test_a_plan_makes_the_count_of_the_day_once(counters: Counters) -> None:
    counters.stock("bread", "10")
    counters.stock("flour", "2", "shelf2")
    counters.stock("bread", "3", "dock")
    store = counters.company.a.store_id
    lead = counters.who("supervisor_a")
    saved = counters.do(save_plan, SavePlan(store, "循环盘点", "class", daily_cap=2), lead)
    made = counters.do(run_plan, RunPlan(saved.plan_id), SYSTEM).made
    assert made is not None
    assert made.tasks == 2, "the cap"
    assert counters.do(run_plan, RunPlan(saved.plan_id), SYSTEM).made is None
    assert counters.rows("select kind, note, plan_id from stock_count") == [
        ("class", "循环盘点", saved.plan_id)
    ]
    with pytest.raises(problems.PlanNameTaken):
        counters.do(save_plan, SavePlan(store, "循环盘点", "full"), lead)
    with counters.run.database.reading(SYSTEM) as session:
        left = plans.due(session, plans.plan_of(session, saved.plan_id), TODAY)
    assert len(left) == 1, "what is being counted is not due again"


def test_what_expires_and_what_is_empty_is_counted_every_so_often(counters: Counters) -> None:
    counters.stock("milk", "5", lot_id=counters.company.lots["milk"])
    store, lead = counters.company.a.store_id, counters.who("supervisor_a")
    for kind, tasks in (("expiry", 1), ("empty", 1)):
        plan = SavePlan(store, kind, kind, every_days=3, expiry_days=3650)
        saved = counters.do(save_plan, plan, lead)
        made = counters.do(run_plan, RunPlan(saved.plan_id), SYSTEM).made
        assert made is not None
        assert made.tasks == tasks
        with counters.run.database.reading(SYSTEM) as session:
            found = plans.plan_of(session, saved.plan_id)
            last = plans.last_made(session, found)
        assert last is not None
        due = [
            day.day for day in calendar(found, [], last + timedelta(days=1), last) if day.is_full
        ]
        assert due[:2] == [last + timedelta(days=3), last + timedelta(days=6)]
        assert calendar(found, [], last + timedelta(days=9), last)[0].is_full, "overdue is today"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"kind": "weekly"},
        {"a_days": 0},
        {"daily_cap": 0},
        {"month_day": 31},
        {"every_days": 0},
        {"expiry_days": -1},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    counters: Counters, wrong: dict[str, object]
) -> None:
    fields: dict[str, object] = {"name": "x", "kind": "class", **wrong}
    command = SavePlan(counters.company.a.store_id, **fields)  # pyright: ignore[reportArgumentType]
    with pytest.raises(problems.PlanUnreadable):
        counters.do(save_plan, command, counters.who("supervisor_a"))
