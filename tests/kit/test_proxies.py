"""Whose request it is, behind proxies that are trusted and others that are not."""

from __future__ import annotations

import asyncio

import pytest
from litestar.testing import TestClient

from app.kit.config import Settings
from app.kit.database import SYSTEM, Database, driver
from app.kit.proxies import TrustedProxies, address_in
from app.main import create_app

TRUSTED = "127.0.0.1,10.0.0.0/8,::1"


def seen(peer: str | None, *headers: tuple[str, str], trusted: str = TRUSTED) -> tuple:
    """Client and scheme as the application sees them."""
    found = {}

    async def app(scope, receive, send):
        found.update(scope)

    scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 1234) if peer else None,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    asyncio.run(TrustedProxies(app, trusted)(scope, None, None))
    return found["client"] and found["client"][0], found["scheme"]


FOR, PROTO = "x-forwarded-for", "x-forwarded-proto"


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the client invented the first
        ("127.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9"),  # past a second proxy of ours
        ("::1", "[2001:db8::5]:443", "2001:db8::5"),
        ("::ffff:127.0.0.1", "203.0.113.9:51000", "203.0.113.9"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "'; drop table command; --", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9, evil", "127.0.0.1"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("127.0.0.1", "10.0.0.7", "127.0.0.1"),
        ("203.0.113.50", "6.6.6.6", "203.0.113.50"),  # no proxy of ours
    ],
)
def test_the_client_is_whom_a_trusted_proxy_names(peer, forwarded, client):
    assert seen(peer, (FOR, forwarded), (PROTO, "https"))[0] == client


def test_only_a_trusted_proxy_says_https():
    assert seen("127.0.0.1", (PROTO, "https")) == ("127.0.0.1", "https")
    assert seen("127.0.0.1", (PROTO, "gopher")) == ("127.0.0.1", "http")
    assert seen("203.0.113.50", (PROTO, "https")) == ("203.0.113.50", "http")
    assert seen(None, (FOR, "6.6.6.6"), (PROTO, "https")) == (None, "http")


def test_several_headers_are_one_list():
    assert seen("127.0.0.1", (FOR, "6.6.6.6"), (FOR, "203.0.113.9"))[0] == "203.0.113.9"


def test_addresses_in_every_form():
    assert str(address_in("[::1]:80")) == "::1"
    assert str(address_in("fe80::1")) == "fe80::1"
    assert address_in("") is None


def test_the_audit_knows_the_client(database: Database, tmp_path):
    """The throttle of logins counts by the client's address, not by the proxy's."""
    app = create_app(Settings(data_dir=tmp_path), database)
    believing = TrustedProxies(app, "127.0.0.1")

    async def from_the_proxy(scope, receive, send):
        if scope["type"] == "http":
            scope["client"] = ("127.0.0.1", 50000)
        await believing(scope, receive, send)

    with TestClient(from_the_proxy) as web:
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        form = {"login": "nobody", "password": "wrong"}
        answer = web.post("/login", data=form, headers=headers)
        assert answer.headers["strict-transport-security"]
    with database.session(SYSTEM) as session:
        rows = driver(session).execute("select ip from login_attempt").fetchall()
    assert rows == [("203.0.113.9",)]
