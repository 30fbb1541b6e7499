from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.formulas.commands import DefineElement, define_element
from app.kit.database import SYSTEM
from app.kit.jobs import Job
from app.reporting.abc import ChangeRule, Rule, change_rule, classify
from app.reporting.following import catch_up
from app.reporting.problems import BadRule
from tests.quality.conftest import House
from tests.reporting.test_following import report, rows

CLASSES = """
select item.code, class, issued_value, issued_quantity from abc_class
join item on item.id = abc_class.item_id order by issued_value desc
"""


def rule(**changed: str) -> Rule:
    usual = {"a_share": "0.8", "b_share": "0.95", "x_limit": "0.5", "y_limit": "1"}
    shares = {name: Decimal(value) for name, value in (usual | changed).items()}
    return Rule(window_days=90, low_rate=Decimal("0.05"), **shares)


def test_classes_follow_the_value_of_issues(house: House) -> None:
    """Of 100: flour 75, bread 20, milk 5; what only lies there is C."""
    for item, amount, quantity in (("flour", 75, 5), ("bread", 20, 4)):
        house.stock(item, quantity, amount=Decimal(amount))
        house.ship(house.order(item, quantity))
    house.stock("milk", 10, lot="milk", amount=Decimal(50))
    house.ship(house.order("milk", 1))
    classify(Job(house.database, SYSTEM))
    assert rows(house, CLASSES) == [
        ("FLOUR", "A", 75, 5), ("BREAD", "A", 20, 4), ("MILK", "C", 5, 1),
    ]  # fmt: skip
    changed = rule(a_share="0.7")
    house.run(change_rule, ChangeRule(changed), caller=house.caller("headquarters"))
    classify(Job(house.database, SYSTEM))
    assert [row[1] for row in rows(house, CLASSES)] == ["A", "B", "C"]
    with pytest.raises(BadRule):
        house.run(change_rule, ChangeRule(rule()), caller=house.caller("manager_a"))
    wrong = ChangeRule(rule(a_share="0.99"))
    with pytest.raises(BadRule):
        house.run(change_rule, wrong, caller=house.caller("headquarters"))


def test_what_selling_costs_by_the_companys_formula(house: House) -> None:
    house.stock("bread", 4, amount=Decimal(20))
    house.ship(house.order("bread", 4))
    catch_up(house.database)
    assert not report(house).selling
    element = DefineElement("佣金", "sale", "material * 10%", date(2020, 1, 1))
    house.run(define_element, element, caller=house.caller("headquarters"))
    found = report(house)
    assert found.selling == {str(house.company.items["bread"]): Decimal("2.00")}
    assert not report(house, rows="store").selling
