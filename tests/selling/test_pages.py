from __future__ import annotations

import html
import re
from decimal import Decimal

from app.orders.commands import SalesLine
from tests.harness import GTINS
from tests.selling.conftest import HX, Shop, form

CASE = "16901234567899"


def box(page: str, name: str = "lines") -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def create(web, **fields: str):
    given = {"customer": "C1", "lines": "BREAD, 10", "prices_include_tax": "yes", **fields}
    return web.post("/sales-orders", data=form(**given))


def order_of(answer) -> int:
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def test_an_order_is_written_looked_at_changed_and_released(as_user, shop: Shop) -> None:
    shop.stock("bread", "30")
    web = as_user("supervisor_a")
    made = create(
        web, lines=f"编码,数量\n{GTINS['bread']}, 2, 箱, 48, 10%, 13%, 5, 是\nMILK\t3\t\t4.5",
        requested_on="2026-12-01", due_at="2026-12-01T18:00", priority="2", warehouse="A-W",
        salesperson="manager_a", region="华东", address="国权路 1 号", minimum_days="3",
    )  # fmt: skip
    order = order_of(made)
    assert shop.rows(
        "select quantity, unit_price, discount_rate, tax_rate, minimum_days, whole_packs,"
        " net_amount from sales_order_line where order_id = %s order by position", order,
    ) == [
        (12, 48, Decimal("0.1"), Decimal("0.13"), 5, True, Decimal("76.46")),
        (3, Decimal("4.5"), 0, 0, None, False, Decimal("13.5")),
    ]  # fmt: skip
    assert str(shop.one("select due_at at time zone 'UTC' from sales_order")) == (
        "2026-12-01 10:00:00"
    )
    page = web.get(f"/sales-orders/{order}").text
    assert "静安咖啡馆" in page
    assert "99.90" in page
    edit = web.get(f"/sales-orders/{order}/form").text
    assert 'value="2026-12-01T18:00"' in edit
    lines = box(edit)
    assert lines.splitlines()[0] == "BREAD\t2\t箱\t48\t10%\t13%\t5\tyes"
    fields = {"customer": "C2", "lines": lines.replace("\t2\t", "\t3\t"), "priority": "2"}
    assert web.post(f"/sales-orders/{order}/form", data=form(**fields)).status_code == 303
    assert shop.one("select quantity from sales_order_line where position = 1") == 18
    released = web.post(f"/sales-orders/{order}/release", data=form(), headers=HX)
    assert released.headers["hx-redirect"] == f"/sales-orders/{order}", released.text
    assert shop.state(order) == "confirmed"
    assert shop.allocated(order) == [18, 0]
    page = web.get(f"/sales-orders/{order}").text
    assert f"/troubleshooting?order_line_id={shop.line(order, 2)}" in page
    assert "A-SHELF1" in page


def test_save_and_release_is_one_step(as_user, shop: Shop) -> None:
    shop.stock("bread", "30")
    web = as_user("supervisor_a")
    order = order_of(create(web, release="yes"))
    assert (shop.state(order), shop.allocated(order)) == ("confirmed", [10])
    refused = create(web, release="yes", lines="")
    assert refused.status_code == 422
    assert shop.one("select count(*) from sales_order") == 1


WRONG: list[tuple[dict[str, str], str]] = [
    ({"customer": "S1"}, "没有这个编码或名称的客户"),
    ({"customer": "NOBODY"}, "没有这个编码或名称的客户"),
    ({"lines": "NOTHING, 1"}, "第 1 行"),
    ({"lines": "BREAD, 1\nBREAD, 1, 吨"}, "第 2 行"),
    ({"lines": "BREAD, -1"}, "第 1 行"),
    ({"lines": "BREAD, 0"}, "第 1 行"),
    ({"lines": "BREAD, 1.5"}, "第 1 行"),
    ({"lines": "BREAD, 1e30"}, "第 1 行"),
    ({"lines": "BREAD, 999999999999999"}, "第 1 行"),
    ({"lines": "BREAD, many"}, "第 1 行"),
    ({"lines": "BREAD, 1, 个, -2"}, "第 1 行"),
    ({"lines": "BREAD, 1, 个, 2, 150%"}, "第 1 行"),
    ({"warehouse": "B-W"}, "field__error"),
    ({"due_at": "tomorrow"}, "field__error"),
    ({"priority": "12"}, "field__error"),
    ({"minimum_days": "-4"}, "field__error"),
    ({"exchange_rate": "7"}, "field__error"),
    ({"salesperson": "nobody"}, "field__error"),
    ({"partial_policy": "never"}, "field__error"),
]


