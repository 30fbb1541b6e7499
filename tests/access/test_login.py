"""Signing in and out: sessions, throttling, badges, locking."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from litestar.testing import TestClient

from app.access.secrets import hash_pin, token_hash
from tests.access.conftest import PASSWORD, ask, change


def badge_and_pin(database, login="operator_a", badge="1001", pin="4711"):
    change(
        database,
        "update app_user set badge = :badge, pin_hash = :pin where login = :login",
        badge=badge,
        pin=hash_pin(pin),
        login=login,
    )


def register(browser, name="PDA 1"):
    answer = browser.post("/devices", {"name": name})
    assert answer.status_code == 303, answer.text
    return browser.cookies["saoku_device"]


def idle(database, interval):
    change(
        database,
        "update login_session set last_seen_at = last_seen_at - cast(:idle as interval)",
        idle=interval,
    )


# ---- Sessions ---------------------------------------------------------------------------------


def test_a_right_password_opens_a_session(open_browser, people):
    browser = open_browser()
    answer = browser.sign_in("operator_a")
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "saoku_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    home = browser.get("/")
    assert home.status_code == 200
    assert "operator_a · A 店" in home.text


def test_the_login_is_not_case_sensitive(open_browser, people):
    assert open_browser().sign_in(" Operator_A ").status_code == 303


def test_the_cookie_is_secure_on_https(web_app, people):
    with TestClient(web_app, base_url="https://saoku.example") as client:
        client.follow_redirects = False
        answer = client.post("/login", data={"login": "operator_a", "password": PASSWORD})
        assert "Secure" in answer.headers["set-cookie"]
        assert "max-age" in answer.headers["strict-transport-security"]


def test_only_the_hash_of_the_cookie_is_stored(signed_in, database):
    token = signed_in("operator_a").cookies["saoku_session"]
    assert ask(database, "select token_hash from login_session") == token_hash(token)


def test_a_session_that_was_there_before_the_login_is_not_used(signed_in, open_browser, database):
    fixed = signed_in("operator_a").cookies["saoku_session"]
    victim = open_browser()
    victim.cookies["saoku_session"] = fixed
    answer = victim.post("/login", data={"login": "operator_b", "password": PASSWORD})
    assert fixed not in answer.headers["set-cookie"]
    assert ask(database, "select count(*) from login_session") == 1
    attacker = open_browser()
    attacker.cookies["saoku_session"] = fixed
    assert attacker.get("/account").status_code == 303


def test_a_made_up_session_is_nobody(web, people):
    web.cookies["saoku_session"] = "x" * 43
    answer = web.get("/account?done=pin")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Faccount%3Fdone%3Dpin"
    assert web.get("/account", headers={"HX-Request": "true"}).status_code == 401


def test_signing_out_ends_the_session_on_the_server(signed_in):
    browser = signed_in("operator_a")
    token = browser.cookies["saoku_session"]
    assert browser.post("/logout").headers["location"] == "/login"
    browser.cookies["saoku_session"] = token
    assert browser.get("/account").status_code == 303


@pytest.mark.parametrize(
    "end",
    [
        "update login_session set expires_at = now() - interval '1 second'",
        "update app_user set is_active = false",
        "delete from login_session",
    ],
)
def test_a_session_ends_in_the_middle(signed_in, database, end):
    browser = signed_in("operator_a")
    change(database, end)
    assert browser.get("/account").headers["location"].startswith("/login")
    answer = browser.post("/stores/current", {"store_id": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "hx-partial" in answer.text


def test_a_request_moves_the_end_at_most_once_a_minute(signed_in, database):
    browser = signed_in("operator_a")
    seen = ask(database, "select last_seen_at from login_session")
    browser.get("/account")
    assert ask(database, "select last_seen_at from login_session") == seen
    idle(database, "61 seconds")
    browser.get("/account")
    assert ask(database, "select last_seen_at from login_session") > seen


def test_a_session_never_outlives_a_week(signed_in, database):
    browser = signed_in("operator_a")
    change(
        database,
        "update login_session set created_at = now() - interval '6 days 23 hours',"
        " last_seen_at = now() - interval '2 minutes'",
    )
    browser.get("/account")
    left = ask(database, "select expires_at < now() + interval '61 minutes' from login_session")
    assert left is True


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil", "evil"])
def test_a_login_leads_to_no_other_site(open_browser, people, url):
    data = {"login": "operator_a", "password": PASSWORD, "next": url}
    assert open_browser().post("/login", data=data).headers["location"] == "/"


# ---- Refusals ---------------------------------------------------------------------------------


def test_it_is_never_said_whether_a_login_exists(web, people):
    known = web.post("/login", data={"login": "operator_a", "password": "wrong"})
    unknown = web.post("/login", data={"login": "nobody", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    assert plain(known.text, "operator_a") == plain(unknown.text, "nobody")


def plain(page, login):
    return re.sub(r'nonce="[^"]*"', "", page).replace(login, "")


def test_failures_make_one_wait_even_with_the_right_password(web, people, owner_url):
    for _ in range(5):
        assert web.post("/login", data={"login": "operator_a", "password": "x"}).status_code == 422
    answer = web.post("/login", data={"login": "operator_a", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers.get("retry-after", "1")) >= 1
    other = web.post("/login", data={"login": "operator_b", "password": PASSWORD})
    assert other.status_code == 303
    change_attempts(owner_url, "attempted_at = attempted_at - interval '5 minutes'")
    again = web.post("/login", data={"login": "operator_a", "password": PASSWORD})
    assert again.status_code == 303


def change_attempts(owner_url, assignment):
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(f"update login_attempt set {assignment}")


def test_the_wait_doubles(owner_url):
    with psycopg.connect(owner_url, autocommit=True) as owner:
        waits = [
            owner.execute("select extract(epoch from login_delay(%s, 5))", [n]).fetchone()[0]
            for n in (0, 4, 5, 6, 7, 13, 400)
        ]
    assert waits == [0, 0, 1, 2, 4, 256, 300]


def test_an_address_that_tries_many_logins_waits_too(database, people, web):
    for number in range(30):
        database.at_once(
            "select begin_login(%(who)s, %(ip)s)", {"who": f"login:{number}", "ip": ""}
        )
    answer = web.post("/login", data={"login": "operator_a", "password": PASSWORD})
    assert answer.status_code == 429


def test_a_hundred_attempts_at_once_are_counted(database, people):
    def attempt(_):
        return database.at_once("select attempt from begin_login('login:x', '10.0.0.1')")[0][0]

    with ThreadPoolExecutor(8) as pool:
        allowed = [number for number in pool.map(attempt, range(100)) if number]
    assert len(allowed) == 5


# ---- Badges and locking -----------------------------------------------------------------------


def test_a_badge_needs_a_registered_device(open_browser, people, database):
    badge_and_pin(database)
    answer = open_browser().post("/login", data={"badge": "SK:B1001", "pin": "4711"})
    assert answer.status_code == 422
    assert "已登记的设备" in answer.text


@pytest.mark.parametrize("scanned", ["SK:B1001", "sk:b1001", "1001"])
def test_badge_and_pin_open_a_session_on_a_registered_device(
    signed_in, open_browser, database, scanned
):
    badge_and_pin(database)
    device = register(signed_in("supervisor_a"))
    pda = open_browser()
    pda.cookies["saoku_device"] = device
    assert 'name="badge"' in pda.get("/login").text
    wrong = pda.post("/login", data={"badge": scanned, "pin": "4712"})
    assert wrong.status_code == 422
    assert pda.post("/login", data={"badge": scanned, "pin": "4711"}).status_code == 303
    assert "operator_a" in pda.get("/").text


def test_a_shared_device_locks_itself_and_is_unlocked_by_the_pin(signed_in, open_browser, database):
    badge_and_pin(database)
    device = register(signed_in("supervisor_a"))
    pda = open_browser()
    pda.cookies["saoku_device"] = device
    pda.post("/login", data={"badge": "1001", "pin": "4711"})
    idle(database, "5 minutes 1 second")
    assert pda.get("/account").headers["location"] == "/lock?next=%2Faccount"
    assert pda.get("/account", headers={"HX-Request": "true"}).status_code == 401
    pda.read_token()
    assert pda.post("/unlock", {"pin": "0815"}).status_code == 422
    assert pda.get("/account").status_code == 303
    assert pda.post("/unlock", {"pin": "4711", "next": "/account"}).status_code == 303
    assert pda.get("/account").status_code == 200


def test_a_personal_session_does_not_lock(signed_in, database):
    browser = signed_in("operator_a")
    idle(database, "11 hours")
    assert browser.get("/account").status_code == 200


def test_one_may_lock_by_hand(signed_in):
    browser = signed_in("operator_a")
    assert browser.post("/lock").headers["location"] == "/lock"
    assert browser.get("/account").status_code == 303
    assert browser.post("/unlock", {"pin": PASSWORD}).status_code == 303
    assert browser.get("/account").status_code == 200


def test_a_revoked_device_stands_for_nobody(signed_in, open_browser, database):
    badge_and_pin(database)
    supervisor = signed_in("supervisor_a")
    device = register(supervisor)
    pda = open_browser()
    pda.cookies["saoku_device"] = device
    pda.post("/login", data={"badge": "1001", "pin": "4711"})
    assert pda.get("/account").status_code == 200
    number = ask(database, "select id from device")
    manager = signed_in("manager_a")
    assert manager.post(f"/devices/{number}/revocation").status_code == 303
    assert pda.get("/account").status_code == 303
    assert 'name="badge"' not in pda.get("/login").text
    assert pda.post("/login", data={"badge": "1001", "pin": "4711"}).status_code == 422
