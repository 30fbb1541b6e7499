"""The pages and the API of approvals, with three people at three browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from httpx import Response
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit.database import driver
from app.kit.ids import new_id
from tests.ledger.moves import PostMoves, issue, post_moves, receive


class Person:
    """A browser of their own: its cookie goes with each request through the one client."""

    def __init__(self, client: TestClient, token: str) -> None:
        self.client, self.token = client, token
        self.headers = {"X-CSRF-Token": "csrf", "Accept": "text/html"}

    def get(self, url: str) -> Response:
        return self._send("GET", url)

    def post(self, url: str, **more: Any) -> Response:
        return self._send("POST", url, **more)

    def _send(self, method: str, url: str, **more: Any) -> Response:
        self.client.cookies.clear()
        self.client.cookies.set("saoku_session", self.token)
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.request(method, url, headers=headers, **more)


@pytest.fixture
def browser(web, database, company) -> Callable[[str], Person]:
    """Another browser, signed in as one of the people, as often as asked."""

    def sign_in(login: str) -> Person:
        token = new_token()
        with database.session(company.callers["administrator"]) as session:
            driver(session).execute(
                "select open_session(%s, %s, null, 'csrf', null, 'test')",
                [token_hash(token), company.users[login]],
            )
            session.commit()
        return Person(web, token)

    return sign_in


@pytest.fixture
def dear_move(run, company) -> int:
    """An issue of 2,000: taking it back needs approval."""
    run(post_moves, PostMoves([receive(company, "bread", "5", "10000.00")]))
    return run(post_moves, PostMoves([issue(company, "bread", "1")]))[0].move_id


def form(**fields: str) -> dict[str, str]:
    return {"command_id": str(new_id()), **fields}


def on_hand(floor) -> Decimal:
    return floor.sql("select sum(on_hand) from balance")[0][0]


def test_three_people_at_three_browsers(browser, floor_with_defaults, dear_move, verified) -> None:
    floor = floor_with_defaults
    floor.sql("update approval_policy set required_votes = 2 where kind = 'adjustment'")
    asking, first, second = map(browser, ["manager_a", "area_manager", "headquarters"])
    sent = form(reason="扫错了")
    answers = [asking.post(f"/stock/moves/{dear_move}/reversal", data=sent) for _again in range(2)]
    [place] = {answer.headers["location"] for answer in answers}
    assert place.startswith("/approvals/")
    shown = asking.get(place)
    assert "等待审批" in shown.text
    assert "扫错了" in shown.text
    assert "2,000" in shown.text
    assert f"{place}/votes" not in shown.text
    refused = asking.post(f"{place}/votes", data=form(vote="approve"))
    assert refused.status_code == 403
    assert "不能" in refused.text
    assert on_hand(floor) == 4
    assert ">1<" in first.get("/").text.partition("/approvals")[2]
    assert f"{place}/votes" in first.get("/approvals").text
    assert first.post(f"{place}/votes", data=form(vote="approve")).status_code == 303
    assert first.post(f"{place}/votes", data=form(vote="approve")).status_code == 409
    assert on_hand(floor) == 4
    last = form(vote="approve", reason="看过了")
    for _again in range(2):
        assert second.post(f"{place}/votes", data=last).status_code == 303
    assert on_hand(floor) == 5
    done = asking.get(place).text
    assert "看过了" in done
    assert "已批准" in done
    links = re.findall(r'href="(/scans/[^"]+)"', done)
    assert len(links) == 2
    assert [first.get(link).status_code for link in links] == [200, 200]
    assert first.post(f"{place}/votes", data=form(vote="reject", reason="x")).status_code == 409


def test_below_the_value_nothing_is_asked(browser, floor_with_defaults, run, company) -> None:
    run(post_moves, PostMoves([receive(company, "bread", "5", "50.00")]))
    move_id = run(post_moves, PostMoves([issue(company, "bread", "1")]))[0].move_id
    answer = browser("manager_a").post(f"/stock/moves/{move_id}/reversal", data=form(reason="x"))
    assert answer.headers["location"].startswith("/stock/moves/")
    assert floor_with_defaults.sql("select count(*) from approval_request") == [(0,)]


def test_what_was_taken_back_meanwhile_is_refused_and_closed(
    browser, floor_with_defaults, dear_move, run
) -> None:
    from app.ledger.commands import ReverseMove, reverse_move

    asked = browser("supervisor_a").post(
        f"/stock/moves/{dear_move}/reversal", data=form(reason="x")
    )
    place = asked.headers["location"]
    run(reverse_move, ReverseMove(dear_move, "meanwhile"))
    answer = browser("manager_a").post(f"{place}/votes", data=form(vote="approve"))
    assert answer.status_code == 409
    assert on_hand(floor_with_defaults) == 5
    assert "未能执行" in answer.text


def test_withdrawal_and_rejection_in_the_browser(browser, floor_with_defaults, dear_move) -> None:
    asking, deciding = browser("supervisor_a"), browser("manager_a")
    url = f"/stock/moves/{dear_move}/reversal"
    place = asking.post(url, data=form(reason="a")).headers["location"]
    assert deciding.post(f"{place}/withdrawal", data=form()).status_code == 403
    assert asking.post(f"{place}/withdrawal", data=form()).status_code == 303
    again = asking.post(url, data=form(reason="b")).headers["location"]
    assert again != place
    assert deciding.post(f"{again}/votes", data=form(vote="reject", reason="")).status_code == 422
    assert (
        deciding.post(f"{again}/votes", data=form(vote="reject", reason="不行")).status_code == 303
    )
    assert "不行" in asking.get(again).text
    as_file = deciding.get("/approvals/requests.csv?state=rejected").text
    assert "已驳回" in as_file
    assert "已撤回" not in as_file
    listed = deciding.get("/approvals/requests?state=rejected").text
    assert again in listed
    assert f'"{place}"' not in listed


def test_an_operator_sees_only_their_own(browser, floor_with_defaults, dear_move) -> None:
    place = (
        browser("supervisor_a")
        .post(f"/stock/moves/{dear_move}/reversal", data=form(reason="a"))
        .headers["location"]
    )
    operator = browser("operator_a")
    assert operator.get(place).status_code == 404
    assert place not in operator.get("/approvals/requests").text
    assert (
        browser("operator_b").post(f"{place}/votes", data=form(vote="approve")).status_code == 404
    )


def test_the_api(browser, floor_with_defaults, dear_move) -> None:
    place = (
        browser("supervisor_a")
        .post(f"/stock/moves/{dear_move}/reversal", data=form(reason="a"))
        .headers["location"]
    )
    number = int(place.rpartition("/")[2])
    client = browser("manager_a")
    client.headers["Accept"] = "application/json"
    [row] = client.get("/api/v1/approvals?state=waiting").json()["rows"]
    assert (row["id"], row["can_vote"], row["yeses"]) == (number, True, 0)
    read = client.get(f"/api/v1/approvals/{number}").json()
    assert read["facts"]["amount"] == "2000"
    url, key = f"/api/v1/approvals/{number}/votes", {"Idempotency-Key": str(new_id())}
    bad = client.post(url, json={"vote": "maybe"}, headers={"Idempotency-Key": str(new_id())})
    assert (bad.status_code, bad.json()["code"]) == (422, "approval_vote_unknown")
    for _again in range(2):
        voted = client.post(url, json={"vote": "approve"}, headers=key)
        assert voted.json() == {"request_id": number, "state": "approved", "missing": 0}
    late = client.post(url, json={"vote": "approve"}, headers={"Idempotency-Key": str(new_id())})
    assert late.json()["code"] == "approval_voted_already"
    assert client.get("/api/v1/approvals/999").status_code == 404
    [vote] = client.get(f"/api/v1/approvals/{number}").json()["votes"]
    assert vote["vote"] == "approve"
