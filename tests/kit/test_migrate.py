"""The shortcut of every start: which revision is the newest, and is the database there already."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql

from app.kit import migrate
from tests.harness import execute


def test_the_newest_file_is_the_last_of_the_chain() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == migrate.newest_revision()
    for script in scripts.walk_revisions():
        assert script.module.__file__.rpartition("/")[2].startswith(script.revision)


def test_a_migrated_database_is_left_alone(owner_url: str, monkeypatch) -> None:
    monkeypatch.setattr(migrate, "_migrate", None)
    migrate.upgrade(owner_url)
    assert migrate.state(owner_url) == (migrate.newest_revision(), migrate.newest_revision())


def test_an_empty_database_has_no_revision(owner_url: str) -> None:
    execute(owner_url, sql.SQL("drop table alembic_version"))
    assert migrate.state(owner_url)[0] is None
