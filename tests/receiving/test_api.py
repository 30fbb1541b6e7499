from __future__ import annotations

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit import ids
from app.kit.database import SYSTEM, driver
from tests.receiving.conftest import BREAD, Dock


class Client:
    """The JSON API as one token's holder."""

    def __init__(self, web: TestClient) -> None:
        self.web = web

    def post(self, path: str, body: dict | None = None, key: str | None = None):
        headers = {"Idempotency-Key": key or str(ids.new_id())}
        return self.web.post(f"/api/v1{path}", json=body or {}, headers=headers)

    def get(self, path: str):
        return self.web.get(f"/api/v1{path}")


@pytest.fixture
def api(dock: Dock, web: TestClient) -> Client:
    token = new_token()
    with dock.database.session(SYSTEM) as session:
        driver(session).execute(
            "insert into api_token (name, token_hash, user_id) values ('test', %s, %s)",
            [token_hash(token), dock.company.users["supervisor_a"]],
        )
        session.commit()
    web.headers["Authorization"] = f"Bearer {token}"
    return Client(web)


def test_an_order_is_created_received_and_closed(api: Client, dock: Dock) -> None:
    lines = [{"item": BREAD, "quantity": "3", "unit_price": "2.26", "tax_rate": "0.13"}]
    key = str(ids.new_id())
    made = api.post("/purchase-orders", {"supplier": "S1", "lines": lines}, key)
    assert made.status_code == 201, made.text
    assert api.post("/purchase-orders", {"supplier": "S1", "lines": lines}, key).json() == (
        made.json()
    )
    order_id = made.json()["order_id"]
    assert api.post(f"/purchase-orders/{order_id}/confirmation").json()["state"] == "confirmed"
    receipt_id = api.post("/receipts", {"order_id": order_id}).json()["receipt_id"]
    scanned = api.post(f"/receipts/{receipt_id}/scans", {"code": BREAD})
    assert scanned.json()["tone"] == "accepted"
    assert api.post(f"/receipts/{receipt_id}/quantity", {"quantity": 3}).status_code == 201
    assert api.post(f"/receipts/{receipt_id}/undo").json()["tone"] == "accepted"
    api.post(f"/receipts/{receipt_id}/scans", {"code": BREAD})
    refused = api.post(f"/receipts/{receipt_id}/scans", {"code": "A-SHELF1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "location_not_now")
    shown = api.get(f"/receipts/{receipt_id}").json()
    assert shown["rows"][0]["received"] in ("1", "1.000000")
    closed = api.post(f"/receipts/{receipt_id}/closure", {"missing": "open"})
    assert closed.json()["state"] == "done"
    assert [row["id"] for row in api.get("/receipts?state=done").json()["rows"]] == [receipt_id]
    assert api.get("/purchase-orders?state=open&limit=1").json()["rows"][0]["id"] == order_id
    assert api.get(f"/purchase-orders/{order_id}").json()["lines"][0]["received_value"]
    assert api.post(f"/purchase-orders/{order_id}/cancellation").json()["state"] == "cancelled"
    assert dock.on_hand("bread") == 1


def test_refusals_name_their_fields(api: Client) -> None:
    bad = api.post("/purchase-orders", {"supplier": "x", "lines": [{"item": "NO", "quantity": 1}]})
    assert bad.status_code == 422
    assert list(bad.json()["data"]["fields"]) == ["supplier", "lines.1.item"]
    assert api.post("/purchase-orders", {"supplier": "S1", "lines": "x"}).status_code == 422
    assert api.post("/receipts", {"order_id": 999}).status_code == 404
    assert api.post("/receipts/999/scans", {"code": BREAD}).status_code == 404
    assert api.post("/receipts/999/closure", {"missing": "maybe"}).status_code == 422
