"""A receipt under random scans, undos, put-aways and replays: at the end everything adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kit import clock, ids
from app.kit.problems import Problem
from app.receiving import commands, problems
from app.receiving.commands import OrderLine, TakeOverReceipt
from tests.receiving.conftest import BREAD, CASE, FLOUR, MILK, OVEN, Dock

GOOD = f"{clock.today() + timedelta(days=20):%y%m%d}"
CODES = [
    BREAD,
    CASE,
    MILK,
    FLOUR,
    OVEN,
    "M2",
    "A-SHELF1",
    "A-SHELF2",
    "SK:XUNDO",
    "SK:XOK",
    "SK:X+3",
    "SK:XCANCEL",
    "SK:XPUTAWAY",
    f"(01){MILK}(17){GOOD}(10)M2",
    f"(01){MILK}(17){GOOD}(10)M3",
    f"01{FLOUR}3103002500",
    f"(01){OVEN}(21)S1",
    f"(01){OVEN}(21)S2",
    "4006381333931",
    "nonsense",
]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("scan"), st.sampled_from(CODES)),
        st.tuples(st.just("type"), st.sampled_from(["1", "4", "2.5", "0", "12", "100"])),
        st.tuples(st.just("damage"), st.sampled_from(["bread", "milk", "flour"])),
        st.tuples(st.just("replay"), st.just("")),
    ),
    min_size=5, max_size=40,
)  # fmt: skip


def _order(dock: Dock) -> int:
    return dock.order(
        OrderLine("BREAD", Decimal(7), Decimal("3.333"), over_receipt_tolerance=Decimal("0.5")),
        OrderLine("BREAD", Decimal(5), Decimal("2.10")),
        OrderLine("MILK", Decimal(6), Decimal("1.99")),
        OrderLine("FLOUR", Decimal(10), Decimal("0.777"), over_receipt_tolerance=Decimal("0.1")),
        OrderLine("OVEN", Decimal(2), Decimal("999.99")),
    )


class Story:
    """Does one random step after another and remembers the last command for replays."""

    def __init__(self, dock: Dock) -> None:
        self.dock, self.last = dock, None

    def do(self, kind: str, what: str) -> None:
        if kind == "replay":
            self._replay()
            return
        handler, command = self._command(kind, what)
        command_id = ids.new_id()
        answer = self._run(handler, command, command_id)
        self.last = (handler, command, command_id, answer)

    def _command(self, kind: str, what: str) -> tuple[Any, Any]:
        receipt_id = self.dock.receipt_id
        if kind == "scan":
            return commands.scan, commands.scan_of(receipt_id, what)
        if kind == "type":
            return commands.set_quantity, commands.SetQuantity(receipt_id, what)
        item = self.dock.company.items[what]
        return commands.record_damaged, commands.RecordDamaged(receipt_id, item, "1", "broken")

    def _run(self, handler: Any, command: Any, command_id: Any) -> Any:
        try:
            return self.dock.do(handler, command, command_id=command_id)
        except Problem as problem:
            return problem.code

    def _replay(self) -> None:
        if self.last is None:
            return
        handler, command, command_id, answer = self.last
        before = self.dock.one("select count(*) from stock_move")
        assert self._run(handler, command, command_id) == answer
        assert self.dock.one("select count(*) from stock_move") == before


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_random_receipts_add_up(dock: Dock, steps: list[tuple[str, str]]) -> None:
    from app.ledger.verify import verify

    dock.open(_order(dock))
    story = Story(dock)
    for kind, what in steps:
        story.do(kind, what)
    assert verify(dock.database) == []
    # The serials of this receipt leave, so that the next example can bring them.
    while (
        story._run(
            commands.press_button, commands.PressButton(dock.receipt_id, "UNDO"), ids.new_id()
        )
        != "nothing_to_undo"
    ):
        pass
    total = dock.one(
        "select coalesce(sum(received), 0) + coalesce(sum(received_value), 0)"
        " from purchase_order_line"
    )
    assert total == 0
    assert dock.one("select coalesce(sum(on_hand), 0) from balance") == 0
    assert dock.one("select coalesce(sum(value), 0) from cost_pool") == 0
    assert verify(dock.database) == []


@pytest.mark.slow
def test_two_people_at_once_on_one_receipt(dock: Dock) -> None:
    """Both scan and take over from each other; each piece that was acknowledged is there."""
    dock.open(dock.order(OrderLine("BREAD", Decimal(1000), Decimal(1))))
    people = [dock, dock.as_("supervisor_a")]

    def work(number: int) -> int:
        me, other, random = people[number], people[1 - number], Random(number)
        booked = 0
        for _ in range(25):
            try:
                booked += me.scan(BREAD).tone == "accepted"
            except (problems.HeldByOther, problems.TakenOver):
                if random.random() < 0.5:
                    take = TakeOverReceipt(me.receipt_id, other.caller.user_id)
                    me.do(commands.take_over_receipt, take)
        return booked

    with ThreadPoolExecutor(2) as threads:
        booked = sum(threads.map(work, range(2)))
    assert dock.on_hand("bread") == booked


@pytest.mark.slow
def test_an_order_cancelled_during_scans(dock: Dock) -> None:
    order_id = dock.order(OrderLine("BREAD", Decimal(1000), Decimal(1)))
    dock.open(order_id)

    def scans(_: int) -> list[str]:
        said: list[str] = []
        for _ in range(20):
            try:
                said.append(dock.scan(BREAD).tone)
            except problems.OrderCancelledMeanwhile:
                said.append("cancelled")
        return said

    with ThreadPoolExecutor(2) as threads:
        answers = threads.submit(scans, 0)
        cancel = commands.CancelPurchaseOrder(order_id)
        threads.submit(dock.run, commands.cancel_purchase_order, cancel).result()
        said = answers.result()
    booked = said.count("accepted")
    assert said == ["accepted"] * booked + ["cancelled"] * (20 - booked)
    assert dock.on_hand("bread") == booked
