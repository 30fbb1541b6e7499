"""Bring a database to the newest shape, once, however many servers start together."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

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
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def state(owner_url: str) -> tuple[str | None, str | None]:
    """(revision of the database, newest revision of the code)."""
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current, ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
