from __future__ import annotations

import pytest

from app.kit.database import Database
from tests.harness import Runner, SampleCompany
from tests.orders.selling import Shop


@pytest.fixture
def shop(database: Database, run: Runner, company: SampleCompany) -> Shop:
    made = Shop(database, run, company)
    made.customer()
    return made
