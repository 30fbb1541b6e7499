from __future__ import annotations

from app.access.secrets import hash_password
from app.kit.database import SYSTEM, Database
from litestar.testing import TestClient
from sqlmodel import text


def give_password(database: Database, login: str, password: str = "a long password") -> None:
    with database.session(SYSTEM) as session:
        session.connection().execute(
            text("update app_user set password_hash = :hash where login = :login"),
            {"hash": hash_password(password), "login": login},
        )
        session.commit()


def test_login_page_shows_itself(web: TestClient) -> None:
    answer = web.get("/login")
    assert answer.status_code == 200
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_right_password_opens_a_session(web, database, company) -> None:
    give_password(database, "operator_a")
    answer = web.post("/login", data={"login": "operator_a", "password": "a long password"})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/"
    assert web.get("/").status_code == 200


def test_without_a_session_there_is_only_the_login_page(web) -> None:
    answer = web.get("/")
    assert answer.status_code == 303, answer.text
    assert web.get("/", headers={"HX-Request": "true"}).status_code == 401
    assert web.get("/api/v1/nothing").json()["code"] == "no_such_page"
    assert web.get("/health").text == "ok\n"


def test_a_wrong_password_is_refused(web, database, company) -> None:
    give_password(database, "operator_a")
    for data in ({"login": "operator_a", "password": "wrong"}, {"login": "x", "password": "y"}):
        answer = web.post("/login", data=data)
        assert answer.status_code == 422
