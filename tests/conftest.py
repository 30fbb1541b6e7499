"""Real PostgreSQL for every test that asks: a fresh clone of a migrated template."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from app.kit.database import SYSTEM, Database
from tests import harness
from tests.harness import postgres
from tests.network_guard import only_loopback
from tests.recycling import LentDatabase, Recycled, Shelf
from tests.web import as_user, one_app, web, web_app

__all__ = ["as_user", "one_app", "only_loopback", "postgres", "web", "web_app"]

settings.register_profile(
    "saoku", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# HYPOTHESIS_PROFILE=thorough before a release: twenty times as many examples.
settings.register_profile("thorough", parent=settings.get_profile("saoku"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "saoku"))


@pytest.fixture(scope="session")
def shelf(postgres: harness.Server) -> Iterator[Shelf]:
    shelf = Shelf(postgres)
    yield shelf
    shelf.clear()


@pytest.fixture
def recycled(shelf: Shelf, request: pytest.FixtureRequest) -> Iterator[Recycled]:
    """A database as new; tests with the sample company find it there."""
    with shelf.borrow(with_company="company" in request.fixturenames) as borrowed:
        yield borrowed


@pytest.fixture
def database_name(recycled: Recycled) -> str:
    return recycled.name


@pytest.fixture
def owner_url(postgres: harness.Server, database_name: str) -> str:
    return postgres.url(database_name)


@pytest.fixture
def database(recycled: Recycled) -> Database:
    """The application role's connections to a fresh, migrated, empty database."""
    return recycled.lend()


@pytest.fixture
def company(database: Database) -> harness.SampleCompany:
    ready = database.company if isinstance(database, LentDatabase) else None
    return ready or harness.make_company(database)


@pytest.fixture
def run(database: Database) -> harness.Runner:
    return harness.Runner(database, SYSTEM)


@pytest.fixture
def verified(database: Database) -> Iterator[None]:
    """At the end of the test everything must add up."""
    yield
    harness.assert_verified(database)
