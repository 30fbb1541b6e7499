"""A count from the first scan to the adjusted books."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.counting import posting, problems, results
from app.counting.late import CorrectLate, LateCorrected, correct_late
from app.counting.making import RecountRule
from app.counting.tasks import go_on
from app.kit import clock, jobs
from app.kit.database import SYSTEM, driver
from app.kit.problems import Problem
from app.orders.counting import check_not_counted
from app.orders.problems import LocationCounted
from app.periods.commands import ClosePeriod, close_period
from tests.counting.counters import Counters
from tests.harness import GTINS
from tests.ledger.moves import movement
from tests.orders.selling import Shop

pytestmark = pytest.mark.usefixtures("verified")


def test_what_was_counted_is_what_the_books_say(counters: Counters) -> None:
    counters.stock("bread", "10")
    counters.stock("flour", "2.5")
    made = counters.make()
    assert made.tasks == 3, "two shelves and the dock"
    task = counters.take("operator_a", "shelf1")
    counters.goods("operator_a", task, "bread")
    counters.scan("operator_a", task, "16901234567899")
    assert counters.goods("operator_a", task, "flour", "2.4").message.values["quantity"] == "2.4"
    counters.press("operator_a", task, "DONE")
    counters.count("operator_a", "shelf2")
    counters.count("supervisor_a", "dock")
    counters.reason(made.count_id)
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 7
    assert counters.on_hand("flour", "shelf1") == Decimal("2.4")
    assert counters.rows(
        "select variance, value, posted_variance, posted_value, reason from count_result"
        " where variance <> 0 order by item_id"
    ) == [
        (-3, -6, -3, -6, "unknown"),
        (Decimal("-0.1"), Decimal("-0.2"), Decimal("-0.1"), Decimal("-0.2"), "unknown"),
    ]


def test_large_differences_are_counted_again_by_another_and_a_third_decides(
    counters: Counters,
) -> None:
    counters.stock("bread", "10")
    rule = RecountRule(share=Decimal("0.1"))
    made = counters.make("item", rule, item_ids=(counters.company.items["bread"],))
    counters.count("operator_a", "shelf1", bread="7")
    with pytest.raises(problems.NoTaskWaits):
        counters.next("operator_a")
    task = counters.take("supervisor_a", "shelf1")
    counters.shelf("bread", "1", "shelf1", "dock")
    counters.goods("supervisor_a", task, "bread", "8")
    counters.press("supervisor_a", task, "DONE")
    with pytest.raises(problems.TasksOpen):
        counters.post(made.count_id)
    counters.count("manager_a", "shelf1", bread="8")
    counters.reason(made.count_id, "misplaced")
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 8
    assert counters.rows(
        "select first_quantity, first_book, second_quantity, second_book, third_quantity, variance"
        " from count_result"
    ) == [(7, 10, 8, 9, 8, -1)]


def test_two_rounds_agree_though_goods_moved_in_between(counters: Counters) -> None:
    counters.stock("bread", "10")
    rule = RecountRule(quantity=Decimal(1))
    made = counters.make("item", rule, item_ids=(counters.company.items["bread"],))
    counters.count("operator_a", "shelf1", bread="8")
    counters.shelf("bread", "3", "shelf1", "dock")
    counters.count("supervisor_a", "shelf1", bread="5")
    assert counters.rows("select state, variance from count_result") == [("decided", -2)]
    counters.shelf("bread", "1", "dock", "shelf1")
    counters.reason(made.count_id)
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 6


def test_movements_during_and_after_the_count_are_told_apart(counters: Counters) -> None:
    counters.stock("bread", "10")
    made = counters.make()
    task = counters.take("operator_a", "shelf1")
    counters.shelf("bread", "2", "shelf1", "dock")
    counters.goods("operator_a", task, "bread", "8")
    counters.shelf("bread", "3", "shelf1", "dock")
    counters.press("operator_a", task, "DONE")
    counters.count("operator_a", "shelf2")
    counters.count("operator_a", "dock", bread="5")
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 5
    assert counters.on_hand("bread", "dock") == 5


def test_a_movement_that_is_booked_late_changes_the_adjustment(counters: Counters) -> None:
    counters.stock("bread", "10")
    before = clock.now()
    made = counters.make("tasks", location_ids=(counters.company.a.locations["shelf1"],))
    counters.count("operator_a", "shelf1", bread="6")
    counters.reason(made.count_id)
    counters.post(made.count_id)
    picked = movement(counters.company, "bread", "4", "shelf1", "dock")
    counters.move(picked, before - timedelta(seconds=1))
    assert counters.on_hand("bread", "shelf1") == 2
    result = counters.value("select id from count_result")
    corrected = counters.do(correct_late, CorrectLate(result), SYSTEM)
    assert corrected == LateCorrected(Decimal(4))
    assert counters.do(correct_late, CorrectLate(result), SYSTEM) == LateCorrected()
    assert counters.on_hand("bread", "shelf1") == 6
    assert counters.rows("select quantity, posted_variance from count_result") == [(6, 0)]


def test_frozen_places_are_not_picked_from_until_they_are_counted(counters: Counters) -> None:
    counters.stock("bread", "10")
    counters.make(freezes=True)
    assert counters.value("select count(*) from count_lock") == 3
    counters.count("operator_a", "shelf1", bread="10")
    assert counters.value("select count(*) from count_lock") == 2
    with pytest.raises(LocationCounted):
        _check(counters, "dock")
    _check(counters, "shelf1")


def test_a_decision_calls_the_recount_off_and_frees_its_place(counters: Counters) -> None:
    counters.stock("bread", "10")
    made = counters.make(rule=RecountRule(quantity=Decimal(1)), freezes=True)
    counters.count("operator_a", "shelf1", bread="7")
    with pytest.raises(LocationCounted):
        _check(counters, "shelf1")
    [(result,)] = counters.rows("select id from count_result")
    lead = counters.who("supervisor_a")
    counters.do(results.accept_result, results.AcceptResult(result, 1), lead)
    _check(counters, "shelf1")
    for place in ("shelf2", "dock"):
        counters.count("operator_a", place)
    counters.reason(made.count_id)
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 7


def test_a_large_count_is_posted_by_a_job_that_says_how_far_it_is(
    counters: Counters, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PART", 1)
    counters.stock("bread", "10")
    counters.stock("flour", "5", "shelf2")
    made = counters.make()
    for place, goods in (("shelf1", {"bread": "8"}), ("shelf2", {"flour": "6"}), ("dock", {})):
        counters.count("operator_a", place, **goods)
    counters.reason(made.count_id)
    assert counters.post(made.count_id).left == 2
    web, here = as_user("supervisor_a"), f"/counting/counts/{made.count_id}"
    assert f'hx-get="{here}/state"' in web.get(here).text
    assert "0/2" in web.get(f"{here}/state", headers={"HX-Request": "true"}).text
    with pytest.raises(problems.AlreadyPosted):
        counters.reason(made.count_id, "theft")
    job = jobs.Job(counters.run.database, SYSTEM)
    go_on(job)
    assert counters.on_hand("bread", "shelf1") == 10, "its own job is still to come"
    with counters.run.database.session(SYSTEM) as session:
        driver(session).execute("update procrastinate_jobs set status = 'failed'")
        session.commit()
    go_on(job)
    assert web.get(f"{here}/state").headers["location"] == here
    assert "hx-get" not in web.get(here).text.partition('id="step"')[2][:200]
    assert (counters.on_hand("bread", "shelf1"), counters.on_hand("flour", "shelf2")) == (8, 6)


def _check(counters: Counters, place: str) -> None:
    with counters.run.database.reading(SYSTEM) as session:
        check_not_counted(session, counters.company.a.locations[place])


def test_an_unknown_lot_is_offered_as_a_new_one_with_its_date(counters: Counters) -> None:
    milk = counters.company.lots["milk"]
    counters.stock("milk", "3", lot_id=milk)
    counters.make()
    task = counters.take("operator_a", "shelf1")
    counters.milk("operator_a", task, "M1", 3)
    answer = counters.milk("operator_a", task, "M9")
    assert (answer.step, answer.tone) == ("new_lot", "attention")
    with pytest.raises(problems.ExpiryWanted):
        counters.press("operator_a", task, "OK")
    answer = counters.milk("operator_a", task, "M9", tail="17300630")
    assert answer.step == "scan_goods"
    assert counters.rows(
        "select lot.code, lot.expires_on::text, count_line.is_unexpected from count_line"
        " join lot on lot.id = count_line.lot_id where lot.code = 'M9'"
    ) == [("M9", "2030-06-30", True)]


def test_a_serial_number_is_in_one_place_only(counters: Counters) -> None:
    counters.stock("oven", "1", lot_id=_oven(counters, "S1"))
    made = counters.make()
    first = counters.take("operator_a", "shelf2")
    second = counters.take("supervisor_a", "shelf1")
    code = f"01{GTINS['oven']}21S1"
    counters.scan("operator_a", first, code)
    with pytest.raises(problems.SerialElsewhere) as refused:
        counters.scan("supervisor_a", second, code)
    assert refused.value.data["location"] == "A-SHELF2"
    counters.press("operator_a", first, "DONE")
    counters.press("supervisor_a", second, "EMPTY")
    counters.count("operator_a", "dock")
    counters.reason(made.count_id, "misplaced")
    counters.post(made.count_id)
    assert counters.on_hand("oven", "shelf2") == 1
    assert counters.on_hand("oven", "shelf1") == 0
    assert counters.value("select value from cost_pool") == 2, "it was only in another place"


def test_a_month_that_was_closed_in_between(counters: Counters) -> None:
    """What was counted then is posted in the open month, and never half of it in the closed one."""
    last_month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    counters.now = clock.midnight(last_month, "Asia/Shanghai") + timedelta(hours=10)
    counters.stock("bread", "10")
    made = counters.make()
    counters.count("operator_a", "shelf1", bread="7")
    for place in ("shelf2", "dock"):
        counters.count("operator_a", place)
    counters.reason(made.count_id)
    then, counters.now = counters.now, None
    closing = ClosePeriod(last_month, "accepted")
    counters.do(close_period, closing, counters.who("headquarters"))
    counters.now = then
    with pytest.raises(Problem) as refused:
        counters.post(made.count_id)
    assert refused.value.code == "period_closed"
    assert counters.on_hand("bread", "shelf1") == 10
    counters.now = None
    counters.post(made.count_id)
    assert counters.on_hand("bread", "shelf1") == 7


def _oven(counters: Counters, serial: str) -> int:
    return Shop(counters.run.database, counters.run, counters.company).lot("oven", serial)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("69012341", problems.UnknownCode),
        ("SK:LA-SHELF2", problems.OtherLocation),
        ("", problems.NothingScanned),
        ("x" * 9000, problems.CodeTooLong),
    ],
)
def test_what_is_nothing_to_count_is_refused(
    counters: Counters, code: str, problem: type[Problem]
) -> None:
    counters.make()
    task = counters.take("operator_a", "shelf1")
    with pytest.raises(problem):
        counters.scan("operator_a", task, code)
    assert counters.value("select count(*) from count_line") == 0


def test_undo_takes_back_the_last_scan_only(counters: Counters) -> None:
    counters.make()
    task = counters.take("operator_a", "shelf1")
    counters.goods("operator_a", task, "bread", "5")
    counters.goods("operator_a", task, "bread")
    counters.press("operator_a", task, "UNDO")
    seen = "select sum(quantity) from count_line where undone_at is null"
    assert counters.value(seen) == 5
    with pytest.raises(problems.NotEmpty):
        counters.press("operator_a", task, "EMPTY")


def test_opening_stock_comes_in_with_its_cost(counters: Counters) -> None:
    made = counters.make("opening")
    counters.count("operator_a", "shelf1", bread="10")
    counters.count("operator_a", "shelf2")
    counters.count("operator_a", "dock")
    with pytest.raises(problems.CostMissing):
        counters.post(made.count_id)
    result = counters.value("select id from count_result")
    counters.do(results.set_cost, results.SetCost(result, "1.25"), counters.who("supervisor_a"))
    counters.post(made.count_id)
    assert counters.value("select value from cost_pool") == Decimal("12.5")
