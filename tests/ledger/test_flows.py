"""Cost that goes on, from store to store and into what is made: none is lost on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.kit import ids
from app.kit.database import SYSTEM, driver
from app.kit.money import ZERO
from app.ledger.corrections import Correction
from app.ledger.producing import Output, Production
from app.ledger.verify import every_check
from tests import harness
from tests.ledger import costs
from tests.ledger.costs import Correct, Ledger, Post, Transfer

pytestmark = pytest.mark.ledger
D = Decimal
CHECKS = {name: checks[name] for checks in every_check() for name in checks.texts}


@pytest.fixture(params=["store", "company"], scope="module")
def ledger(request, postgres):
    with harness.fresh_database(postgres) as name:
        database = postgres.database(name)
        made = Ledger(database, harness.make_company(database))
        made.sql("update company set cost_scope = %s", request.param)
        yield made
        harness.assert_verified(database)
        database.close()


def moved(ledger: Ledger, item: str, quantity: str) -> int:
    leaving = ledger.move(item, quantity, "dock", "in_transit")
    arriving = ledger.move(item, quantity, "in_transit", "dock", "b")
    departed, arrived = ledger.run(costs.transfer, Transfer(leaving, arriving))
    assert departed.amount == -arrived.amount
    return arrived.move_id


def made(ledger: Ledger) -> int:
    """Two breads and waste of a third part, of three flours and 1.00 of labour."""
    used = ledger.move("flour", "3", "dock", "production")
    bread = ledger.move("bread", "2", "production", "dock")
    asked = Production([used], [Output(bread, D(2)), Output(None, D(1))], [D("1.00")])
    produced = ledger.run(costs.produce, asked)
    assert sum(produced.values) == produced.cost
    return produced.outputs[0].move_id


def found(ledger: Ledger, check: str, stray: tuple[int, str] | None = None) -> list[str]:
    """What the check finds, with a value that nothing brought about on a move."""
    with ledger.database.session(SYSTEM) as session:
        connection = driver(session)
        if stray is not None:
            connection.execute(
                "insert into cost_entry (store_id, move_id, pool_id, quantity, amount, kind,"
                " cause_id, command_id, occurred_at)"
                " select store_id, move_id, pool_id, 0, %s, 'correction', id, %s, occurred_at"
                " from cost_entry where move_id = %s limit 1",
                [stray[1], ids.new_id(), stray[0]],
            )
        rows = connection.execute(CHECKS[check].replace("%%", "%")).fetchall()
        session.rollback()
        return [subject.split()[0] for subject, _expected, _found in rows]


def test_between_stores_goods_keep_their_cost(ledger: Ledger) -> None:
    receipt = ledger.receive("milk", "4", "40.00", lot_id=ledger.company.lots["milk"])
    lot = {"lot_id": ledger.company.lots["milk"]}
    leaving = ledger.move("milk", "1", "dock", "in_transit", **lot)
    arriving = ledger.move("milk", "1", "in_transit", "dock", "b", **lot)
    posted = ledger.run(costs.transfer, Transfer(leaving, arriving))
    assert [one.amount for one in posted] == [D(-10), D(10)]
    answer = ledger.run(costs.correct, Correct([Correction(receipt, D(4))]))
    assert (answer[0].to_stock, answer[0].to_cogs) == (D(4), ZERO)
    assert ledger.sql("select sum(value) from cost_pool where quantity > 0") == [(D(44),)]
    ledger.run(costs.post, Post([ledger.move("milk", "1", "dock", "customer", "b", **lot)]))


def test_value_that_is_lost_between_stores_is_found(ledger: Ledger) -> None:
    ledger.receive("flour", "10", "10.01")
    arrived = moved(ledger, "flour", "3")
    checks = ("flows_conserve_value", "transfers_keep_their_value")
    assert [found(ledger, check) for check in checks] == [[], []]
    strays = [found(ledger, check, (arrived, "0.50")) for check in checks]
    assert sorted(strays) == [[], ["cost"]]


def test_value_that_is_lost_in_making_is_found(ledger: Ledger) -> None:
    receipt = ledger.receive("flour", "7", "9.99")
    output = made(ledger)
    ledger.run(costs.correct, Correct([Correction(receipt, D("3.33"), "landed")]))
    assert found(ledger, "flows_conserve_value") == []
    assert found(ledger, "flows_conserve_value", (output, "-0.50")) == ["cost"]
    # What is added to the goods that were made is theirs.
    ledger.run(costs.correct, Correct([Correction(output, D("2.00"), "landed")]))
    assert found(ledger, "flows_conserve_value") == []
