"""Goods received and not invoiced, and the pages that show them."""

from __future__ import annotations

import io
from decimal import Decimal

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from app.invoicing import open_goods
from app.invoicing.returning import OpenReturn, open_return
from tests.buying import Buyer, Received
from tests.invoicing.test_invoices import back, line, posted, written

ZONE = "Asia/Shanghai"


@pytest.fixture
def bought(buyer: Buyer) -> Received:
    received = buyer.buy(("bread", "10", "6"), ("flour", "5", "8"))
    posted(buyer, written(buyer, line(received, "bread", "4", "6.1")))
    opened = buyer.do(open_return, OpenReturn(received.receipt_id))
    back(buyer, opened.return_id, "flour", "1")
    return received


def test_what_is_open_and_how_it_moved(buyer: Buyer, bought: Received) -> None:
    with buyer.database.reading(buyer.manager) as session:
        by = {
            name: open_goods.open_goods(session, {"by": name}, ZONE)
            for name in ("line", "receipt", "supplier", "period")
        }
        moved = open_goods.read_movements(session, open_goods.movements({}, ZONE))
        past = open_goods.read_movements(session, open_goods.movements({"month": "2020-12"}, ZONE))
        none = open_goods.open_goods(session, {"by": "line", "to": "2020-01-01"}, ZONE)
    assert [(row.item_code, row.open_quantity, row.open_amount) for row in by["line"]] == [
        ("BREAD", 6, 36),
        ("FLOUR", 4, 32),
    ]
    assert {
        name: sum(row.open_amount for row in rows) for name, rows in by.items()
    } == dict.fromkeys(by, Decimal(68))
    [row] = moved
    assert (row.opening, row.received, row.reversed, row.returned) == (0, 100, -24, -8)
    assert row.closing == 68
    assert (past, none) == ([], [])


def test_pages_files_and_endpoints(buyer: Buyer, bought: Received, as_user) -> None:
    web = as_user("manager_a")
    draft = written(buyer, line(bought, "bread", "99", "6"))
    for path in (
        "/", "/invoices", "/invoices/open", "/invoices/open?by=line", "/invoices/open/movements",
        "/invoices/1", f"/invoices/{draft}", f"/invoices/{draft}/form",
        f"/invoices/new?receipt={bought.number}", "/invoices/new?kind=credit_note&supplier=S1",
        "/supplier-returns", "/supplier-returns/1", "/currencies",
        "/api/v1/supplier-invoices", "/api/v1/supplier-invoices/1",
        f"/api/v1/supplier-invoices/{draft}", "/api/v1/goods-received-not-invoiced",
        "/api/v1/goods-received-not-invoiced/movements", "/api/v1/supplier-returns/1",
        "/api/v1/currencies",
    ):  # fmt: skip
        answer = web.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
    assert "收到且未开票的只有 6" in web.get(f"/invoices/{draft}").text
    files = ("/invoices", "/invoices/1/lines", "/invoices/open", "/invoices/open/movements",
             "/supplier-returns", "/supplier-returns/1/lines", "/currencies")  # fmt: skip
    for path in files:
        answer = web.get(path + ".xlsx")
        assert answer.status_code == 200, (path, answer.text[:500])
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(web.get("/invoices/open.xlsx?by=line").content)
    )
    assert len(book.get_sheet_by_index(0).to_python()) == 3
    assert as_user("operator_a").get("/invoices").status_code == 403


def test_an_invoice_by_its_form(buyer: Buyer, bought: Received, as_user) -> None:
    web = as_user("manager_a")
    form = {
        "supplier": "S1", "supplier_number": "W1", "kind": "invoice",
        "receipt.1": bought.number, "item.1": "BREAD", "quantity.1": "2", "unit_price.1": "6",
        "tax_rate.1": "13%", "kind.1": "received",
        "receipt.2": bought.number, "item.2": "FLOUR", "quantity.2": "", "unit_price.2": "8",
        "receipt.3": bought.number, "item.3": "MILK", "quantity.3": "x", "unit_price.3": "8",
    }  # fmt: skip
    ids = iter(f"018f0000-0000-7000-8000-00000000000{number}" for number in range(9))
    answer = web.post("/invoices", data={**form, "command_id": next(ids)})
    assert answer.status_code == 422
    assert "这不是数字" in answer.text or "field--wrong" in answer.text
    form["quantity.3"] = ""
    answer = web.post("/invoices", data={**form, "command_id": next(ids)})
    assert answer.status_code == 303, answer.text[:800]
    page = answer.headers["Location"]
    answer = web.post(page + "/posting", data={"command_id": next(ids)})
    assert answer.headers["Location"] == page
    assert (
        buyer.one("select sum(net_amount) from supplier_invoice where supplier_number = 'W1'") == 12
    )
    answer = web.post(page + "/reversal", data={"command_id": next(ids), "reason": ""})
    assert answer.status_code == 422


def test_a_return_by_the_api_keeps_costs_to_those_who_see_them(
    buyer: Buyer, bought: Received, as_user
) -> None:
    balance = buyer.one(
        "select id from balance where item_id = %s and on_hand > 0", buyer.company.items["bread"]
    )
    body = {"balance_id": balance, "quantity": "1", "reason": "quality"}
    seen = []
    for login, number in (("manager_a", 1), ("supervisor_a", 2)):
        key = {"Idempotency-Key": f"018f0000-0000-7000-8000-00000000030{number}"}
        answer = as_user(login).post("/api/v1/supplier-returns/1/lines", json=body, headers=key)
        assert answer.status_code == 201, answer.text
        seen.append(answer.json()["amount"])
    assert seen[1] is None
    assert Decimal(seen[0]) > 6
    key = {"Idempotency-Key": "018f0000-0000-7000-8000-000000000309"}
    more = {**body, "unit_credit": "9"}
    answer = as_user("supervisor_a").post(
        "/api/v1/supplier-returns/1/lines", json=more, headers=key
    )
    assert answer.status_code == 403
    page = as_user("supervisor_a").get("/supplier-returns/1").text
    assert "出库成本" not in page
    assert "/supplier-returns/1/note.pdf" in page
    note = as_user("supervisor_a").get("/supplier-returns/1/note.pdf")
    printed = pypdfium2.PdfDocument(io.BytesIO(note.content))[0].get_textpage().get_text_range()
    assert "退货单" in printed
    assert "质量问题" in printed
