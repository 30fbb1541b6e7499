from __future__ import annotations

import pytest

from tests.counting.counters import Counters
from tests.harness import Runner, SampleCompany


@pytest.fixture
def counters(run: Runner, company: SampleCompany) -> Counters:
    return Counters(run, company)
