"""Lines and whole orders from files: everything that is wrong is named at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.selling.columns import LINES, ORDERS, discount
from app.selling.forms import lines_of_text
from app.selling.line_files import preview_file, preview_text
from app.selling.order_files import check_content, check_file
from app.selling.problems import TooManyLines, TooManyRows
from app.spreadsheets.cells import CellFault
from app.spreadsheets.problems import NoHeadings
from app.spreadsheets.template import template
from tests.harness import GTINS
from tests.selling.conftest import Shop, form
from tests.selling.test_pages import CASE, box
from tests.spreadsheets.files_made import bomb, csv_text, xlsx

HEADINGS = ["商品编码", "条码", "数量", "单位", "单价", "优惠比例", "税率", "整箱", "颜色"]
ORDER_HEADINGS = [
    "订单号", "客户", "要求日期", "优先级", "业务员", "商品编码", "条码", "数量", "单位", "单价",
    "备注",
]  # fmt: skip
GOOD = [
    ORDER_HEADINGS,
    ["T-1", "C1", "2026-12-01", "2", "manager_a", "BREAD", "", "12", "", "8", "轻放"],
    ["T-1", "", "", "", "", "", CASE, "2", "箱", "45", ""],
    ["", "", "", "", "", "", "", "", "", "", ""],
    ["T-2", "杨浦食堂", "", "", "", "FLOUR", "", "2.5", "千克", "4.1", ""],
]


def lines_in(shop: Shop, content: bytes):
    with shop.database.reading(shop.company.callers["supervisor_a"]) as session:
        return preview_file(session, "a.xlsx", content)


def orders_in(shop: Shop, content: bytes):
    caller = shop.company.callers["supervisor_a"]
    with shop.database.reading(caller) as session:
        return check_file(session, shop.company.a.store_id, "a.xlsx", content)


def texts(rows) -> bytes:
    return csv_text(rows, "\t").encode()


def preview(web, content: bytes, **fields: str):
    files = {"file": ("行.csv", content, "application/octet-stream")}
    return web.post("/sales-orders/previews", data=form(**fields), files=files)


def check(web, content: bytes, name: str = "订单.xlsx"):
    files = {"file": (name, content, "application/octet-stream")}
    return web.post("/sales-orders/imports/checks", data=form(), files=files)


# ---- Lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gbk", "xlsx"])
def test_a_file_becomes_the_lines_of_an_order(as_user, shop: Shop, kind) -> None:
    rows = [
        HEADINGS,
        ["BREAD", "", "12", "个", "7.5", "10%", "13%", "", "x"],
        ["", CASE, "2", "箱", "", "", "", "是", ""],
        ["FLOUR", "", "2.5", "kg", "4.1", "", "9", "", ""],
    ]
    content = csv_text(rows).encode("gbk") if kind == "gbk" else xlsx(rows)
    web = as_user("supervisor_a")
    shown = preview(web, content, customer="C1", note="轻放")
    assert "tag--bad" not in shown.text
    assert "颜色" in shown.text
    assert 'value="轻放"' in shown.text
    made = web.post("/sales-orders", data=form(customer="C1", lines=box(shown.text)))
    assert made.status_code == 303, made.text
    assert shop.rows(
        "select quantity, unit_price, discount_rate, tax_rate, whole_packs from sales_order_line"
        " order by position"
    ) == [
        (12, Decimal("7.5"), Decimal("0.1"), Decimal("0.13"), False),
        (12, 48, 0, 0, True),
        (Decimal("2.5"), Decimal("4.1"), 0, Decimal("0.09"), False),
    ]


def test_every_problem_of_every_line_is_named_at_once(shop: Shop) -> None:
    shop.change("update item set is_active = false where code = 'OVEN'")
    rows = [
        HEADINGS,
        ["NOBODY", "", "-1", "个", "free", "250%", "300%", "maybe", ""],
        ["BREAD", GTINS["milk"], "1.5", "吨", "1", "", "", "", ""],
        ["", "6901234567890", "", "", "1", "", "", "", ""],
        ["", "", "1", "", "", "", "", "", "x"],
        ["OVEN", "", "1", "", "", "", "", "", ""],
        ["FLOUR", "", "1", "", "", "", "", "", ""],
        ["FLOUR", "", "2", "千克", "", "", "", "", ""],
        ["FLOUR", "", "0.0001", "KG", "", "", "", "", ""],
    ]
    shown = lines_in(shop, texts(rows))
    assert {line.row.number: {one.field for one in line.row.findings} for line in shown.found} == {
        2: {"item", "quantity", "unit_price", "discount_rate", "tax_rate", "whole_packs"},
        3: {"barcode", "unit"},
        4: {"barcode", "quantity"},
        5: {"item"},
        6: {"item"},
        8: {"item"},
        9: {"item", "quantity"},
    }
    assert shown.bad_count == 6
    assert shown.ignored == ["颜色"]


def test_the_box_alone_is_checked_too(as_user, shop: Shop) -> None:
    web = as_user("supervisor_a")
    answer = web.post(
        "/sales-orders/previews",
        data=form(customer="C1", lines="BREAD, 2, 箱\nNOTHING, 1"),
        files={"other": ("", b"")},
    )
    assert "tag--bad" in answer.text
    assert box(answer.text) == "BREAD\t2\t箱\nNOTHING\t1"
    with shop.database.reading(shop.company.callers["supervisor_a"]) as session:
        found = preview_text(session, "BREAD\t2\t箱\nNOTHING\t1")
    assert [line.row.number for line in found.found] == [2]
    assert found.lines[0].sold is not None
    assert found.lines[0].sold.factor == 6


def test_what_is_no_list_says_so(as_user, shop: Shop) -> None:
    web = as_user("supervisor_a")
    contents = [b"\xd0\xcf\x11\xe0 old", bomb(2), csv_text([["a"], ["1"]]).encode(), b""]
    for content in contents:
        for send in (preview, check):
            answer = send(web, content)
            assert answer.status_code == 422
            assert 'role="alert"' in answer.text
    with pytest.raises(NoHeadings):
        lines_in(shop, texts([["数量", "单价"], ["1", "2"]]))
    with pytest.raises(NoHeadings):
        orders_in(shop, texts([["订单号", "数量"], ["1", "2"]]))
    with pytest.raises(TooManyLines):
        lines_in(shop, texts([HEADINGS, *[["BREAD", "", "1"]] * 2001]))
    with pytest.raises(TooManyRows):
        orders_in(shop, texts([ORDER_HEADINGS, *[["T"]] * 5001]))
    assert shop.one("select count(*) from sales_order") == 0


def test_templates_are_read_again(as_user, shop: Shop) -> None:
    shop.change("update code set code = 'B1001' where code = 'BREAD'")
    shop.change("update partner set code = 'C001' where code = 'C1'")
    assert not lines_in(shop, template(LINES)).found
    assert not orders_in(shop, template(ORDERS)).bad_count
    web = as_user("supervisor_a")
    for path in ("/sales-orders/template", "/sales-orders/imports/template"):
        assert web.get(path).status_code == 200
        assert as_user("operator_a").get(path).status_code == 403
        as_user("supervisor_a")


def test_a_discount_is_what_is_let_off() -> None:
    full_width = "\uff11\uff10\uff05"
    read = [discount(text) for text in ("10%", "10", "0.1", full_width, "100%", "100", "0")]
    assert read == ["0.1", "0.1", "0.1", "0.1", "1", "1", "0"]
    for text in ("101%", "250", "-1", "x"):
        with pytest.raises(CellFault):
            discount(text)


def test_pasted_lines_keep_commas_in_tabbed_cells() -> None:
    assert lines_of_text("编码\t数量\nITEM-1\t1,200\t箱\t3.5\t\t\t\t是") == [
        {"item": "ITEM-1", "quantity": "1,200", "unit": "箱", "unit_price": "3.5",
         "whole_packs": True}
    ]  # fmt: skip
    assert lines_of_text("item-7, 2, , 8, 10%") == [
        {"item": "item-7", "quantity": "2", "unit_price": "8", "discount_rate": "10%"}
    ]


# ---- Whole orders -----------------------------------------------------------------------------


def test_a_file_of_orders_comes_in_once(as_user, shop: Shop) -> None:
    shop.stock("bread", "100")
    web = as_user("supervisor_a")
    shown = check(web, xlsx(GOOD))
    assert shown.status_code in (200, 201), shown.text
    assert "tag--bad" not in shown.text
    content = box(shown.text, "content")
    made = web.post("/sales-orders/imports", data=form(content=content, file_name="订单.xlsx"))
    assert made.headers["location"] == "/sales-orders?imported=2&skipped=0", made.text
    assert "2" in web.get(made.headers["location"]).text
    assert shop.rows(
        "select external_number, source, state, priority, note, requested_on::text"
        " from sales_order order by id"
    ) == [
        ("T-1", "file", "draft", 2, "轻放", "2026-12-01"),
        ("T-2", "file", "draft", 5, "", None),
    ]
    assert shop.rows(
        "select quantity, unit_price from sales_order_line order by order_id, position"
    ) == [(12, 8), (12, 45), (Decimal("2.5"), Decimal("4.1"))]
    again = check(web, xlsx(GOOD))
    assert again.text.count("SO-") == 2
    refused = web.post("/sales-orders/imports", data=form(content=content, skip_bad="yes"))
    assert refused.status_code == 409
    assert shop.one("select count(*) from sales_order") == 2


def test_every_problem_of_every_order_is_named_at_once(shop: Shop) -> None:
    rows = [
        ORDER_HEADINGS,
        ["A", "C1", "", "", "", "BREAD", "", "1", "", "", ""],
        ["A", "C2", "", "", "", "MILK", "", "1", "", "", ""],
        ["B", "S1", "2026-13-01", "12", "nobody", "BREAD", "", "1", "", "", ""],
        ["C", "", "", "", "", "BREAD", "", "x", "", "", ""],
        ["", "C1", "", "", "", "BREAD", "", "1", "", "", ""],
        ["D", "NOBODY", "", "0", "", "NOTHING", "", "1", "", "", ""],
        ["E", "C1", "", "", "", "BREAD", "", "1", "", "", ""],
    ]
    found = orders_in(shop, texts(rows))
    remarks = {
        line.row.number: {one.field for one in line.row.findings}
        for order in found.orders
        for line in order.found
    }
    assert remarks == {
        3: {"customer"},
        4: {"customer", "requested_on", "priority", "salesperson"},
        5: {"customer", "quantity"},
        6: {"order"},
        7: {"customer", "priority", "item"},
    }
    assert (len(found.orders), found.bad_count, found.good_count) == (6, 5, 1)
    caller = shop.company.callers["supervisor_a"]
    with shop.database.reading(caller) as session:
        again = check_content(session, shop.company.a.store_id, found.content)
    assert {
        line.row.number: {one.field for one in line.row.findings}
        for order in again.orders
        for line in order.found
    } == remarks


def test_bad_orders_keep_all_out_or_are_left_out_by_choice(as_user, shop: Shop) -> None:
    shop.stock("bread", "5")
    rows = [
        ORDER_HEADINGS,
        ["A", "C1", "", "", "", "BREAD", "", "5", "", "", ""],
        ["B", "C1", "", "", "", "NOTHING", "", "5", "", "", ""],
        ["B", "C1", "", "", "", "BREAD", "", "5", "", "", ""],
    ]
    web = as_user("supervisor_a")
    content = box(check(web, texts(rows)).text, "content")
    refused = web.post("/sales-orders/imports", data=form(content=content))
    assert refused.status_code == 409
    assert box(refused.text, "content") == content
    assert shop.one("select count(*) from sales_order") == 0
    fields = form(content=content, skip_bad="yes", release="yes")
    made = web.post("/sales-orders/imports", data=fields)
    assert made.headers["location"] == "/sales-orders?imported=1&skipped=1", made.text
    again = web.post("/sales-orders/imports", data=fields)
    assert again.headers["location"] == made.headers["location"]
    assert shop.rows("select external_number, state from sales_order") == [("A", "confirmed")]
    assert shop.one("select sum(allocated) from sales_order_line") == 5
    for nonsense in ("", "x\ty\n1\t2\n", "\0"):
        answer = web.post("/sales-orders/imports", data=form(content=nonsense))
        assert answer.status_code in (409, 422), answer.text


def test_who_may_not_write_orders_imports_none(as_user, shop: Shop) -> None:
    web = as_user("operator_a")
    assert web.get("/sales-orders/imports").status_code == 403
    assert check(web, xlsx(GOOD)).status_code == 403
    assert web.post("/sales-orders/imports", data=form(content="x")).status_code == 403
    assert shop.one("select count(*) from sales_order") == 0
