"""Users, roles, own settings, the company: through the pages that people use."""

from __future__ import annotations

import pytest

from app.access.people import DeactivateUser, deactivate_user
from app.access.problems import LastAdministrator
from app.access.roles import CAPABILITIES, ROLES
from tests.access.conftest import PASSWORD, ask, change
from tests.ledger.moves import PostMoves, post_moves, receive

NEW = {"login": "Wang", "name": "王芳", "role": "operator", "language": "zh_CN", "pin": "4711"}


def new_user(people, **more):
    return NEW | {"password": "乌龙茶要趁热喝才好", "store_ids": str(people.a.store_id)} | more


def test_an_administrator_adds_someone_who_then_signs_in(signed_in, open_browser, people):
    answer = signed_in("administrator").post("/users", new_user(people, badge="SK:B77"))
    assert answer.status_code == 303, answer.text
    browser = open_browser()
    assert browser.sign_in("wang", "乌龙茶要趁热喝才好").status_code == 303
    assert "王芳 · A 店" in browser.get("/").text


def test_secrets_are_not_in_the_audit_trail(signed_in, people, database):
    signed_in("administrator").post("/users", new_user(people))
    payload = ask(database, "select payload::text from command where kind = 'access.create_user'")
    assert "argon2" not in payload
    assert "4711" not in payload
    assert '"password_hash": "***"' in payload


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("login", "operator_a", "已有人使用"),
        ("login", "", "必填"),
        ("password", "short", "至少 8"),
        ("password", "password", "常见密码"),
        ("pin", "1234", "PIN"),
        ("pin", "12a4", "PIN"),
        ("role", "emperor", "选项"),
        ("store_ids", "x", "选项"),
        ("name", "x" * 61, "最多 60"),
    ],
)
def test_a_bad_field_is_named_and_what_was_typed_stays(
    signed_in, people, database, field, value, words
):
    answer = signed_in("administrator").post("/users", new_user(people, **{field: value}))
    assert answer.status_code in {409, 422}
    assert words in answer.text
    assert "王芳" in answer.text or field == "name"
    assert ask(database, "select count(*) from app_user where login = 'wang'") == 0


def test_a_deactivated_user_is_out_at_once(signed_in, people, database):
    browser, admin = signed_in("operator_a"), signed_in("administrator")
    user = people.users["operator_a"]
    assert admin.post(f"/users/{user}/deactivation").status_code == 303
    assert browser.get("/account").status_code == 303
    assert browser.sign_in("operator_a").status_code == 422
    assert admin.post(f"/users/{user}/activation").status_code == 303
    assert browser.sign_in("operator_a").status_code == 303


def test_a_new_password_ends_the_sessions(signed_in, people):
    browser, admin = signed_in("operator_a"), signed_in("administrator")
    user = people.users["operator_a"]
    admin.post(f"/users/{user}/password", {"password": "another long one"})
    assert browser.get("/account").status_code == 303
    assert browser.sign_in("operator_a", "another long one").status_code == 303


def test_the_last_administrator_stays(run, people):
    with pytest.raises(LastAdministrator):
        run(deactivate_user, DeactivateUser(people.users["administrator"]))


def test_the_last_administrator_keeps_the_role(signed_in, people, database):
    user = people.users["administrator"]
    fields = {"name": "x", "role": "operator", "language": "en"}
    assert signed_in("administrator").post(f"/users/{user}", fields).status_code == 409
    assert ask(database, "select role from app_user where id = :id", id=user) == "administrator"


@pytest.mark.parametrize("login", ["operator_a", "supervisor_a", "manager_a", "headquarters"])
def test_nobody_else_changes_users(signed_in, people, database, login):
    browser = signed_in(login)
    assert browser.get("/users/new").status_code == 403
    assert browser.post("/users", new_user(people)).status_code == 403
    user = people.users["operator_b"]
    assert browser.post(f"/users/{user}/password", {"password": "x" * 9}).status_code == 403
    assert ask(database, "select count(*) from app_user") == len(people.users)


def test_the_database_lets_nobody_else_make_themselves_administrator(people, database):
    from sqlmodel import text

    caller = people.callers["manager_a"]
    with database.session(caller) as session:
        done = session.connection().execute(text("update app_user set role = 'administrator'"))
        assert done.rowcount == 0


def test_every_capability_names_real_roles():
    for allowed in CAPABILITIES.values():
        assert allowed <= set(ROLES)
        assert "administrator" in allowed


# ---- One's own --------------------------------------------------------------------------------


def test_one_changes_the_own_password_and_other_sessions_end(signed_in, open_browser):
    here, elsewhere = signed_in("operator_a"), signed_in("operator_a")
    wrong = here.post("/account/password", {"old_password": "no", "password": "brand new one"})
    assert wrong.status_code == 422
    fields = {"old_password": PASSWORD, "password": "brand new one"}
    assert here.post("/account/password", fields).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert open_browser().sign_in("operator_a", "brand new one").status_code == 303


