"""The catalog through HTTP: pages for people, JSON for programs, the same refusals."""

from __future__ import annotations

import pytest

from app.kit.ids import new_id

PAGES = [
    "/catalog/items",
    "/catalog/items?search=可颂&sort=-name&state=all",
    "/catalog/items/{bread}",
    "/catalog/items/new",
    "/catalog/items/{bread}/form",
    "/catalog/items/{bread}/packagings/new",
    "/catalog/lists",
    "/catalog/units/new",
    "/catalog/categories/new",
    "/catalog/locations",
    "/catalog/locations/{dock}",
    "/catalog/new-places/locations",
    "/catalog/new-places/ranges",
    "/catalog/new-places/zones",
    "/catalog/new-places/warehouses",
    "/catalog/partners",
    "/catalog/partners/new",
    "/catalog/partners/{supplier}",
]


def form(**fields):
    return {"_csrf": "csrf", "command_id": str(new_id()), **fields}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_shows(as_user, company, path, language):
    web = as_user("administrator")
    web.cookies.set("saoku_language", language)
    bread, dock = company.items["bread"], company.a.locations["dock"]
    answer = web.get(path.format(bread=bread, dock=dock, supplier=company.supplier))
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "search", ["可颂", "bread", "6901234567892", "69012345678", "6 901234 567892"]
)
def test_an_item_is_found_by_name_code_and_barcode(as_user, search):
    answer = as_user("operator_a").get("/catalog/items", params={"search": search})
    assert "可颂" in answer.text
    assert "高筋面粉" not in answer.text


def test_a_search_takes_percent_signs_literally(as_user):
    answer = as_user("operator_a").get("/catalog/items", params={"search": "%"})
    assert "可颂" not in answer.text


def test_a_form_comes_back_with_marks_and_what_was_typed(as_user):
    web = as_user("manager_a")
    sent = form(code="", name="黑麦包", base_unit="个", price="abc", tax_rate="13%")
    answer = web.post("/catalog/items", data=sent)
    assert answer.status_code == 422
    assert "黑麦包" in answer.text
    assert answer.text.count("field__error") == 2
    answer = web.post(
        "/catalog/items",
        data={
            **sent,
            "command_id": str(new_id()),
            "code": "RYE",
            "price": "\uff11\uff12\uff0e\uff15",
        },
    )
    assert answer.status_code == 303
    page = web.get(answer.headers["location"])
    assert "12.5" in page.text
    assert "13%" in page.text


def test_a_wrong_check_digit_is_shown_with_the_right_one(as_user, company):
    web = as_user("manager_a")
    url = f"/catalog/items/{company.items['bread']}/barcodes"
    answer = web.post(url, data=form(barcode="6901234567890", packaging_id=""))
    assert answer.status_code == 422
    assert "6901234567892" in answer.text


def test_an_operator_sees_but_does_not_change(as_user, company):
    web = as_user("operator_a")
    assert "/catalog/items/new" not in web.get("/catalog/items").text
    assert (
        web.post("/catalog/items", data=form(code="X", name="X", base_unit="个")).status_code == 403
    )


def test_a_store_sees_its_own_places_only(as_user, company):
    web = as_user("operator_a")
    assert "A-DOCK" in web.get("/catalog/locations").text
    assert "B-DOCK" not in web.get("/catalog/locations").text
    assert web.get(f"/catalog/locations/{company.b.locations['dock']}").status_code == 404
    url = f"/api/v1/locations/{company.b.locations['dock']}"
    assert web.get(url).status_code == 404


def test_a_location_form_changes_and_archives(as_user, company):
    web = as_user("supervisor_a")
    url = f"/catalog/locations/{company.a.locations['shelf1']}"
    sent = form(code="A-01", name="一号", kind="storage", zone_id="", sequence="5")
    assert web.post(url, data=sent).status_code == 303
    assert web.post(f"{url}/archival", data=form()).status_code == 303
    assert "A-01" in web.get("/catalog/locations?state=archived").text


def test_the_api_pages_through_items_by_cursor(as_user):
    web = as_user("operator_a")
    seen, cursor = [], ""
    while True:
        answer = web.get("/api/v1/items", params={"limit": 2, "cursor": cursor}).json()
        seen += [row["code"] for row in answer["rows"]]
        cursor = answer["next_cursor"]
        if not cursor:
            break
    assert seen == ["BREAD", "FLOUR", "MILK", "OVEN"]


def test_the_api_creates_changes_and_replays(as_user):
    web = as_user("manager_a")
    key = {"Idempotency-Key": str(new_id())}
    body = {"code": "RYE", "name": "黑麦包", "base_unit": "个", "price": 12.35}
    first = web.post("/api/v1/items", json=body, headers=key)
    again = web.post("/api/v1/items", json=body, headers=key)
    assert first.status_code == 201
    assert first.json() == again.json()
    url = f"/api/v1/items/{first.json()['id']}"
    changed = web.patch(url, json={"name": "全麦包"}, headers={"Idempotency-Key": str(new_id())})
    assert changed.status_code == 200
    shown = web.get(url).json()["item"]
    assert (shown["name"], shown["price"]) == ("全麦包", "12.350000")


def test_the_api_names_every_wrong_field(as_user):
    web = as_user("manager_a")
    answer = web.post(
        "/api/v1/items",
        json={"code": "", "base_unit": "个", "colour": "red"},
        headers={"Idempotency-Key": str(new_id())},
    )
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "colour" in answer.json()["data"]["fields"]


def test_the_api_makes_a_range_of_locations(as_user, company):
    web = as_user("supervisor_a")
    body = {"warehouse_id": company.a.warehouse_id, "first": "C-01", "last": "C-03"}
    answer = web.post("/api/v1/locations", json=body, headers={"Idempotency-Key": str(new_id())})
    assert answer.json()["codes"] == ["C-01", "C-02", "C-03"]


def test_a_made_up_cursor_is_refused(as_user):
    assert as_user("operator_a").get("/api/v1/items?cursor=nonsense").status_code == 422
