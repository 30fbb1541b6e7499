from __future__ import annotations

import csv
import io
import re
from decimal import Decimal

import pytest

from app.kit import ids
from app.kit.database import SYSTEM, driver
from app.ledger.commands import ReverseMove, reverse_move
from app.ledger.problems import MoveOfDocument, ReasonLength, ReasonMissing
from app.ledger.verify import verify
from tests.ledger.moves import PostMoves, issue, post_moves, receive

pytestmark = pytest.mark.usefixtures("stocked")


def test_the_list_has_the_stock_of_the_own_store(as_user) -> None:
    answer = as_user("operator_a").get("/stock")
    assert answer.status_code == 200
    assert "可颂" in answer.text
    assert "高筋面粉" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/stock?text=牛奶&status=available&place=A&expiring=30&sort=-on_hand&short=1&empty=1",
        "/stock/moves?text=可颂&since=2026-01-01&till=2030-01-01",
        "/stock/items/{item}",
        "/stock/locations/{location}",
        "/stock/lots/{lot}",
        "/stock/moves/{move}",
        "/stock/proof",
    ],
)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_shows(as_user, stocked, database, path, language) -> None:
    web = as_user("headquarters")
    web.cookies.set("saoku_language", language)
    path = path.format(
        item=stocked.items["milk"],
        location=stocked.a.locations["dock"],
        lot=stocked.lots["milk"],
        move=a_move(database),
    )
    answer = web.get(path)
    assert answer.status_code == 200, answer.text


def a_move(database, item: str = "BREAD") -> int:
    with database.reading(SYSTEM) as session:
        found = driver(session).execute(
            "select max(m.id) from stock_move m join item i on i.id = m.item_id where i.code = %s",
            [item],
        )
        return found.fetchone()[0]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stock?category=x", 422),
        ("/stock?cursor=nonsense", 422),
        ("/stock/items/99999", 404),
        ("/stock/locations/{location}", 404),
        ("/stock/moves/{move}", 404),
        ("/stock/proof", 403),
        ("/stock/balances.csv", 403),
    ],
)
def test_what_an_operator_of_another_store_gets(as_user, stocked, database, path, status) -> None:
    path = path.format(location=stocked.a.locations["dock"], move=a_move(database))
    answer = as_user("operator_b").get(path)
    assert answer.status_code == status, answer.text


def test_cost_is_shown_to_managers_only(as_user, stocked) -> None:
    path = f"/stock/items/{stocked.items['bread']}"
    assert 'id="cost"' in as_user("manager_a").get(path).text
    assert 'id="cost"' not in as_user("operator_a").get(path).text


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("6901234567892", "/stock/items/"),
        ("A-DOCK", "/stock/locations/"),
        ("SK:LA-SHELF1", "/stock/locations/"),
        ("M1", "/stock/lots/"),
        ("SK:TMILK|M1", "/stock/lots/"),
    ],
)
def test_a_scan_leads_to_its_page(as_user, code, page) -> None:
    answer = as_user("operator_a").post("/stock/scans", data={"code": code})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(page)


@pytest.mark.parametrize("code", ["", "6901234567893", "nobody's", "B-SHELF1", "=1+1", "\x1d"])
def test_a_scan_of_nothing_says_so(as_user, code) -> None:
    answer = as_user("operator_a").post("/stock/scans", data={"code": code})
    assert answer.status_code == 404


def test_the_export_has_every_row_and_no_formula(as_user, database) -> None:
    with database.session(SYSTEM) as session:
        driver(session).execute("update item set name = '=1+1' where code = 'BREAD'")
        session.commit()
    answer = as_user("manager_a").get("/stock/balances.csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    assert {row[4] for row in rows[1:]} == {"'=1+1", "鲜牛奶"}
    assert sorted(row[11] for row in rows[1:]) == ["10", "4", "7"]


def test_proof_is_clean_and_names_what_is_not(as_user, database, owner_url) -> None:
    import psycopg

    web = as_user("headquarters")
    assert "tag--good" in web.post("/stock/proof", data={}).text
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("update balance set on_hand = on_hand + 1 where on_hand = 10")
    assert "tag--bad" in web.post("/stock/proof", data={}).text
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("update balance set on_hand = on_hand - 1 where on_hand = 11")
    assert verify(database) == []


def an_issue(run, company) -> int:
    run(post_moves, PostMoves([receive(company, "bread", "5", "10.00")]))
    return run(post_moves, PostMoves([issue(company, "bread", "1")]))[0].move_id


def test_a_movement_is_taken_back_once_with_its_reason(as_user, run, stocked, database) -> None:
    move_id = an_issue(run, stocked)
    web = as_user("supervisor_a")
    assert f"/stock/moves/{move_id}/reversal" in web.get(f"/stock/moves/{move_id}").text
    form = {"reason": "扫错了", "command_id": str(ids.new_id())}
    answers = [web.post(f"/stock/moves/{move_id}/reversal", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert "扫错了" in web.get(answers[0].headers["location"]).text
    again = web.post(
        f"/stock/moves/{move_id}/reversal", data={**form, "command_id": str(ids.new_id())}
    )
    assert again.status_code == 409
    assert verify(database) == []


def test_an_operator_takes_nothing_back(as_user, run, stocked) -> None:
    move_id = an_issue(run, stocked)
    form = {"reason": "x", "command_id": str(ids.new_id())}
    answer = as_user("operator_a").post(f"/stock/moves/{move_id}/reversal", data=form)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("reason", "problem"), [(" \t ", ReasonMissing), ("x" * 201, ReasonLength)]
)
def test_a_reason_is_needed(run, stocked, reason, problem) -> None:
    move_id = an_issue(run, stocked)
    with pytest.raises(problem):
        run(reverse_move, ReverseMove(move_id, reason))


def test_a_documents_movement_is_left_to_its_document(run, stocked) -> None:
    movement = receive(stocked, "bread", "5", "10.00", line_kind="receipt_line", line_id=1)
    [posted] = run(post_moves, PostMoves([movement]))
    with pytest.raises(MoveOfDocument):
        run(reverse_move, ReverseMove(posted.move_id, "typed wrong"))


def test_the_api_pages_through_balances_and_moves(as_user) -> None:
    web = as_user("manager_a")
    seen, cursor = [], ""
    while cursor is not None:
        answer = web.get(f"/api/v1/balances?limit=2&cursor={cursor}").json()
        seen += [(row["item_code"], Decimal(row["on_hand"])) for row in answer["rows"]]
        cursor = answer["next_cursor"]
    assert sorted(seen) == [("BREAD", 4), ("BREAD", 10), ("MILK", 7)]
    moves = web.get("/api/v1/moves?limit=500").json()
    assert [row["id"] for row in moves["rows"]] == sorted(
        (row["id"] for row in moves["rows"]), reverse=True
    )


def test_the_api_tells_cost_to_those_who_may_know(as_user, stocked) -> None:
    path = f"/api/v1/items/{stocked.items['bread']}/cost"
    answer = as_user("manager_a").get(path).json()
    assert (Decimal(answer["quantity"]), Decimal(answer["value"])) == (14, 24)
    refused = as_user("operator_a").get(path)
    assert refused.status_code == 403
    assert refused.headers["content-type"].startswith("application/problem+json")


def test_every_number_of_a_card_says_what_it_is(as_user) -> None:
    text = as_user("operator_a").get("/stock").text
    cells = re.findall(r'<td class="number[^"]*"([^>]*)>', text)
    assert cells
    assert all("data-label" in attributes for attributes in cells)
