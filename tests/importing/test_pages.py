"""Imports through HTTP, with the real worker in between."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from app.importing import pages
from app.kit import jobs
from app.kit.ids import new_id
from tests.spreadsheets.files_made import csv_text, xlsx

ROWS = [
    ["商品编码", "商品名称", "单位", "条码", "备注"],
    ["B1", "黑麦包", "个", "6901234588880", "x"],
    ["B2", "白面包", "打", "6901234567890", "x"],
]


def form(**fields):
    return {"_csrf": "csrf", "command_id": str(new_id()), **fields}


@pytest.fixture
def work(postgres, database_name):
    def run_jobs():
        url = postgres.app_url(database_name)
        jobs.run_worker(url, role=postgres.app_role, until_empty=True)

    return run_jobs


def upload(web, content, kind="items", name="商品.csv", **fields):
    file = {"file": (name, content, "application/octet-stream")}
    return web.post("/imports", data=form(kind=kind, **fields), files=file)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_file_goes_from_upload_to_stock_list(as_user, work, language):
    web = as_user("manager_a")
    web.cookies.set("saoku_language", language)
    answer = upload(web, csv_text(ROWS).encode("gbk"))
    assert answer.status_code == 303, answer.text
    url = answer.headers["location"]
    assert f"{url}/state" in web.get(url).text
    state = web.get(f"{url}/state", headers={"HX-Request": "true"})
    assert 'hx-target="#step"' in state.text
    assert "every 1s" in state.text
    work()
    state = web.get(f"{url}/state", headers={"HX-Request": "true"})
    assert state.headers["hx-redirect"] == url
    page = web.get(url).text
    assert "6901234567892" in page
    assert "备注" in page
    for which in ("all", "warning", "bad", "odd"):
        assert web.get(f"{url}?which={which}").status_code == 200
    refused = web.post(f"{url}/application", data=form())
    assert refused.status_code == 409
    assert web.post(f"{url}/application", data=form(skip_bad="1")).status_code == 303
    work()
    assert "tag--good" in web.get(url).text
    assert "黑麦包" in web.get("/catalog/items?search=B1").text
    assert web.get("/imports").status_code == 200


def test_missing_units_are_created_when_asked(as_user, work):
    web = as_user("manager_a")
    rows = [ROWS[0], ["B2", "白面包", "打", "", ""]]
    url = upload(web, xlsx(rows), name="a.xlsx").headers["location"]
    work()
    assert web.post(f"{url}/checks", data=form(create_missing="1")).status_code == 303
    work()
    assert web.post(f"{url}/application", data=form()).status_code == 303
    work()
    assert "打" in web.get("/catalog/lists").text


def test_reports_and_templates_are_spreadsheets(as_user, work):
    web = as_user("manager_a")
    url = upload(web, csv_text(ROWS).encode()).headers["location"]
    work()
    report = web.get(f"{url}/rows.xlsx?which=bad")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(report.content)).get_sheet_by_index(0)
    assert [row[0] for row in rows.to_python()][1:] == ["3"]
    assert web.get(f"{url}/rows.csv").text.startswith("\ufeff")
    for kind in ("items", "barcodes", "locations", "partners", "opening_stock"):
        assert web.get(f"/imports/templates/{kind}").content.startswith(b"PK")


def test_a_file_that_is_none_is_explained_on_its_page(as_user, work):
    web = as_user("manager_a")
    url = upload(web, b"PK\x03\x04 fake", name="a.xlsx").headers["location"]
    work()
    page = web.get(url).text
    assert "XLSX" in page
    assert 'role="alert"' in page
    assert web.post(f"{url}/cancellation", data=form()).status_code == 303


def test_no_file_an_unknown_kind_and_too_large_a_file_are_refused(as_user, monkeypatch):
    web = as_user("manager_a")
    assert upload(web, b"", name="").status_code == 422
    assert upload(web, b"a,b", kind="dragons").status_code == 422
    web.app.state["import_max_bytes"] = 1 << 20
    assert upload(web, b"x" * (2 << 20)).status_code == 422


def test_only_who_may_imports(as_user):
    web = as_user("operator_a")
    assert web.get("/imports").status_code == 403
    assert upload(web, csv_text(ROWS).encode()).status_code == 403


def test_the_api_walks_the_same_way(as_user, work):
    web = as_user("manager_a")
    key = {"Idempotency-Key": str(new_id()), "Accept-Language": "en"}
    file = {"file": ("a.csv", csv_text(ROWS).encode(), "text/csv")}
    url = "/api/v1/imports"
    started = web.post(url, data={"kind": "items"}, files=file, headers=key).json()
    again = web.post(url, data={"kind": "items"}, files=file, headers=key).json()
    assert again == started
    work()
    one = f"{url}/{started['import_id']}"
    assert web.get(one).json()["bad_count"] == 1
    [row] = web.get(f"{one}/rows", headers={"Accept-Language": "en"}).json()
    assert row["row"] == 3
    assert {problem["column"] for problem in row["problems"]} == {"base_unit", "barcode"}
    applied = web.post(
        f"{one}/application", json={"skip_bad": True}, headers={"Idempotency-Key": str(new_id())}
    )
    assert applied.status_code == 201
    work()
    assert web.get(one).json()["state"] == "done"


def test_the_upload_limit_is_that_of_the_handler():
    assert pages.UPLOAD_BYTES > 50 << 20
