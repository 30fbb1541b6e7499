"""What calls for attention: raised once, told to who is in charge, put off, closed by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.alerts.commands import (
    ChangeAlertRule,
    CreateAlertRule,
    DropAlertRule,
    RuleFacts,
    Snooze,
    change_alert_rule,
    create_alert_rule,
    drop_alert_rule,
    snooze,
)
from app.alerts.problems import CompanyRuleNeeded, NoSuchAlert, NoSuchAlertRule
from app.kit import clock
from app.kit.ids import new_id
from app.ledger.problems import InsufficientOnHand


def test_below_safety_stock_until_there_is_enough(look, stock, sql, company, told):
    bread = company.items["bread"]
    sql("update item set safety_stock = 10 where id = %s", bread)
    balance = stock("bread", "9.5")
    assert look() == [("below_safety_stock", f"item/{bread}")]
    assert look() == [("below_safety_stock", f"item/{bread}")]
    ((kind, title, facts, roles, people),) = told()
    assert (kind, roles, people) == ("stock_alert", ["store_manager"], [])
    assert title.startswith("{item}")
    assert (facts["quantity"], facts["wanted"]) == ("9.5", "10")
    sql("update balance set on_hand = 10 where id = %s", balance)
    assert look() == []
    sql("update balance set on_hand = 3 where id = %s", balance)
    assert len(look()) == 1
    assert len(told()) == 2, "a new cause is a new alert"


def test_frozen_expired_and_held_stock_is_no_safety(look, stock, sql, company):
    milk, lot = company.items["milk"], company.lots["milk"]
    sql("update item set safety_stock = 5 where id = %s", milk)
    stock("milk", "9", lot=lot)
    assert look("below_safety_stock") == []
    sql("insert into lot_hold (lot_id, item_id, reason, placed_by) values (%s, %s, 'x', %s)",
        lot, milk, company.users["manager_a"])  # fmt: skip
    assert len(look("below_safety_stock")) == 1
    sql("update lot_hold set lifted_at = now(), lifted_by = placed_by")
    assert look("below_safety_stock") == []
    sql("update lot set expires_on = current_date - 1 where id = %s", lot)
    assert len(look("below_safety_stock")) == 1


def test_no_movement(look, stock, company):
    stock("bread", "4", age="91 days")
    stock("flour", "4", age="89 days")
    assert look("no_movement") == [("no_movement", f"item/{company.items['bread']}")]


def test_near_expiry_counts_the_days_of_the_store(look, stock, sql, company):
    lot = company.lots["milk"]
    stock("milk", "4", lot=lot)
    for days, expected in ((8, 0), (7, 1), (-3, 1)):
        sql("update lot set expires_on = (now() at time zone 'Asia/Shanghai')::date + %s::int"
            " where id = %s", days, lot)  # fmt: skip
        assert len(look("near_expiry")) == expected, days
    assert sql("select facts ->> 'days' from alert where closed_at is null") == [("-3",)]


def _take(session, quantity: str, envelope) -> None:
    raise InsufficientOnHand("A-SHELF1", "BREAD", "available", "1", quantity)


def test_an_attempt_below_zero_stays_for_a_day(look, run, sql, company, told):
    caller = replace(company.callers["operator_a"], store_id=company.a.store_id)
    with pytest.raises(InsufficientOnHand):
        run(_take, "5", caller=caller)
    cause = ("negative_attempt", f"attempt/{company.items['bread']}")
    assert look() == [cause]
    facts = told()[0][2]
    assert (facts["location"], facts["quantity"], facts["wanted"]) == ("A-SHELF1", "1", "5")
    assert told()[0][3] == ["supervisor"]
    sql("update alert_rule set threshold = 0 where kind = 'negative_attempt'")
    assert look() == [], "so many hours after the last attempt"


TASKS = """
select location.code, item_id, cause, state from count_task
join location on location.id = location_id order by 1, 2
"""


def test_an_alert_asks_for_a_count_where_its_rule_says_so(look, run, stock, sql, company):
    bread, flour = company.items["bread"], company.items["flour"]
    for place, age in (("shelf1", "92 days"), ("shelf2", "91 days")):
        stock("bread", "4", place=place, age=age)
    look("no_movement")
    assert sql(TASKS) == [], "nobody wanted it"
    sql(
        "update alert_rule set makes_count = true where kind in ('no_movement', 'negative_attempt')"
    )
    stock("flour", "1", age="99 days")
    look("no_movement")
    look("no_movement")
    assert sql(TASKS) == [("A-SHELF1", flour, "alert", "open")], "only the new one, once"
    caller = replace(company.callers["operator_a"], store_id=company.a.store_id)
    with pytest.raises(InsufficientOnHand):
        run(_take, "5", caller=caller)
    look("negative_attempt")
    look("negative_attempt")
    assert sql(TASKS) == [
        ("A-SHELF1", bread, "alert", "open"), ("A-SHELF1", flour, "alert", "open"),
    ]  # fmt: skip


def test_a_warehouse_that_went_below_zero(look, stock):
    balance = stock("bread", "-2")
    assert look() == [("negative_attempt", f"below/{balance}")]


def test_a_promise_that_went_stale(look, stock, sql, company, told):
    balance = stock("bread", "9")
    customer = sql(
        "insert into partner (code, name, kind) values ('C', 'C', 'customer') returning id"
    )
    order = sql(
        "insert into sales_order (store_id, number, customer_id, currency)"
        " values (%s, 'SO-1', %s, 'CNY') returning id",
        company.a.store_id,
        customer[0][0],
    )
    line = sql(
        "insert into sales_order_line (order_id, store_id, position, item_id, entered_quantity,"
        " quantity, unit_price, net_amount, allocated) values (%s, %s, 1, %s, 5, 5, 1, 5, 5)"
        " returning id", order[0][0], company.a.store_id, company.items["bread"])  # fmt: skip
    sql("update balance set allocated = 5 where id = %s", balance)
    sql("insert into allocation (store_id, balance_id, line_kind, line_id, quantity, created_at)"
        " values (%s, %s, 'sales_order_line', %s, 5, now() - interval '23 hours')",
        company.a.store_id, balance, line[0][0])  # fmt: skip
    assert look() == []
    sql("update allocation set expires_at = now() - interval '1 second'")
    assert look() == [("stale_allocation", f"line/{line[0][0]}")]
    assert told()[0][2]["order"] == "SO-1"
    sql("delete from allocation")
    assert look() == []


def test_a_device_whose_scans_do_not_arrive(look, sql, company, told):
    browser = new_id()

    def arrive(number: int, age: str) -> None:
        sql("insert into command (id, kind, fingerprint, payload, user_id, store_id, sequence,"
            " occurred_at, recorded_at, outcome, installation) values (%s, 'x.y', '', '{}', %s, %s,"
            " %s, now(), now() - %s::interval, 'done', %s)",
            new_id(), company.users["operator_a"], company.a.store_id, number, age, browser,
        )  # fmt: skip

    arrive(1, "3 hours")
    arrive(4, "29 minutes")
    assert look() == []
    arrive(6, "31 minutes")
    assert look() == [("unsynchronised_device", f"browser/{browser}")]
    kind, _, facts, roles, _ = told()[0]
    assert (kind, roles) == ("device_silent", ["supervisor"])
    assert (facts["count"], facts["user"]) == (3, "operator_a")
    for number in (2, 3, 5):
        arrive(number, "0")
    assert look() == []


def test_many_causes_are_one_message(look, stock, sql, company, told):
    sql("update item set safety_stock = 10")
    for item in ("bread", "oven", "flour"):
        stock(item, "1")
    assert len(look()) == 3
    ((_, title, facts, _, _),) = told()
    assert facts["count"] == 3
    assert len(facts["lines"]) == 3
    assert "{count}" in title


def test_put_off_it_is_quiet_and_told_again_if_it_lasts(look, stock, sql, run, company, told):
    sql("update item set safety_stock = 10 where id = %s", company.items["bread"])
    stock("bread", "1")
    look()
    alert = sql("select id from alert")[0][0]
    until = clock.now() + timedelta(hours=4)
    run(snooze, Snooze((alert,), until, "货在路上"), caller=company.callers["supervisor_a"])
    look()
    assert len(told()) == 1
    sql("update alert set told_at = now() - interval '5 hours', snoozed_until = now()")
    look()
    look()
    assert len(told()) == 2


def test_nobody_puts_off_what_is_not_theirs(look, stock, sql, run, company):
    sql("update item set safety_stock = 10 where id = %s", company.items["bread"])
    stock("bread", "1")
    look()
    alert = sql("select id from alert")[0][0]
    with pytest.raises(NoSuchAlert):
        run(snooze, Snooze((alert,), clock.now(), ""), caller=company.callers["operator_b"])


def facts(threshold=0, role="supervisor", user=None, active=True):
    return RuleFacts(threshold, role, user, active)


def test_the_closest_rule_counts(look, stock, sql, run, company, told):
    top = sql("insert into category (code, name) values ('F', '食品') returning id")[0][0]
    below = sql(
        "insert into category (code, name, parent_id) values ('D', '乳品', %s) returning id", top
    )
    sql("update item set category_id = %s where id = %s", below[0][0], company.items["bread"])
    stock("bread", "1", age="50 days")
    kind, store = "no_movement", company.a.store_id
    assert look(kind) == []
    run(create_alert_rule, CreateAlertRule(kind, None, top, facts(40)))
    assert len(look(kind)) == 1
    rule = run(create_alert_rule, CreateAlertRule(kind, store, None, facts(60)))
    assert look(kind) == [], "the store's before the company's"
    manager = company.users["manager_a"]
    run(create_alert_rule, CreateAlertRule(kind, store, below[0][0], facts(45, user=manager)))
    assert len(look(kind)) == 1
    assert told()[-1][3:] == ([], [manager])
    run(change_alert_rule, ChangeAlertRule(rule.rule_id, facts(1, active=False)))
    assert len(look(kind)) == 1


def test_a_rule_that_is_off_says_nothing(look, stock, sql, run, company):
    stock("bread", "1", age="500 days")
    company_rule = sql("select id from alert_rule where kind = 'no_movement'")[0][0]
    assert len(look("no_movement")) == 1
    with pytest.raises(CompanyRuleNeeded):
        run(drop_alert_rule, DropAlertRule(company_rule))
    own = CreateAlertRule("no_movement", company.a.store_id, None, facts(active=False))
    rule_id = run(create_alert_rule, own).rule_id
    assert look("no_movement") == []
    run(drop_alert_rule, DropAlertRule(rule_id))
    assert len(look("no_movement")) == 1


def test_the_company_s_rules_are_headquarters_business(run, company, sql):
    manager = company.callers["manager_a"]
    rule_id = sql("select id from alert_rule limit 1")[0][0]
    with pytest.raises(NoSuchAlertRule):
        run(create_alert_rule, CreateAlertRule("near_expiry", None, None, facts()), caller=manager)
    with pytest.raises(NoSuchAlertRule):
        run(change_alert_rule, ChangeAlertRule(rule_id, facts()), caller=manager)


def test_ten_thousand_items(look, sql, company):
    """Every kind over 10,000 items of 100 categories, half of them below their safety stock."""
    sql(
        "insert into category (code, name)"
        " select 'C' || n, '类' || n from generate_series(1, 100) n"
    )
    sql(
        "insert into item (code, name, base_unit, safety_stock, category_id)"
        " select 'I' || n, '商品' || n, '个', 10, (select min(id) from category) + n %% 100"
        " from generate_series(1, 10000) n"
    )
    sql("insert into balance (store_id, location_id, item_id, status, on_hand)"
        " select %s, %s, id, 'available', case when id %% 2 = 0 then 1 else 20 end from item"
        " where code like 'I%%'", company.a.store_id, company.a.locations["shelf1"])  # fmt: skip
    sql("analyze balance, item")
    assert len(look()) == 5000
    assert len(look()) == 5000
