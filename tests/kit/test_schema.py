"""The migrated database is what the code believes, and every named statement fits it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from app.kit.database import sqlalchemy_url
from app.kit.sql import Queries

pytestmark = pytest.mark.ledger
ROOT = Path(__file__).resolve().parents[2]
TABLES = sorted(ROOT.glob("app/*/tables.py"))
STATEMENTS = [
    (path, name)
    for path in sorted(ROOT.glob("app/**/*.sql"))
    if "migrations" not in path.parts
    for name in Queries(path).texts
]


def _ours(_object: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    """procrastinate brings its own tables; the progress of jobs is read by named SQL only."""
    foreign = ("procrastinate", "alembic", "job_progress")
    return not (reflected and kind == "table" and str(name).startswith(foreign))


OPTIONS = {"include_object": _ours, "compare_server_default": True}


def test_tables_equal_the_migrations(owner_url: str) -> None:
    for path in TABLES:
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    engine = create_engine(sqlalchemy_url(owner_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=OPTIONS)
            differences = compare_metadata(context, SQLModel.metadata)
    finally:
        engine.dispose()
    assert [str(difference) for difference in differences] == []


@pytest.mark.parametrize(
    ("path", "name"), STATEMENTS, ids=[f"{p.parent.name}.{n}" for p, n in STATEMENTS]
)
def test_named_statement_prepares(schema_connection, path: Path, name: str) -> None:
    text = numbered(Queries(path).texts[name])
    schema_connection.execute(f"prepare named as {text}")
    schema_connection.execute("deallocate named")


@pytest.fixture(scope="module")
def schema_connection(postgres):
    with psycopg.connect(postgres.url("saoku_template"), autocommit=True) as connection:
        yield connection


def numbered(text: str) -> str:
    """``%(name)s`` -> ``$1`` and ``%%`` -> ``%``, as the driver sends it."""
    names: list[str] = []

    def number(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return re.sub(r"%\((\w+)\)s", number, text).replace("%%", "%")