def test_one_changes_the_own_pin(signed_in, database, people):
    fields = {"old_password": PASSWORD, "pin": "2580"}
    assert signed_in("operator_a").post("/account/pin", fields).status_code == 303
    stored = "select pin_hash is not null from app_user where login = 'operator_a'"
    assert ask(database, stored)


def test_the_language_is_kept_with_the_person(signed_in, open_browser):
    browser = signed_in("operator_a")
    assert "我的账户" in browser.get("/account").text
    browser.post("/preferences", {"language": "en", "return_to": "/account"})
    assert "My account" in browser.get("/account").text
    again = open_browser()
    again.sign_in("operator_a")
    assert "My account" in again.get("/account").text


def test_before_signing_in_the_browser_keeps_it(open_browser, people):
    browser = open_browser()
    answer = browser.post("/preferences", {"language": "en", "theme": "dark"})
    assert answer.status_code == 303
    page = browser.get("/login").text
    assert "Sign in" in page
    assert 'data-theme="dark"' in page


def test_one_switches_among_the_own_stores_only(signed_in, people, database):
    manager = signed_in("area_manager")
    for place in (people.b, people.a):
        answer = manager.post("/stores/current", {"store_id": str(place.store_id)})
        assert answer.status_code == 303
        stored = "select store_id from login_session order by created_at desc limit 1"
        assert ask(database, stored) == place.store_id
    operator = signed_in("operator_a")
    answer = operator.post("/stores/current", {"store_id": str(people.b.store_id)})
    assert answer.status_code == 403
    assert operator.post("/stores/current", {"store_id": "999"}).status_code == 404
    assert "A 店" in operator.get("/").text


def test_a_store_taken_away_is_gone_with_the_next_request(signed_in, people, database):
    browser = signed_in("operator_a")
    change(database, "update user_store set store_id = :b", b=people.b.store_id)
    assert "B 店" in browser.get("/").text


# ---- The company ------------------------------------------------------------------------------


def test_areas_and_stores_are_made_and_changed(signed_in, people, database):
    admin = signed_in("administrator")
    assert admin.post("/areas", {"code": "N", "name": "华北"}).status_code == 303
    area = ask(database, "select id from area where code = 'N'")
    fields = {"code": "C", "name": "C 店", "area_id": str(area), "time_zone": "Asia/Urumqi"}
    assert admin.post("/stores", fields).status_code == 303
    store = ask(database, "select id from store where code = 'C'")
    assert "C 店" in admin.get("/company").text
    fields["time_zone"] = "Mars/Base"
    wrong = admin.post(f"/stores/{store}", fields)
    assert wrong.status_code == 422
    assert "没有这个时区" in wrong.text
    again = admin.post("/stores", {**fields, "time_zone": "Asia/Shanghai"})
    assert again.status_code == 409


def test_only_the_administrator_changes_the_company(signed_in, database):
    fields = {"name": "Mine", "currency": "EUR", "currency_decimals": "2"}
    assert signed_in("headquarters").post("/company/settings", fields).status_code == 403
    admin = signed_in("administrator")
    assert admin.post("/company/settings", {**fields, "currency": "eur"}).status_code == 422
    assert admin.post("/company/settings", fields).status_code == 303
    assert ask(database, "select currency from company") == "EUR"


def test_how_costs_are_reckoned_is_fixed_once_goods_are_posted(signed_in, people, database, run):
    admin = signed_in("administrator")
    fields = {"name": "Mine", "currency": "CNY", "currency_decimals": "2", "cost_scope": "store"}
    assert admin.post("/company/settings", fields).status_code == 303
    assert ask(database, "select cost_scope from company") == "store"
    run(post_moves, PostMoves([receive(people, "flour", "1", "5")]))
    for other in ({"cost_scope": "company"}, {"currency": "EUR"}, {"currency_decimals": "3"}):
        refused = admin.post("/company/settings", fields | other)
        assert refused.status_code == 409
        assert "已有货物过账" in refused.text
    assert admin.post("/company/settings", fields | {"name": "Ours"}).status_code == 303
    assert ask(database, "select cost_scope from company") == "store"


# ---- Audit ------------------------------------------------------------------------------------


def test_the_audit_trail_says_who_did_what_and_what_was_refused(signed_in, people):
    admin = signed_in("administrator")
    admin.post("/users", new_user(people))
    admin.post("/users", new_user(people))
    page = admin.get("/audit").text
    assert "新建用户" in page
    assert "这个登录名已有人使用" in page
    assert admin.get("/audit?outcome=refused").text.count("<tr>") == 2
    assert admin.get("/audit?cursor=abc").status_code == 422
    assert admin.get("/audit?user=x").status_code == 422
    assert signed_in("operator_a").get("/audit").status_code == 403


def test_a_supervisor_sees_the_commands_of_the_own_stores_only(signed_in, people):
    signed_in("operator_b").post("/stores/current", {"store_id": str(people.b.store_id)})
    signed_in("operator_a").post("/stores/current", {"store_id": str(people.a.store_id)})
    page = signed_in("supervisor_a").get("/audit").text
    assert "operator_a" in page
    assert "operator_b" not in page.split("<tbody>")[1]
