"""The web kernel: from refusal to screen, envelopes, cursors, headers, static files."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

import psycopg
import pytest
from litestar import Litestar, Response, Router, get, post
from litestar.connection import Request
from litestar.datastructures import State
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.testing import RequestFactory, TestClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.kit import clock
from app.kit.i18n import mark
from app.kit.ids import new_id
from app.kit.problems import Problem
from app.kit.refusals import answer_exception
from app.kit.security import add_security_headers
from app.kit.static_files import static_files
from app.kit.web import BadCursor, Cursor, api, envelope, local, page, regions, see

Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]
Any_ = Any


class Refused(Problem):
    code: ClassVar[str] = "test_refused"
    text: ClassVar[str] = mark("There are {count} left.")
    advice: ClassVar[str] = mark("Take fewer.")


def boom(kind: str) -> Exception:
    return {
        "refused": Refused(count=3),
        "bug": ZeroDivisionError("our fault"),
        "down": OperationalError("select", {}, psycopg.OperationalError("gone")),
        "busy": PoolTimeout("no connection is free"),
        "bad_sql": psycopg.errors.UndefinedColumn("typo"),
    }[kind]


@get("/fail/{kind:str}", sync_to_thread=False)
def fail(kind: str) -> None:
    raise boom(kind)


@get("/fail/{kind:str}", sync_to_thread=False)
def api_fail(kind: str) -> None:
    raise boom(kind)


@post("/forms", sync_to_thread=False)
def take_form(request: Request[Any, Any, Any], data: Form) -> Response[Any]:
    envelope(request, data)
    return see(data.get("to", "/login"))


@get("/numbers", sync_to_thread=False)
def numbers(count: int) -> dict[str, int]:
    return {"count": count}


@get("/camera", sync_to_thread=False)
def camera(request: Request[Any, Any, Any]) -> Response[Any]:
    return page(request, "problem.html", problem=Refused(count=1))


@get("/regions", sync_to_thread=False)
def some_regions(request: Request[Any, Any, Any]) -> Response[Any]:
    return regions(request, "problem.hx.html", feedback="attention", problem=Refused(count=1))


@pytest.fixture(scope="module")
def client():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = Litestar(
            [
                Router("/", route_handlers=[fail, take_form, numbers, camera, some_regions]),
                api([api_fail, numbers], tag="Tests"),
            ],
            exception_handlers={Exception: answer_exception},
            before_send=[add_security_headers],
            request_max_body_size=1000,
            state=State({"language": "zh_CN"}),
            openapi_config=None,
            logging_config=None,
        )
    with TestClient(app, raise_server_exceptions=False) as made:
        made.follow_redirects = False
        yield made


HX = {"HX-Request": "true"}
STATUSES = {"refused": 409, "bug": 500, "bad_sql": 500, "down": 503, "busy": 503}

# ---- From refusal to screen -------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_each_exception_has_its_status_everywhere(client, kind, status):
    for url, headers in (
        (f"/fail/{kind}", {}),
        (f"/fail/{kind}", HX),
        (f"/api/v1/fail/{kind}", {}),
    ):
        assert client.get(url, headers=headers).status_code == status


def test_a_fragment_changes_the_problem_region_alone_and_sounds_refused(client):
    answer = client.get("/fail/refused", headers=HX)
    assert answer.text.strip().startswith('<hx-partial hx-target="#problem"')
    assert "There are 3 left." in answer.text
    assert '"tone": "refused"' in answer.headers["HX-Trigger"]
    assert "<html" not in answer.text


def test_a_plain_request_gets_a_page(client):
    answer = client.get("/fail/refused")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "Take fewer." in answer.text
    assert "</html>" in answer.text


def test_the_api_gets_problem_json(client):
    answer = client.get("/api/v1/fail/refused")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:saoku:problem:test_refused",
        "title": "Test refused",
        "status": 409,
        "detail": "There are 3 left.",
        "code": "test_refused",
        "advice": "Take fewer.",
        "data": {"count": 3},
    }


def test_who_asks_for_json_gets_it_on_any_page(client):
    answer = client.get("/fail/refused", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "test_refused"


def test_our_fault_has_a_number_and_tells_nothing_else(client):
    body = client.get("/api/v1/fail/bug").json()
    assert len(body["incident"]) == 8
    assert body["incident"] in body["detail"]
    assert "ZeroDivision" not in str(body)
    assert "Not confirmed" in body["advice"]


def test_our_fault_is_logged_with_its_number(client, capsys):
    incident = client.get("/api/v1/fail/bug").json()["incident"]
    logged = capsys.readouterr()
    assert incident in logged.out + logged.err
    assert "our fault" in logged.out + logged.err


def test_a_lost_database_says_when_to_come_back(client):
    assert client.get("/fail/down", headers=HX).headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN,zh", "没有内容"), ("en", "nothing"), ("", "nothing")]
)
def test_the_api_speaks_english_or_what_is_asked_for(client, language, words):
    answer = client.get("/api/v1/none", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert words in answer.json()["detail"]


def test_other_refusals_of_http(client):
    assert client.get("/none").status_code == 404
    assert client.delete("/forms").status_code == 405
    wrong = client.get("/api/v1/numbers?count=many")
    assert wrong.status_code == 422
    assert "count" in wrong.json()["data"]["fields"]


def test_a_body_that_is_too_large_is_refused_not_read(client):
    answer = client.post("/forms", data={"code": "x" * 10_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"\xff\xfe=%ff", b"a=%00", b"=", b"&&&", b"a" * 999])
def test_odd_forms_are_refused_not_crashed_on(client, body):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/forms", content=body, headers=headers).status_code == 422


# ---- Answers ----------------------------------------------------------------------------------


def test_a_redirect_is_told_to_htmx_in_a_header(client):
    data = {"command_id": str(new_id()), "to": "/stock"}
    assert client.post("/forms", data=data).headers["location"] == "/stock"
    answer = client.post("/forms", data=data, headers=HX)
    assert answer.status_code == 204
    assert answer.headers["hx-redirect"] == "/stock"
    assert "location" not in answer.headers


def test_regions_carry_the_tone(client):
    assert client.get("/regions").headers["HX-Trigger"] == (
        '{"saoku:feedback": {"tone": "attention"}}'
    )


def test_the_policy_allows_nothing_inline(client):
    headers = client.get("/camera").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "wasm-unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    nonces = {client.get("/camera").headers["content-security-policy"] for _ in range(3)}
    assert len(nonces) == 3


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("/stock?a=1", "/stock?a=1"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
        ("/收货", "/"),
    ],
)
def test_only_our_own_addresses_are_gone_to(url, safe):
    assert local(url) == safe


# ---- Envelopes --------------------------------------------------------------------------------


def request(**headers: str) -> Any_:
    return RequestFactory().post("/x", headers=headers)


def test_an_envelope_takes_id_moment_and_sequence_from_the_form():
    moment = datetime(2026, 11, 22, 13, 45, tzinfo=UTC)
    made = new_id()
    fields = {"command_id": str(made), "occurred_at": moment.isoformat(), "sequence": "7"}
    found = envelope(request(), fields)
    assert (found.command_id, found.occurred_at, found.sequence) == (made, moment, 7)


def test_the_api_sends_the_id_in_a_header():
    made = new_id()
    assert envelope(request(**{"Idempotency-Key": f'"{made}"'})).command_id == made


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "no_command_id"),
        ({"command_id": "7"}, "bad_command_id"),
        ({"occurred_at": "yesterday"}, "bad_moment"),
        ({"occurred_at": "2026-11-22T13:45:00"}, "bad_moment"),
    ],
)
def test_an_envelope_without_a_good_id_or_time_is_refused(fields, code):
    given = {"command_id": str(new_id()), **fields} if fields else {}
    with pytest.raises(Problem) as refused:
        envelope(request(), given)
    assert refused.value.code == code
    assert refused.value.status == 422


def test_nothing_happens_in_the_future():
    ahead = (clock.now() + timedelta(days=1)).isoformat()
    found = envelope(request(), {"command_id": str(new_id()), "occurred_at": ahead})
    assert found.occurred_at <= clock.now()


@pytest.mark.parametrize("sequence", ["", "-1", "x", "9" * 30, "²"])
def test_an_odd_sequence_is_no_sequence(sequence):
    fields = {"command_id": str(new_id()), "sequence": sequence}
    assert envelope(request(), fields).sequence is None


# ---- Cursors ----------------------------------------------------------------------------------


class Row:
    def __init__(self, number: int) -> None:
        self.id, self.name = number, f"商品 {number}"


def test_a_cursor_walks_through_a_list_once():
    rows, seen, cursor = [Row(number) for number in range(7)], [], Cursor(limit=3)
    while True:
        after = cursor.after[1] if cursor.after else -1
        listing = cursor.cut(
            [row for row in rows if row.id > after][: cursor.limit + 1], "name", "id"
        )
        seen += [row.id for row in listing.rows]
        if listing.next_cursor is None:
            break
        cursor = Cursor.read(listing.next_cursor, "3")
    assert seen == list(range(7))


@pytest.mark.parametrize("given", ["x", "AAAAAAAA", "é", "-" * 3000, "eyJhIjoxfQ"])
def test_a_garbled_cursor_is_refused(given):
    with pytest.raises(Problem) as refused:
        Cursor.read(given)
    assert refused.value.code == "bad_cursor"


def test_a_key_of_moment_and_id_is_told_from_another_lists():
    own = Cursor(("2026-11-22T13:45:00+08:00", "01978c1e-0000-7000-8000-000000000000"))
    assert own.by_moment_and_id() == own
    assert Cursor().by_moment_and_id() == Cursor()
    for other in ((7,), ("soon", own.after[1]), (own.after[0], 7), (*own.after, 1)):
        with pytest.raises(BadCursor):
            Cursor(other).by_moment_and_id()


@pytest.mark.parametrize("limit", ["0", "501", "-1", "many", "1e3", "9" * 40])
def test_a_limit_out_of_range_is_refused(limit):
    with pytest.raises(Problem) as refused:
        Cursor.read(None, limit)
    assert refused.value.code == "bad_limit"


def test_limits_in_range():
    assert [Cursor.read(None, limit).limit for limit in (None, "", "1", "500", 20)] == [
        50, 50, 1, 500, 20,
    ]  # fmt: skip


# ---- Static files -----------------------------------------------------------------------------


def test_static_files_are_packed_and_kept_for_ever(tmp_path):
    from litestar.handlers import asgi

    from app.kit.static_files import serve_static

    app = Litestar([asgi("/static", is_mount=True, copy_scope=True)(serve_static)])
    with TestClient(app) as client:
        url = static_files().url("css/app.css")
        assert url.startswith("/static/")
        packed = client.get(url, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "immutable" in packed.headers["cache-control"]
        plain = client.get(url, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == packed.content == (static_files().root / "css/app.css").read_bytes()
        assert gzip.decompress(static_files().find("css/app.css").compressed()) == plain.content
        for bad in ("../../app/main.py", "css/none.css", "%2e%2e/%2e%2e/app/main.py", ""):
            assert client.get(f"/static/x/{bad}").status_code == 404
