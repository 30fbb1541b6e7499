"""The screen, its buttons and the API."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.troubleshooting.company import Made


@pytest.fixture
def case(made: Made) -> Made:
    """120 bread in A: 80 in inspection, 30 promised to another order, 10 in a closed zone."""
    made.stock("shelf1", 80, status="inspection")
    made.stock("shelf2", 30)
    other = made.order(30)
    made.allocate(other)
    made.stock("back", 10)
    return made


def test_the_headline_says_it_in_one_sentence(case, as_user):
    order = case.order(20)
    web = as_user("supervisor_a")
    page = web.get(f"/troubleshooting?order_line_id={order.line_id}")
    assert page.status_code == 200, page.text
    text = page.text
    assert "要 20，能发 0；在库 120：80 待检、30 被 " in text
    assert "10 在不可拣库区" in text


def test_the_same_as_json(case, as_user):
    web = as_user("supervisor_a")
    found = web.get(f"/api/v1/diagnosis?item_id={case.item}").json()
    assert Decimal(found["total"]) == 120
    assert sum(Decimal(bucket["quantity"]) for bucket in found["buckets"]) == 120
    assert [check["name"] for check in found["checks"]] == [
        "status", "promises", "places", "permission", "freshness",
    ]  # fmt: skip
    assert Decimal(found["available"]) == 0


def test_opening_a_zone_serves_who_waits(case, as_user):
    order = case.order(20)
    web = as_user("supervisor_a")
    found = web.get(f"/api/v1/diagnosis?order_line_id={order.line_id}").json()
    zone = next(bucket for bucket in found["buckets"] if bucket["name"] == "zone")
    action = zone["actions"][0]
    assert (action["kind"], Decimal(action["promises"]), action["allowed"]) == (
        "open_zone", 10, True,
    )  # fmt: skip
    back = f"/troubleshooting?order_line_id={order.line_id}"
    answer = web.post(action["url"], data=case.form(action["fields"] | {"return_to": back}))
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    after = web.get(f"/api/v1/diagnosis?order_line_id={order.line_id}").json()
    assert Decimal(after["can_ship"]) == 10
    assert [bucket["name"] for bucket in after["buckets"]] == ["inspection", "own", "others"]


def test_a_number_only_of_what_is_not_seen(made, as_user):
    made.stock("shelf1", 7, store="b")
    web = as_user("supervisor_a")
    found = web.get(f"/api/v1/diagnosis?item_id={made.item}").json()
    assert Decimal(found["total"]) == 7
    (bucket,) = found["buckets"]
    assert (bucket["name"], bucket["parts"]) == ("unseen", [])
    assert bucket["unseen"][0]["store_name"] == "B 店"
    as_user("area_manager")
    seen = web.get(f"/api/v1/diagnosis?item_id={made.item}&store_id={made.company.a.store_id}")
    assert [bucket["name"] for bucket in seen.json()["buckets"]] == ["other_store"]


def test_through_another_persons_eyes(made, as_user):
    made.stock("shelf1", 7, store="b")
    made.stock("shelf1", 3)
    web = as_user("area_manager")
    person = made.company.users["operator_a"]
    query = f"item_id={made.item}&store_id={made.company.a.store_id}&as_user={person}"
    found = web.get(f"/api/v1/diagnosis?{query}").json()
    assert [bucket["name"] for bucket in found["buckets"]] == ["unseen", "available"]
    sight = found["sight"]
    assert [store["store_name"] for store in sight["misses"]] == ["B 店"]
    assert "看不到 B 店 的 7" in web.get(f"/troubleshooting?{query}").text
    # Nobody sees more through another's eyes, and operators not at all.
    as_user("supervisor_a")
    borrowed = f"item_id={made.item}&as_user={made.company.users['headquarters']}"
    assert web.get(f"/api/v1/diagnosis?{borrowed}").json()["buckets"][0]["name"] == "unseen"
    as_user("operator_a")
    assert web.get(f"/api/v1/diagnosis?{borrowed}").status_code == 403


def test_any_code_leads_to_its_question(case, as_user):
    web = as_user("operator_a")
    order = case.order(5)

    def asked(code):
        return web.post("/troubleshooting/scans", data=case.form({"code": code})).headers.get(
            "location"
        )

    assert asked("BREAD") == f"/troubleshooting?item_id={case.item}"
    assert asked("M1") == f"/troubleshooting?lot_id={case.company.lots['milk']}"
    assert asked(order.number) == f"/troubleshooting?order_line_id={order.line_id}"
    place = case.company.a.locations["shelf1"]
    assert asked("A-SHELF1") == f"/troubleshooting?location_id={place}"
    assert "可颂" in web.get(f"/troubleshooting?location_id={place}").text
    assert web.post("/troubleshooting/scans", data=case.form({"code": "☃"})).status_code == 422


def test_how_it_was(made, as_user):
    made.stock("shelf1", 7)
    web = as_user("supervisor_a")
    text = web.get(f"/troubleshooting?item_id={made.item}&at=2020-01-01T10:00").text
    assert "2020-01-01 10:00 您的门店在库 0" in text
    text = web.get(f"/troubleshooting/history?item_id={made.item}").text
    assert "现在您的门店在库 7 个" in text
    assert "A-SHELF1" in text
    order = made.order(5)
    made.allocate(order)
    as_user("headquarters")  # the order was served by the system, which is in no store
    text = web.get(f"/troubleshooting/history?order_line_id={order.line_id}").text
    assert "订单操作" in text
    assert "分配库存" in text


def test_what_the_screen_showed_before(made, as_user):
    made.stock("shelf1", 7)
    web = as_user("supervisor_a")
    shown = "shown_at=2026-11-22T08:00%2B00:00&shown_total=3&shown_can_ship=3"
    text = web.get(f"/troubleshooting?item_id={made.item}&{shown}").text
    assert "您的屏幕在 2026-11-22 16:00 显示能发 3，现在是 7" in text


@pytest.mark.parametrize(
    "query", ["item_id=x", "item_id=1&at=yesterday", "lot_id=-1", "item_id=99999999999999999999"]
)
def test_a_question_that_is_none(made, as_user, query):
    assert as_user("supervisor_a").get(f"/troubleshooting?{query}").status_code == 422


def test_what_does_not_exist(made, as_user):
    web = as_user("supervisor_a")
    for query in ("item_id=999999", "order_line_id=999999", "lot_id=999999"):
        assert web.get(f"/troubleshooting?{query}").status_code == 404
        assert web.get(f"/api/v1/diagnosis?{query}").status_code == 404


def test_a_transfer_and_a_recount_are_asked_for(made, as_user):
    made.stock("shelf1", 7, store="b")
    order = made.order(5)
    web = as_user("area_manager")
    found = web.get(f"/api/v1/diagnosis?order_line_id={order.line_id}").json()
    (action,) = found["buckets"][0]["actions"]
    assert (action["kind"], action["fields"]["quantity"]) == ("request_transfer", "5")
    assert web.post(action["url"], data=made.form(action["fields"])).status_code == 303
    wrong = action["fields"] | {"quantity": "many"}
    assert web.post(action["url"], data=made.form(wrong)).status_code == 422
    fields = {"location_id": str(made.company.a.locations["shelf1"]), "item_id": str(made.item)}
    assert web.post("/troubleshooting/recounts", data=made.form(fields)).status_code == 303
    beside = web.get(f"/api/v1/diagnosis?order_line_id={order.line_id}").json()["beside"]
    assert [Decimal(asked["quantity"]) for asked in beside["requests"]] == [5]


def test_a_refusal_has_the_button_that_asks_why(made, as_user):
    made.stock("shelf1", 7, status="frozen")
    order = made.order(5)
    web = as_user("supervisor_a")
    fields = {"line_id": str(order.line_id)}
    refused = web.post("/sales-orders/allocation", data=made.form(fields))
    assert refused.status_code == 409
    assert f'href="/troubleshooting?order_line_id={order.line_id}">为什么？' in refused.text


def test_a_lot_that_is_held(made, as_user):
    lot = made.company.lots["milk"]
    made.stock("shelf1", 7, item="milk", lot=lot)
    item, user = made.company.items["milk"], made.company.users["manager_a"]
    made.do(
        "insert into lot_hold (lot_id, item_id, reason, placed_by)"
        " values (%(lot)s, %(item)s, '召回', %(user)s)",
        lot=lot, item=item, user=user,
    )  # fmt: skip
    web = as_user("supervisor_a")
    assert "在库 7，能发 0：7 冻结" in web.get(f"/troubleshooting?lot_id={lot}").text
    (bucket,) = web.get(f"/api/v1/diagnosis?lot_id={lot}").json()["buckets"]
    (part,) = bucket["parts"]
    assert "召回" in part["why"] or "recall" in part["why"]
    (action,) = part["actions"]
    assert (action["kind"], Decimal(action["promises"])) == ("lift_hold", 7)
    assert web.get(action["url"]).status_code == 200
