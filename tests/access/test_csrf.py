"""A changing request must come from a page of the session that it uses."""

from __future__ import annotations

import pytest

from tests.access.conftest import ask

HX = {"HX-Request": "true"}


def switch(browser, company, **options):
    return browser.post("/stores/current", {"store_id": str(company.a.store_id)}, **options)


def commands(database):
    return ask(database, "select count(*) from command")


def test_the_token_of_the_session_lets_it_through(signed_in, people, database):
    assert switch(signed_in("operator_a"), people).status_code == 303
    assert commands(database) == 1


def test_the_token_may_be_a_header(signed_in, people):
    browser = signed_in("operator_a")
    token, browser.csrf = browser.csrf, ""
    refused = browser.post("/stores/current", {"store_id": "1"}, headers={"X-CSRF-Token": "no"})
    assert refused.status_code == 401
    answer = switch(browser, people, headers={"X-CSRF-Token": token})
    assert answer.status_code == 303


@pytest.mark.parametrize("token", ["", "made up", "中文\x00"])
def test_without_it_nothing_happens(signed_in, people, database, token):
    browser = signed_in("operator_a")
    browser.csrf = token
    answer = switch(browser, people)
    assert answer.status_code == 401
    assert "上一次登录" in answer.text
    assert commands(database) == 0


def test_the_token_of_an_earlier_login_is_too_old(signed_in, people, database):
    browser = signed_in("operator_a")
    old = browser.csrf
    browser.sign_in("operator_a")
    browser.csrf = old
    assert switch(browser, people, headers=HX).status_code == 401
    assert commands(database) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_is_refused_even_with_the_token(signed_in, people, database, headers):
    answer = switch(signed_in("operator_a"), people, headers=headers)
    assert answer.status_code == 403
    assert commands(database) == 0


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver.local"}]
)
def test_our_own_pages_are_let_through(signed_in, people, headers):
    assert switch(signed_in("operator_a"), people, headers=headers).status_code == 303


def test_another_site_cannot_sign_someone_in(open_browser, people):
    answer = open_browser().post(
        "/login",
        {"login": "operator_a", "password": "a long password"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_session_cookie_serves_the_api_only_with_the_token(signed_in, database):
    browser = signed_in("manager_a")
    answer = browser.client.post("/api/v1/items", json={}, headers={"Idempotency-Key": "x"})
    assert answer.status_code == 401
    assert answer.json()["code"] in {"page_expired", "bad_token"}
