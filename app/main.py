"""Composition root: the application and its processes; ``routes`` says what every slice offers."""

from __future__ import annotations

import argparse
import gc
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache, partial
from typing import Any

from litestar import Litestar, Router
from litestar.concurrency import set_asyncio_executor
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import LitestarDeprecationWarning
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp

from app import cli
from app.access.authentication import Gate, provide_actor
from app.administration import lan
from app.administration.install_server import serve_install_page
from app.approvals.prices import change_item_or_ask
from app.demo.cli import run_demo
from app.kit import logs
from app.kit.config import Settings, adopt
from app.kit.database import Database
from app.kit.i18n import LANGUAGES, catalogue, speaking
from app.kit.jobs import run_worker
from app.kit.live import Hub
from app.kit.metrics import measured, note_status, prepare
from app.kit.migrate import upgrade
from app.kit.proxies import TrustedProxies
from app.kit.refusals import answer_exception
from app.kit.security import add_security_headers
from app.kit.servers import Server, keep_running, running_server
from app.kit.serving import Background, is_stopping, serve_web, yield_to_the_database
from app.kit.static_files import static_files
from app.kit.templates import environment
from app.kit.web import FORM_BYTES
from app.routes import EXECUTABLE, LIVE, REPEATABLE, handlers

VERSION = "0.1.0"


def create_app(settings: Settings, database: Database, *, demo: bool = False) -> Litestar:
    """The whole web application on a database that is migrated already.

    ``demo`` adds the pages of the demo company: its guide and its codes to scan.
    """
    with warnings.catch_warnings():
        # Litestar 3 will want arguments marked by their kind in each signature; below 3, a plain
        # ``actor: Actor`` reads better.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        return _app(settings, database, demo=demo)


def _app(settings: Settings, database: Database, *, demo: bool) -> Litestar:
    hub = Hub(database, LIVE, is_stopping)
    return Litestar(
        # One router for everything: Litestar copies routers, but wraps a bare handler again for
        # each further method of its path and each further application of the process.
        route_handlers=[Router("/", route_handlers=handlers(demo=demo))],
        dependencies={
            "database": Provide(_provider(database), sync_to_thread=False),
            "actor": Provide(provide_actor),
        },
        plugins=[Gate()],
        exception_handlers={Exception: answer_exception},
        middleware=[measured],
        before_send=[add_security_headers, note_status],
        openapi_config=OpenAPIConfig(
            title="Saoku", version=VERSION, path="/api/schema", render_plugins=[JsonRenderPlugin()]
        ),
        include_in_schema=False,
        request_max_body_size=FORM_BYTES,
        state=State(
            {
                "language": settings.language,
                "signing_key": cache(settings.signing_key),
                "photo_max_bytes": settings.photo_max_bytes,
                "import_max_bytes": settings.import_max_bytes,
                "repeatable": REPEATABLE,
                "executable": EXECUTABLE,
                "change_item": change_item_or_ask,
                "settings": settings,
                "printer_networks": settings.printer_networks,
                "notification_networks": settings.notification_networks,
                "live": hub,
            }
        ),
        on_startup=[hub.open],
        on_shutdown=[hub.close],
        logging_config=None,
    )


def _provider(database: Database) -> Any:
    def provide() -> Database:
        return database

    return provide


# ---- Processes --------------------------------------------------------------------------------


def serve_command(arguments: list[str]) -> int:
    """``./saoku serve``."""
    parser = argparse.ArgumentParser(
        "saoku serve",
        description="Run PostgreSQL, the web workers and the job worker until Ctrl-C or SIGTERM."
        " Settings are SAOKU_* variables; `./saoku doctor` lists them.",
    )
    parser.add_argument("--host", help="address to listen on (SAOKU_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (SAOKU_PORT)")
    parser.add_argument(
        "--lan", action="store_true", help="HTTPS for phones in the local network, with QR codes"
    )
    given = {name: value for name, value in vars(parser.parse_args(arguments)).items() if value}
    in_lan = given.pop("lan", False)
    settings = replace(Settings.from_environment(), **given)
    with speaking(cli.language()):
        return _serve_in_lan(settings) if in_lan else _serve(settings)


def _serve(settings: Settings) -> int:
    serve(settings)
    return 0


def _serve_in_lan(settings: Settings) -> int:
    settings = lan.with_lan(settings)
    language = cli.language()

    def announce(_address: str) -> None:
        with speaking(language):  # in a thread of its own
            lan.announce_lan(settings)

    serve(settings, announce)
    return 0


def worker_command(arguments: list[str]) -> int:
    """``./saoku worker``."""
    argparse.ArgumentParser(
        "saoku worker",
        description="Run background jobs beside a server elsewhere; `serve` has a worker already.",
    ).parse_args(arguments)
    settings = Settings.from_environment()
    with running_server(settings) as server:
        upgrade(server.owner_url)
        job_worker(settings, server)
    return 0


def demo_command(arguments: list[str]) -> int:
    """``./saoku demo``."""
    with speaking(cli.language()):
        return run_demo(arguments, serve)


def serve(
    settings: Settings,
    announce: Callable[[str], None] = print,
    *,
    demo: bool = False,
    beside: Callable[[Server], AbstractContextManager[None]] = lambda _server: nullcontext(),
) -> None:
    """Run the whole product until SIGTERM or SIGINT: PostgreSQL, web workers, job worker.

    Args:
        announce: gets the address once the first page can be had.
        demo: with the pages of the demo company.
        beside: entered with the migrated database before the first request, left before it stops.

    Raises:
        Problem: it cannot start here; the text says why and what to do.
    """
    logs.configure(settings)
    prepare(settings.data_dir / "metrics")
    with running_server(settings) as server:
        upgrade(server.owner_url)
        with beside(server), lan.looking_after(settings):
            serve_web(
                settings,
                loader=partial(worker_app, settings, server, demo=demo),
                background=_background(settings, server),
                announce=announce,
            )


def _background(settings: Settings, server: Server) -> list[Background]:
    beside: list[Background] = [partial(job_worker, settings, server)]
    if lan.is_own_authority(settings):
        beside.append(partial(serve_install_page, settings))
    return beside if settings.database_url else [*beside, partial(keep_running, settings)]


def job_worker(settings: Settings, server: Server) -> None:
    """Run background jobs until SIGTERM.  This module's imports have named every task."""
    logs.configure(settings)
    adopt(settings)
    run_worker(server.app_url, role=server.app_role)


def worker_app(settings: Settings, server: Server, *, demo: bool = False) -> ASGIApp:
    """The application of one web worker, with connections of its own."""
    gc.disable()
    logs.configure(settings)
    yield_to_the_database()
    # A thread waits for the database most of its time: as many of them as there are connections.
    threads = ThreadPoolExecutor(settings.database_pool, thread_name_prefix="saoku")
    set_asyncio_executor(threads)
    environment()
    static_files()
    for language in LANGUAGES:
        catalogue(language)
    database = Database(server.app_url, role=server.app_role, pool_size=settings.database_pool)
    app = create_app(settings, database, demo=demo)
    # What lives as long as the process is never garbage: not looked at while it is made, which
    # halves the time, nor later.  A request makes thousands of objects that reference counting
    # frees: looking for cycles after every 700 of them costs a tenth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
    if settings.trusted_proxies:
        return TrustedProxies(app, settings.trusted_proxies).__call__
    return app
