"""A scratch database on a real PostgreSQL, emptied between scenarios and gone at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.kit import migrate
from app.kit.config import Settings
from app.kit.database import Database
from app.kit.embedded_postgres import EmbeddedPostgres
from app.kit.ids import new_id
from app.kit.servers import Server, external_server

TABLES = """
select relname from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
"""


class Scratch:
    """A migrated database without a company: ``empty`` makes it so again.

    What the migrations wrote themselves stays; rows in any other table go.  The connection that
    empties it is the owner's; scenarios work on ``database`` in the application's role.
    """

    def __init__(self, server: Server) -> None:
        self.database = Database(server.app_url, role=server.app_role, pool_size=2)
        self._owner = psycopg.connect(server.owner_url, autocommit=True)
        names = [row[0] for row in self._owner.execute(TABLES).fetchall()]
        given = self._filled(names)
        self._tables = [name for name in names if name not in given]

    def empty(self) -> None:
        """Remove every row that is there beyond the migrations' own."""
        filled = self._filled(self._tables)
        if not filled:
            return
        with self._owner.transaction():
            # Facts refuse to be deleted, and rows refer to each other in circles.
            self._owner.execute("set local session_replication_role = replica")
            for name in filled:
                self._owner.execute(sql.SQL("delete from {}").format(sql.Identifier(name)))

    def _filled(self, names: list[str]) -> list[str]:
        asked = [
            sql.SQL("select {} where exists (select from {})").format(name, sql.Identifier(name))
            for name in names
        ]
        found = self._owner.execute(sql.SQL(" union all ").join(asked)).fetchall()
        return [row[0] for row in found]

    def close(self) -> None:
        self.database.close()
        self._owner.close()


@contextmanager
def scratch(settings: Settings) -> Generator[Scratch]:
    """One for as long as the block runs: on the server of ``SAOKU_DATABASE_URL`` beside the
    company's own database, else on a server of its own.
    """
    if settings.database_url:
        with _database_beside(external_server(settings, settings.database_url)) as server:
            yield from _opened(server)
        return
    # Nothing of it outlives the run, so nothing is forced to disk.
    with (
        tempfile.TemporaryDirectory(prefix="saoku-scratch-") as folder,
        EmbeddedPostgres(Path(folder) / "data", unsafe_fast=True) as info,
    ):
        yield from _opened(Server(info.owner_url, info.app_url, None))


def _opened(server: Server) -> Generator[Scratch]:
    migrate.upgrade(server.owner_url)
    opened = Scratch(server)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _database_beside(server: Server) -> Generator[Server]:
    """A new database on the same server, dropped at the end."""
    name = f"saoku_scratch_{new_id().hex}"
    named = sql.Identifier(name)
    with psycopg.connect(_named(server.owner_url, "postgres"), autocommit=True) as maintenance:
        maintenance.execute(sql.SQL("create database {}").format(named))
        try:
            yield Server(
                _named(server.owner_url, name), _named(server.app_url, name), server.app_role
            )
        finally:
            maintenance.execute(sql.SQL("drop database {} with (force)").format(named))


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
