"""Recipes and production orders on a real database: one story per test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from app.catalog.problems import InvalidInput
from app.formulas.commands import DefineElement, define_element
from app.kit.database import SYSTEM, driver
from app.kit.transactions import Envelope
from app.ledger.corrections import Correction, correct
from app.ledger.problems import InsufficientOnHand, PeriodClosed
from app.producing import completing, disassembling, problems, scans
from app.producing.sheets import cost_sheet
from tests.producing.conftest import Kitchen

TODAY = date(2026, 1, 1)


@pytest.fixture
def stocked(kitchen: Kitchen) -> Kitchen:
    """10 kg of flour worth 40, 20 bottles of milk worth 100; 10 pieces take 1 kg and a bottle."""
    kitchen.stock("flour", "10", "40")
    kitchen.stock("milk", "20", "100", lot_id=kitchen.company.lots["milk"])
    kitchen.recipe(
        "BREAD",
        "FLOUR, 900 g, 10%\nMILK, 1 个",
        quantity="10",
        hours=Decimal("0.5"),
        labour_rate=Decimal(30),
        overhead_amount=Decimal(2),
        valid_from=TODAY,
    )
    return kitchen


@pytest.mark.usefixtures("verified")
def test_from_plan_to_done_and_back(stocked: Kitchen):
    order = stocked.plan(quantity="20", lot_code="B1")
    first = stocked.complete(order, "5")
    # 0.5 kg at 4, a bottle (rounded up) at 5, 0.25 h at 30, half a run at 2.
    assert (first.amount, first.state) == (Decimal("15.50"), "in_progress")
    second = stocked.complete(order, "15")
    assert (second.amount, second.state) == (Decimal("36.50"), "done")
    assert stocked.worth("bread") == (Decimal(20), Decimal("52.00"))
    assert stocked.worth("flour") == (Decimal(8), Decimal(32))
    assert stocked.worth("milk") == (Decimal(18), Decimal(90))
    with pytest.raises(problems.ProductionOrderClosed):
        stocked.complete(order, "1")
    stocked.undo(order)
    stocked.undo(order)
    assert stocked.worth("bread") == (Decimal(0), Decimal(0))
    assert stocked.worth("flour") == (Decimal(10), Decimal(40))
    with pytest.raises(problems.NothingToUndo):
        stocked.undo(order)


@pytest.mark.usefixtures("verified")
def test_what_cannot_be_made_is_refused_with_a_reason(stocked: Kitchen):
    order = stocked.plan(quantity="200")
    with pytest.raises(problems.ComponentShort) as short:
        stocked.complete(order, "200")
    assert short.value.data["why"].startswith("item_id=")
    with pytest.raises(problems.MoreThanPlanned):
        stocked.complete(order, "211")
    with pytest.raises(problems.QuantityTooFine):
        stocked.complete(order, "1.5")
    with pytest.raises(problems.NoRecipe):
        stocked.plan("OVEN", "1")
    made = stocked.complete(order, "10")
    assert made.state == "in_progress"
    sold = stocked.one(
        "select id from balance where item_id = %s and on_hand > 0", stocked.company.items["bread"]
    )
    assert sold


def test_a_machine_reports_once(stocked: Kitchen):
    order = stocked.plan(quantity="20")
    report = {"source": "MES", "external_key": "LINE1-0001"}
    first = stocked.complete(order, "5", **report)
    again = stocked.complete(order, "5", **report)
    assert (again.completion_id, again.is_new) == (first.completion_id, False)
    assert again.completed == 5
    with pytest.raises(problems.CompletionKeyReused):
        stocked.complete(order, "6", **report)
    one = stocked.plan(quantity="20", source="MES", external_number="WO-1")
    assert stocked.plan(quantity="20", source="MES", external_number="WO-1") == one


@pytest.mark.usefixtures("verified")
def test_waste_is_paid_by_the_good_pieces_or_by_the_period(stocked: Kitchen):
    order = stocked.plan(quantity="20")
    scrap = completing.ReportScrap(order, Decimal(10), "烤焦了")
    stocked.run(completing.report_scrap, scrap)
    made = stocked.complete(order, "10", is_last=True)
    # All twenty pieces' worth of goods and work is in ten.
    assert (made.amount, made.state) == (Decimal("52.00"), "done")
    other = stocked.plan(quantity="20")
    with pytest.raises(problems.ScrapReasonWanted):
        stocked.run(completing.report_scrap, completing.ReportScrap(other, Decimal(1), " "))
    lost = stocked.run(
        completing.report_scrap,
        completing.ReportScrap(other, Decimal(10), "停电", is_abnormal=True),
    )
    assert lost.amount == Decimal("26.00")
    assert stocked.complete(other, "10").amount == Decimal("26.00")


@pytest.mark.usefixtures("verified")
def test_formulas_go_into_what_is_made_and_the_sheet_says_the_same(stocked: Kitchen):
    element = DefineElement("box", "production", "0.5 元/个 + 10 % * material / quantity", TODAY)
    stocked.run(define_element, element)
    with stocked.database.reading(stocked.run.caller) as session:
        sheet = cost_sheet(session, stocked.company.items["bread"], date(2026, 6, 1), Decimal(20))
    made = stocked.complete(stocked.plan(quantity="20"), "20")
    # 8 of flour, 10 of milk, 30 of work, 4 of overhead; boxes 10 and a tenth of 18.
    assert made.amount == Decimal("63.80")
    assert sheet.total == made.amount
    assert (sheet.cost_rate, sheet.incomplete) == (Decimal("0.3988"), False)


@pytest.mark.usefixtures("verified")
def test_what_comes_besides_takes_its_share(stocked: Kitchen):
    stocked.recipe("BREAD", "MILK, 1", quantity="10", outputs="FLOUR, 0.5 kg, 20%")
    made = stocked.complete(stocked.plan(quantity="20"), "20")
    assert made.amount == Decimal("8.00")
    assert stocked.worth("flour") == (Decimal(11), Decimal("42.00"))


@pytest.mark.usefixtures("verified")
def test_taken_apart_the_components_come_back(stocked: Kitchen):
    stocked.complete(stocked.plan(quantity="10"), "10", location="A-SHELF1")
    apart = disassembling.Disassemble(
        stocked.company.a.store_id, "BREAD", Decimal(10), "A-SHELF1", output="A-SHELF2"
    )
    taken = stocked.run(disassembling.disassemble, apart)
    assert (taken.amount, taken.variance) == (Decimal("26.00"), Decimal("17.00"))
    assert stocked.worth("flour") == (Decimal(10), Decimal(40))
    with pytest.raises(problems.GoodsNotThere):
        stocked.run(disassembling.disassemble, apart)
    stocked.undo(taken.order_id)
    assert stocked.worth("bread") == (Decimal(10), Decimal("26.00"))


def test_a_recipe_that_contains_itself_is_refused(stocked: Kitchen):
    stocked.recipe("FLOUR", "OVEN, 1", quantity="1", unit="kg")
    with pytest.raises(problems.RecipeInCircle) as circle:
        stocked.recipe("OVEN", "BREAD, 1", quantity="1")
    assert circle.value.data["circle"] == "烤箱 → 可颂 → 高筋面粉 → 烤箱"
    with pytest.raises(problems.RecipeInCircle):
        stocked.recipe("OVEN", "OVEN, 1", quantity="1")
    with pytest.raises(problems.UnitDoesNotConvert):
        stocked.recipe("OVEN", "MILK, 200 g", quantity="1")
    with pytest.raises(problems.QuantityBeyondSense):
        stocked.recipe("BREAD", "FLOUR, 999999999 t", quantity="1")
    with pytest.raises(InvalidInput):
        stocked.recipe("OVEN", "MILK, 0.0000001", quantity="1")
    with pytest.raises(problems.ItemTwice):
        stocked.recipe("OVEN", "MILK, 1\nMILK, 2", quantity="1")


def test_goods_that_are_gone_are_not_unmade(stocked: Kitchen):
    order = stocked.plan(quantity="10")
    stocked.complete(order, "10", location="A-SHELF1")
    apart = disassembling.Disassemble(
        stocked.company.a.store_id, "BREAD", Decimal(10), "A-SHELF1", output="A-SHELF2"
    )
    stocked.run(disassembling.disassemble, apart)
    with pytest.raises(InsufficientOnHand):
        stocked.undo(order)


@pytest.mark.usefixtures("verified")
def test_waste_that_no_good_piece_pays_for_is_an_expense_when_the_order_is_closed(stocked: Kitchen):
    order = stocked.plan(quantity="20")
    stocked.run(completing.report_scrap, completing.ReportScrap(order, Decimal(10), "烤焦了"))
    closed = stocked.run(completing.close_order, completing.CloseOrder(order))
    assert closed.state == "done"
    assert stocked.worth("flour") == (Decimal(9), Decimal(36))
    stocked.undo(order)
    assert stocked.one("select scrapped, state from production_order") == (10, "in_progress")
    assert stocked.worth("flour") == (Decimal(10), Decimal(40))


@pytest.mark.usefixtures("verified")
def test_what_was_brought_by_scan_is_what_goes_in(stocked: Kitchen):
    stocked.recipe("BREAD", "FLOUR, 1 kg, scan\nMILK, 1", quantity="10", valid_from=TODAY)
    order = stocked.plan(quantity="20", supply="A-SHELF2")
    caller = stocked.company.callers["operator_a"]

    def scan(code: str) -> None:
        stocked.run(scans.scan, scans.scan_of(order, code), caller=caller)

    scan("FLOUR")
    with pytest.raises(problems.ComponentNotIssued):
        stocked.complete(order, "20")
    half = stocked.complete(order, "8")
    assert half.amount == Decimal("8.20")
    scan("FLOUR")
    stocked.run(scans.set_quantity, scans.SetQuantity(order, "5"), caller=caller)
    done = stocked.complete(order, "12", rest="as_scanned")
    # Two kilograms were carried to the work: all of them are used at the end.
    assert (done.amount, done.state) == (Decimal("9.80"), "done")
    assert stocked.worth("flour") == (Decimal(8), Decimal(32))


def test_closed_books_take_no_production(stocked: Kitchen):
    order = stocked.plan(quantity="20")
    with stocked.database.session(SYSTEM) as session:
        driver(session).execute("update company set books_closed_until = '2200-01-01'")
        session.commit()
    with pytest.raises(PeriodClosed):
        stocked.complete(order, "5")


@dataclass(frozen=True)
class Freight:
    move_id: int


def add_freight(session: Session, command: Freight, envelope: Envelope) -> int:
    correct(session, envelope, [Correction(command.move_id, Decimal("10.00"), "landed", "运费")])
    return command.move_id


@pytest.mark.usefixtures("verified")
def test_late_freight_of_a_component_goes_into_what_was_made_of_it(stocked: Kitchen):
    stocked.recipe("BREAD", "FLOUR, 1 kg, scan", quantity="10", valid_from=TODAY)
    order = stocked.plan(quantity="50", supply="A-SHELF2")
    scanned = scans.scan_of(order, "FLOUR")
    stocked.run(scans.scan, scanned, caller=stocked.company.callers["operator_a"])
    stocked.complete(order, "50", rest="backflush")
    received = stocked.one(
        "select min(move.id) from stock_move as move"
        " join location on from_location_id = location.id"
        " where location.kind = 'supplier' and item_id = %s",
        stocked.company.items["flour"],
    )
    stocked.run(add_freight, Freight(received))
    assert stocked.worth("bread") == (Decimal(50), Decimal("25.00"))
    assert stocked.worth("flour") == (Decimal(5), Decimal("25.00"))
    stocked.undo(order)
    assert stocked.worth("flour") == (Decimal(10), Decimal("50.00"))


@pytest.mark.usefixtures("verified")
def test_machines_that_report_at_the_same_time(stocked: Kitchen):
    order = stocked.plan(quantity="20")
    keys = ["A", "A", "B", "B", "C", "C"]

    def report(key: str) -> completing.Completed:
        return stocked.complete(order, "5", source="MES", external_key=key)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(report, keys))
    assert len({one.completion_id for one in answers}) == 3
    assert sum(one.is_new for one in answers) == 3
    assert stocked.one("select completed from production_order") == 15
    assert stocked.worth("flour") == (Decimal("8.5"), Decimal(34))
