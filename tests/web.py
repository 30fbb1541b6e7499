"""The application before a test, and people signed in to it; tests/conftest.py gives it to all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit.config import Settings
from app.kit.database import Database, driver
from app.main import create_app
from tests.harness import SampleCompany


class BorrowedDatabase(Database):
    """Whichever database the present test uses: making the application takes longer than a test."""

    def __init__(self) -> None:
        """Borrow before use."""

    def borrow(self, lent: Database) -> None:
        self.__dict__ = lent.__dict__


@pytest.fixture(scope="session")
def one_app(tmp_path_factory: pytest.TempPathFactory) -> tuple[Litestar, BorrowedDatabase]:
    borrowed = BorrowedDatabase()
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("data")), borrowed), borrowed


@pytest.fixture
def web_app(database: Database, one_app: tuple[Litestar, BorrowedDatabase]) -> Litestar:
    app, borrowed = one_app
    borrowed.borrow(database)
    return app


@pytest.fixture
def web(web_app: Litestar) -> Iterator[TestClient[Litestar]]:
    """A client that follows no redirect and gets the answer to our own faults too."""
    with TestClient(web_app, raise_server_exceptions=False) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def as_user(
    web: TestClient[Litestar], database: Database, company: SampleCompany
) -> Callable[[str], TestClient[Litestar]]:
    """The client, signed in as one of the sample company's people."""

    def sign_in(login: str) -> TestClient[Litestar]:
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
