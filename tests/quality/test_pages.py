from __future__ import annotations

import io
from datetime import date

import pytest
from litestar.testing import TestClient
from PIL import Image

from app.kit import ids
from tests.quality.conftest import House

HX = {"HX-Request": "true"}


def form(**fields: object) -> dict[str, object]:
    return {"command_id": str(ids.new_id()), **fields}


def go(answer) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def shown(web: TestClient, address: str) -> str:
    answer = web.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def milk(house: House) -> int:
    house.company.lots["M1"] = house.company.lots["milk"]
    house.stock("milk", 6, lot="M1")
    return house.company.lots["milk"]


def test_a_scanned_place_is_frozen(house: House, as_user, milk: int) -> None:
    web = as_user("supervisor_a")
    bread = house.stock("bread", 3)
    address = go(web.post("/quality/scans", data=form(code="A-SHELF1")))
    page = shown(web, address)
    assert page.count("checked") == 2
    sent = form(balance_id=[bread], to_status="frozen", reason="wet", note="漏水")
    address = go(web.post("/quality/status-changes", data=sent | {f"quantity_{bread}": "2"}))
    assert "漏水" in shown(web, address)
    assert "可颂" in shown(web, "/quality")
    assert "SC-" in shown(web, "/quality/status-changes")
    assert house.with_status("bread", "frozen") == 2


@pytest.mark.parametrize("code", ["MILK", "06901234500004", "M1", "A-SHELF1"])
def test_every_kind_of_scan_shows_its_stock(house: House, as_user, milk: int, code: str) -> None:
    web = as_user("operator_a")
    page = shown(web, go(web.post("/quality/scans", data=form(code=code))))
    assert "鲜牛奶" in page
    assert "disabled" in page


def test_an_odd_scan_is_refused_in_place(house: House, as_user) -> None:
    web = as_user("operator_a")
    for code in ("", "NOTHING-HERE", "C1"):
        answer = web.post("/quality/scans", data=form(code=code), headers=HX)
        assert answer.status_code == 409
        assert 'hx-target="#problem"' in answer.text


def test_the_form_of_troubleshooting_asks_for_votes(house: House, as_user) -> None:
    web = as_user("supervisor_a")
    house.stock("bread", 3, status="inspection")
    sent = form(
        item_id=house.company.items["bread"], from_status="inspection", to_status="available",
        reason="inspected", lot_id="", location_id="", logistic_unit_id="", quantity="",
    )  # fmt: skip
    assert go(web.post("/quality/status-changes", data=sent)).startswith("/approvals/")
    sent = {**sent, "command_id": str(ids.new_id()), "return_to": "/troubleshooting?item_id=1"}
    assert go(web.post("/quality/status-changes", data=sent)) == "/troubleshooting?item_id=1"


def test_an_operator_changes_no_status_and_holds_no_lot(house: House, as_user, milk: int) -> None:
    web = as_user("operator_a")
    sent = form(lot_id=milk, to_status="frozen", reason="wet")
    assert web.post("/quality/status-changes", data=sent).status_code == 403
    web = as_user("manager_a")
    answer = web.post(f"/quality/lots/{milk}/holds", data=form(reason="recall"))
    assert answer.status_code == 403


def test_a_lot_is_held_traced_and_lifted(house: House, as_user, milk: int, no_policies) -> None:
    order = house.order("milk", 2)
    house.ship(order)
    web = as_user("headquarters")
    assert "晨光超市" in shown(web, f"/quality/lots/{milk}")
    go(web.post(f"/quality/lots/{milk}/holds", data=form(reason="recall")))
    assert "M1" in shown(web, "/quality")
    again = web.post(f"/quality/lots/{milk}/holds", data=form(reason="recall"), headers=HX)
    assert again.status_code == 409
    trace = web.get(f"/api/v1/lots/{milk}/trace", headers={"Accept": "application/json"}).json()
    assert [row["quantity"] for row in trace["shipped"]] == ["2.000000"]
    export = web.get(f"/quality/lots/{milk}/shipments.csv")
    assert "晨光超市" in export.text
    go(web.post(f"/quality/lots/{milk}/holds/lifting", data=form(reason="inspected")))
    assert web.get("/quality/lots/999").status_code == 404
    assert "holds/lifting" not in shown(web, f"/quality/lots/{milk}")


def test_expired_stock_is_shown_without_a_job(house: House, as_user) -> None:
    house.lot("milk", "OLD", expires_on=date(2020, 1, 1))
    house.stock("milk", 2, lot="OLD")
    assert "OLD" in shown(as_user("operator_a"), "/quality?cause=expired")


# Photos -------------------------------------------------------------------------------------------


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "SecretMaker"
    exif[0x0112] = 6  # on its side
    Image.new("RGB", (width, height), "red").save(file, kind, exif=exif)
    return file.getvalue()


