"""The screens, files and endpoints of landed cost."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.buying import Buyer, Received
from tests.landing.test_vouchers import freight, posted, written

IDS = (f"018f0000-0000-7000-8000-0000000001{number:02d}" for number in range(99))


@pytest.fixture
def bought(buyer: Buyer) -> Received:
    return buyer.buy(("bread", "10", "6"), ("flour", "5", "8"))


def test_pages_files_and_endpoints(buyer: Buyer, bought: Received, as_user) -> None:
    web = as_user("manager_a")
    posted(buyer, written(buyer, bought.number, charges=[freight("10")]))
    written(buyer, bought.number, charges=[freight("10", "by_weight")])
    for path in (
        "/", "/landing", "/landing?text=LC", "/landing/new", "/landing/1", "/landing/2",
        "/landing/2/form", f"/landing/orders/{bought.order_id}", "/api/v1/landed-costs",
        "/api/v1/landed-costs/1", "/api/v1/landed-costs/2",
        f"/api/v1/purchase-orders/{bought.order_id}/charges", f"/purchase-orders/{bought.order_id}",
    ):  # fmt: skip
        answer = web.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
    assert "没有录入相应数据：可颂" in web.get("/landing/2").text
    for path in ("/landing.xlsx", "/landing/1/shares.xlsx"):
        rows = CalamineWorkbook.from_filelike(io.BytesIO(web.get(path).content))
        assert len(rows.get_sheet_by_index(0).to_python()) == 3
    assert as_user("operator_a").get("/landing").status_code == 403


def test_a_voucher_by_its_form(buyer: Buyer, bought: Received, as_user) -> None:
    web = as_user("manager_a")
    form = {
        "receipts": bought.number, "supplier": "S1", "kind.1": "freight", "amount.1": "120",
        "basis.1": "by_value", "replaces.1": "yes", "kind.3": "duty", "amount.3": "x",
        "basis.3": "equal",
    }  # fmt: skip
    answer = web.post("/landing", data={**form, "command_id": next(IDS)})
    assert answer.status_code == 422
    form["amount.3"] = "2"
    answer = web.post("/landing", data={**form, "command_id": next(IDS)})
    assert answer.status_code == 303, answer.text[:800]
    page = answer.headers["Location"]
    answer = web.post(page + "/posting", data={"command_id": next(IDS)})
    assert answer.status_code == 409
    assert 'name="confirmed"' in answer.text, "a second step"
    form["amount.1"] = "12"
    answer = web.post(page, data={**form, "command_id": next(IDS)})
    assert answer.status_code == 303
    answer = web.post(page + "/posting", data={"command_id": next(IDS)})
    assert answer.headers["Location"] == page
    assert buyer.value("bread") + buyer.value("flour") == 114


def test_an_estimate_by_its_form(buyer: Buyer, as_user) -> None:
    order = buyer.order(("bread", "10", "6"))
    web = as_user("manager_a")
    page = f"/landing/orders/{order}"
    form = {"kind.1": "freight", "amount.1": "9", "basis.1": "by_quantity"}
    answer = web.post(page, data={**form, "currency.1": "EUR", "command_id": next(IDS)})
    assert answer.status_code == 409
    assert "/currencies" in answer.text
    answer = web.post(page, data={**form, "command_id": next(IDS)})
    assert answer.status_code == 303
    assert buyer.one("select landed_estimate from purchase_order_line") == 9


def test_the_same_request_twice(buyer: Buyer, bought: Received, as_user) -> None:
    web = as_user("manager_a")
    body = {"receipts": [bought.number], "charges": [{"kind": "freight", "amount": "5"}]}
    headers = {"Idempotency-Key": next(IDS)}
    first, again = (web.post("/api/v1/landed-costs", json=body, headers=headers) for _ in "12")
    assert first.json() == again.json()
    assert first.status_code == 201, first.text
    body["charges"] = [{"kind": "freight", "amount": "0"}]
    answer = web.post("/api/v1/landed-costs", json=body, headers={"Idempotency-Key": next(IDS)})
    assert answer.status_code == 422
    assert "charges.1.amount" in answer.text
