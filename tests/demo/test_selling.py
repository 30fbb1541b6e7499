"""The demo's sales orders: some to pick, and one that cannot ship for each cause."""

from __future__ import annotations

from app.board import queries
from app.board.queries import View
from app.demo.opening import usual_places
from app.demo.selling import BLOCKED, READY
from app.kit.database import SYSTEM, Caller, Database, driver
from tests.demo.test_pages import sign_in, web

__all__ = ["web"]


def causes(demo: Database, *stores: str) -> dict[str, list[str]]:
    with demo.reading(SYSTEM) as session:
        found = driver(session).execute("select id from store where code = any(%s)", [list(stores)])
        seen = ",".join(str(one) for (one,) in found)
    view = View(seen, None, "en", "Asia/Shanghai")
    with demo.reading(Caller(stores=seen)) as session:
        blocked = queries.blocked(session, view)
    return {one.cause: [line.number for line in one.examples] for one in blocked}


def test_there_is_one_order_that_cannot_ship_for_each_cause(demo: Database) -> None:
    assert causes(demo, "CK") == {
        "inspection": ["DEMO-B01"],
        "frozen": ["DEMO-B02"],
        "expired": ["DEMO-B03"],
        "short_dated": ["DEMO-B04"],
        "allocated": ["DEMO-B05"],
        "pack_rounding": ["DEMO-B06"],
        "zone": ["DEMO-B07"],
        "other_warehouse": ["DEMO-B08"],
        "unseen": ["DEMO-B10"],
        "counted": ["DEMO-B11"],
    }
    assert causes(demo, "S1", "S2") == {"other_store": ["DEMO-B09"]}


def test_the_others_have_their_stock_where_the_sheet_says(demo: Database) -> None:
    promised = """
        select distinct item.code, location.code from allocation
        join balance on balance.id = allocation.balance_id
        join location on location.id = balance.location_id join item on item.id = balance.item_id
        join sales_order_line line on line.id = allocation.line_id
        join sales_order on sales_order.id = line.order_id where sales_order.number = any(%s)
    """
    with demo.reading(SYSTEM) as session:
        found = driver(session).execute(promised, [[sale.number for sale in READY]]).fetchall()
    places = usual_places("CK")
    assert sorted(found) == sorted(
        {(sold.code, places[sold.code]) for sale in READY for sold in sale.lines}
    )


def test_the_tour_shows_each_order_to_those_who_see_it(web) -> None:
    tour = sign_in(web, "lead").get("/demo/why").text
    assert tour.count("/troubleshooting?order_line_id=") == len(BLOCKED) - 1
    assert 'href="/demo/why"' in web.get("/").text
    assert sign_in(web, "hq").get("/demo/why").text.count("order_line_id=") == len(BLOCKED)