def upload(web: TestClient, content: bytes, name: str = "a.jpg", **headers: str):
    return web.post(
        "/quality/photos", data=form(), files={"photo": (name, content, "image/jpeg")},
        headers=headers,
    )  # fmt: skip


def test_a_photo_is_drawn_anew_and_goes_with_the_change(house: House, as_user) -> None:
    web = as_user("supervisor_a")
    bread = house.stock("bread", 3)
    answer = upload(web, picture(4000, 2000), **HX)
    assert 'id="photo"' in answer.text, answer.text
    photo = house.one("select id from photo")
    kept = web.get(f"/quality/photos/{photo}")
    assert kept.headers["content-type"] == "image/jpeg"
    assert b"SecretMaker" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (640, 1280)
    sent = form(balance_id=[bread], to_status="damaged", reason="broken", photo_id=photo)
    assert f"/quality/photos/{photo}" in shown(
        web, go(web.post("/quality/status-changes", data=sent))
    )
    assert as_user("operator_b").get(f"/quality/photos/{photo}").status_code == 404


def test_what_is_no_photo(house: House, as_user) -> None:
    web = as_user("supervisor_a")
    for content in (b"", b"%PDF-1.7", picture(40, 40)[:300], b"\0" * (50 << 20)):
        answer = upload(web, content, **HX)
        assert answer.status_code == 422, answer.text[:300]
        assert 'hx-target="#problem"' in answer.text
    assert web.post("/quality/photos", data=form(), headers=HX).status_code in (400, 422)
    assert house.one("select count(*) from photo") == 0


# Returns ------------------------------------------------------------------------------------------


def test_a_return_by_scans(house: House, as_user, milk: int) -> None:
    web = as_user("operator_a")
    order = house.order("milk", 4)
    house.ship(order)
    number = house.one("select number from sales_order where id = %s", order)
    shipment = house.one("select number from shipment")
    here = go(web.post("/returns/scans", data=form(code=shipment)))
    assert go(web.post("/returns/scans", data=form(code=number))) == here
    chosen = go(web.post(f"{here}/scans", data=form(code="MILK")))
    assert f"lot_id={milk}" in chosen
    placed = go(web.post(f"{here}/scans?{chosen.partition('?')[2]}", data=form(code="A-SHELF2")))
    assert "A-SHELF2" in shown(web, placed)
    line = house.one("select id from sales_order_line")
    sent = form(
        order_line_id=line, lot_id=milk, quantity="3", status="inspection", reason="quality",
        location_id=house.company.a.locations["shelf2"],
    )  # fmt: skip
    assert go(web.post(f"{here}/lines", data=sent)) == here
    too_many = web.post(f"{here}/lines", data={**sent, **form()}, headers=HX)
    assert too_many.status_code == 409
    entry = house.one("select id from customer_return_line")
    go(web.post(f"{here}/lines/{entry}/reversal", data=form(reason="entry_error")))
    go(web.post(f"{here}/lines", data={**sent, **form()}))
    assert go(web.post(f"{here}/closure", data=form())) == "/returns"
    assert "晨光超市" in shown(web, "/returns")
    shown(web, here)


def test_odd_scans_of_returns(house: House, as_user, milk: int) -> None:
    web = as_user("operator_a")
    house.stock("bread", 3)
    answer = web.post("/returns/scans", data=form(code="NOPE"), headers=HX)
    assert answer.status_code == 404
    order = house.order("milk", 4)
    house.ship(order)
    here = go(web.post("/returns", data=form(order_id=order)))
    for code in ("BREAD", "C1", "XYZ-1"):
        answer = web.post(f"{here}/scans", data=form(code=code), headers=HX)
        assert answer.status_code == 409, code
    assert as_user("operator_b").get(here).status_code == 404


def test_the_api_gives_the_same(house: House, as_user) -> None:
    web = as_user("supervisor_a")
    bread = house.stock("bread", 5)
    key = {"Accept": "application/json", "Idempotency-Key": str(ids.new_id())}
    body = {
        "to_status": "frozen", "reason": "suspect",
        "pieces": [{"balance_id": bread, "quantity": "2"}],
    }  # fmt: skip
    first = web.post("/api/v1/status-changes", json=body, headers=key)
    assert first.status_code == 201, first.text
    assert web.post("/api/v1/status-changes", json=body, headers=key).json() == first.json()
    change = web.get(f"/api/v1/status-changes/{first.json()['change_id']}", headers=key).json()
    assert change["lines"][0]["from_status"] == "available"
    assert web.get("/api/v1/status-changes", headers=key).json()["rows"]
    bad = web.post(
        "/api/v1/status-changes", json={**body, "pieces": []},
        headers={**key, "Idempotency-Key": str(ids.new_id())},
    )  # fmt: skip
    assert (bad.status_code, bad.json()["code"]) == (409, "nothing_chosen")
    assert web.get("/api/v1/lot-holds", headers=key).json() == []
    assert web.get("/api/v1/customer-returns", headers=key).json()["rows"] == []
