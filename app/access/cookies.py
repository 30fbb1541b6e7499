"""The cookies of access, all out of reach of scripts."""

from __future__ import annotations

from litestar.datastructures import Cookie

from app.access.authentication import DEVICE_COOKIE, SESSION_COOKIE, AnyRequest
from app.kit.visit import LANGUAGE_COOKIE, THEME_COOKIE

DEVICE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one
CHOICE_SECONDS = DEVICE_SECONDS


def session_cookie(request: AnyRequest, token: str) -> Cookie:
    """Ends with the browser; the server ends it earlier."""
    return _cookie(request, SESSION_COOKIE, token, None)


def no_session_cookie(request: AnyRequest) -> Cookie:
    return _cookie(request, SESSION_COOKIE, "", 0)


def device_cookie(request: AnyRequest, token: str) -> Cookie:
    return _cookie(request, DEVICE_COOKIE, token, DEVICE_SECONDS)


def language_cookie(request: AnyRequest, language: str) -> Cookie:
    return _cookie(request, LANGUAGE_COOKIE, language, CHOICE_SECONDS)


def theme_cookie(request: AnyRequest, theme: str) -> Cookie:
    return _cookie(request, THEME_COOKIE, theme, CHOICE_SECONDS)


def _cookie(request: AnyRequest, name: str, value: str, max_age: int | None) -> Cookie:
    secure = request.scope["scheme"] == "https"
    return Cookie(
        name, value=value, max_age=max_age, httponly=True, samesite="lax", secure=secure, path="/"
    )
