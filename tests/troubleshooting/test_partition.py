"""Each piece is counted once, and ``available`` is what an order really gets."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit import clock
from app.kit.database import SYSTEM, Caller, driver
from app.orders import planning
from app.orders.problems import NothingAvailable
from app.stock.queries import total_of_item
from app.troubleshooting import partition as parts
from app.troubleshooting import queries
from app.troubleshooting.partition import Demand, Standing, partition, parts_of
from tests.troubleshooting.company import Made

NOW = clock.now()
TODAY = date(2026, 11, 22)


def standing(**values):
    facts = {
        "balance_id": 1, "store_id": 1, "warehouse_id": 1, "zone_id": 1, "location_id": 1,
        "lot_id": None, "logistic_unit_id": None, "status": "available", "on_hand": Decimal(10),
        "allocated": Decimal(0), "staged": False, "last_day": None, "received_at": NOW,
        "sequence": 0, "obstacle": None,
    }  # fmt: skip
    return Standing(**facts | values)


quantities = st.integers(-40, 400).map(lambda tenths: Decimal(tenths) / 10)
shares = st.integers(0, 10)


@st.composite
def rows(draw):
    on_hand = draw(quantities)
    allocated = max(on_hand, Decimal(0)) * draw(shares) / 10
    return standing(
        on_hand=on_hand,
        allocated=allocated,
        own=allocated * draw(shares) / 10,
        staged=draw(st.booleans()),
        obstacle=draw(st.sampled_from([None, None, *parts.OBSTACLES])),
    )


@given(st.lists(rows(), max_size=12), st.sampled_from([None, Decimal(3), Decimal("0.5")]))
def test_each_piece_is_in_one_bucket(balances, pack):
    found = partition(balances, pack)
    total = sum((bucket.quantity for bucket in found.values()), Decimal(0))
    assert total == sum((row.on_hand for row in balances), Decimal(0))
    assert (
        all(bucket.quantity for bucket in found.values())
        or "negative" in found
        or any(row.on_hand < 0 for row in balances)
    )


@given(rows(), st.sampled_from([None, Decimal(3), Decimal("0.5")]))
def test_what_is_available_is_what_the_planner_takes(row, pack):
    available = sum(quantity for name, quantity in parts_of(row, pack) if name == "available")
    takes = row.obstacle is None and not row.staged and row.on_hand > row.allocated
    candidates = [planning.Candidate(1, row.free)] if takes else []
    demand = planning.Demand(1, Decimal(10**6), "fefo", pack or Decimal(1), pack is not None)
    assert planning.total(planning.plan_line(demand, candidates)) == available


# With the real database -------------------------------------------------------------------------

STATUSES = ("available", "available", "inspection", "frozen", "damaged", "returned")
PLACES = ("shelf1", "shelf2", "back", "nowhere", "annex", "dock")

stocked = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "status": st.sampled_from(STATUSES),
        "store": st.sampled_from("aab"),
        "lot": st.integers(0, 2),
        "quantity": st.integers(1, 30),
    }
)
wanted = st.fixed_dictionaries(
    {
        "quantity": st.integers(1, 40),
        "pack": st.sampled_from([None, None, 6]),
        "days": st.sampled_from([0, 0, 20]),
        "at": st.booleans(),
    }
)
companies = st.fixed_dictionaries(
    {
        "stock": st.lists(stocked, min_size=1, max_size=9),
        "orders": st.lists(wanted, min_size=1, max_size=4),
        "held": st.booleans(),
        "counted": st.sampled_from([None, *PLACES[:2]]),
        "who": st.sampled_from(["supervisor_a", "operator_b", "area_manager", "headquarters"]),
    }
)
WIPE = """
delete from allocation; delete from sales_order_line; delete from sales_order;
delete from lot_hold; delete from count_lock; delete from balance;
update sales_order_line set allocated = 0
"""


@pytest.fixture
def lots(made: Made) -> list[int]:
    days = (-1, 10, 400)
    today = clock.today()
    return [made.lot(f"L{day}", today + timedelta(days=day)) for day in days]


def make(made: Made, lots: list[int], plan: dict) -> list:
    """A company as the plan says; balances are put there as they are, orders by real commands."""
    with made.database.session(SYSTEM) as session:
        for text in filter(str.strip, WIPE.split(";")):
            driver(session).execute(text)
        for row in plan["stock"]:
            here = made.company.a if row["store"] == "a" else made.company.b
            place = row["place"] if row["place"] in here.locations else "shelf1"
            driver(session).execute(
                "insert into balance (store_id, location_id, item_id, lot_id, status, on_hand)"
                " values (%s, %s, %s, %s, %s, %s) on conflict on constraint balance_key"
                " do update set on_hand = balance.on_hand + excluded.on_hand",
                [here.store_id, here.locations[place], made.company.items["milk"],
                 lots[row["lot"]], row["status"], row["quantity"]],
            )  # fmt: skip
        session.commit()
    orders = []
    for row in plan["orders"]:
        warehouse = made.company.a.warehouse_id if row["at"] else None
        asked = {name: row[name] for name in ("pack", "days")}
        order = made.order(row["quantity"], item="milk", warehouse=warehouse, **asked)
        orders.append(order)
    return orders


def obstruct(made: Made, lots: list[int], plan: dict) -> None:
    """After some of the orders got theirs: a recall and a count."""
    user = made.company.users["manager_a"]
    if plan["held"]:
        made.do(
            "insert into lot_hold (lot_id, item_id, reason, placed_by) values"
            " (%(lot)s, %(item)s, 'recall', %(user)s)",
            lot=lots[2], item=made.company.items["milk"], user=user,
        )  # fmt: skip
    if plan["counted"]:
        made.do(
            "insert into count_lock (location_id, store_id, reason) values (%(at)s, %(in)s, 'x')",
            **{"at": made.company.a.locations[plan["counted"]], "in": made.company.a.store_id},
        )


def look(made: Made, caller: Caller, order):
    """(the demand, what is seen, its buckets) of an order line, as somebody sees it."""
    with made.database.reading(SYSTEM) as session:
        line = queries.line(session, order.line_id)
    demand = Demand(
        line.item_id, line.store_id, line.warehouse_id, clock.today(), line.minimum_days,
        line.factor if line.whole_packs else None, line.id, line.open_quantity,
    )  # fmt: skip
    with made.database.reading(caller, snapshot=True) as session:
        seen = queries.seen(session, demand, None)
    return demand, seen, partition(seen.standing, demand.pack)


def bucket(found, name) -> Decimal:
    return found[name].quantity if name in found else Decimal(0)


@settings(max_examples=25)
@given(plan=companies)
def test_random_companies(made: Made, lots: list[int], plan: dict):
    orders = make(made, lots, plan)
    for order in orders[:-1]:
        _try(made, order)
    obstruct(made, lots, plan)
    last = orders[-1]
    whole = made.company.callers["headquarters"]
    caller = made.company.callers[plan["who"]]
    total = sum(Decimal(row["quantity"]) for row in plan["stock"])
    demand, seen, found = look(made, caller, last)
    hidden = sum((store.on_hand for store in seen.unseen), Decimal(0))
    assert hidden + sum(bucket.quantity for bucket in found.values()) == total
    _first_obstacle_is_ours(demand, seen)
    _stock_list_agrees(made)
    _, _, before = look(made, whole, last)
    made.do("update sales_order_line set quantity = 100000 where id = %(id)s", id=last.line_id)
    _try(made, last)
    _, _, after = look(made, whole, last)
    assert bucket(after, "own") == bucket(before, "available")
    assert bucket(after, "available") == 0


def _try(made: Made, order) -> None:
    with suppress(NothingAvailable):
        made.allocate(order)


def _first_obstacle_is_ours(demand, seen) -> None:
    """What the buttons believe to keep a balance agrees with the database's rules."""
    for row in seen.standing:
        if row.obstacle not in parts.OUT_OF_REACH:
            found = parts.hindrances(row, seen.places, seen.lots, demand)
            assert bool(found) == (row.obstacle is not None), (row, found)


def _stock_list_agrees(made: Made) -> None:
    """Two screens never disagree about what is available."""
    item, store = made.company.items["milk"], made.company.a.store_id
    demand = Demand(item, store, None, clock.today())
    with made.database.reading(made.company.callers["supervisor_a"], snapshot=True) as session:
        found = partition(queries.seen(session, demand, None).standing, None)
        listed = total_of_item(session, item, demand.today)
    assert bucket(found, "available") == listed.available
