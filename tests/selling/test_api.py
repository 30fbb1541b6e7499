from __future__ import annotations

from decimal import Decimal

from app.kit import ids
from app.orders.commands import SalesLine
from tests.harness import GTINS
from tests.selling.conftest import Client, Shop

LINES = [{"item": GTINS["bread"], "quantity": "10", "unit_price": "8", "tax_rate": "0.13"}]


def test_an_order_goes_through_the_api(api: Client, shop: Shop) -> None:
    shop.stock("bread", "8")
    key = str(ids.new_id())
    body = {"customer": "C1", "lines": LINES, "due_at": "2026-12-01T18:00:00+08:00"}
    made = api.post("/sales-orders", body, key)
    assert made.status_code == 201, made.text
    assert api.post("/sales-orders", body, key).json() == made.json()
    order = made.json()["order_id"]
    released = api.post(f"/sales-orders/{order}/release").json()
    assert released["state"] == "confirmed"
    assert Decimal(released["allocated"]["lines"][0]["short"]) == 2
    shown = api.get(f"/sales-orders/{order}").json()
    assert Decimal(shown["lines"][0]["allocated"]) == 8
    assert (shown["lines"][0]["state"], Decimal(shown["lines"][0]["missing"])) == ("partly", 2)
    assert shown["promises"][0]["location"] == "A-SHELF1"
    assert [one["what"] for one in shown["history"]] == ["released", "created"]
    assert shown["history"][0]["person"] == "supervisor_a"
    listed = api.get("/sales-orders?state=open&readiness=partly").json()["rows"]
    assert [row["id"] for row in listed] == [order]
    line = shown["lines"][0]["id"]
    shop.stock("bread", "5")
    assert api.post(f"/sales-orders/{order}/allocation").status_code == 201
    assert shop.allocated(order) == [10]
    freed = api.post(f"/sales-orders/lines/{line}/release", {"quantity": "3"})
    assert Decimal(freed.json()["quantity"]) == 3, freed.text
    assert api.post(f"/sales-orders/lines/{line}/allocation").status_code == 201
    enough = api.post("/sales-orders/allocations", {"order_ids": [order]})
    assert enough.json()["code"] == "nothing_wanted"
    closed = api.post(f"/sales-orders/{order}/closure", {"reason": "x", "line_id": line})
    assert closed.json()["state"] == "done", closed.text
    cancelled = api.post(f"/sales-orders/{order}/cancellation")
    assert (cancelled.status_code, cancelled.json()["code"]) == (409, "sales_order_closed")


def test_the_number_of_another_system_is_one_order(api: Client, shop: Shop) -> None:
    body = {"customer": "C1", "lines": LINES, "source": "taobao", "external_number": "T-1"}
    made = api.post("/sales-orders", {**body, "release": True})
    assert made.status_code == 201, made.text
    again = api.post("/sales-orders", body)
    assert again.json()["order_id"] == made.json()["order_id"]
    assert again.json()["state"] == "confirmed"
    other = {**body, "lines": [{**LINES[0], "quantity": "11"}]}
    refused = api.post("/sales-orders", other)
    assert (refused.status_code, refused.json()["code"]) == (409, "external_order_differs")
    assert (
        api.post("/sales-orders", {**body, "source": "jd"}).json()["order_id"]
        != (made.json()["order_id"])
    )
    assert shop.one("select count(*) from sales_order") == 2


def test_refusals_name_their_fields(api: Client, shop: Shop) -> None:
    def fields(**body: object) -> list[str]:
        answer = api.post("/sales-orders", {"customer": "C1", "lines": LINES, **body})
        assert answer.status_code == 422, answer.text
        return list(answer.json()["data"].get("fields", []))

    assert fields(customer="S1") == ["customer"]
    assert fields(lines=[{**LINES[0], "item": "NO"}]) == ["lines.1.item"]
    assert fields(lines=[LINES[0], {**LINES[0], "unit": "吨"}]) == ["lines.2.unit"]
    assert fields(lines=[LINES[0], {**LINES[0], "quantity": "-1"}]) == ["lines.2.quantity"]
    assert fields(lines=[{**LINES[0], "quantity": "0.5"}]) == ["lines.1.quantity"]
    assert fields(due_at="2026-12-01T18:00:00") == ["due_at"]
    assert fields(due_at="soon") == ["due_at"]
    assert fields(colour="blue") == ["colour"]
    assert fields(partial_policy="never") == ["partial_policy"]
    other = api.post("/sales-orders", {"customer": "C1", "lines": LINES, "store_id": 99999})
    assert other.status_code in (403, 404)
    store = shop.company.b.store_id
    unseen = api.post("/sales-orders", {"customer": "C1", "lines": LINES, "store_id": store})
    assert unseen.status_code == 403
    for path in ("release", "cancellation", "allocation"):
        assert api.post(f"/sales-orders/999999/{path}").status_code == 404
    assert api.post("/sales-orders/999999/closure", {"reason": "x"}).status_code == 404
    assert api.post("/sales-orders/999999/closure").status_code == 422
    assert api.post("/sales-orders/allocations", {"order_ids": "all"}).status_code == 422
    assert api.get("/sales-orders/999999").status_code == 404
    assert shop.one("select count(*) from sales_order") == 0


def test_a_draft_gets_no_stock(api: Client, shop: Shop) -> None:
    shop.stock("bread", "8")
    order = shop.order(SalesLine("BREAD", Decimal(1)))
    refused = api.post(f"/sales-orders/{order}/allocation")
    assert (refused.status_code, refused.json()["code"]) == (409, "sales_order_not_released")
    empty = shop.order(lines=[])
    refused = api.post(f"/sales-orders/{empty}/release")
    assert refused.json()["code"] == "no_sales_lines"
