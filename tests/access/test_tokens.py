"""API tokens: shown once, bound to a person and perhaps a store, revocable."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from app.access.secrets import token_hash
from tests.access.conftest import ask, change


def make(browser, command_id=None, **fields):
    data = {"name": "Kasse", "command_id": command_id or str(uuid4()), **fields}
    answer = browser.post("/tokens", data)
    assert answer.status_code == 200, answer.text
    return re.search(r"saoku_api_[0-9a-f]{64}", answer.text)[0]


def items(web, token):
    web.cookies.clear()
    return web.get("/api/v1/items", headers={"Authorization": f"Bearer {token}"})


def test_a_token_acts_as_its_user(signed_in, web, database):
    token = make(signed_in("manager_a"))
    assert items(web, token).status_code == 200
    assert ask(database, "select token_hash from api_token") == token_hash(token)
    stored = ask(database, "select payload::text from command where kind = 'access.create_token'")
    assert token_hash(token) not in stored
    assert ask(database, "select last_used_at is not null from api_token")


def test_the_same_command_again_shows_the_same_token(signed_in, database):
    browser, command = signed_in("manager_a"), str(uuid4())
    assert make(browser, command) == make(browser, command)
    assert ask(database, "select count(*) from api_token") == 1


@pytest.mark.parametrize(
    "end",
    [
        "update api_token set revoked_at = now()",
        "update api_token set expires_at = now() - interval '1 second'",
        "update app_user set is_active = false",
    ],
)
def test_a_token_that_ended_is_nobody(signed_in, web, database, end):
    token = make(signed_in("manager_a"))
    change(database, end)
    answer = items(web, token)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "bad_token"


@pytest.mark.parametrize("header", ["Bearer made-up", "Basic eDp5", "Bearer", ""])
def test_any_other_authorization_is_nobody(web, people, header):
    answer = web.get("/api/v1/items", headers={"Authorization": header})
    assert answer.status_code == 401


def test_it_is_revoked_by_its_owner(signed_in, web, database):
    browser = signed_in("manager_a")
    token = make(browser)
    number = ask(database, "select id from api_token")
    assert browser.post(f"/tokens/{number}/revocation").status_code == 303
    assert items(web, token).status_code == 401


def test_nobody_else_sees_or_revokes_it(signed_in, database):
    make(signed_in("manager_a"))
    number = ask(database, "select id from api_token")
    change(database, "update app_user set role = 'store_manager' where login = 'operator_b'")
    other = signed_in("operator_b")
    assert "Kasse" not in other.get("/tokens").text
    assert other.post(f"/tokens/{number}/revocation").status_code == 404
    assert ask(database, "select revoked_at is null from api_token")


def test_a_token_bound_to_a_store_sees_no_other(signed_in, database, people):
    token = make(signed_in("headquarters"), store_id=str(people.a.store_id))
    row = database.at_once(
        "select stores, store_id from token_actor(%(h)s)", {"h": token_hash(token)}
    )
    assert row == [(str(people.a.store_id), people.a.store_id)]


def test_it_ends_when_its_user_loses_the_store(signed_in, database, people):
    token = make(signed_in("manager_a"), store_id=str(people.a.store_id))
    change(database, "delete from user_store")
    assert database.at_once("select * from token_actor(%(h)s)", {"h": token_hash(token)}) == []


def test_a_store_of_others_is_refused(signed_in, people, database):
    answer = signed_in("manager_a").post(
        "/tokens", {"name": "x", "store_id": str(people.b.store_id)}
    )
    assert answer.status_code == 403
    assert ask(database, "select count(*) from api_token") == 0


def test_an_operator_makes_none(signed_in, database):
    assert signed_in("operator_a").post("/tokens", {"name": "x"}).status_code == 403
    assert ask(database, "select count(*) from api_token") == 0


def test_a_token_needs_no_csrf_token(signed_in, web):
    token = make(signed_in("manager_a"))
    web.cookies.clear()
    answer = web.post("/api/v1/items", json={}, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 422
    assert answer.json()["code"] != "page_expired"
