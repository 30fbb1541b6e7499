"""Whichever PostgreSQL the settings name, running."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from app.kit.config import Settings
from app.kit.database import APPLICATION_ROLE
from app.kit.embedded_postgres import EmbeddedPostgres


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


def server_if_running(settings: Settings) -> Server | None:
    """As ``running_server``, but starts nothing: None where the embedded server is stopped."""
    if settings.database_url:
        return external_server(settings, settings.database_url)
    connection = EmbeddedPostgres(settings.data_dir).connection_if_running()
    return Server(connection.owner_url, connection.app_url, None) if connection else None


def external_server(settings: Settings, url: str) -> Server:
    own_login = settings.database_app_url
    return Server(url, own_login or url, None if own_login else APPLICATION_ROLE)
