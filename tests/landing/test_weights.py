"""What an item weighs: by its form and by the API; empty means not known."""

from __future__ import annotations

from tests.buying import Buyer


def test_weight_and_volume(buyer: Buyer, as_user) -> None:
    web = as_user("manager_a")
    bread = buyer.company.items["bread"]
    page = f"/catalog/items/{bread}"
    assert 'name="weight_kg"' in web.get(page + "/form").text
    form = {"code": "BREAD", "name": "可颂", "base_unit": "个", "price": "8"}
    sizes = {"weight_kg": "0.085", "volume_litre": "0.6"}
    ids = (f"018f0000-0000-7000-8000-00000000020{number}" for number in range(9))
    assert web.post(page, data={**form, **sizes, "command_id": next(ids)}).status_code == 303
    shown = web.get(f"/api/v1/items/{bread}").json()["item"]
    assert (shown["weight_kg"], shown["volume_litre"]) == ("0.085000", "0.600000")
    assert "0.085" in web.get(page).text
    key = {"Idempotency-Key": next(ids)}
    answer = web.patch(f"/api/v1/items/{bread}", json={"weight_kg": None}, headers=key)
    assert answer.status_code == 200, answer.text
    key = {"Idempotency-Key": next(ids)}
    answer = web.patch(f"/api/v1/items/{bread}", json={"volume_litre": "-1"}, headers=key)
    assert answer.status_code == 422
    shown = web.get(f"/api/v1/items/{bread}").json()["item"]
    assert (shown["weight_kg"], shown["volume_litre"]) == (None, "0.600000")
