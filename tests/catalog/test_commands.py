"""The catalog's commands on real PostgreSQL: what they make and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.access.problems import StoreNotYours
from app.catalog import commands as c
from app.catalog import problems, registry
from app.catalog.tables import Item, Location
from app.kit.database import SYSTEM, driver
from app.kit.ids import new_id
from app.kit.sql import value

BUN = c.CreateItem(code="BUN", name="小餐包", base_unit="个")


def test_an_item_is_found_by_its_code_and_barcodes(run, database, company):
    bun = run(c.create_item, BUN)
    run(
        c.add_barcode,
        c.AddBarcode(bun.id, "OLD-77"),
    )
    run(
        c.add_packaging,
        c.AddPackaging(bun.id, "箱/12", Decimal(12), barcode="6 901234 588880"),
    )
    with database.reading(SYSTEM) as session:
        assert registry.meaning(session, "bun").item_id == bun.id
        assert registry.meaning(session, "6901234588880").packaging_id is not None


def test_the_same_command_twice_makes_one_item(run, database, company):
    same = new_id()
    assert run(c.create_item, BUN, command_id=same) == run(c.create_item, BUN, command_id=same)
    with database.reading(SYSTEM) as session:
        assert value(session, "select count(*) from item where code = 'BUN'") == 1


@pytest.mark.parametrize(
    ("code", "problem", "says"),
    [
        ("bread", problems.ItemCodeTaken, "可颂"),
        ("6901234567892", problems.BarcodeTaken, "BREAD"),
        ("s1", problems.PartnerCodeTaken, "面粉厂"),
        ("a-dock", problems.LocationCodeTaken, "A-DOCK"),
    ],
)
def test_a_taken_code_says_what_it_means(run, company, code, problem, says):
    with pytest.raises(problem) as refused:
        run(c.create_item, replace(BUN, code=code))
    assert says in refused.value.message


def test_a_place_of_another_store_is_named_as_that_and_no_more(run, company):
    with pytest.raises(problems.CodeOfAnotherStore):
        run(c.create_item, replace(BUN, code="B-DOCK"), caller=company.callers["operator_a"])


def test_every_wrong_field_is_marked_at_once(run, company):
    wrong = replace(BUN, code=" ", name="", price=Decimal(-1), tax_rate=Decimal(13))
    with pytest.raises(problems.InvalidInput) as refused:
        run(c.create_item, wrong)
    assert set(refused.value.marks) == {"code", "name", "price", "tax_rate"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tracking": "serial", "decimals": 2}, "decimals"),
        ({"expiry_rule": "expires_on"}, "expiry_rule"),
        ({"safety_stock": Decimal("0.5")}, "safety_stock"),
        ({"shelf_life_days": 0}, "shelf_life_days"),
        ({"cost_method": "specific"}, "cost_method"),
    ],
)
def test_fields_that_contradict_each_other_are_marked(run, company, change, field):
    with pytest.raises(problems.InvalidInput) as refused:
        run(c.create_item, replace(BUN, **change))
    assert set(refused.value.marks) == {field}


def test_unknown_unit_and_category_are_refused(run, company):
    for change, problem in (
        ({"base_unit": "打"}, problems.UnknownUnit),
        ({"category_id": 999}, problems.UnknownCategory),
    ):
        with pytest.raises(problem):
            run(c.create_item, replace(BUN, **change))


def test_a_wrong_check_digit_names_the_right_one(run, company):
    with pytest.raises(problems.WrongCheckDigit) as refused:
        run(c.add_barcode, c.AddBarcode(company.items["bread"], "6901234567890"))
    assert "6901234567892" in refused.value.message
    run(c.add_barcode, c.AddBarcode(company.items["bread"], "6901234567890", internal=True))


def test_a_barcode_of_another_item_is_refused_and_can_be_freed(run, company):
    bread, milk = company.items["bread"], company.items["milk"]
    with pytest.raises(problems.BarcodeTaken):
        run(c.add_barcode, c.AddBarcode(milk, "6901234567892"))
    run(c.remove_barcode, c.RemoveBarcode(bread, "6901234567892"))
    run(c.add_barcode, c.AddBarcode(milk, "6901234567892"))
    with pytest.raises(problems.NoSuchBarcode):
        run(c.remove_barcode, c.RemoveBarcode(bread, "6901234567892"))


def test_an_items_own_code_may_be_its_barcode(run, database, company):
    item = run(c.create_item, replace(BUN, code="6921168532025"))
    run(c.add_barcode, c.AddBarcode(item.id, "6921168532025"))
    with database.reading(SYSTEM) as session:
        assert registry.meaning(session, "6921168532025").kind == "item"


def test_changing_an_item_keeps_the_rest_and_moves_its_code(run, database, company):
    item = run(c.create_item, replace(BUN, price=Decimal("2.5")))
    run(c.change_item, c.ChangeItem(item.id, {"code": "ROLL", "name": "小圆面包"}))
    with database.reading(SYSTEM) as session:
        stored = session.get(Item, item.id)
        assert (stored.code, stored.name, stored.price) == ("ROLL", "小圆面包", Decimal("2.5"))
        assert registry.meaning(session, "BUN") is None
        assert registry.meaning(session, "ROLL").item_id == item.id


def _moved(database, company, item, *, on_hand="1"):
    """A stock move and a balance, as the ledger would have written them."""
    a = company.a
    places = (a.locations["supplier"], a.locations["shelf1"])
    with database.session(SYSTEM) as session:
        connection = driver(session)
        command = new_id()
        connection.execute(
            "insert into command (id, kind, fingerprint, payload, occurred_at, outcome)"
            " values (%s, 'test', '', '{}', now(), 'done')",
            [command],
        )
        connection.execute(
            "insert into stock_move (store_id, item_id, from_location_id, to_location_id,"
            " to_status, quantity, biz_step, command_id, occurred_at)"
            " values (%s, %s, %s, %s, 'available', 1, 'receiving', %s, now())",
            [a.store_id, item, *places, command],
        )
        connection.execute(
            "insert into balance (store_id, location_id, item_id, status, on_hand)"
            " values (%s, %s, %s, 'available', %s)",
            [a.store_id, places[1], item, on_hand],
        )
        session.commit()


def test_an_item_that_has_moved_keeps_its_identity(run, database, company):
    item = run(c.create_item, BUN).id
    _moved(database, company, item)
    for change in ({"base_unit": "kg"}, {"decimals": 2}, {"tracking": "lot"}):
        with pytest.raises(problems.ItemIdentityFrozen) as refused:
            run(c.change_item, c.ChangeItem(item, change), caller=company.callers["operator_b"])
        assert refused.value.next_step
    run(c.change_item, c.ChangeItem(item, {"name": "餐包"}))


def test_stock_keeps_an_item_and_a_location_in_use(run, database, company):
    item = run(c.create_item, BUN).id
    _moved(database, company, item)
    with pytest.raises(problems.ItemHasStock):
        run(c.archive_item, c.ArchiveItem(item))
    with pytest.raises(problems.LocationHasStock):
        run(c.archive_location, c.ArchiveLocation(company.a.locations["shelf1"]))
    run(c.archive_location, c.ArchiveLocation(company.a.locations["shelf2"]))


def test_a_first_warehouse_brings_the_virtual_places_once(run, database, company):
    with database.session(SYSTEM) as session:
        store = (
            driver(session)
            .execute(
                "insert into store (area_id, code, name) select id, 'C', 'C 店' from area limit 1"
                " returning id"
            )
            .fetchone()[0]
        )
        session.commit()
    run(c.create_warehouse, c.CreateWarehouse(store, "C-1", "主仓"))
    run(c.create_warehouse, c.CreateWarehouse(store, "C-2", "冷库", is_auxiliary=True))
    with database.reading(SYSTEM) as session:
        kinds = value(
            session,
            "select array_agg(kind order by kind) from location where store_id = %(s)s",
            {"s": store},
        )
    assert kinds == ["adjustment", "customer", "in_transit", "production", "supplier"]


def test_nobody_builds_in_another_store(run, company):
    caller = company.callers["operator_a"]
    with pytest.raises(StoreNotYours):
        run(c.create_warehouse, c.CreateWarehouse(company.b.store_id, "X", "X"), caller=caller)
    with pytest.raises(problems.NoSuchPlace):
        run(c.create_zone, c.CreateZone(company.b.warehouse_id, "X", "X"), caller=caller)
    with pytest.raises(problems.NoSuchPlace):
        run(c.create_location, c.CreateLocation(company.b.warehouse_id, "X"), caller=caller)
    place = company.b.locations["dock"]
    with pytest.raises(problems.NoSuchPlace):
        run(c.change_location, c.ChangeLocation(place, {"name": "X"}), caller=caller)


def test_a_range_of_locations_comes_at_once_or_not_at_all(run, database, company):
    made = run(c.create_locations, c.CreateLocations(company.a.warehouse_id, "A-01-01", "A-05-04"))
    assert len(made.codes) == 20
    assert made.codes[0] == "A-01-01"
    with database.reading(SYSTEM) as session:
        order = [session.get(Location, one).sequence for one in made.ids]
        assert order == sorted(set(order))
        assert registry.meaning(session, "a-05-04").location_id == made.ids[-1]
    with pytest.raises(problems.LocationCodeTaken):
        run(c.create_locations, c.CreateLocations(company.a.warehouse_id, "A-05-04", "A-06-04"))
    with pytest.raises(problems.RangeTooLong):
        run(c.create_locations, c.CreateLocations(company.a.warehouse_id, "A-1", "A-999999"))
    with database.reading(SYSTEM) as session:
        assert registry.meaning(session, "A-06-04") is None


def test_partners_share_the_codes_with_everything_else(run, company):
    run(c.create_partner, c.CreatePartner("S2", "奶厂", "supplier"))
    with pytest.raises(problems.ItemCodeTaken):
        run(c.create_partner, c.CreatePartner("BREAD", "面包店", "customer"))
    with pytest.raises(problems.PartnerCodeTaken):
        run(c.change_partner, c.ChangePartner(company.supplier, {"code": "s2"}))


def test_units_and_categories_once(run, company):
    run(c.create_unit, c.CreateUnit("L", "升", 3))
    with pytest.raises(problems.UnitExists):
        run(c.create_unit, c.CreateUnit("L", "升", 3))
    category = run(c.create_category, c.CreateCategory("DAIRY", "乳品"))
    with pytest.raises(problems.CategoryExists):
        run(c.create_category, c.CreateCategory("DAIRY", "乳品"))
    run(c.create_item, replace(BUN, category_id=category.id))


def test_a_lot_is_found_made_and_completed(database, company):
    milk = company.items["milk"]
    with database.session(SYSTEM) as session:
        made = c.lot_id(session, milk, "M2")
        dates = c.LotDates(produced_on=date(2029, 1, 1), expires_on=date(2029, 1, 31))
        assert c.lot_id(session, milk, " M2 ", dates) == made
        assert c.lot_id(session, milk, "M2") == made
        with pytest.raises(problems.LotDatesDiffer) as refused:
            c.lot_id(session, milk, "M2", c.LotDates(expires_on=date(2029, 2, 1)))
        assert "2029-01-31" in refused.value.message
        with pytest.raises(problems.LotCodeLength):
            c.lot_id(session, milk, "x" * 51)


def test_numbers_count_by_day(database):
    with database.session(SYSTEM) as session:
        day = date(2026, 11, 22)
        assert c.next_number(session, "PO", day) == "PO-20261122-0001"
        assert c.next_number(session, "PO", day) == "PO-20261122-0002"
        assert c.next_number(session, "PO", date(2026, 11, 23)) == "PO-20261123-0001"
