from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.demo.making import make_demo
from app.kit.database import Database
from tests import harness


@pytest.fixture(scope="module")
def demo(postgres: harness.Server) -> Iterator[Database]:
    """A database with the demo company, made once for the tests that only look."""
    with harness.fresh_database(postgres) as name:
        database = postgres.database(name)
        make_demo(database)
        yield database
        database.close()
