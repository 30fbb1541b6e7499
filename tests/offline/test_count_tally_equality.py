"""A device without network counts what the server counts when it gets the same commands later."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from app.access.actor import Actor, ActorRow
from app.counting import package, scans
from app.counting.beginning import HandOver, hand_over
from app.counting.making import CancelCount, cancel_count
from app.counting.package import mark_of, pack
from app.kit import clock
from app.kit.problems import Problem
from tests.counting.conftest import counters
from tests.counting.counters import Counters
from tests.harness import GTINS
from tests.offline.node import ask
from tests.orders.selling import Shop

__all__ = ["counters"]

TODAY = clock.today("Asia/Shanghai")
BREAD, MILK, OVEN, FLOUR = (GTINS[name] for name in ("bread", "milk", "oven", "flour"))
CASE = "16901234567899"
NEW_LOT = "L77"
SCANS = [
    "SK:LA-SHELF1", "SK:LA-SHELF2", "A-SHELF1", BREAD, BREAD, BREAD, CASE, FLOUR,
    f"01{FLOUR}3103002500", MILK, MILK, "M1", "M1", NEW_LOT, f"01{MILK}10M1", f"01{MILK}10L9",
    f"01{MILK}1730063010L9", f"01{MILK}1730063010L8", OVEN, f"01{OVEN}21S1", f"01{OVEN}21S1",
    f"01{OVEN}21S2", "SK:XOK", "SK:XUNDO", "SK:X+3", "SK:XCANCEL", "SK:XPRINT",
    "6901234567893", "SK:TMILK|M1",
]  # fmt: skip
Command = tuple[str, dict[str, str]]


def steps(random: Random, count: int) -> list[Command]:
    made: list[Command] = [("scans", {"code": "SK:LA-SHELF1"})]
    for _ in range(count):
        kind = random.choice(["scans"] * 12 + ["quantity", "quantity", "lot", "commands"])
        quantities = ["1", "4", "２．５", "0", "1,200", "x", "2"]  # noqa: RUF001
        days = ["", "", "20300131", "2030/1/31", "300131", "13/13"]
        fields = {
            "scans": {"code": random.choice(SCANS)},
            "quantity": {"quantity": random.choice(quantities)},
            "lot": {
                "lot": random.choice(["M1", "L9", "L5", " "]),
                "expires_on": random.choice(days),
            },
            "commands": {"button": random.choice(["OK", "CANCEL", "UNDO", "UNDO", "+1", "EMPTY"])},
        }[kind]
        if fields.get("code") == NEW_LOT:
            # Read by itself it is unknown; where a lot is wanted it is one.
            made += [("commands", {"button": "CANCEL"}), ("scans", {"code": MILK})]
        made.append((kind, fields))
    return [*made, ("commands", {"button": "CANCEL"}), ("scans", {"code": BREAD})]


class Place:
    """One place of store A, counted by the operator on the server and on a device."""

    def __init__(self, counters: Counters) -> None:
        self.counters = counters
        serial = Shop(counters.run.database, counters.run, counters.company).lot("oven", "S1")
        counters.stock("bread", "9")
        counters.stock("milk", "6", lot_id=counters.company.lots["milk"])
        counters.stock("oven", "1", lot_id=serial)
        counters.stock("flour", "5", "shelf2")
        counters.make()
        self.task: int = counters.value(
            "select id from count_task where location_id = %s",
            counters.company.a.locations["shelf1"],
        )

    def record(self, login: str = "operator_a") -> dict[str, Any]:
        """The package as a device keeps it."""
        store, user = self.counters.company.a.store_id, self.counters.company.users[login]
        row = ActorRow(
            user, login, login, "operator", "zh_CN", str(store), store, "A", "A",
            "Asia/Shanghai", None, None, "token", locked=False,
        )  # fmt: skip
        with self.counters.run.database.reading(self.counters.who(login)) as session:
            packed = pack(session, Actor(row), self.task)
        kept = msgspec.json.decode(msgspec.json.encode(packed))
        return {"url": kept["open"]["url"], "user_id": user, "package": kept, "since": []}

    def on_device(self, made: list[Command], record: dict[str, Any] | None = None) -> Any:
        question = {"record": record or self.record(), "today": str(TODAY), "commands": made}
        [here] = ask("tally.mjs", [question], "counting")
        return here

    def on_server(self, kind: str, fields: dict[str, str]) -> dict[str, Any]:
        does: dict[str, tuple[Any, Any]] = {
            "scans": (scans.scan, lambda: scans.scan_of(self.task, fields["code"])),
            "quantity": (scans.set_quantity, lambda: scans.SetQuantity(self.task, **fields)),
            "lot": (scans.enter_lot, lambda: scans.EnterLot(self.task, **fields)),
            "commands": (scans.press_button, lambda: scans.PressButton(self.task, **fields)),
        }
        handler, command = does[kind]
        try:
            answer = self.counters.do(handler, command(), self.counters.who("operator_a"))
        except Problem as problem:
            return {"tone": "refused", "code": problem.code, "step": None}
        return {"tone": answer.tone, "code": None, "step": answer.step}

    def counted(self) -> tuple[dict[Any, Decimal], int]:
        """(item, lot, is unexpected) -> quantity, and how many entries led to it."""
        rows = self.counters.rows(
            "select item.code, lot.code, line.quantity, line.is_unexpected, line.command_id"
            " from count_line line join item on item.id = line.item_id"
            " left join lot on lot.id = line.lot_id where undone_at is null and task_id = %s",
            self.task,
        )
        return summed([row[:4] for row in rows]), len({row[4] for row in rows})

    def compare(self, made: list[Command], said: list[dict[str, Any]]) -> None:
        for number, (command, local) in enumerate(zip(made, said, strict=True)):
            booked, place = self.on_server(*command), (number, command, local)
            assert (local["tone"], local["code"]) == (booked["tone"], booked["code"]), place
            assert booked["code"] or local["step"] == booked["step"], place


def summed(rows: list[Any]) -> dict[Any, Decimal]:
    totals: dict[Any, Decimal] = defaultdict(Decimal)
    for code, lot, quantity, odd in rows:
        totals[code, lot, odd] += Decimal(quantity)
    return dict(totals)


@pytest.fixture
def place(counters: Counters) -> Place:
    return Place(counters)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_same_commands_lead_to_the_same_count(place: Place, seed: int) -> None:
    made = steps(Random(seed), 70)
    here = place.on_device(made)
    assert not any(one["unsure"] for one in here["said"])
    place.compare(made, here["said"])
    assert (summed(here["counted"]), here["entries"]) == place.counted()
    done: list[Command] = [("commands", {"button": "DONE", "seen": str(here["entries"])})]
    assert place.on_device(done)["said"][0]["step"] == "done", "what was counted is carried along"
    place.compare(done, place.on_device(done)["said"])


def test_the_package_is_blind(place: Place) -> None:
    record = place.record()
    work = record["package"]["work"]
    assert "9.000000" not in str(record), "what the books have of bread"
    assert {item["code"] for item in record["package"]["goods"]["items"]} == {
        "BREAD", "MILK", "OVEN", "FLOUR"
    }, "goods of the other shelf too"  # fmt: skip
    assert len(work["expected"]) == package.FEWEST_MARKS
    bread, flour = (place.counters.company.items[name] for name in ("bread", "flour"))
    assert mark_of(place.task, bread, None) in work["expected"]
    assert mark_of(place.task, flour, None) not in work["expected"]


def test_codes_that_only_the_server_knows_are_kept_and_counted_as_entries(place: Place) -> None:
    record = place.record()
    goods = record["package"]["goods"]
    goods["codes"] = [row for row in goods["codes"] if row[0] != FLOUR]
    record["package"]["work"]["cut"] = [place.counters.company.items["milk"]]
    made: list[Command] = [
        ("scans", {"code": "SK:LA-SHELF1"}), ("scans", {"code": BREAD}),
        ("scans", {"code": FLOUR}), ("quantity", {"quantity": "3"}), ("scans", {"code": BREAD}),
        ("scans", {"code": f"01{MILK}10OLD"}), ("scans", {"code": "00106141412345678908"}),
        ("commands", {"button": "UNDO"}), ("commands", {"button": "DONE", "seen": "5"}),
    ]  # fmt: skip
    here = place.on_device(made, record)
    assert [one["unsure"] for one in here["said"]] == [False] * 2 + [True] * 7
    assert here["said"][-1] == {"tone": "accepted", "code": None, "step": "done", "unsure": True}
    booked = [place.on_server(*command) for command in made]
    assert [one["code"] for one in booked] == [
        None, None, None, None, None, None, "count_lot_wanted", None, "count_not_as_seen",
    ], "the lot was new after all: the place is not finished without it"  # fmt: skip
    assert place.counted()[0] == {
        ("BREAD", None, False): Decimal(2), ("FLOUR", None, True): Decimal(1),
        ("FLOUR", None, False): Decimal(2),
    }  # fmt: skip


def test_what_follows_a_refused_scan_does_not_change_other_goods(place: Place) -> None:
    for kind, fields in [("scans", {"code": "SK:LA-SHELF1"}), ("scans", {"code": BREAD})]:
        assert place.on_server(kind, fields)["code"] is None
    meant = {"quantity": "7", "about": "OVEN|S1|"}
    assert place.on_server("quantity", meant)["code"] == "count_other_goods"
    undo = {"button": "UNDO", "about": "OVEN|S1|"}
    assert place.on_server("commands", undo)["code"] == "count_other_goods"
    finish = {"button": "DONE", "seen": "2"}
    assert place.on_server("commands", finish)["code"] == "count_not_as_seen"
    assert place.on_server("quantity", {"quantity": "7", "about": "BREAD||"})["code"] is None
    assert place.on_server("commands", finish)["step"] == "done"


def test_late_scans_of_a_finished_or_cancelled_place_are_refused(place: Place) -> None:
    counters = place.counters
    counters.count("supervisor_a", "shelf1", bread="9")
    assert place.on_server("scans", {"code": BREAD})["code"] == "count_task_closed"
    with pytest.raises(Problem, match="no_such_count_task"):
        place.record()
    late = counters.now = clock.now()
    place.task = counters.take("supervisor_a", "shelf2")
    counters.goods("supervisor_a", place.task, "flour", "5")
    counters.do(hand_over, HandOver(place.task), counters.who("supervisor_a"))
    counters.now = late - timedelta(minutes=1)
    assert place.on_server("scans", {"code": FLOUR})["code"] == "count_others_since"
    counters.now = late + timedelta(minutes=1)
    assert place.on_server("scans", {"code": FLOUR})["code"] is None, "it was left to others"
    count = counters.value("select id from stock_count")
    counters.do(cancel_count, CancelCount(count), counters.who("supervisor_a"))
    assert place.on_server("scans", {"code": FLOUR})["code"] == "count_task_cancelled"
