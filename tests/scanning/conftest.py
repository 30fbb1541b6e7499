"""Public vectors and photos, kept outside the repository because their licences differ."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

SHARED = Path(
    os.environ.get("SAOKU_SHARED_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data"
)


@pytest.fixture(scope="session")
def shared_data():
    """The folder of public test data; the test is skipped, visibly, where it is missing."""
    if not (SHARED / "README.md").is_file():
        pytest.skip(f"no public test data in {SHARED}; set SAOKU_SHARED_DATA")
    return SHARED


@pytest.fixture(scope="session")
def vectors(shared_data):
    def read(name):
        return json.loads((shared_data / name).read_text(encoding="utf-8"))["vectors"]

    return read
