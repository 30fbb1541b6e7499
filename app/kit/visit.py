"""What the server knows about one request: who asks, in which language, with which tokens."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Protocol, cast
from uuid import UUID

from litestar.connection import ASGIConnection
from litestar.types import Scope

from app.kit.database import Caller
from app.kit.formats import DEFAULT_ZONE, in_zone
from app.kit.i18n import DEFAULT_LANGUAGE, LANGUAGES, speaking

LANGUAGE_COOKIE, THEME_COOKIE = "saoku_language", "saoku_theme"
THEMES = ("auto", "light", "dark")
API = "/api/"
_KEY = "saoku.visit"

Connection = ASGIConnection[Any, Any, Any, Any]


class Visitor(Protocol):
    """The part of the actor that the web kernel needs; ``app.access.actor.Actor`` is one."""

    @property
    def language(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def csrf_token(self) -> str: ...
    @property
    def caller(self) -> Caller: ...


class Visit:
    """One request's knowledge; made on first use, filled in when the visitor is known."""

    __slots__ = ("actor", "camera", "command_id", "language", "nonce", "theme")

    def __init__(self, language: str, theme: str) -> None:
        self.language = language
        self.theme = theme
        self.actor: Visitor | None = None
        self.nonce = secrets.token_urlsafe(16)
        self.camera = False
        self.command_id: UUID | None = None

    def welcome(self, actor: Visitor) -> None:
        """The visitor is known now: speak their language (an integration's own stays)."""
        self.actor = actor
        if actor.csrf_token:
            self.language = actor.language

    @property
    def caller(self) -> Caller:
        return self.actor.caller if self.actor else Caller()

    @contextmanager
    def speaking(self) -> Generator[None]:
        """Render in the visitor's language and the time zone of their store."""
        zone = self.actor.time_zone if self.actor else DEFAULT_ZONE
        with speaking(self.language), in_zone(zone):
            yield


def visit_of(connection: Connection) -> Visit:
    """The visit that a request belongs to."""
    scope = cast("dict[str, Any]", connection.scope)
    known = scope.get(_KEY)
    if known is None:
        known = scope[_KEY] = Visit(_language(connection), _theme(connection))
    return known


def visit_in(scope: Scope) -> Visit | None:
    """The visit of a raw ASGI scope, where one was made."""
    return cast("dict[str, Any]", scope).get(_KEY)


def is_api(connection: Connection) -> bool:
    return connection.scope["path"].startswith(API)


def _language(connection: Connection) -> str:
    if is_api(connection):
        accepted = connection.headers.get("accept-language", "")
        return "zh_CN" if accepted.strip().lower().startswith("zh") else "en"
    chosen = connection.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return getattr(connection.app.state, "language", DEFAULT_LANGUAGE)


def _theme(connection: Connection) -> str:
    chosen = connection.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else "auto"
