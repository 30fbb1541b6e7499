from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from app.kit.database import SYSTEM, Database, driver
from app.ledger.verify import verify
from app.receiving import commands
from app.receiving.commands import (
    CreatePurchaseOrder,
    OpenReceipt,
    OrderLine,
    ScanAnswer,
    SetQuantity,
    scan_of,
)
from tests.harness import GTINS, Runner, SampleCompany

BREAD, MILK, OVEN, FLOUR = (GTINS[name] for name in ("bread", "milk", "oven", "flour"))
CASE = "16901234567899"
GS = "\x1d"


class Dock:
    """One person receiving, as the tests tell it."""

    def __init__(self, run: Runner, company: SampleCompany, database: Database) -> None:
        self.run, self.company, self.database = run, company, database
        self.caller = company.callers["operator_a"]
        self.receipt_id = 0

    def order(self, *lines: OrderLine, **more: Any) -> int:
        fields = {"store_id": self.company.a.store_id, "supplier": "S1", "confirm": True}
        command = CreatePurchaseOrder(**{**fields, "lines": list(lines), **more})
        return self.run(commands.create_purchase_order, command).order_id

    def open(self, order_id: int | None, who: str = "operator_a") -> int:
        command = OpenReceipt(order_id, None if order_id else self.company.a.store_id)
        caller = self.company.callers[who]
        self.receipt_id = self.run(commands.open_receipt, command, caller=caller).receipt_id
        return self.receipt_id

    def as_(self, who: str) -> Dock:
        other = Dock(self.run, self.company, self.database)
        other.caller, other.receipt_id = self.company.callers[who], self.receipt_id
        return other

    def scan(self, code: str, **more: Any) -> ScanAnswer:
        return self.do(commands.scan, scan_of(self.receipt_id, code), **more)

    def type(self, quantity: str) -> ScanAnswer:
        return self.do(commands.set_quantity, SetQuantity(self.receipt_id, quantity))

    def press(self, button: str) -> ScanAnswer:
        return self.do(commands.press_button, commands.PressButton(self.receipt_id, button))

    def do(self, handler: Any, command: Any, **more: Any) -> Any:
        return self.run(handler, command, caller=self.caller, **more)

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database.reading(SYSTEM) as session:
            return driver(session).execute(text, values).fetchall()

    def one(self, text: str, *values: Any) -> Any:
        return self.rows(text, *values)[0][0]

    def on_hand(self, item: str, place: str = "dock", status: str = "available") -> Decimal:
        found = self.rows(
            "select sum(on_hand) from balance where item_id = %s and location_id = %s"
            " and status = %s",
            self.company.items[item],
            self.company.a.locations[place],
            status,
        )
        return found[0][0] or Decimal(0)

    def line(self, order_id: int, position: int = 1) -> tuple[Decimal, Decimal]:
        return self.rows(
            "select received, received_value from purchase_order_line"
            " where order_id = %s and position = %s",
            order_id,
            position,
        )[0]

    def change_item(self, item: str, **columns: Any) -> None:
        with self.database.session(SYSTEM) as session:
            for name, value in columns.items():
                driver(session).execute(
                    f"update item set {name} = %s where id = %s", (value, self.company.items[item])
                )
            session.commit()


@pytest.fixture
def dock(run: Runner, company: SampleCompany, database: Database) -> Iterator[Dock]:
    """At the end everything must add up, in the ledger and in receiving."""
    yield Dock(run, company, database)
    assert verify(database) == []
