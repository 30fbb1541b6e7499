from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit.config import Settings
from app.kit.database import Database, driver
from app.main import create_app
from tests.harness import SampleCompany


@pytest.fixture
def web(database: Database, tmp_path) -> Iterator[TestClient]:
    app = create_app(Settings(data_dir=tmp_path), database)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def as_user(
    web: TestClient, database: Database, company: SampleCompany
) -> Callable[[str], TestClient]:
    """The client, signed in as one of the sample company's people."""

    def sign_in(login: str) -> TestClient:
        token = new_token()
        with database.session(company.callers["administrator"]) as session:
            driver(session).execute(
                "select open_session(%s, %s, null, 'csrf', null, 'test')",
                [token_hash(token), company.users[login]],
            )
            session.commit()
        web.cookies.set("saoku_session", token)
        web.headers["X-CSRF-Token"] = "csrf"
        web.headers["Accept"] = "text/html"
        return web

    return sign_in
