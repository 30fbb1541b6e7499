from __future__ import annotations

from typing import Any

import pytest
from litestar.testing import TestClient

from app.kit import ids
from app.orders.commands import CancelOrder, cancel_order
from tests.picking.conftest import BREAD, FLOUR, MILK, SHELF1, SHELF2, Floor

HX = {"HX-Request": "true"}


def form(**fields: Any) -> dict[str, Any]:
    return {"command_id": str(ids.new_id()), **fields}


class Screen:
    """The screen of one pick: what is sent, and that it can be shown afterwards."""

    def __init__(self, web: TestClient, pick: int) -> None:
        self.web, self.here = web, f"/picking/{pick}"

    def shown(self, place: str = "") -> str:
        page = self.web.get(f"{self.here}{place}")
        assert page.status_code == 200, page.text
        return page.text

    def send(self, place: str, **fields: str) -> str:
        answer = self.web.post(f"{self.here}/{place}", data=form(**fields), headers=HX)
        assert answer.status_code < 300, answer.text
        assert self.shown()
        return answer.text

    def refused(self, place: str, **fields: str) -> str:
        answer = self.web.post(f"{self.here}/{place}", data=form(**fields), headers=HX)
        assert answer.status_code in (403, 409, 422), answer.text
        assert 'hx-target="#step"' not in answer.text
        return answer.text

    def post(self, place: str, **fields: str) -> None:
        answer = self.web.post(f"{self.here}/{place}", data=form(**fields))
        assert answer.status_code == 303, answer.text


@pytest.fixture
def order(floor: Floor) -> int:
    floor.stock("bread", "10", "shelf1")
    floor.stock("flour", "5", "shelf2")
    return floor.order(("BREAD", "10"), ("FLOUR", "2.5")).order_id


@pytest.fixture
def screen(as_user, floor: Floor, order: int) -> Screen:
    return Screen(as_user("operator_a"), floor.begin(order))


def test_every_step_has_its_screen(screen: Screen, floor: Floor) -> None:
    assert "A-SHELF1" in screen.shown()
    answer = screen.send("scans", code=SHELF1)
    assert all(f'hx-target="#{region}"' in answer for region in ("step", "lines", "problem"))
    assert "可颂" in answer
    screen.send("scans", code=BREAD)
    screen.send("quantity", quantity="9")
    screen.send("undo")
    assert "SHORT" not in screen.send("commands", button="SHORT")
    screen.send("scans", code=BREAD)
    assert 'value="CANCEL"' in screen.send("quantity", quantity="10")
    screen.send("commands", button="OK")
    screen.send("scans", code=SHELF2)
    screen.send("scans", code=FLOUR)
    screen.send("quantity", quantity="2.5")
    assert "A-STAGE" in screen.shown()
    screen.send("commands", button="DONE")
    assert floor.state() == "done"
    screen.shown("/stops")
    assert screen.web.get(f"{screen.here}/list.pdf").content.startswith(b"%PDF")


def test_a_refusal_says_why_and_offers_a_way(screen: Screen, floor: Floor, order: int) -> None:
    assert "A-SHELF1" in screen.refused("scans", code=BREAD)
    screen.send("scans", code=SHELF1)
    screen.send("scans", code=BREAD)
    floor.run(cancel_order, CancelOrder(order))
    assert f"order_line_id={floor.line(order)}" in screen.refused("scans", code=BREAD)
    assert "/return" in screen.shown()
    screen.post(f"orders/{order}/return")
    assert floor.on_hand("bread", "stage") == 0


def test_too_little_by_its_button(screen: Screen, floor: Floor) -> None:
    task = floor.task()
    screen.send("shortages", task_id=str(task), reason="not_found")
    screen.refused("shortages", task_id=str(task), reason="not_found")
    screen.refused("shortages", task_id=str(floor.task()), reason=" ")
    assert floor.value("select note from count_task") == "not_found"


def test_work_is_got_found_paused_and_left(as_user, floor: Floor, order: int) -> None:
    web = as_user("operator_a")
    assert web.get("/picking").status_code == 200
    got = web.post("/picking/next", data=form())
    assert got.status_code == 303
    here = got.headers["location"]
    screen = Screen(web, int(here.rpartition("/")[2]))
    number = floor.value("select number from pick")
    assert web.post("/picking/scans", data=form(code=number)).headers["location"] == here
    sold = floor.value("select number from sales_order where id = %s", order)
    assert web.post("/picking/scans", data=form(code=sold)).headers["location"] == here
    assert web.post("/picking/scans", data=form(code=MILK)).status_code == 409
    screen.send("commands", button="PAUSE")
    screen.post("resumption")
    screen.send("scans", code=SHELF1)
    screen.send("scans", code=BREAD)
    screen.shown("/closure")
    screen.post("closure")
    screen.shown()
    assert web.get("/").status_code == 200
    web.post("/picking/next", data=form())
    assert web.get("/picking").text.count("/picking/") > 1


def test_a_supervisor_makes_and_assigns_picks(as_user, floor: Floor, order: int) -> None:
    web = as_user("supervisor_a")
    assert f'value="{order}"' in web.get("/picking/new").text
    assert web.post("/picking/picks", data=form()).status_code == 422
    made = web.post("/picking/picks", data=form(order_id=str(order), kind="order"))
    assert made.headers["location"] == "/picking/picks"
    pick = floor.value("select id from pick")
    user = str(floor.company.users["operator_a"])
    web.post(f"/picking/{pick}/assignment", data=form(user_id=user))
    assert floor.value("select held_by from pick") == int(user)
    assert "operator_a" in web.get("/picking/picks").text
    assert web.get("/picking/picks.csv").status_code == 200
    screen = Screen(web, pick)
    screen.refused("scans", code=SHELF1)
    screen.post("takeover", holder_id=user)
    screen.send("scans", code=SHELF1)
    screen.post("cancellation")
    assert floor.value("select state from pick") == "cancelled"


def test_an_operator_makes_no_picks(as_user) -> None:
    web = as_user("operator_a")
    assert web.get("/picking/picks").status_code == 403
    assert web.get("/picking/new").status_code == 403


def test_the_same_by_the_api(as_user, floor: Floor, order: int) -> None:
    web = as_user("supervisor_a")

    def call(place: str, **body: Any) -> Any:
        key = {"Idempotency-Key": str(ids.new_id())}
        answer = web.post(f"/api/v1/picks{place}", json=body, headers={**key, **CSRF})
        assert answer.status_code < 300, answer.text
        return answer.json()

    pick = floor.pick_id = call("", order_ids=[order])["picks"][0]["pick_id"]
    assert call("/next")["pick_id"] == pick
    call(f"/{pick}/scans", code=SHELF1)
    assert call(f"/{pick}/scans", code=BREAD)["tone"] == "accepted"
    call(f"/{pick}/quantity", quantity="4")
    call(f"/{pick}/undo")
    call(f"/{pick}/shortages", task_id=floor.task(), reason="broken")
    call(f"/{pick}/closure")
    assert web.get(f"/api/v1/picks/{pick}").json()["head"]["state"] == "done"
    call(f"/{pick}/orders/{order}/return")
    assert web.get("/api/v1/picks?state=done").json()["rows"][0]["id"] == pick
    assert floor.picked(order) == 0


CSRF = {"X-CSRF-Token": "csrf"}
