"""The pages of alerts: the list, putting off, the rules."""

from __future__ import annotations

import pytest

from app.kit.ids import new_id


def fields(**more):
    return {"command_id": str(new_id()), **more}


@pytest.fixture
def one_alert(look, stock, sql, company):
    sql("update item set safety_stock = 10 where id = %s", company.items["bread"])
    stock("bread", "3.5")
    look()


def test_the_list_and_the_card_say_what_is_wrong(as_user, one_alert):
    web = as_user("manager_a")
    assert "低于安全库存 1" in web.get("/").text
    page = web.get("/alerts").text
    assert "可颂" in page
    assert "3.5" in page
    assert "/troubleshooting?item_id=" in page
    assert "可颂" not in web.get("/alerts?kind=near_expiry").text
    assert "可颂" not in as_user("operator_b").get("/alerts").text


def test_put_off_for_a_day(as_user, one_alert, sql):
    web = as_user("supervisor_a")
    alert = sql("select id from alert")[0][0]
    nothing = web.post("/alerts/snoozes", data=fields(length="1d"))
    assert nothing.status_code == 422
    sent = fields(length="1d", alert_id=str(alert), reason="货在路上")
    assert web.post("/alerts/snoozes", data=sent).status_code == 303
    assert "可颂" not in web.get("/alerts").text
    page = web.get("/alerts?show=snoozed").text
    assert "货在路上" in page
    assert "supervisor_a" in page


def test_the_lists_as_files(as_user, one_alert):
    web = as_user("manager_a")
    assert "可颂" in web.get("/alerts.csv").text
    assert "可颂" not in web.get("/alerts.csv?show=closed").text
    assert "临近到期" in web.get("/alerts/rules.csv").text


def test_what_is_over_stays_to_be_read(as_user, one_alert, sql, look):
    sql("update balance set on_hand = 20")
    look()
    web = as_user("manager_a")
    assert "可颂" not in web.get("/alerts").text
    assert "可颂" in web.get("/alerts?show=closed").text


def test_rules_by_store(as_user, company, sql):
    web = as_user("manager_a")
    rule = {"kind": "near_expiry", "category_id": "", "threshold": "14", "is_active": "yes"}
    own = {**rule, "store_id": str(company.a.store_id)}
    bad = web.post("/alerts/rules", data=fields(**own, charge="role:king"))
    assert bad.status_code == 422
    made = web.post(
        "/alerts/rules", data=fields(**own, charge=f"user:{company.users['manager_a']}")
    )
    assert made.status_code == 303
    assert (
        web.post("/alerts/rules", data=fields(**own, charge="role:supervisor")).status_code == 409
    )
    foreign = {**rule, "store_id": str(company.b.store_id), "charge": "role:supervisor"}
    assert web.post("/alerts/rules", data=fields(**foreign)).status_code == 403
    company_wide = {**rule, "store_id": "", "charge": "role:supervisor"}
    assert web.post("/alerts/rules", data=fields(**company_wide)).status_code == 404
    page = web.get("/alerts/rules").text
    assert "A 店" in page
    number = sql("select max(id) from alert_rule")[0][0]
    changed = fields(threshold="3", charge="role:supervisor")
    assert web.post(f"/alerts/rules/{number}", data=changed).status_code == 303
    assert sql("select threshold, is_active from alert_rule where id = %s", number) == [(3, False)]
    assert "3" in web.get(f"/alerts/rules/{number}").text
    assert web.post(f"/alerts/rules/{number}/removal", data=fields()).status_code == 303


def test_devices_have_no_category(as_user, sql):
    category = sql("insert into category (code, name) values ('F', '食品') returning id")[0][0]
    rule = {
        "kind": "unsynchronised_device", "store_id": "", "category_id": str(category),
        "threshold": "5", "charge": "role:supervisor",
    }  # fmt: skip
    answer = as_user("administrator").post("/alerts/rules", data=fields(**rule))
    assert answer.status_code == 422
