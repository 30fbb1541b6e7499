"""The screens and the API of recipes, production and cost elements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.kit.ids import new_id
from tests.harness import GTINS
from tests.producing.conftest import Kitchen

HX = {"HX-Request": "true"}


def sent(known: dict[str, str] | None = None, **fields: str) -> dict[str, str]:
    return {**(known or {}), "command_id": str(new_id()), **fields}


@pytest.fixture
def bakery(kitchen: Kitchen) -> Kitchen:
    kitchen.stock("flour", "10", "40")
    kitchen.stock("milk", "20", "100", lot_id=kitchen.company.lots["milk"])
    return kitchen


@pytest.mark.usefixtures("verified")
def test_a_recipe_and_an_order_through_the_screens(bakery: Kitchen, as_user: Callable[[str], Any]):
    web = as_user("manager_a")
    lines = "FLOUR, 900 g, 10 %\nMILK, 1, 扫码"
    recipe = sent(item="BREAD", quantity="10", lines=lines, yield_rate="100", hours="0.5")
    checked = web.post("/recipes/checks", data=recipe, headers=HX)
    assert "高筋面粉" in checked.text
    assert "0.9 kg" in checked.text
    wrong = web.post("/recipes/checks", data=sent(recipe, lines="NONE, 1"), headers=HX)
    assert "第 1 行" in wrong.text
    refused = web.post("/recipes", data=sent(recipe, lines="BREAD, 1"))
    assert refused.status_code == 409
    assert "可颂 → 可颂" in refused.text
    saved = web.post("/recipes", data=sent(recipe, labour_rate="30"))
    assert saved.status_code == 303
    shown = web.get(saved.headers["location"]).text
    # 4 of flour, 5 of milk, 15 of work for ten pieces that sell at 8.
    assert "2.4000" in shown
    assert "30.0 <small>%" in shown
    assert web.get("/recipes").status_code == 200
    assert web.get(saved.headers["location"] + "/versions/new").status_code == 200


@pytest.mark.usefixtures("verified")
def test_components_and_what_was_made_are_scanned(bakery: Kitchen, as_user: Callable[[str], Any]):
    bakery.recipe(
        "BREAD", "FLOUR, 900 g, 10 %\nMILK, 1, 扫码", hours=Decimal("0.5"), labour_rate=Decimal(30)
    )
    web = as_user("manager_a")
    plan = sent(item="BREAD", quantity="20", supply="A-DOCK")
    planned = web.post("/production-orders", data=plan)
    order = planned.headers["location"].rpartition("/")[2]
    here = f"/producing/{order}"
    assert "可颂" in web.get("/producing").text
    found = web.post("/producing/scans", data=sent(code=GTINS["bread"]))
    assert found.headers["location"] == here

    def scan(code: str) -> Any:
        return web.post(f"{here}/scans", data=sent(code=code), headers=HX)

    def press(button: str) -> Any:
        return web.post(f"{here}/commands", data=sent(button=button), headers=HX)

    assert scan("OVEN").status_code == 409
    counted = scan(GTINS["bread"])
    assert "按确定报完工" in counted.text
    web.post(f"{here}/quantity", data=sent(quantity="20"), headers=HX)
    missing = press("OK")
    assert missing.status_code == 409
    assert "BACKFLUSH" in missing.text
    assert press("CANCEL").status_code == 200
    assert scan("A-SHELF1").status_code == 200
    assert "鲜牛奶" in scan(GTINS["milk"]).text
    assert scan(GTINS["milk"]).status_code == 200
    more = scan(GTINS["milk"])
    assert '"attention"' in more.headers["hx-trigger"]
    assert press("CANCEL").status_code == 200
    assert press("UNDO").status_code == 200
    assert scan(GTINS["milk"]).status_code == 200
    assert bakery.one("select issued, consumed from production_line where issue = 'scan'") == (2, 0)
    _report_and_take_back(web, order, scan, press)


def _report_and_take_back(web: Any, order: str, scan: Any, press: Any) -> None:
    assert "按确定" in scan(GTINS["bread"]).text
    web.post(f"/producing/{order}/quantity", data=sent(quantity="20"), headers=HX)
    done = press("OK")
    assert "已完工入库" in done.text
    assert "/labels/items/" in done.text
    desk = web.get(f"/production-orders/{order}").text
    assert "材料 18.00，人工 30.00" in desk
    assert "可颂" in web.get("/production-orders?state=done").text
    assert web.get("/production-orders.csv").status_code == 200
    report = web.get("/producing/consumption").text
    assert "高筋面粉" in report
    undone = web.post(f"/production-orders/{order}/reversals", data=sent(reason="数错了"))
    assert undone.status_code == 303
    assert web.get("/producing/disassembly").status_code == 200


def test_a_machine_over_the_api(bakery: Kitchen, as_user: Callable[[str], Any]):
    bakery.recipe("BREAD", "FLOUR, 1 kg\nMILK, 1", valid_from=date(2026, 1, 1))
    web = as_user("manager_a")

    def call(path: str, key: str | None = None, **body: Any) -> Any:
        headers = {"Idempotency-Key": key or str(new_id()), "Accept": "application/json"}
        return web.post(f"/api/v1{path}", json=body, headers=headers)

    made = call("/production-orders", item="BREAD", quantity=20, external_number="WO-7")
    order = made.json()["order_id"]
    report = {"quantity": 8, "lot": "", "source": "MES", "external_key": "K-1"}
    first = call(f"/production-orders/{order}/completions", **report)
    assert (first.status_code, first.json()["is_new"]) == (201, True)
    again = call(f"/production-orders/{order}/completions", **report)
    assert again.json()["completion_id"] == first.json()["completion_id"]
    other = call(f"/production-orders/{order}/completions", **{**report, "quantity": 9})
    assert other.json()["code"] == "completion_key_reused"
    too_much = call(f"/production-orders/{order}/completions", quantity=500)
    assert too_much.json()["code"] == "more_than_planned"
    cost = web.get("/api/v1/recipes/1/cost", headers={"Accept": "application/json"}).json()
    assert Decimal(cost["unit_cost"]) == Decimal("0.9")
    assert call("/disassemblies", item="BREAD", quantity=1, location="A-DOCK").status_code == 201


def test_cost_elements_are_checked_while_they_are_typed(
    bakery: Kitchen, as_user: Callable[[str], Any]
):
    web = as_user("headquarters")
    good = sent(applies="production", name="包装", formula="0.5 元/个 + 3% * 材料 / 数量")
    shown = web.post("/cost-elements/checks", data=good, headers=HX).text
    assert "金额 / 数量" in shown
    assert "高筋面粉" in shown
    bad = web.post("/cost-elements/checks", data=sent(good, formula="材料 + 重量"), headers=HX).text
    assert "不能直接加减" in bad
    circle = web.post("/cost-elements", data=sent(good, formula="单位成本 * 3%"))
    assert circle.status_code == 409
    assert "包装 → 包装" in circle.text
    assert web.post("/cost-elements", data=sent(good)).status_code == 303
    assert "0.5 元/个" in web.get("/cost-elements").text
    price = sent(applies="price", name="定价", formula="单位成本 / 50%")
    assert web.post("/cost-elements", data=price).status_code == 303
    # Flour is worth 4 in stock, where the packaging is in its cost already.
    assert "<strong>8.00</strong>" in web.get("/cost-elements/prices?search=FLOUR").text
    element = bakery.one("select id from cost_element where applies = 'production'")
    again = web.post(
        f"/cost-elements/{element}/versions", data=sent(formula="1 元/个", valid_from="2026-01-01")
    )
    assert again.status_code == 303
    assert "v2" in web.get(f"/cost-elements/{element}").text
    assert as_user("operator_a").get("/cost-elements").status_code == 403


def test_an_order_s_number_leads_to_it_from_the_stock_screen(
    bakery: Kitchen, as_user: Callable[[str], Any]
):
    bakery.recipe("BREAD", "FLOUR, 1 kg", valid_from=date(2026, 1, 1))
    order = bakery.plan(quantity="20")
    number = bakery.one("select number from production_order")
    found = as_user("operator_a").post("/stock/scans", data=sent(code=number))
    assert found.headers["location"] == f"/production-orders/{order}"
