from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Cookies
from litestar import Litestar
from litestar.testing import TestClient
from sqlmodel import text

from app.access.secrets import hash_password
from app.kit.database import SYSTEM, Database
from app.kit.ids import new_id
from tests.harness import SampleCompany

PASSWORD = "a long password"
HASHED = hash_password(PASSWORD)


class Browser:
    """Someone's browser: cookies, the CSRF token of its session, a fresh id for each command.

    All browsers of a test share one client, because an application is started once; each puts its
    own cookies into it before it asks.
    """

    def __init__(self, client: TestClient[Litestar]) -> None:
        self.client = client
        self.cookies = Cookies()
        self.csrf = ""

    def request(self, method: str, url: str, **options: Any) -> Any:
        self.client.cookies = self.cookies
        answer = self.client.request(method, url, **options)
        self.cookies = Cookies(self.client.cookies)
        return answer

    def get(self, url: str, **options: Any) -> Any:
        return self.request("GET", url, **options)

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        fields = {"_csrf": self.csrf, "command_id": str(new_id()), **(data or {})}
        return self.request("POST", url, data=fields, **options)

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        answer = self.post("/login", {"login": login, "password": password})
        if answer.status_code == 303:
            self.read_token()
        return answer

    def read_token(self) -> None:
        page = self.get("/account")
        if page.status_code == 303:
            page = self.get(page.headers["location"])
        found = re.search(r'name="csrf-token" content="([^"]*)"', page.text)
        assert found
        self.csrf = found[1]


@pytest.fixture
def open_browser(web: TestClient[Litestar]) -> Callable[[], Browser]:
    return lambda: Browser(web)


@pytest.fixture
def people(database: Database, company: SampleCompany) -> SampleCompany:
    """The sample company in which everyone has the same password."""
    change(database, "update app_user set password_hash = :hash", hash=HASHED)
    return company


@pytest.fixture
def signed_in(
    people: SampleCompany, open_browser: Callable[[], Browser]
) -> Callable[[str], Browser]:
    def sign_in(login: str) -> Browser:
        browser = open_browser()
        assert browser.sign_in(login).status_code == 303
        return browser

    return sign_in


def change(database: Database, sql: str, **parameters: Any) -> None:
    """Change the world behind the application's back."""
    with database.session(SYSTEM) as session:
        session.connection().execute(text(sql), parameters)
        session.commit()


def ask(database: Database, sql: str, **parameters: Any) -> Any:
    """The first column of the first row."""
    with database.session(SYSTEM) as session:
        return session.connection().execute(text(sql), parameters).scalar()