def test_what_cannot_be_ordered_is_marked(as_user, shop: Shop) -> None:
    web = as_user("supervisor_a")
    for fields, words in WRONG:
        answer = create(web, **fields)
        assert answer.status_code == 422, fields
        assert words in answer.text, fields
    assert shop.one("select count(*) from sales_order") == 0


def test_an_archived_item_is_not_sold(as_user, shop: Shop) -> None:
    shop.change("update item set is_active = false where code = 'BREAD'")
    assert create(as_user("supervisor_a")).status_code == 422


def test_who_may_only_look_changes_nothing(as_user, shop: Shop) -> None:
    order = shop.order()
    web = as_user("operator_a")
    assert web.get(f"/sales-orders/{order}").status_code == 200
    for path in ("/sales-orders", f"/sales-orders/{order}/release",
                 f"/sales-orders/{order}/cancellation", "/sales-orders/allocation"):  # fmt: skip
        assert web.post(path, data=form(order_id=str(order))).status_code == 403, path
    assert web.get("/sales-orders/new").status_code == 403


def test_other_stores_orders_are_not_there(as_user, shop: Shop) -> None:
    order = shop.order()
    web = as_user("operator_b")
    assert web.get(f"/sales-orders/{order}").status_code == 404
    assert "SO-" not in web.get("/sales-orders").text


def test_the_list_filters_by_state_stock_day_and_customer(as_user, shop: Shop) -> None:
    shop.stock("bread", "15")
    ready = shop.order(release=True, number="READY")
    shop.order(release=True, number="PARTLY")
    shop.order(SalesLine("MILK", Decimal(1)), release=True, number="BLOCKED", customer="C2")
    shop.order(number="DRAFT", requested_on="2026-12-05")
    gone = shop.order(number="GONE")
    web = as_user("supervisor_a")
    web.post(f"/sales-orders/{gone}/cancellation", data=form())

    def listed(query: str) -> set[str]:
        page = web.get(f"/sales-orders?{query}").text
        return set(re.findall(r'class="table__link" href="/sales-orders/\d+">(\w+)<', page))

    assert listed("") == {"READY", "PARTLY", "BLOCKED", "DRAFT"}
    assert listed("readiness=ready") == {"READY"}
    assert listed("readiness=partly") == {"PARTLY"}
    assert listed("readiness=blocked") == {"BLOCKED"}
    assert listed("state=cancelled") == {"GONE"}
    assert listed("text=食堂") == {"BLOCKED"}
    assert listed("from=2026-12-01&to=2026-12-31") == {"DRAFT"}
    assert listed("from=nonsense&to=9999-99-99") == {"READY", "PARTLY", "BLOCKED", "DRAFT"}
    for suffix in (".csv", ".xlsx"):
        assert web.get(f"/sales-orders{suffix}?readiness=ready").status_code == 200
        assert web.get(f"/sales-orders/{ready}/lines{suffix}").status_code == 200
    assert "READY" in web.get("/sales-orders.csv?readiness=ready").text
    home = web.get("/").text
    assert "/sales-orders" in home


