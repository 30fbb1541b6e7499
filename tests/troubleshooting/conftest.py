from __future__ import annotations

import pytest

from app.kit.database import Database
from tests.harness import Runner, SampleCompany
from tests.troubleshooting.company import Made


@pytest.fixture
def made(database: Database, company: SampleCompany, run: Runner) -> Made:
    return Made(database, company, run)
