"""What the demo company has behind it: margins, late papers, a cost with a story."""

from __future__ import annotations

from decimal import Decimal

from app.demo.trading import DEARER, TRADES
from app.kit.database import SYSTEM, Database, driver
from tests.demo.test_pages import sign_in, web

__all__ = ["web"]


def one(demo: Database, text: str, *values: object) -> tuple:
    with demo.reading(SYSTEM) as session:
        row = driver(session).execute(text, values).fetchone()
    assert row
    return row


def test_what_was_sold_is_in_the_margin_report(demo: Database, web) -> None:
    sold = "select count(distinct order_id), sum(returned), sum(corrected) from sale_margin"
    orders, returned, corrected = one(demo, sold)
    assert orders == len(TRADES)
    assert returned > 0
    assert corrected > 0
    page = sign_in(web, "hq").get("/reports/margin?rows=customer&columns=region").text
    assert "云上咖啡" in page
    assert "滨江" in page


def test_one_bill_came_and_the_others_are_expected(demo: Database, web) -> None:
    assert one(demo, "select count(*) from supplier_invoice where state = 'posted'") == (1,)
    page = sign_in(web, "hq").get("/invoices/open").text
    assert "光明谷乳业" in page


def test_bread_was_made_at_the_cost_of_its_flour(demo: Database) -> None:
    made = "select sum(amount) from cost_entry where kind = 'production_in'"
    assert one(demo, made)[0] > Decimal(20)


def test_the_guide_leads_to_the_cost_of_the_flour(demo: Database, web) -> None:
    (flour,) = one(demo, "select id from item where code = %s", DEARER)
    guide = sign_in(web, "manager").get("/demo").text
    assert f"/costing/items/{flour}" in guide
    assert "/costing/items" not in sign_in(web, "zhang").get("/demo").text
    assert sign_in(web, "manager").get(f"/costing/items/{flour}").status_code == 200
