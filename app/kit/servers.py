"""Whichever PostgreSQL the settings name, running."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from app.kit.config import Settings
from app.kit.database import APPLICATION_ROLE
from app.kit.embedded_postgres import EmbeddedPostgres

LOOK_EVERY_SECONDS = 0.5
log = structlog.get_logger("saoku")


@dataclass(frozen=True)
class Server:
    """How to reach the database, as the owner of the tables and as the application.

    ``app_role`` is the role to drop to after logging in with ``app_url`` (``Database(role=...)``);
    None where that URL already is the application role's own login.
    """

    owner_url: str
    app_url: str
    app_role: str | None


@contextmanager
def running_server(settings: Settings) -> Generator[Server]:
    """The database of ``SAOKU_DATABASE_URL``, or the embedded one for as long as the block runs."""
    if settings.database_url:
        yield external_server(settings, settings.database_url)
    else:
        with EmbeddedPostgres(settings.data_dir) as connection:
            yield Server(connection.owner_url, connection.app_url, None)


def keep_running(settings: Settings) -> None:
    """Start the embedded server again whenever it died; until SIGTERM.

    Its write-ahead log holds every acknowledged command; requests in between are told that nothing
    is confirmed, and the devices send them again.
    """
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: stopping.set())
    embedded = EmbeddedPostgres(settings.data_dir)
    embedded.start()
    while not stopping.wait(LOOK_EVERY_SECONDS):
        if embedded.postmaster_pid() is None:
            log.error("the embedded PostgreSQL died; it is started again")
            embedded.stop()
            embedded.start()
        embedded.trim_log()
    embedded.stop()


def server_if_running(settings: Settings) -> Server | None:
    """As ``running_server``, but starts nothing: None where the embedded server is stopped."""
    if settings.database_url:
        return external_server(settings, settings.database_url)
    connection = EmbeddedPostgres(settings.data_dir).connection_if_running()
    return Server(connection.owner_url, connection.app_url, None) if connection else None


def external_server(settings: Settings, url: str) -> Server:
    own_login = settings.database_app_url
    return Server(url, own_login or url, None if own_login else APPLICATION_ROLE)
