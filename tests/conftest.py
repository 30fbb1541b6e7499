"""Real PostgreSQL for every test that asks: a fresh clone of a migrated template."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from app.kit.database import SYSTEM, Database
from tests import harness
from tests.network_guard import only_loopback
from tests.web import as_user, one_app, web, web_app

__all__ = ["as_user", "one_app", "only_loopback", "web", "web_app"]

settings.register_profile(
    "saoku", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# HYPOTHESIS_PROFILE=thorough before a release: twenty times as many examples.
settings.register_profile("thorough", parent=settings.get_profile("saoku"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "saoku"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[harness.Server]:
    with harness.server() as running:
        harness.make_template(running)
        yield running


@pytest.fixture
def database_name(postgres: harness.Server) -> Iterator[str]:
    with harness.fresh_database(postgres) as name:
        yield name


@pytest.fixture
def owner_url(postgres: harness.Server, database_name: str) -> str:
    return postgres.url(database_name)


@pytest.fixture
def database(postgres: harness.Server, database_name: str) -> Iterator[Database]:
    """The application role's connections to a fresh, migrated, empty database."""
    opened = postgres.database(database_name)
    yield opened
    opened.close()


@pytest.fixture
def company(database: Database) -> harness.SampleCompany:
    return harness.make_company(database)


@pytest.fixture
def run(database: Database) -> harness.Runner:
    return harness.Runner(database, SYSTEM)


@pytest.fixture
def verified(database: Database) -> Iterator[None]:
    """At the end of the test everything must add up."""
    yield
    harness.assert_verified(database)
