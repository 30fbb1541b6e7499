"""Composition root: the only module that knows every slice."""

from __future__ import annotations

import warnings
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from litestar.handlers import asgi
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from app.access import login_pages
from app.access.authentication import Gate, provide_actor
from app.access.home import HomeCard, home_handler
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.operations import health
from app.kit.refusals import answer_exception
from app.kit.security import add_security_headers
from app.kit.static_files import serve_static
from app.kit.web import FORM_BYTES

VERSION = "0.1.0"
HOME_CARDS: list[HomeCard] = []


def create_app(settings: Settings, database: Database) -> Litestar:
    """The whole web application on a database that is migrated already."""
    with warnings.catch_warnings():
        # Litestar 3 will want dependencies marked in each signature; below 3, a plain
        # ``actor: Actor`` reads better.
        warnings.filterwarnings("ignore", ".*Inferred ", LitestarDeprecationWarning)
        return _app(settings, database)


def _app(settings: Settings, database: Database) -> Litestar:
    return Litestar(
        # One router for everything: Litestar copies routers, but wraps a bare handler again for each
        # further method of its path and each further application of the process.
        route_handlers=[Router("/", route_handlers=_handlers())],
        dependencies={
            "database": Provide(_provider(database), sync_to_thread=False),
            "actor": Provide(provide_actor),
        },
        plugins=[Gate()],
        exception_handlers={Exception: answer_exception},
        before_send=[add_security_headers],
        openapi_config=OpenAPIConfig(
            title="Saoku", version=VERSION, path="/api/schema", render_plugins=[JsonRenderPlugin()]
        ),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES,
        state=State({"language": settings.language, "settings": settings}),
        logging_config=None,
    )


def _handlers() -> list[ControllerRouterHandler]:
    return [
        asgi("/static", is_mount=True, copy_scope=True)(serve_static),
        health,
        home_handler(HOME_CARDS),
        *login_pages.handlers,
    ]


def _provider(database: Database) -> Any:
    def provide() -> Database:
        return database

    return provide
