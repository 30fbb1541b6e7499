from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.database import SYSTEM, Database, driver
from app.kit.web import BadCursor, Cursor
from app.stock import queries
from app.stock.filters import MoveFilter, StockFilter
from app.stock.problems import BadFilter, NoSuchStock
from tests.harness import SampleCompany
from tests.stock.conftest import TODAY

TAILS = {
    "items_on_hand": tuple(queries.ORDERS.values()),
    "balances": (
        queries.BY_ID,
        queries.FIRST_EXPIRED_FIRST,
        queries.BY_ITEM,
        queries.BY_ITEM_AND_PLACE,
    ),
}
STATEMENTS = [
    (name, text + tail)
    for name, text in queries.QUERIES.texts.items()
    for tail in TAILS.get(name, ("",))
]


@pytest.mark.parametrize(("name", "text"), STATEMENTS)
def test_every_statement_can_be_prepared(database: Database, name, text) -> None:
    names = set(re.findall(r"%\((\w+)\)s", text))
    with database.reading(SYSTEM) as session:
        driver(session).execute(text, dict.fromkeys(names), prepare=True)


def on_hand(database: Database, caller, **wanted):
    sort = wanted.pop("sort", "code")
    with database.reading(caller) as session:
        found = queries.items_on_hand(
            session, StockFilter(**wanted), TODAY, sort=sort, cursor=Cursor()
        )
    return found.rows


def test_stock_by_status(database: Database, stocked: SampleCompany) -> None:
    bread = next(row for row in on_hand(database, SYSTEM) if row.code == "BREAD")
    assert (bread.on_hand, bread.available, bread.inspection) == (14, 10, 4)
    assert bread.held == [("inspection", Decimal(4))]


def test_an_operator_sees_their_own_store_only(database: Database, stocked) -> None:
    callers = stocked.callers
    assert [row.code for row in on_hand(database, callers["operator_a"])] == ["BREAD", "MILK"]
    assert [row.code for row in on_hand(database, callers["operator_b"])] == ["FLOUR"]
    with database.reading(callers["operator_b"]) as session:
        shelf = stocked.a.locations["shelf1"]
        assert queries.balances_at(session, shelf, TODAY) == []
        assert queries.latest_moves(session, MoveFilter(item=stocked.items["bread"])) == []
        with pytest.raises(NoSuchStock):
            queries.location(session, shelf)
        with pytest.raises(NoSuchStock):
            queries.move(session, 1)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"text": "牛奶"}, ["MILK"]),
        ({"text": "6901234567892"}, ["BREAD"]),
        ({"text": "16901234567899"}, ["BREAD"]),
        ({"text": "0106901234567892"}, ["BREAD"]),
        ({"text": "100%"}, []),
        ({"place": "a-shelf"}, ["BREAD", "MILK"]),
        ({"place": "A_SHELF"}, []),
        ({"status": "inspection"}, ["BREAD"]),
        ({"expiring": 3650}, ["MILK"]),
        ({"expiring": 7}, []),
        ({"empty": True}, ["BREAD", "FLOUR", "MILK", "OVEN"]),
        ({"sort": "-on_hand"}, ["BREAD", "MILK", "FLOUR"]),
        ({"sort": "available"}, ["FLOUR", "MILK", "BREAD"]),
        ({"sort": "expires_on"}, ["MILK"]),
    ],
)
def test_filters_and_orders(database: Database, stocked, wanted, codes) -> None:
    assert [row.code for row in on_hand(database, SYSTEM, **wanted)] == codes


def test_a_short_item_is_found_even_without_stock(database, stocked) -> None:
    with database.session(SYSTEM) as session:
        driver(session).execute("update item set safety_stock = 5 where code in ('OVEN', 'MILK')")
        session.commit()
    assert [row.code for row in on_hand(database, SYSTEM, short=True)] == ["OVEN"]


@pytest.mark.parametrize("sort", sorted(queries.ORDERS))
def test_pages_follow_each_other_without_gap_or_double(database, stocked, sort) -> None:
    whole = [row.code for row in on_hand(database, SYSTEM, sort=sort)]
    pages, cursor = [], None
    with database.reading(SYSTEM) as session:
        while True:
            asked = Cursor.read(cursor, 1)
            found = queries.items_on_hand(session, StockFilter(), TODAY, sort=sort, cursor=asked)
            pages += [row.code for row in found.rows]
            cursor = found.next_cursor
            if cursor is None:
                break
    assert pages == whole


def test_paging_is_stable_while_rows_come(database, stocked) -> None:
    with database.reading(SYSTEM) as session:
        first = queries.items_on_hand(session, StockFilter(), TODAY, cursor=Cursor(None, 1))
    with database.session(SYSTEM) as session:
        driver(session).execute(
            "insert into item (code, name, base_unit) values ('AAA', 'x', '个')"
        )
        session.commit()
    with database.reading(SYSTEM) as session:
        cursor = Cursor.read(first.next_cursor)
        rest = queries.items_on_hand(session, StockFilter(empty=True), TODAY, cursor=cursor).rows
    assert [row.code for row in rest] == ["FLOUR", "MILK", "OVEN"]


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_a_foreign_cursor_is_refused_not_a_fault(database, key) -> None:
    cursor = Cursor(tuple(key) if isinstance(key, list) else (key,))
    with database.reading(SYSTEM) as session:
        for sort in ("code", "on_hand", "expires_on"):
            try:
                queries.items_on_hand(session, StockFilter(), TODAY, sort=sort, cursor=cursor)
            except BadCursor:
                continue


@pytest.mark.parametrize(
    "query",
    [
        {"category": "x"},
        {"category": "²"},
        {"category": "1" * 30},
        {"status": "lost"},
        {"expiring": "99999"},
        {"text": "x" * 101},
    ],
)
def test_a_filter_that_is_none_is_refused(query) -> None:
    with pytest.raises(BadFilter):
        StockFilter.read(query)


@pytest.mark.parametrize("query", [{"since": "2026-02-31"}, {"person": "-1"}, {"till": "soon"}])
def test_a_period_that_is_none_is_refused(query) -> None:
    with pytest.raises(BadFilter):
        MoveFilter.read(query)


def test_movements_by_item_place_person_and_day(database: Database, stocked) -> None:
    with database.reading(SYSTEM) as session:

        def codes(**wanted):
            found = queries.moves(session, MoveFilter(**wanted), "Asia/Shanghai", Cursor())
            return [row.item_code for row in found.rows]

        assert codes() == ["FLOUR", "MILK", "BREAD", "BREAD"]
        assert codes(item=stocked.items["milk"]) == ["MILK"]
        assert codes(location=stocked.a.locations["dock"]) == ["BREAD"]
        assert codes(place="B-") == ["FLOUR"]
        assert codes(text="可颂") == ["BREAD", "BREAD"]
        assert codes(person=stocked.users["operator_a"]) == []
        assert codes(till=TODAY.replace(year=2000)) == []
        assert len(codes(since=date.min, till=date.max)) == 4


def test_cost_pools_say_quantity_value_and_unit_cost(database: Database, stocked) -> None:
    with database.reading(SYSTEM) as session:
        [pool] = queries.pools_of_item(session, stocked.items["bread"])
    assert (pool.quantity, pool.value, pool.unit_cost) == (14, 24, Decimal("1.714286"))
