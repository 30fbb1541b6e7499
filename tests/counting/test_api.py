"""Counting as JSON, by a token's holder."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from litestar.testing import TestClient

from app.access.secrets import new_token, token_hash
from app.kit import ids
from app.kit.database import SYSTEM, driver
from tests.counting.counters import Counters
from tests.counting.test_sheets import Sheets
from tests.harness import GTINS
from tests.rfid.test_receiving_tags import UNKNOWN, epc
from tests.spreadsheets.files_made import xlsx

pytestmark = pytest.mark.usefixtures("verified")


class Client:
    def __init__(self, web: TestClient[Any], counters: Counters) -> None:
        self.web, self.counters = web, counters
        self.become("supervisor_a")

    def become(self, login: str) -> None:
        """Go on with a token of this person."""
        token = new_token()
        with self.counters.run.database.session(SYSTEM) as session:
            driver(session).execute(
                "insert into api_token (name, token_hash, user_id) values (%s, %s, %s)",
                [login, token_hash(token), self.counters.company.users[login]],
            )
            session.commit()
        self.web.headers["Authorization"] = f"Bearer {token}"

    def shelves(self, *names: str) -> list[int]:
        return [self.counters.company.a.locations[name] for name in names]

    def post(self, path: str, body: dict[str, Any] | None = None, **more: Any) -> Any:
        headers = {"Idempotency-Key": more.pop("key", None) or str(ids.new_id())}
        sent = more or {"json": body or {}}
        return self.web.post(f"/api/v1{path}", headers=headers, **sent)

    def get(self, path: str) -> Any:
        answer = self.web.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
def api(counters: Counters, web: TestClient[Any]) -> Client:
    counters.stock("bread", "10")
    return Client(web, counters)


def counted(api: Client, made: dict[str, Any]) -> None:
    """By the supervisor, who first sees one of ten and may not count again."""
    first = api.post("/count-tasks/next", {"count_id": made["count_id"]}).json()
    task = f"/count-tasks/{first['task_id']}"
    for code in ("SK:LA-SHELF1", GTINS["bread"]):
        api.post(f"{task}/scans", {"code": code})
    assert api.post(f"{task}/quantity", {"quantity": "7"}).json()["tone"] == "accepted"
    assert api.post(f"{task}/undo").json()["tone"] == "accepted"
    assert api.post(f"{task}/nothing").json()["code"] == "count_not_empty"
    [seen] = api.get(task)["rows"]
    assert (Decimal(seen["quantity"]), seen["book"]) == (1, None)
    assert api.post(f"{task}/closure").json()["recounts"] == 1
    assert api.post("/count-tasks/next").json()["code"] == "no_count_task_waits"


def counted_again(api: Client) -> None:
    """By whom the work of the store waits for."""
    [again] = api.get("/count-tasks")
    task = f"/count-tasks/{again['id']}"
    assert api.post(f"{task}/start").status_code == 201
    assert api.post(f"{task}/assignment", {"user_id": None}).json()["task_id"] == again["id"]
    for code in ("SK:LA-SHELF1", GTINS["bread"]):
        api.post(f"{task}/scans", {"code": code})
    api.post(f"{task}/quantity", {"quantity": 9})
    api.post(f"{task}/closure")


def test_a_place_is_counted_again_decided_and_posted(api: Client) -> None:
    key = str(ids.new_id())
    wanted = {"kind": "tasks", "location_ids": api.shelves("shelf1"), "recount_quantity": "2"}
    made = api.post("/counts", wanted, key=key).json()
    assert api.post("/counts", wanted, key=key).json() == made
    count = f"/counts/{made['count_id']}"
    counted(api, made)
    api.become("operator_a")
    counted_again(api)
    for path in (count, f"{count}/results", f"{count}/tasks", "/counts", "/reports/counts"):
        assert api.web.get(f"/api/v1{path}").status_code == 403

    api.become("supervisor_a")
    [row] = api.get(f"{count}/results?only=differences")["rows"]
    assert (row["first_quantity"][0], row["second_quantity"][0]) == ("1", "9")
    assert api.post(f"/count-results/{row['id']}/acceptance", {"round": 2}).status_code == 201
    assert api.post(f"{count}/reasons", {"reason": "theft"}).json()["changed"] == 1
    shown = api.get(count)
    assert (shown["tasks"], shown["tasks_done"], shown["undecided"]) == (2, 2, 0)
    assert api.post(f"{count}/posting").json() == {**made_of(made), "left": 0, "request_id": None}
    assert api.counters.on_hand("bread", "shelf1") == 9
    assert len(api.get(f"{count}/tasks?limit=1")["rows"]) == 1
    assert api.get("/counts?state=done")["rows"][0]["id"] == made["count_id"]
    api.become("manager_a")
    report = api.get(f"/reports/counts?count={made['count_id']}&by=reason")
    assert (report["groups"][0]["code"], Decimal(report["total"]["loss"])) == ("theft", -1)


def made_of(made: dict[str, Any]) -> dict[str, Any]:
    return {"count_id": made["count_id"]}


def test_a_sheet_goes_out_and_comes_back(api: Client) -> None:
    made = api.post("/counts", {"kind": "full", "note": "月度大盘"}).json()
    count = f"/counts/{made['count_id']}"
    code = api.post(f"{count}/sheets", {"is_blind": False}).json()["codes"][0]
    [sheet] = api.get(f"{count}/sheets")["sheets"]
    assert sheet["code"] == code
    for suffix in ("pdf", "xlsx"):
        assert api.web.get(f"/api/v1/count-sheets/{sheet['id']}/{suffix}").status_code == 200
    heading = ["实盘数", "库位", "商品编码", "表号"]
    rows = [heading, ["x", "A-SHELF1", "BREAD", code], [0, "A-DOCK", "", code]]
    file = {"file": ("盘点.xlsx", xlsx(rows))}
    taken = api.post(f"{count}/uploads", files=file).json()
    shown = api.get(f"/count-uploads/{taken['upload_id']}")
    assert [one["column"] for one in shown["findings"]] == ["quantity"]
    assert [line["location"] for line in shown["missing"]] == ["A-SHELF2"]
    upload = f"/count-uploads/{taken['upload_id']}"
    assert api.post(f"{upload}/checks").status_code == 201
    assert api.post(f"{upload}/application").json()["code"] == "count_sheet_incomplete"
    done = api.post(f"{upload}/application", {"only_whole": True}).json()
    assert (done["state"], done["places"]) == ("applied", 1)
    again = api.post(f"{count}/uploads", files={"file": ("b.xlsx", xlsx(rows))}).json()
    assert again["code"] == "count_sheet_uploaded_before"
    other = xlsx([heading, [3, "A-SHELF1", "BREAD", code]])
    taken = api.post(f"{count}/uploads", files={"file": ("c.xlsx", other)}).json()
    assert api.post(f"/count-uploads/{taken['upload_id']}/cancellation").status_code == 201
    assert api.post(f"{count}/cancellation", {"only_tasks": True}).json()["tasks"] == 2
    assert api.post(f"{count}/cancellation").json()["tasks"] == 0


def test_radio_tags_are_counted(api: Client) -> None:
    api.post("/counts", {"kind": "tasks", "location_ids": api.shelves("shelf1")})
    task = f"/count-tasks/{api.post('/count-tasks/next').json()['task_id']}"
    api.post(f"{task}/scans", {"code": "SK:LA-SHELF1"})
    tags = [epc(GTINS["bread"].zfill(14), 1), epc(UNKNOWN, 1)]
    read = api.post("/rfid/reads", {"session": "G", "reads": [{"epc": tag} for tag in tags]})
    session = {"session_id": read.json()["session_id"]}
    done = api.post(f"{task}/tags", session).json()
    assert (done["tags"], done["unexpected"]) == (1, 0)
    assert [(one["code"], one["codes"]) for one in done["left"]] == [("no_item", [UNKNOWN])]
    assert api.post(f"{task}/tags", session).json()["code"] == "no_tags_to_count"


def test_plans_and_what_cannot_be_meant(api: Client) -> None:
    saved = api.post("/count-plans", {"name": "循环盘点", "daily_cap": 5})
    assert saved.status_code == 201, saved.text
    [plan] = api.get("/count-plans")
    assert plan["days"][0]["places"] == 1
    ran = api.post(f"/count-plans/{saved.json()['plan_id']}/runs").json()
    assert ran["made"]["tasks"] == 1
    opening = api.post("/counts", {"kind": "opening", "location_ids": api.shelves("shelf2")}).json()
    sheets = Sheets(api.counters, type("M", (), opening)())
    assert sheets.sheets.lines == 1
    for body, field in (
        ({"kind": "moon"}, None),
        ({"days": 10**9}, "days"),
        ({"zone_ids": [2**70]}, "zone_ids.0"),
        ({"plan_id": 1}, "plan_id"),
        ({"store_id": api.counters.company.b.store_id}, None),
    ):
        answer = api.post("/counts", body)
        assert answer.status_code in (403, 422), answer.text
        if field:
            assert list(answer.json()["data"]["fields"]) == [field]
    for path in ("/counts/9/posting", "/count-results/9/recount", "/count-results/9/cost"):
        assert api.post(path, {"unit_cost": "1"}).status_code == 404
