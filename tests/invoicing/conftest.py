from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.kit.database import Database
from app.ledger.verify import verify
from tests.buying import Buyer
from tests.harness import Runner, SampleCompany


@pytest.fixture
def buyer(run: Runner, company: SampleCompany, database: Database) -> Iterator[Buyer]:
    """At the end everything must add up."""
    yield Buyer(run, company, database)
    assert verify(database) == []
