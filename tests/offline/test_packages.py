"""Work packages through HTTP: whose they are, what is in them, when they are sent again."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from app.counting import package as count_package
from app.kit.database import SYSTEM, Database, driver
from app.picking import package as pick_package
from app.receiving import package
from app.receiving.commands import OrderLine
from app.scanning import packages
from tests.counting.conftest import counters
from tests.counting.counters import Counters
from tests.picking.conftest import Floor, floor
from tests.receiving.conftest import BREAD, CASE, MILK, Dock, dock

__all__ = ["counters", "dock", "floor"]

STATEMENTS = [
    (source, name)
    for source in (packages.QUERIES, package.QUERIES, pick_package.QUERIES, count_package.QUERIES)
    for name in source.texts
]


@pytest.mark.parametrize(("source", "name"), STATEMENTS, ids=[name for _, name in STATEMENTS])
def test_the_statement_can_be_prepared(database: Database, source: Any, name: str) -> None:
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    text = re.sub(r"%\((\w+)\)s", numbered, source.texts[name])
    with database.session(SYSTEM) as session:
        driver(session).execute(f"prepare statement as {text}".encode())


@pytest.fixture
def path(dock: Dock) -> str:
    dock.open(
        dock.order(
            OrderLine("BREAD", Decimal(7), Decimal(3)), OrderLine("MILK", Decimal(5), Decimal(2))
        )
    )
    return f"/packages/receiving/{dock.receipt_id}"


def test_a_package_holds_what_the_screen_and_the_rules_need(
    dock: Dock, path: str, as_user: Callable[[str], Any]
) -> None:
    dock.scan(CASE)
    found = as_user("operator_a").get(path).json()
    assert found["open"]["url"] == f"/receiving/{dock.receipt_id}"
    assert found["user_id"] == dock.company.users["operator_a"]
    assert {item["code"] for item in found["goods"]["items"]} == {"BREAD", "MILK"}
    bread, case = dock.company.items["bread"], dock.company.packagings["bread_case"]
    assert [CASE, bread, case] in found["goods"]["codes"]
    assert [BREAD, bread, None] in found["goods"]["codes"]
    assert {lot["code"] for lot in found["goods"]["lots"]} == {"M1"}
    assert any(place[2] == "A-SHELF1" for place in found["goods"]["places"])
    facts = found["work"]["facts"]
    assert [line["received"].partition(".")[0] for line in facts["lines"]] == ["6", "0"]
    assert facts["last"]["item"]["code"] == "BREAD"
    assert facts["holdings"][0]["location"]
    assert found["work"]["state"]["step"] == "scan_item"
    assert MILK in {code for code, _, _ in found["goods"]["codes"]}


def test_the_same_package_is_not_sent_twice(
    dock: Dock, path: str, as_user: Callable[[str], Any]
) -> None:
    web = as_user("operator_a")
    first = web.get(path)
    assert first.headers["content-encoding"] == "gzip"
    assert (
        "no-store" in first.headers["cache-control"] or "private" in first.headers["cache-control"]
    )
    again = web.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    dock.scan(BREAD)
    assert web.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_the_list_names_the_open_work_of_the_person(
    dock: Dock, path: str, as_user: Callable[[str], Any]
) -> None:
    listed = as_user("operator_a").get("/packages").json()
    assert [f"/packages/{one['workflow']}/{one['id']}" for one in listed] == [path]
    dock.press("PAUSE")
    assert as_user("operator_a").get("/packages").json() == []
    assert as_user("operator_a").get(path).status_code == 404


@pytest.mark.parametrize("login", ["operator_b", "supervisor_a"])
def test_nobody_carries_the_work_of_another(
    dock: Dock, path: str, as_user: Callable[[str], Any], login: str
) -> None:
    assert as_user(login).get(path).status_code == 404
    assert as_user(login).get("/packages").json() == []


def test_a_pick_is_carried_by_whoever_holds_it(floor: Floor, as_user: Callable[[str], Any]) -> None:
    floor.stock("bread", "5")
    floor.begin(floor.order(("BREAD", "2")).order_id)
    path = f"/packages/picking/{floor.pick_id}"
    listed = as_user("operator_a").get("/packages").json()
    assert [f"/packages/{one['workflow']}/{one['id']}" for one in listed] == [path]
    work = as_user("operator_a").get(path).json()["work"]
    assert [stop["location"] for stop in work["facts"]["stops"]] == ["A-SHELF1"]
    assert f'content="picking/{floor.pick_id}"' in as_user("operator_a").get(path[9:]).text
    assert as_user("supervisor_a").get(path).status_code == 404
    floor.press("PAUSE")
    assert as_user("operator_a").get(path).status_code == 404
    assert as_user("operator_a").get("/packages").json() == []


def test_the_places_of_a_counter_and_the_next_ones_are_carried(
    counters: Counters, as_user: Callable[[str], Any]
) -> None:
    counters.stock("bread", "9")
    counters.make()
    task = counters.take("operator_a", "shelf2")
    counters.goods("operator_a", task, "bread", "4")
    listed = as_user("operator_a").get("/packages").json()
    assert [one["title"] for one in listed] == ["A-SHELF2", "A-DOCK", "A-SHELF1"]
    path = f"/packages/counting/{task}"
    work = as_user("operator_a").get(path).json()["work"]
    assert [(line["entry"], line["quantity"][:1]) for line in work["lines"]] == [(1, "1"), (2, "3")]
    assert f'content="counting/{task}"' in as_user("operator_a").get(path[9:]).text
    assert as_user("supervisor_a").get(path).status_code == 404, "somebody else counts there"
    assert len(as_user("supervisor_a").get("/packages").json()) == 2
    counters.press("operator_a", task, "DONE")
    assert as_user("operator_a").get(path).status_code == 404
    assert "work-package" not in as_user("operator_a").get(path[9:]).text


def test_without_a_session_there_is_no_package(path: str, web: Any) -> None:
    assert web.get(path).status_code in (303, 401)
    assert web.get("/packages").status_code in (303, 401)


@pytest.mark.parametrize("wrong", ["/packages/nothing/1", "/packages/receiving/999999"])
def test_work_that_is_not_there(wrong: str, as_user: Callable[[str], Any]) -> None:
    assert as_user("operator_a").get(wrong).status_code == 404


@pytest.mark.parametrize(("language", "words"), [("en", "No network"), ("zh_CN", "没有网络")])
def test_the_offline_page_knows_nobody(web: Any, language: str, words: str) -> None:
    answer = web.get(f"/offline?language={language}")
    assert answer.status_code == 200
    assert words in answer.text
    assert 'name="csrf-token" content=""' in answer.text
