from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.kit.database import SYSTEM, Database
from app.ledger.verify import verify
from app.picking import commands as c
from tests.harness import GTINS, Runner, SampleCompany
from tests.orders.selling import Shop

BREAD, MILK, OVEN, FLOUR = (GTINS[name] for name in ("bread", "milk", "oven", "flour"))
CASE = "16901234567899"
SHELF1, SHELF2, STAGE = "A-SHELF1", "A-SHELF2", "A-STAGE"


class Floor(Shop):
    """One person picking, as the tests tell it."""

    who = "operator_a"
    pick_id = 0

    def furnish(self) -> None:
        """A place to bring goods to, four positions of a cart, and two more shelves."""
        places = {"A-STAGE": "staging", "A-SHELF3": "storage", "A-SHELF4": "storage"}
        places |= {f"A-CART{number}": "cart" for number in (1, 2, 3, 4)}
        for code, kind in places.items():
            self.execute(
                "insert into location (store_id, warehouse_id, zone_id, code, kind)"
                " values (%s, %s, %s, %s, %s)",
                self.company.a.store_id, self.company.a.warehouse_id,
                self.company.a.zone_id if kind == "storage" else None, code, kind,
            )  # fmt: skip
            self.execute(
                "insert into code (code, kind, location_id)"
                " select code, 'location', id from location where code = %s", code,
            )  # fmt: skip
            self.company.a.locations[code.removeprefix("A-").lower()] = self.value(
                "select id from location where code = %s", code
            )
        self.execute(
            "update location set sequence = substr(code, 8)::int where code like 'A-SHELF%%'"
        )

    @property
    def caller(self):
        return self.company.callers[self.who]

    def as_(self, who: str) -> Floor:
        other = Floor(self.database, self.run, self.company)
        other.who, other.pick_id = who, self.pick_id
        return other

    def do(self, handler: Any, command: Any, **more: Any) -> Any:
        return self.run(handler, command, caller=self.caller, **more)

    def get(self, zone_id: int | None = None) -> int:
        got = self.do(c.get_work, c.GetWork(self.company.a.store_id, zone_id))
        self.pick_id = got.pick_id
        return got.pick_id

    def make(self, *order_ids: int, kind: str = "order", **more: Any) -> c.PicksMade:
        command = c.CreatePicks(list(order_ids), kind, **more)
        return self.run(c.create_picks, command, caller=self.company.callers["supervisor_a"])

    def begin(self, *order_ids: int, kind: str = "order") -> int:
        self.pick_id = self.make(*order_ids, kind=kind).picks[0].pick_id
        self.do(c.start_pick, c.StartPick(self.pick_id))
        return self.pick_id

    def scan(self, *codes: str, **more: Any) -> c.ScanAnswer:
        """All of them, one after the other; the answer of the last."""
        answers = [self.do(c.scan, c.scan_of(self.pick_id, code), **more) for code in codes]
        return answers[-1]

    def type(self, quantity: str) -> c.ScanAnswer:
        return self.do(c.set_quantity, c.SetQuantity(self.pick_id, quantity))

    def press(self, button: str) -> c.ScanAnswer:
        return self.do(c.press_button, c.PressButton(self.pick_id, button))

    def short(self, reason: str = "not_found", task_id: int | None = None) -> c.ScanAnswer:
        return self.do(c.short_pick, c.ShortPick(self.pick_id, task_id or self.task(), reason))

    def task(self) -> int:
        """The next open stop."""
        return self.value(
            "select id from pick_task where pick_id = %s and state = 'open'"
            " order by sequence, id limit 1", self.pick_id,
        )  # fmt: skip

    def stops(self) -> list[tuple[str, Decimal, Decimal, str]]:
        """(place, quantity, picked, state) of every stop, in the order of the way."""
        return self.rows(
            "select location.code, task.quantity, task.picked, task.state from pick_task task"
            " join location on location.id = task.location_id where pick_id = %s"
            " order by task.sequence, task.id", self.pick_id,
        )  # fmt: skip

    def on_hand(self, item: str, place: str) -> Decimal:
        return self.value(
            "select coalesce(sum(on_hand), 0) from balance where item_id = %s and location_id = %s",
            self.company.items[item], self.company.a.locations[place],
        )  # fmt: skip

    def state(self) -> str:
        return self.value("select state from pick where id = %s", self.pick_id)

    def picked(self, order_id: int) -> Decimal:
        return self.value("select sum(picked) from sales_order_line where order_id = %s", order_id)


@pytest.fixture
def floor(database: Database, run: Runner, company: SampleCompany) -> Iterator[Floor]:
    """At the end everything must add up, in the ledger, in the orders and in picking."""
    made = Floor(database, run, company)
    made.customer()
    made.furnish()
    yield made
    assert SYSTEM is not None
    assert verify(database) == []
