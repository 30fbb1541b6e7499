"""Bring a database to the newest shape, once, however many servers start together."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from app.kit.database import sqlalchemy_url

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
LOCK = 0x5A0C0


def upgrade(owner_url: str) -> None:
    """Run the missing migrations in one transaction under an advisory lock.

    Args:
        owner_url: a role that may create tables, roles and extensions.
    """
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
            if _revision(connection) != newest_revision():
                _migrate(connection)
    finally:
        engine.dispose()


def state(owner_url: str) -> tuple[str | None, str]:
    """(revision of the database, newest revision of the code)."""
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.connect() as connection:
            return _revision(connection), newest_revision()
    finally:
        engine.dispose()


def newest_revision() -> str:
    """Of the code: migrations are numbered, and their file's name begins with the number."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def _revision(connection: Connection) -> str | None:
    if connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return None
    return connection.scalar(text("select version_num from alembic_version"))


def _migrate(connection: Connection) -> None:
    # Nearly every start finds the newest shape, and loading Alembic takes longer than to see that.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
