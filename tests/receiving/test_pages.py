from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app.kit import clock, ids
from app.receiving.commands import OrderLine
from tests.receiving.conftest import BREAD, FLOUR, MILK, Dock

HX = {"HX-Request": "true"}


def form(**fields: str) -> dict[str, str]:
    return {"command_id": str(ids.new_id()), **fields}


@pytest.fixture
def receipt(dock: Dock) -> int:
    return dock.open(
        dock.order(
            OrderLine("BREAD", Decimal(10), Decimal(1)), OrderLine("MILK", Decimal(5), Decimal(2))
        )
    )


def test_a_scan_answers_with_the_regions_that_it_changes(as_user, receipt, dock) -> None:
    web = as_user("operator_a")
    answer = web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), headers=HX)
    assert answer.status_code in (200, 201), answer.text
    assert answer.headers["HX-Trigger"] == '{"saoku:feedback": {"tone": "accepted"}}'
    assert all(f'hx-target="#{region}"' in answer.text for region in ("step", "lines", "problem"))
    assert "可颂" in answer.text
    assert dock.on_hand("bread") == 1


def test_a_scan_without_script_goes_back_to_the_page(as_user, receipt, dock) -> None:
    web = as_user("operator_a")
    answer = web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/receiving/{receipt}"
    assert dock.on_hand("bread") == 1


def test_a_refused_scan_says_why_and_offers_a_way(as_user, receipt, dock) -> None:
    web = as_user("operator_a")
    answer = web.post(f"/receiving/{receipt}/scans", data=form(code="A-SHELF1"), headers=HX)
    assert answer.status_code == 409
    assert '"refused"' in answer.headers["HX-Trigger"]
    assert "PUTAWAY" in answer.text
    assert 'hx-target="#step"' not in answer.text


@pytest.fixture
def screen(as_user, receipt) -> Screen:
    return Screen(as_user("operator_a"), receipt)


class Screen:
    """The screen of one receipt: what is sent, and that it can be shown afterwards."""

    def __init__(self, web: TestClient, receipt: int) -> None:
        self.web, self.here = web, f"/receiving/{receipt}"

    def shown(self, place: str = "") -> str:
        page = self.web.get(f"{self.here}{place}")
        assert page.status_code == 200, page.text
        return page.text

    def send(self, place: str, **fields: str) -> str:
        answer = self.web.post(f"{self.here}/{place}", data=form(**fields), headers=HX)
        assert answer.status_code < 300, answer.text
        return self.shown()

    def post(self, place: str, **fields: str) -> None:
        answer = self.web.post(f"{self.here}/{place}", data=form(**fields))
        assert (answer.status_code, answer.headers["location"]) == (303, self.here), answer.text


def test_every_step_of_receiving_has_its_screen(screen: Screen) -> None:
    assert 'name="lot"' in screen.send("scans", code=MILK)
    assert 'name="expires_on"' in screen.send("lot", lot="L-9")
    screen.send("expiry", expires_on=f"{clock.today() + timedelta(days=9):%Y%m%d}")
    screen.send("scans", code=BREAD)
    screen.send("quantity", quantity="7")
    assert 'value="OK"' in screen.send("scans", code=FLOUR)
    screen.send("commands", button="CANCEL")
    screen.send("scans", code="可颂")
    screen.send("commands", button="PRINT")


def test_every_step_of_putting_away_has_its_screen(screen: Screen) -> None:
    screen.send("scans", code=BREAD)
    screen.send("commands", button="PUTAWAY")
    screen.send("scans", code=BREAD)
    assert 'value="OK"' in screen.send("scans", code="A-SHELF2")
    screen.send("commands", button="OK")
    screen.send("undo")
    screen.send("commands", button="CANCEL")


def test_pause_damage_shortage_and_closure(screen: Screen, dock: Dock) -> None:
    screen.send("scans", code=BREAD)
    screen.send("commands", button="PAUSE")
    screen.post("resumption")
    bread = str(dock.company.items["bread"])
    screen.post("damages", item_id=bread, quantity="1", reason="broken")
    screen.post("shortages", order_line_id=str(_line(dock)), reason="not_delivered")
    for place in ("/lines", "/closure", f"/lines/{_line(dock)}"):
        screen.shown(place)
    screen.post("closure")
    screen.shown()
    assert screen.web.get(f"{screen.here}/note.pdf").content.startswith(b"%PDF")


def _line(dock: Dock) -> int:
    return dock.one("select min(id) from purchase_order_line")


def test_the_list_and_the_start(as_user, receipt, dock) -> None:
    other = dock.order(OrderLine("BREAD", Decimal(1), Decimal(1)))
    web = as_user("operator_a")
    page = web.get("/receiving")
    assert page.status_code == 200, page.text
    assert "PO-" in page.text
    number = dock.one("select number from purchase_order where id = %s", other)
    found = web.post("/receiving/scans", data=form(code=number))
    assert found.headers["location"] == f"/receiving/orders/{other}"
    assert web.get(f"/receiving/orders/{other}").status_code == 200
    found = web.post("/receiving/scans", data=form(code=BREAD))
    assert web.get(found.headers["location"]).status_code == 200
    started = web.post("/receiving/receipts", data=form(order_id=str(other)))
    assert started.status_code == 303
    assert web.get(started.headers["location"]).status_code == 200
    assert web.get("/").status_code == 200


