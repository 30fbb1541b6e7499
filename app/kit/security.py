"""Headers of every answer, and proof that a request comes from our own pages."""

from __future__ import annotations

import hmac
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.types import Message, Scope

from app.kit.i18n import mark
from app.kit.problems import NotYours, Problem
from app.kit.visit import Connection, visit_in

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'{wasm}; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
_BARE_POLICY = _POLICY.format(nonce="none", wasm="").replace(" 'nonce-none'", "").encode()
# A worker obeys the policy of its own script: this one compiles the reader's WebAssembly.
_DECODE_WORKER = "/js/camera/decode-worker.js"
_WORKER_POLICY = _BARE_POLICY.replace(b"'self'", b"'self' 'wasm-unsafe-eval'", 1)
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class PageExpired(Problem):
    """The token of the form is not the session's: made before a new login.  401: not refused."""

    code = "page_expired"
    status = 401
    text = mark("This page is from an earlier login.")
    advice = mark("Reload the page, then send it again. Nothing was changed.")


class CrossSite(NotYours):
    code = "cross_site"
    text = mark("The request comes from another web site.")
    advice = mark("Open Saoku by its own address and try again. Nothing was changed.")


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Litestar ``before_send`` hook: every answer carries them, errors and files included."""
    if message["type"] != "http.response.start":
        return
    headers = list(message["headers"])
    headers += _HEADERS
    headers.append((b"content-security-policy", _policy(scope)))
    if scope["scheme"] == "https":
        headers.append(_HSTS)
    if not any(name == b"cache-control" for name, _ in headers):
        headers.append((b"cache-control", b"no-store"))
    message["headers"] = headers
    _redirect_for_htmx(message, scope, headers)


def _policy(scope: Scope) -> bytes:
    visit = visit_in(scope)
    if visit is None:
        # Litestar ends the path below a mount with a slash.
        is_worker = scope["path"].rstrip("/").endswith(_DECODE_WORKER)
        return _WORKER_POLICY if is_worker else _BARE_POLICY
    wasm = " 'wasm-unsafe-eval'" if visit.camera else ""
    return _POLICY.format(nonce=visit.nonce, wasm=wasm).encode()


def _redirect_for_htmx(message: Any, scope: Scope, headers: list[tuple[bytes, bytes]]) -> None:
    """A fetch would follow 303 by itself and load the page twice: tell htmx where to go instead."""
    if message["status"] != 303 or (b"hx-request", b"true") not in scope["headers"]:  # noqa: PLR2004
        return
    message["status"] = 204
    message["headers"] = [
        (b"hx-redirect", value) if name == b"location" else (name, value)
        for name, value in headers
        if name not in {b"content-length", b"content-type"}
    ]


def refuse_cross_site(connection: Connection) -> None:
    """Refuse a changing request that another site's page makes the browser send.

    Raises:
        CrossSite: by ``Sec-Fetch-Site``, or by ``Origin`` where a browser sends no such header.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSite
        return
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise CrossSite


async def token_sent(request: Request[Any, Any, Any]) -> str:
    """The CSRF token of a request: header ``X-CSRF-Token`` or form field ``_csrf``."""
    header = request.headers.get("x-csrf-token")
    if header is not None:
        return header
    if request.content_type[0] not in _FORMS:
        return ""
    return str((await request.form()).get("_csrf", ""))


def check_token(expected: str, sent: str) -> None:
    """Raises PageExpired unless both are the same."""
    if not hmac.compare_digest(expected.encode(), sent.encode("utf-8", "replace")):
        raise PageExpired
