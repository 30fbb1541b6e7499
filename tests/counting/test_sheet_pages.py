"""Count sheets through HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from app.kit.ids import new_id
from tests.counting.counters import Counters
from tests.counting.test_sheets import Sheets
from tests.spreadsheets.files_made import csv_text, xlsx

pytestmark = pytest.mark.usefixtures("verified")


def form(**fields: Any) -> dict[str, Any]:
    return {"_csrf": "csrf", "command_id": str(new_id()), **fields}


def test_a_sheet_goes_out_and_comes_back(counters: Counters, as_user: Any) -> None:
    counters.stock("bread", "10")
    made = counters.make()
    web = as_user("supervisor_a")
    here = f"/counting/counts/{made.count_id}"
    assert web.get(f"{here}/sheets").status_code == 200
    assert web.post(f"{here}/sheets", data=form(shows_books="1")).status_code == 303
    sheets = Sheets(counters, made)
    page = web.get(f"{here}/sheets").text
    assert sheets.code in page
    assert web.get(f"{here}/sheets/state", headers={"HX-Request": "true"}).status_code == 200
    assert web.get(f"/counting/sheets/{sheets.code}?page=1").headers["location"].startswith(here)
    for suffix in ("pdf", "xlsx"):
        file = web.get(f"{here}/sheets/{sheets.head().id}/sheet.{suffix}")
        assert file.status_code == 200, file.text
    rows = sheets.filled(lambda row: "x" if row["商品编码"] else 0)
    bad = csv_text(rows).encode("gbk")
    posted = web.post(f"{here}/uploads", data=form(), files={"file": ("盘点.csv", bad)})
    assert posted.status_code == 303, posted.text
    upload = posted.headers["location"]
    assert "这不是数字" in web.get(upload).text or "数字" in web.get(upload).text
    assert web.get(f"{upload}/rows.xlsx").status_code == 200
    assert web.post(f"{upload}/application", data=form()).status_code == 422
    assert web.post(f"{upload}/checks", data=form()).status_code == 303
    assert web.post(f"{upload}/cancellation", data=form()).status_code == 303
    good = {"file": ("盘点.xlsx", xlsx(sheets.filled(lambda row: 8 if row["商品编码"] else 0)))}
    upload = web.post(f"{here}/uploads", data=form(), files=good).headers["location"]
    again = web.post(f"{here}/uploads", data=form(), files=good).headers["location"]
    assert again == f"{upload}?again=yes"
    assert web.get(again).status_code == 200
    assert web.post(f"{upload}/application", data=form()).headers["location"] == here
    assert counters.rows("select variance from count_result where variance <> 0") == [(-2,)]
    empty = web.post(f"{here}/uploads", data=form(), files={"file": ("x.csv", b"a,b\n1,2")})
    assert empty.status_code == 422
    wrong = web.post(f"{here}/uploads", data=form(counted_at="never"), files=good)
    assert wrong.status_code in (303, 422)
    operator = as_user("operator_a")
    assert operator.get(f"{here}/sheets").status_code == 403
    assert operator.get(f"/counting/sheets/{sheets.code}").headers["location"] == "/counting"
