"""Composition root: the only module that knows every slice."""

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
from litestar.handlers import asgi
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ASGIApp, ControllerRouterHandler

from app import cli
from app.access import (
    audit_pages,
    company_pages,
    device_pages,
    login_pages,
    operations,
    own_pages,
    user_pages,
)
from app.access.authentication import Gate, provide_actor
from app.access.home import ACCESS_CARDS, HomeCard, home_handler
from app.administration import install_pages, lan
from app.administration.install_server import serve_install_page
from app.alerts import routes as alert_routes
from app.alerts.home import alerts_card
from app.approvals import api as approvals_api
from app.approvals import pages as approvals_pages
from app.approvals import policy_pages
from app.approvals.home import approvals_card
from app.approvals.prices import change_item_or_ask
from app.approvals.voting import executable
from app.board import boards, live_pages
from app.board import pages as board_pages
from app.board.topics import READERS
from app.catalog import api as catalog_api
from app.catalog import pages as catalog_pages
from app.catalog.home import catalog_card
from app.demo import pages as demo_pages
from app.demo.cli import run_demo
from app.importing import api as importing_api
from app.importing import pages as importing_pages
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
from app.kit.static_files import serve_service_worker, serve_static, static_files
from app.kit.templates import environment
from app.kit.web import FORM_BYTES
from app.labelling import api as labelling_api
from app.labelling import choosing_pages, printer_pages, queue_pages, template_pages
from app.labelling import exports as labelling_exports
from app.labelling import pages as labelling_pages
from app.labelling.home import labels_card
from app.notifications import routes as notification_routes
from app.notifications import tasks as notification_tasks
from app.notifications.home import notifications_card
from app.orders.releasing import release_order
from app.outbox import exports as outbox_exports
from app.outbox import log_pages
from app.outbox import pages as outbox_pages
from app.outbox.home import conflicts_card, scans_card
from app.outbox.rerun import repeatable
from app.picking import api as picking_api
from app.picking import commands as picking_commands
from app.picking import pages as picking_pages
from app.picking import work_pages as picking_work_pages
from app.picking.home import picking_card
from app.quality import api as quality_api
from app.quality import pages as quality_pages
from app.quality import return_api
from app.quality.changing import change_status
from app.quality.holds import lift_hold
from app.quality.home import quality_card, returns_card
from app.receiving import allowance_pages, order_pages, tag_pages, work_pages
from app.receiving import api as receiving_api
from app.receiving import commands as receiving_commands
from app.receiving import pages as receiving_pages
from app.receiving.allowance import allow_more
from app.receiving.home import orders_card, receiving_card
from app.receiving.package import receiving_packages
from app.rfid import api as rfid_api
from app.rfid import pages as rfid_pages
from app.scanning import pages as scanning_pages
from app.scanning.package_pages import package_handlers
from app.selling import allocation_pages, import_pages
from app.selling import api as selling_api
from app.selling import order_pages as selling_pages
from app.selling.home import sales_card
from app.shipping import api as shipping_api
from app.shipping import pages as shipping_pages
from app.shipping.home import shipping_card
from app.stock import api as stock_api
from app.stock import pages as stock_pages
from app.stock.corrections import take_back_move
from app.stock.home import stock_card
from app.troubleshooting import api as troubleshooting_api
from app.troubleshooting import pages as troubleshooting_pages
from app.troubleshooting.home import trouble_card

# What a supervisor can run again after it was refused.
REPEATABLE = repeatable(
    [
        receiving_commands.scan, receiving_commands.set_quantity, receiving_commands.enter_lot,
        receiving_commands.enter_expiry, receiving_commands.press_button,
        picking_commands.scan, picking_commands.set_quantity, picking_commands.short_pick,
        picking_commands.press_button,
    ]
)  # fmt: skip
# What asks for approval: the last vote runs it.
EXECUTABLE = executable(
    [allow_more, change_item_or_ask, take_back_move, change_status, lift_hold, release_order]
)
# What the worker runs besides what the modules of pages name by being imported.
TASKS = (notification_tasks.send_task, notification_tasks.look_again)
VERSION = "0.1.0"
HOME_CARDS: list[HomeCard] = [
    board_pages.board_card,
    receiving_card,
    picking_card,
    orders_card,
    sales_card,
    shipping_card,
    stock_card,
    quality_card,
    returns_card,
    trouble_card,
    labels_card,
    catalog_card,
    approvals_card,
    conflicts_card,
    alerts_card,
    notifications_card,
    *ACCESS_CARDS,
    scans_card,
]


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
    hub = Hub(database, {**READERS, board_pages.BOARD: boards.read}, is_stopping)
    return Litestar(
        # One router for everything: Litestar copies routers, but wraps a bare handler again for
        # each further method of its path and each further application of the process.
        route_handlers=[Router("/", route_handlers=_handlers(demo=demo))],
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


def _handlers(*, demo: bool) -> list[ControllerRouterHandler]:
    return [*_pages(demo=demo), *_api()]


def _api() -> list[ControllerRouterHandler]:
    return [
        catalog_api.router,
        importing_api.router,
        receiving_api.router,
        picking_api.router,
        selling_api.router,
        tag_pages.router,
        rfid_api.router,
        shipping_api.router,
        stock_api.router,
        quality_api.router,
        return_api.router,
        troubleshooting_api.router,
        labelling_api.router,
        approvals_api.router,
    ]


def _pages(*, demo: bool) -> list[ControllerRouterHandler]:
    return [
        asgi("/static", is_mount=True, copy_scope=True)(serve_static),
        asgi("/sw.js", copy_scope=True)(serve_service_worker),
        *operations.handlers,
        *install_pages.handlers,
        home_handler(
            [demo_pages.demo_card, demo_pages.why_card, *HOME_CARDS] if demo else HOME_CARDS
        ),
        *(demo_pages.handlers if demo else []),
        *login_pages.handlers,
        *own_pages.handlers,
        *user_pages.handlers,
        *device_pages.handlers,
        *company_pages.handlers,
        *audit_pages.handlers,
        *live_pages.handlers,
        *board_pages.handlers,
        *scanning_pages.handlers,
        *package_handlers([receiving_packages]),
        *catalog_pages.handlers,
        *importing_pages.handlers,
        *work_pages.handlers,
        *receiving_pages.handlers,
        *picking_work_pages.handlers,
        *picking_pages.handlers,
        *order_pages.handlers,
        *allowance_pages.handlers,
        *selling_pages.handlers,
        *import_pages.handlers,
        *allocation_pages.handlers,
        *rfid_pages.handlers,
        *tag_pages.handlers,
        *shipping_pages.handlers,
        *stock_pages.handlers,
        *quality_pages.handlers,
        *troubleshooting_pages.handlers,
        *labelling_pages.handlers,
        *approvals_pages.handlers,
        *policy_pages.handlers,
        *outbox_pages.handlers,
        *log_pages.handlers,
        *notification_routes.handlers,
        *alert_routes.handlers,
        *outbox_exports.handlers,
        *choosing_pages.handlers,
        *queue_pages.handlers,
        *printer_pages.handlers,
        *template_pages.handlers,
        *labelling_exports.handlers,
    ]


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
    # What lives as long as the process is never garbage, and a request makes thousands of objects
    # that reference counting frees: looking for cycles after every 700 of them costs a tenth.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    if settings.trusted_proxies:
        return TrustedProxies(app, settings.trusted_proxies).__call__
    return app
