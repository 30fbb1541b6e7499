"""The packing screens, the API and the paper."""

from __future__ import annotations

import io
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp

from app.kit.ids import new_id
from printing.shipping import PackingLine, PackingList, ShippingLabel, packing_list_pdf
from printing.shipping import shipping_labels_pdf as labels_pdf
from tests.harness import GTINS
from tests.shipping.conftest import Packing

D = Decimal
BREAD = GTINS["bread"]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def sent(**fields: str) -> dict[str, str]:
    return {"command_id": str(new_id()), **fields}


@pytest.fixture
def order_id(table: Packing) -> int:
    table.shop.stock("bread", "9")
    order_id = table.shop.order(("BREAD", "3"), address="上海市静安区 1 号").order_id
    table.pick(order_id)
    return order_id


def test_an_order_is_packed_and_leaves_through_the_screens(table, order_id, as_user):
    web = as_user("supervisor_a")
    assert "永辉超市" in web.get("/shipping").text
    started = web.post("/shipping/shipments", data=sent(order_id=str(order_id)))
    assert started.status_code == 303
    here = started.headers["location"]
    assert web.get(here).status_code == 200
    headers = {"HX-Request": "true"}
    answer = web.post(f"{here}/scans", data=sent(code=BREAD), headers=headers)
    assert answer.status_code == 200
    assert '"accepted"' in answer.headers["hx-trigger"]
    refused = web.post(f"{here}/scans", data=sent(code=GTINS["flour"]), headers=headers)
    assert refused.status_code == 409
    assert "不是销售单" in refused.text
    leaving = web.get(f"{here}/departure")
    assert "这次不发" in leaving.text
    left = web.post(f"{here}/departure", data=sent(carrier="顺丰", unchecked="1"))
    assert left.status_code == 303
    assert "已发出" in web.get(here).text
    assert "顺丰" in web.get("/shipments").text
    assert web.get("/shipments.csv").status_code == 200


def test_scanning_the_order_opens_it(table, order_id, as_user):
    web = as_user("operator_a")
    number = table.shop.value("select number from sales_order where id = %s", order_id)
    opened = web.post("/shipping/scans", data=sent(code=number))
    assert opened.status_code == 303
    again = web.post("/shipping/scans", data=sent(code=number))
    assert again.headers["location"] == opened.headers["location"]
    assert web.post("/shipping/scans", data=sent(code="nothing")).status_code == 422


def test_the_paper_says_what_left(table, order_id, as_user):
    web = as_user("supervisor_a")
    table.open(order_id)
    table.press("CARTON")
    table.scan(BREAD)
    here = f"/shipping/{table.shipment_id}"
    words = text_of(web.get(f"{here}/packing-list.pdf").content)
    assert "装箱单" in words
    assert "可颂" in words
    assert "未随本单发出" in words
    labels = web.get(f"{here}/labels.pdf")
    assert labels.headers["content-type"] == "application/pdf"
    assert "上海市静安区" in text_of(labels.content)


def test_the_api_does_the_same(table, order_id, as_user):
    web = as_user("supervisor_a")
    web.headers["Accept"] = "application/json"
    key = str(new_id())
    body = {"order_id": order_id}
    first = web.post("/api/v1/shipments", json=body, headers={"Idempotency-Key": key})
    assert first.status_code in (200, 201), first.text
    again = web.post("/api/v1/shipments", json=body, headers={"Idempotency-Key": key})
    assert again.json() == first.json()
    shipment_id = first.json()["shipment_id"]
    path = f"/api/v1/shipments/{shipment_id}"
    headers = {"Idempotency-Key": str(new_id())}
    shipped = web.post(f"{path}/departure", json={"unchecked": True}, headers=headers)
    assert shipped.json()["order_state"] == "done"
    assert web.get(path).json()["head"]["state"] == "done"


def test_a_label_of_a_carton_is_read_by_a_scanner():
    label = ShippingLabel("SH-1", "SO-1", "好味烘焙 A 店", "永辉超市", sscc="069012340000000016")
    page = pypdfium2.PdfDocument(io.BytesIO(labels_pdf([label]))).get_page(0)
    assert (round(page.get_width()), round(page.get_height())) == (283, 425)
    picture = page.render(scale=300 / 72).to_pil().convert("L")
    read = {found.text for found in zxingcpp.read_barcodes(picture)}
    assert read == {"SH-1", "(00)069012340000000016"} or any(
        "069012340000000016" in t for t in read
    )
    assert "SH-1" in read


def test_a_long_list_has_its_head_on_every_page():
    lines = tuple(
        PackingLine(f"A{n}", f"商品 {n}", "个", D(n + 1), carton=f"{n // 40:018d}")
        for n in range(120)
    )
    content = PackingList(
        "SH-1", "好味烘焙", "A 店", "永辉超市", "SO-1", lines, opens="https://x/1"
    )
    document = pypdfium2.PdfDocument(io.BytesIO(packing_list_pdf(content)))
    assert len(document) > 2
    assert f"共 {len(document)} 页" in document[0].get_textpage().get_text_range()
