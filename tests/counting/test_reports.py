"""Gain and loss of counts, accuracy, and the hit rate of those who count."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from app.counting import reports
from app.counting.making import RecountRule
from app.counting.reports import Group, Report, Wanted
from app.kit.database import SYSTEM
from tests.counting.counters import Counters

pytestmark = pytest.mark.usefixtures("verified")


def report(counters: Counters, by: str, **more: Any) -> Report:
    with counters.run.database.reading(SYSTEM) as session:
        return reports.report(session, Wanted(by, **more))


def figures(groups: list[Group]) -> dict[str, tuple[int, int, Decimal, Decimal, Decimal]]:
    return {
        one.name or one.code: (one.lines, one.differing, one.gain, one.loss, one.net_value)
        for one in groups
    }


def counted(counters: Counters) -> int:
    """Bread 7 of 10 (two people), milk 6 of 5, flour as in the books; worth two each."""
    counters.stock("bread", "10")
    counters.stock("milk", "5", lot_id=counters.company.lots["milk"])
    counters.stock("flour", "4", "shelf2")
    made = counters.make(rule=RecountRule(quantity=Decimal(3)))
    task = counters.take("operator_a", "shelf1")
    counters.goods("operator_a", task, "bread", "6")
    counters.milk("operator_a", task, "M1", 6)
    counters.press("operator_a", task, "DONE")
    counters.count("operator_a", "shelf2", flour="4")
    counters.count("operator_a", "dock")
    counters.count("supervisor_a", "shelf1", bread="7")
    counters.count("manager_a", "shelf1", bread="7")
    counters.reason(made.count_id, "damaged")
    return made.count_id


def test_gain_and_loss_before_and_after_posting(counters: Counters, as_user: Any) -> None:
    count_id = counted(counters)
    by_item = report(counters, "item", posted="no")
    assert figures(by_item.groups) == {
        "可颂": (1, 1, 0, -3, -6),
        "鲜牛奶": (1, 1, 1, 0, 2),
        "高筋面粉": (1, 0, 0, 0, 0),
    }
    total = by_item.total
    assert total is not None
    assert (total.gain_value, total.loss_value, total.unit) == (2, -6, "")
    assert [round(share, 1) for share in (total.line_accuracy, total.value_accuracy or 0)] == [
        Decimal("33.3"), Decimal("78.9"),
    ]  # fmt: skip
    assert round(total.quantity_accuracy, 1) == Decimal("84.4"), "mean of 0.7, 5/6 and 1"
    rates = {one.name: (one.lines, one.hits, one.recounted) for one in by_item.counters}
    assert sorted(rates.values()) == [(1, 1, 1), (1, 1, 1), (3, 2, 1)]
    assert report(counters, "item", posted="yes").total is None
    counters.post(count_id)
    assert report(counters, "item", posted="no").total is None
    assert figures(report(counters, "reason").groups)["damaged"] == (2, 2, 1, -3, -4)
    assert figures(report(counters, "location", count_id=count_id).groups)["A-SHELF2"][1] == 0
    for by in ("class", "counter", "count", "month"):
        assert sum(one.lines for one in report(counters, by).groups) == 3
    web = as_user("manager_a")
    page = web.get(f"/counting/reports?count={count_id}&by=reason").text
    assert "盘盈盘亏表" in page
    for path in ("reports", "reports/lines", "reports/counters"):
        for suffix in ("xlsx", "csv"):
            assert web.get(f"/counting/{path}.{suffix}?count={count_id}").status_code == 200
    paper = web.get(f"/counting/reports.pdf?count={count_id}")
    assert paper.status_code == 200, paper.text
    text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_range()
    assert all(words in text for words in ("可颂", "A-SHELF1", "10 → 7", "33.3", "M1"))
    assert web.get("/counting/reports?since=2020-01-01&till=2020-01-02&by=odd").status_code == 200
    assert as_user("operator_a").get("/counting/reports").status_code == 403
    assert as_user("supervisor_a").get("/counting/reports.pdf").status_code == 403
