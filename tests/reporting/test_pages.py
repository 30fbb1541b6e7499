from __future__ import annotations

from decimal import Decimal

import pytest

from app.kit.database import SYSTEM
from app.kit.jobs import Job
from app.reporting.abc import classify
from app.reporting.following import catch_up
from tests.exports.test_files import sheet_of
from tests.quality.conftest import House
from tests.quality.test_returning import back
from tests.reporting.test_following import report
from tests.selling.conftest import form


@pytest.fixture
def sold(house: House) -> int:
    """Bread sold at a loss, with a part back; the order line."""
    house.stock("bread", 10, amount=Decimal(100))
    house.stock("flour", 5, amount=Decimal(20))
    order = house.order("bread", 4, region="华东", salesperson_id=house.company.users["manager_a"])
    house.ship(order)
    back(house, order, "1")
    house.ship(house.order("flour", 2))
    catch_up(house.database)
    classify(Job(house.database, SYSTEM))
    return house.one("select min(id) from sales_order_line where order_id = %s", order)


def test_from_the_report_down_to_the_cost_entry(as_user, sold: int) -> None:
    web = as_user("manager_a")
    page = web.get("/reports/margin?rows=item&columns=month").text
    assert "可颂" in page
    assert "亏本" in page
    assert page.count("/reports/margin/lines?") >= 4
    for rows in ("customer", "region", "salesperson", "lot", "order", "week", "area", "category"):
        assert web.get(f"/reports/margin?rows={rows}&columns=store").status_code == 200, rows
    lines = web.get("/reports/margin/lines?region=华东").text
    assert f"/reports/margin/lines/{sold}" in lines
    detail = web.get(f"/reports/margin/lines/{sold}")
    assert detail.status_code == 200
    assert "客户退货" in detail.text
    assert "可颂" in web.get("/reports/poor").text
    assert "/reports/margin" in web.get("/").text


def test_the_api_says_what_the_screen_says(as_user, sold: int) -> None:
    web = as_user("headquarters")
    found = web.get("/api/v1/reports/margin?rows=item&columns=store").json()
    assert (found["total"]["revenue"], found["total"]["cost"]) == ("45.0000", "38.0000")
    by_rows = sum(Decimal(row["total"]["margin"]) for row in found["rows"])
    assert by_rows == Decimal(found["total"]["margin"]) == 7
    assert found["as_of"]
    lines = web.get("/api/v1/reports/margin/lines").json()
    assert sum(Decimal(row["cost"]) for row in lines["rows"]) == 38


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("rows=colour", 422, "unknown_dimension"),
        ("rows=item&columns=item", 422, "same_dimension"),
        ("since=2026-02-01&till=2026-01-01", 422, "period_reversed"),
        ("since=1990-01-01&till=2026-01-01", 422, "period_too_long"),
        ("days=0", 422, "bad_report_filter"),
        ("since=yesterday", 422, "bad_report_filter"),
        ("item=1%20or%201", 422, "bad_report_filter"),
        ("limit=100000", 422, "rows_out_of_range"),
        ("measure=luck", 422, "unknown_measure"),
    ],
)
def test_what_cannot_be_asked(as_user, query: str, status: int, code: str) -> None:
    answer = as_user("headquarters").get(f"/api/v1/reports/margin?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_tables_that_would_be_too_large(as_user, sold: int, monkeypatch) -> None:
    web = as_user("manager_a")
    monkeypatch.setattr("app.reporting.exports.MOST_ROWS", 1)
    monkeypatch.setattr("app.reporting.pivot.MOST_PERIODS", 0)
    assert web.get("/reports/margin.csv?rows=item").status_code == 409
    refused = web.get("/api/v1/reports/margin?rows=item&columns=day")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_columns")


def test_who_sees_what(as_user, house: House, sold: int) -> None:
    assert as_user("supervisor_a").get("/reports/margin").status_code == 403
    assert as_user("area_manager").get("/api/v1/reports/margin").json()["rows_found"] == 2
    with_b = {"operator_b": 0, "operator_a": 2}
    assert {login: report(house, login).rows_found for login in with_b} == with_b
    classes = as_user("supervisor_a").get("/api/v1/reports/abc").json()["rows"]
    assert [(row["letter"], row["issued_value"]) for row in classes] == [("A", None), ("A", None)]
    page = as_user("supervisor_a").get("/reports/abc").text
    assert "高筋面粉" in page
    assert "出库金额</th>" not in page
    assert as_user("manager_a").get("/reports/abc/rule").status_code == 403


def test_files(as_user, sold: int) -> None:
    web = as_user("manager_a")
    rows = sheet_of(web.get("/reports/margin.xlsx?rows=item&columns=day").content)
    assert rows[0][0] == "商品"
    assert (rows[-1][0], rows[-1][2]) == ("合计", 7)
    assert "可颂" in web.get("/reports/margin/lines.csv").text
    assert "可颂" in web.get("/reports/abc.csv").text


def test_the_thresholds(as_user, sold: int) -> None:
    web = as_user("headquarters")
    shares = {"window_days": "90", "a_share": "90", "b_share": "80", "low_rate": "5"}
    wrong = form(**shares, x_limit="50", y_limit="100")
    refused = web.post("/reports/abc/rule", data=wrong)
    assert refused.status_code == 422
    right = form(**shares | {"a_share": "70"}, x_limit="50", y_limit="100")
    assert web.post("/reports/abc/rule", data=right).status_code == 303
    assert "70.0 %" in web.get("/reports/abc").text