def test_two_people_see_each_other(as_user, receipt, dock) -> None:
    web = as_user("supervisor_a")
    assert "operator_a" in web.get(f"/receiving/{receipt}").text
    refused = web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), headers=HX)
    assert refused.status_code == 409
    assert "takeover" in refused.text
    holder = str(dock.company.users["operator_a"])
    taken = web.post(f"/receiving/{receipt}/takeover", data=form(holder_id=holder))
    assert taken.status_code == 303
    assert (
        web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), headers=HX).status_code < 300
    )


def test_an_unknown_barcode_is_linked_by_who_may(as_user, dock, run) -> None:
    receipt = dock.open(dock.order(OrderLine("BREAD", Decimal(9), Decimal(1))), "manager_a")
    web = as_user("manager_a")
    refused = web.post(f"/receiving/{receipt}/scans", data=form(code="4006381333931"), headers=HX)
    assert "/barcodes/new?barcode=04006381333931" in refused.text
    page = web.get(f"/receiving/{receipt}/barcodes/new?barcode=04006381333931")
    assert page.status_code == 200, page.text
    linked = web.post(
        f"/receiving/{receipt}/barcodes",
        data=form(
            barcode="04006381333931", item_id=str(dock.company.items["bread"]), packaging_id=""
        ),
    )
    assert linked.status_code == 303, linked.text
    web.post(f"/receiving/{receipt}/scans", data=form(code="4006381333931"), headers=HX)
    assert dock.on_hand("bread") == 1


def test_purchase_order_pages(as_user, dock) -> None:
    web = as_user("supervisor_a")
    assert web.get("/purchase-orders/new").status_code == 200
    bad = web.post("/purchase-orders", data=form(supplier="S1", lines="NOPE, 1\nBREAD, x"))
    assert bad.status_code == 422
    bad = web.post("/purchase-orders", data=form(supplier="nobody", lines="NOPE, 1\nBREAD, 0"))
    assert bad.status_code == 422
    made = web.post(
        "/purchase-orders",
        data=form(
            supplier="面粉厂",
            lines="商品\t数量\t单价\nBREAD\t24\t3.5\n16901234567899;2;18",
            expected_on="2026-12-01",
            prices_include_tax="yes",
        ),
    )
    assert made.status_code == 303, made.text
    place = made.headers["location"]
    assert web.get(place).status_code == 200
    changed = web.post(f"{place}/lines", data=form(lines="BREAD, 12, 3.5"))
    assert changed.status_code == 303
    assert web.post(f"{place}/confirmation", data=form()).status_code == 303
    assert dock.one("select quantity from purchase_order_line") == 12
    assert web.get("/purchase-orders").status_code == 200
    assert web.post(f"{place}/cancellation", data=form()).status_code == 303
    operator = as_user("operator_a")
    assert operator.post("/purchase-orders", data=form(supplier="S1")).status_code == 403


def test_other_stores_get_nothing(as_user, receipt) -> None:
    web = as_user("operator_b")
    for path in ("", "/lines", "/closure", "/note.pdf", "/lines/1"):
        assert web.get(f"/receiving/{receipt}{path}").status_code == 404
    assert web.get("/purchase-orders/1").status_code == 404
    refused = web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), headers=HX)
    assert refused.status_code == 404


def test_a_session_that_ended_in_the_middle(as_user, receipt, dock) -> None:
    web = as_user("operator_a")
    web.cookies.clear()
    answer = web.post(f"/receiving/{receipt}/scans", data=form(code=BREAD), headers=HX)
    assert answer.status_code == 401
    assert dock.on_hand("bread") == 0


def test_a_ten_megabyte_field_is_refused(as_user, receipt) -> None:
    web = as_user("operator_a")
    answer = web.post(f"/receiving/{receipt}/scans", data=form(code="x" * (10 << 20)), headers=HX)
    assert answer.status_code in (413, 422)


def test_photos_are_read(as_user, tmp_path: Path) -> None:
    web = as_user("operator_a")
    answer = web.post("/scanning/photos", files={"photo": ("x.jpg", b"no picture", "image/jpeg")})
    assert answer.status_code == 422
    import zxingcpp
    from PIL import Image

    code = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    picture = Image.fromarray(code.to_image(scale=4))
    framed = Image.new("L", (picture.width + 200, picture.height + 200), 255)
    framed.paste(picture, (100, 100))
    path = tmp_path / "code.png"
    framed.save(path)
    answer = web.post("/scanning/photos", files={"photo": path.read_bytes()})
    assert answer.status_code == 200, answer.text
    assert answer.json()["symbols"][0]["symbology"] == "EAN-13"
