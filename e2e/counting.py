"""What the screens of counting need: a count with a difference, a place half counted, a plan."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.counting import scans
from app.counting.beginning import BeginTask, begin_task
from app.counting.making import MakeCount, RecountRule, make_count
from app.counting.plans import SavePlan, save_plan
from e2e.product import Product
from e2e.test_receiving import BREAD

LEAD = "supervisor_a"
Do = Callable[..., Any]


def counting_of(saoku: Product, do: Do) -> dict[str, int]:
    """Shelf 2 is counted and holds what the books do not know; at shelf 1 a new lot is in hand."""
    store = saoku.company.a.store_id
    rule = RecountRule(value=Decimal(1000))
    made = do(saoku, make_count, MakeCount(store, rule=rule, note="月度大盘"), LEAD)
    counted, half = (_task(saoku, made.count_id, place) for place in ("shelf2", "shelf1"))
    for task, place in ((counted, "A-SHELF2"), (half, "A-SHELF1")):
        do(saoku, begin_task, BeginTask(task), LEAD)
        do(saoku, scans.scan, scans.scan_of(task, f"SK:L{place}"), LEAD)
        do(saoku, scans.scan, scans.scan_of(task, BREAD), LEAD)
    do(saoku, scans.press_button, scans.PressButton(counted, "DONE"), LEAD)
    do(saoku, scans.scan, scans.scan_of(half, "010690123450000410NEW1"), LEAD)
    do(saoku, save_plan, SavePlan(store, "循环盘点", "class"), LEAD)
    return {"count": made.count_id, "counted": counted, "counting": half}


def _task(saoku: Product, count_id: int, place: str) -> int:
    [(task,)] = saoku.rows(
        "select id from count_task where count_id = %s and location_id = %s",
        count_id, saoku.company.a.locations[place],
    )  # fmt: skip
    return task
