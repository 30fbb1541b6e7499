from __future__ import annotations

from collections.abc import Iterator

import pytest
from app.kit.config import Settings
from app.kit.database import Database
from app.main import create_app
from litestar.testing import TestClient


@pytest.fixture
def web(database: Database, tmp_path) -> Iterator[TestClient]:
    """A client of the whole application that follows no redirect."""
    app = create_app(Settings(data_dir=tmp_path), database)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client
