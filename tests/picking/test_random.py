"""Picks under random scans, undos, short picks and releases: at the end everything adds up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.kit import clock, ids
from app.kit.problems import Problem
from app.ledger.verify import verify
from app.orders.commands import (
    CancelOrder,
    ReleaseAllocation,
    cancel_order,
    release_allocation,
)
from app.picking import commands as c
from app.picking import problems, refusals
from tests.picking.conftest import BREAD, CASE, FLOUR, MILK, OVEN, SHELF1, SHELF2, STAGE, Floor

CODES = [
    SHELF1, SHELF1, SHELF2, SHELF2, "A-SHELF3", STAGE, "A-CART1", "A-CART2", BREAD, BREAD, CASE,
    FLOUR, MILK, OVEN, "E1", "L1", f"(01){MILK}(10)E1", f"(01){MILK}(10)L1", f"(01){OVEN}(21)S1",
    f"(01){OVEN}(21)S2", f"(01){OVEN}(21)S3", "SK:XOK", "SK:XUNDO", "SK:X+3", "SK:XCANCEL",
    "SK:XSKIP", "nonsense",
]  # fmt: skip
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("scan"), st.sampled_from(CODES)),
        st.tuples(st.just("scan"), st.sampled_from(CODES)),
        st.tuples(st.just("type"), st.sampled_from(["1", "2", "2.5", "0", "4", "100"])),
        st.tuples(st.sampled_from(["short", "release", "cancel", "back", "replay"]), st.just("")),
    ),
    min_size=5, max_size=40,
)  # fmt: skip


class Story:
    """Does one random step after another and remembers the last command for replays."""

    def __init__(self, floor: Floor, orders: list[int]) -> None:
        self.floor, self.orders, self.last = floor, orders, None

    def do(self, kind: str, what: str) -> None:
        if kind == "replay":
            self._replay()
            return
        handler, command = self._command(kind, what)
        command_id = ids.new_id()
        self.last = (handler, command, command_id, self._run(handler, command, command_id))

    def _command(self, kind: str, what: str) -> tuple[Any, Any]:
        pick, order = self.floor.pick_id, self.orders[0]
        match kind:
            case "scan":
                return c.scan, c.scan_of(pick, what)
            case "type":
                return c.set_quantity, c.SetQuantity(pick, what)
            case "short":
                return c.short_pick, c.ShortPick(pick, self.floor.task() or 0, "not_found")
            case "release":
                return release_allocation, ReleaseAllocation(self.floor.line(order))
            case "cancel":
                return cancel_order, CancelOrder(self.orders[-1])
            case _:
                return c.put_back_order, c.PutBackOrder(pick, order)

    def _run(self, handler: Any, command: Any, command_id: Any) -> Any:
        caller = self.floor.caller
        if handler in (release_allocation, cancel_order):
            caller = self.floor.company.callers["manager_a"]
        try:
            return self.floor.run(handler, command, caller=caller, command_id=command_id)
        except Problem as problem:
            return problem.code

    def _replay(self) -> None:
        if self.last is None:
            return
        handler, command, command_id, answer = self.last
        before = self.floor.value("select count(*) from stock_move")
        assert self._run(handler, command, command_id) == answer
        assert self.floor.value("select count(*) from stock_move") == before


def _stock(floor: Floor) -> None:
    today = clock.today()
    for code, days in (("E1", 10), ("L1", 40)):
        lot = floor.value("select id from lot where code = %s", code) or floor.lot(
            "milk", code, today + timedelta(days=days)
        )
        floor.stock("milk", "4", lot_id=lot)
    for place in ("shelf1", "shelf2"):
        floor.stock("bread", "6", place)
    floor.stock("flour", "5", "shelf2")
    if not floor.value("select id from lot where code = 'S1'"):
        for code in ("S1", "S2", "S3"):
            floor.stock("oven", "1", "shelf2", lot_id=floor.lot("oven", code))


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(["order", "batch", "cluster"]), steps=STEPS)
def test_random_picks_add_up(floor: Floor, kind: str, steps: list[tuple[str, str]]) -> None:
    floor.execute("update pick set state = 'cancelled' where state <> 'done'")
    floor.execute("update pick_task set state = 'cancelled' where state = 'open'")
    _stock(floor)
    orders = [
        floor.order(("BREAD", "8"), ("MILK", "3"), ("OVEN", "1")).order_id,
        floor.order(("BREAD", "2"), ("FLOUR", "2.5")).order_id,
    ]
    try:
        floor.begin(*(orders[:1] if kind == "order" else orders), kind=kind)
    except refusals.TooFewPositions:
        return
    story = Story(floor, orders)
    for step, what in steps:
        story.do(step, what)
    assert verify(floor.database) == []


def test_two_pickers_on_one_pick_and_a_hot_location(floor: Floor) -> None:
    """Eight people take from one place at once, two of them from the same pick: nothing is lost."""
    floor.stock("bread", "200")
    people = ["operator_a", "supervisor_a", "manager_a", "area_manager", "headquarters"]
    floors = [floor.as_(who) for who in people]
    for one in floors:
        one.pick_id = 0
    for _ in people:
        floor.order(("BREAD", "12"))
    with ThreadPoolExecutor(len(floors)) as pool:
        picks = list(pool.map(lambda one: one.get(), floors))
        assert len(set(picks)) == len(picks), "nobody gets what somebody else has"
        taken = sum(pool.map(_pick_some, floors, range(len(floors))))
    assert floor.on_hand("bread", "stage") == taken
    assert floor.value("select sum(quantity) from pick_line where undone_at is null") == taken


PICKING_PROBLEMS = (problems.NothingToUndo, problems.AnswerFirst, problems.StagingWanted)


def _pick_some(one: Floor, seed: int) -> Decimal:
    random, taken = Random(seed), Decimal(0)
    one.scan(SHELF1)
    for _ in range(10):
        try:
            one.scan(BREAD)
            taken += 1
            if not random.randrange(5):
                one.press("UNDO")
                taken -= 1
        except PICKING_PROBLEMS:
            break
    return taken


def test_two_people_with_the_same_pick_take_each_piece_once(floor: Floor) -> None:
    floor.stock("bread", "30")
    floor.begin(floor.order(("BREAD", "20")).order_id)
    floor.execute("update pick set held_by = null")
    floor.scan(SHELF1)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: _try(floor), range(24)))
    assert sum(answers) == 20
    assert floor.on_hand("bread", "stage") == 20


def _try(floor: Floor) -> bool:
    try:
        floor.scan(BREAD)
    except Problem:
        return False
    return True