def test_allocation_goes_by_buttons_here_and_from_other_screens(as_user, shop: Shop) -> None:
    first = shop.order(release=True)
    second = shop.order(release=True)
    web = as_user("supervisor_a")
    nothing = web.post("/sales-orders/allocation", data=form(order_id=str(first)), headers=HX)
    assert nothing.status_code == 409
    assert f"/troubleshooting?order_line_id={shop.line(first)}" in nothing.text
    shop.stock("bread", "10")
    line = str(shop.line(first))
    back = "/troubleshooting?order_line_id=" + line
    done = web.post("/sales-orders/allocation", data=form(line_id=line, return_to=back))
    assert (done.status_code, done.headers["location"]) == (303, back)
    assert (shop.allocated(first), shop.allocated(second)) == ([10], [0])
    anew = web.post("/sales-orders/allocation", data=form(line_id=line, anew="yes"))
    assert anew.status_code == 303, anew.text
    freed = web.post(
        "/sales-orders/allocations/release",
        data=form(line_id=line, quantity="4", for_order_id=str(second)), headers=HX,
    )  # fmt: skip
    assert freed.headers["hx-redirect"] == f"/sales-orders/{first}", freed.text
    assert (shop.allocated(first), shop.allocated(second)) == ([6], [4])
    for path, fields in (
        ("allocation", {}), ("allocation", {"line_id": "999999"}),
        ("allocation", {"order_id": "999999"}), ("allocations/release", {}),
        ("allocations/release", {"line_id": "x"}),
        ("allocations/release", {"line_id": line, "quantity": "-1"}),
        ("allocations/release", {"line_id": line, "quantity": "many"}),
    ):  # fmt: skip
        for headers in ({}, HX):
            answer = web.post(f"/sales-orders/{path}", data=form(**fields), headers=headers)
            assert 400 <= answer.status_code < 500, (path, fields, answer.text)
    evil = web.post(
        "/sales-orders/allocations/release",
        data=form(line_id=line, return_to="https://example.org/"),
    )
    assert evil.headers["location"] == "/"


def test_ticked_orders_are_allocated_together(as_user, shop: Shop) -> None:
    late = shop.order(release=True, priority=7)
    soon = shop.order(release=True, priority=1)
    shop.stock("bread", "15")
    web = as_user("supervisor_a")
    assert web.post("/sales-orders/allocations", data=form()).status_code == 422
    ticked = form(order=[str(late), str(soon)])
    assert web.post("/sales-orders/allocations", data=ticked).status_code == 303
    assert (shop.allocated(soon), shop.allocated(late)) == ([10], [5])
    many = form(order=[str(number) for number in range(1, 102)])
    assert web.post("/sales-orders/allocations", data=many).status_code == 422


def test_closing_short_and_cancelling_give_the_stock_to_others(as_user, shop: Shop) -> None:
    shop.stock("bread", "10")
    first, second = shop.order(release=True), shop.order(release=True)
    web = as_user("supervisor_a")
    empty = web.post(f"/sales-orders/{first}/closure", data=form(), headers=HX)
    assert empty.status_code == 422
    closing = form(reason="客户不要了", line_id=str(shop.line(first)))
    assert web.post(f"/sales-orders/{first}/closure", data=closing).status_code == 303
    assert (shop.state(first), shop.allocated(second)) == ("done", [10])
    assert "客户不要了" in web.get(f"/sales-orders/{first}").text
    assert web.post(f"/sales-orders/{second}/cancellation", data=form()).status_code == 303
    again = web.post(f"/sales-orders/{second}/cancellation", data=form(), headers=HX)
    assert again.status_code == 409
    assert web.get(f"/sales-orders/{second}/form").status_code == 409
    late = web.post("/sales-orders/allocation", data=form(order_id=str(second)), headers=HX)
    assert late.status_code == 409
    released = web.post(f"/sales-orders/{second}/release", data=form(), headers=HX)
    assert released.status_code == 409


def test_a_release_that_needs_votes_says_what_it_waits_for(as_user, shop: Shop) -> None:
    shop.change(
        "insert into approval_policy (kind, name, condition, required_votes, roles)"
        " values ('order_release', '大单', 'amount >= 50.0', 1, '{store_manager}')"
    )
    order = shop.order()
    web = as_user("supervisor_a")
    asked = web.post(f"/sales-orders/{order}/release", data=form(reason="老客户"), headers=HX)
    assert asked.headers["hx-redirect"] == f"/sales-orders/{order}", asked.text
    assert shop.state(order) == "draft"
    request = shop.one("select id from approval_request")
    page = web.get(f"/sales-orders/{order}").text
    assert f"/approvals/{request}" in page
    assert "release-form" not in page
    assert "老客户" in page
