"""Order lines from a file: the form comes back with them, and with all that is wrong in each."""

from __future__ import annotations

import html
import re
from decimal import Decimal

import pytest

from app.kit.database import SYSTEM, driver
from app.receiving.commands import OrderLine
from app.receiving.forms import lines_of_text
from app.receiving.order_files import preview
from app.receiving.order_problems import TooManyLines
from app.spreadsheets.problems import NoHeadings
from tests.receiving.conftest import BREAD, CASE, MILK, Dock
from tests.receiving.test_pages import form
from tests.spreadsheets.files_made import bomb, csv_text, xlsx

HEADINGS = ["商品编码", "条码", "数量", "单位", "单价", "税率", "备注"]
GOOD = [
    HEADINGS,
    ["BREAD", "", "12", "个", "3.50", "13%", "x"],
    ["", CASE, "2", "箱", "", "", ""],
    ["FLOUR", "", "2.5", "", "4.1", "9", ""],
]


def send(web, content: bytes, name: str = "订单.csv", **fields: str):
    files = {"file": (name, content, "application/octet-stream")}
    return web.post("/purchase-orders/previews", data=form(**fields), files=files)


def box(page: str) -> str:
    found = re.search(r'<textarea[^>]*name="lines"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("content", [csv_text(GOOD).encode("gbk"), xlsx(GOOD)], ids=["gbk", "xlsx"])
def test_a_file_becomes_the_lines_of_an_order(as_user, dock: Dock, content) -> None:
    web = as_user("manager_a")
    answer = send(web, content, supplier="S1", expected_on="2026-12-01")
    assert answer.status_code in (200, 201), answer.text
    assert 'value="2026-12-01"' in answer.text
    assert "备注" in answer.text
    assert "tag--bad" not in answer.text
    lines = box(answer.text)
    made = web.post("/purchase-orders", data=form(supplier="S1", lines=lines, confirm="yes"))
    assert made.status_code == 303, made.text
    assert dock.rows(
        "select quantity, unit_price, tax_rate from purchase_order_line order by position"
    ) == [(12, *decimals("3.5", "0.13")), (12, 48, 0), (*decimals("2.5", "4.1", "0.09"),)]


def decimals(*texts: str):
    return tuple(Decimal(text) for text in texts)


def test_every_problem_of_every_row_is_named_at_once(dock: Dock) -> None:
    dock.change_item("oven", is_active=False)
    rows = [
        HEADINGS,
        ["NOBODY", "", "-1", "个", "free", "250%", ""],
        ["BREAD", MILK, "1.5", "箱", "1", "", ""],
        ["", "6901234567890", "", "", "1", "", ""],
        ["", "", "1", "", "", "", "x"],
        ["OVEN", "", "1", "", "", "", ""],
        ["FLOUR", "", "1", "", "", "", ""],
        ["FLOUR", "", "2", "", "", "", ""],
        ["MILK", "", "=A1", "#DIV/0!", "1", "", ""],
    ]
    shown = found(dock, xlsx_of_texts(rows))
    assert {line.row.number: {one.field for one in line.row.findings} for line in shown.found} == {
        2: {"item", "quantity", "unit_price", "tax_rate"},
        3: {"barcode", "quantity", "unit"},
        4: {"barcode", "quantity"},
        5: {"item"},
        6: {"item"},
        8: {"item"},
        9: {"quantity", "unit"},
    }
    assert (shown.bad_count, shown.warning_count) == (6, 1)
    assert "6901234567892" in shown.found[2].row.findings[-1].message
    assert shown.ignored == ["备注"]
    assert shown.text.splitlines()[0] == "NOBODY\t-1\tfree\t250%"
    assert shown.text.splitlines()[3] == "?\t1"


def xlsx_of_texts(rows) -> bytes:
    return csv_text(rows, "\t").encode()


def found(dock: Dock, content: bytes):
    with dock.database.reading(dock.company.callers["manager_a"]) as session:
        return preview(session, "a.xlsx", content)


def test_the_page_lists_the_problems_in_both_languages(as_user, dock: Dock) -> None:
    web = as_user("manager_a")
    answer = send(web, csv_text([HEADINGS, ["BREAD", "", "x", "箱", "", "", ""]]).encode())
    assert answer.text.count("tag--bad") == 3
    assert box(answer.text) == "BREAD\tx"
    assert dock.one("select count(*) from purchase_order") == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_file"),
        (b"\xd0\xcf\x11\xe0 old", "old_spreadsheet"),
        (bomb(2), "spreadsheet_too_big"),
        (csv_text([["a", "b"], ["1", "2"]]).encode(), "no_headings"),
        (csv_text([HEADINGS]).encode(), "file_empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_of_lines_says_so(as_user, dock: Dock, content, code) -> None:
    answer = send(as_user("manager_a"), content, name="" if code == "no_file" else "a.xlsx")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert dock.one("select count(*) from purchase_order") == 0


def test_a_quantity_alone_is_no_order(dock: Dock) -> None:
    with pytest.raises(NoHeadings):
        found(dock, csv_text([["数量", "单价"], ["1", "2"]]).encode())
    with pytest.raises(TooManyLines):
        found(dock, csv_text([HEADINGS, *[["BREAD", "", "1"]] * 2001]).encode())


def test_who_may_not_order_may_not_read_a_file(as_user, dock: Dock) -> None:
    assert send(as_user("operator_a"), xlsx(GOOD)).status_code == 403
    assert as_user("operator_a").get("/purchase-orders/template").status_code == 403


def test_the_template_is_read_again(as_user, dock: Dock) -> None:
    with dock.database.session(SYSTEM) as session:
        driver(session).execute("update code set code = 'B1001' where code = 'BREAD'")
        session.commit()
    answer = as_user("manager_a").get("/purchase-orders/template")
    assert answer.status_code == 200
    shown = found(dock, answer.content)
    assert not shown.ignored
    assert shown.text.startswith(f"{BREAD.removeprefix('0')}\t24\t3.5\t0.13\t0.05")


def test_pasted_lines_keep_commas_in_tabbed_cells_and_codes_like_headings() -> None:
    assert lines_of_text("编码\t数量\nITEM-1\t1,200\t3.5") == [
        {"item": "ITEM-1", "quantity": "1,200", "unit_price": "3.5"}
    ]
    assert lines_of_text("item-7, 2, , 13%, 5%") == [
        {"item": "item-7", "quantity": "2", "tax_rate": "13%", "over_receipt_tolerance": "5%"}
    ]


def test_a_draft_of_packs_stays_one_of_packs(as_user, dock: Dock) -> None:
    line = OrderLine(CASE, Decimal(2), Decimal("21.5"), Decimal("0.13"), Decimal("0.05"))
    order = dock.order(line, confirm=False)
    web = as_user("manager_a")
    lines = box(web.get(f"/purchase-orders/{order}").text)
    assert web.post(f"/purchase-orders/{order}/lines", data=form(lines=lines)).status_code == 303
    assert dock.rows(
        "select quantity, unit_price, tax_rate, over_receipt_tolerance from purchase_order_line"
    ) == [(12, *decimals("21.5", "0.13", "0.05"))]
