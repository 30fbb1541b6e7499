"""A device without network picks what the server books when it gets the same commands later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from app.access.actor import Actor, ActorRow
from app.kit import clock
from app.kit.problems import Problem
from app.picking.loading import load, stops_of
from app.picking.package import pack
from app.picking.state import Stop
from tests.offline.node import ask
from tests.picking.conftest import (
    BREAD,
    CASE,
    FLOUR,
    MILK,
    OVEN,
    SHELF1,
    SHELF2,
    STAGE,
    Floor,
    floor,
)

__all__ = ["floor"]

TODAY = clock.today("Asia/Shanghai")
SCANS = [
    SHELF1, SHELF1, SHELF2, SHELF2, "A-SHELF3", STAGE, "A-CART1", "A-CART2", BREAD, BREAD, BREAD,
    CASE, FLOUR, MILK, MILK, OVEN, "E1", "L1", f"(01){MILK}(10)E1", f"(01){MILK}(10)E1",
    f"01{FLOUR}3103002500", f"(01){OVEN}(21)S1", f"(01){OVEN}(21)S2", "SK:XOK", "SK:XUNDO",
    "SK:X+3", "SK:XCANCEL", "SK:XSKIP", "nonsense", "6901234567893", "SK:TMILK|E1",
]  # fmt: skip
Command = tuple[str, dict[str, str]]


def steps(random: Random, count: int) -> list[Command]:
    made: list[Command] = []
    for _ in range(count):
        kind = random.choice(["scans"] * 12 + ["quantity", "undo", "commands"])
        fields = {
            "scans": {"code": random.choice(SCANS)},
            "quantity": {"quantity": random.choice(["1", "4", "２．５", "0", "1,200", "x", "2"])},  # noqa: RUF001
            "commands": {"button": random.choice(["OK", "CANCEL", "SKIP", "DONE", "+1"])},
            "undo": {},
        }[kind]
        made.append((kind, fields))
    return made


def on_server(floor: Floor, kind: str, fields: dict[str, str]) -> dict[str, Any]:
    does: dict[str, Callable[[], Any]] = {
        "scans": lambda: floor.scan(fields["code"]),
        "quantity": lambda: floor.type(fields["quantity"]),
        "commands": lambda: floor.press(fields["button"]),
        "undo": lambda: floor.press("UNDO"),
    }
    try:
        answer = does[kind]()
    except Problem as problem:
        step = floor.value("select step ->> 'step' from pick where id = %s", floor.pick_id)
        return {"tone": "refused", "code": problem.code, "step": step}
    return {"tone": answer.tone, "code": None, "step": answer.step}


def record_of(floor: Floor) -> dict[str, Any]:
    """The package as a device keeps it."""
    user = floor.company.users["operator_a"]
    row = ActorRow(
        user, "operator_a", "操作员", "operator", "zh_CN", str(floor.company.a.store_id),
        floor.company.a.store_id, "A", "A", "Asia/Shanghai", None, None, "token", locked=False,
    )  # fmt: skip
    with floor.database.reading(floor.caller) as session:
        package = pack(session, Actor(row), floor.pick_id)
    kept = msgspec.json.decode(msgspec.json.encode(package))
    return {"url": kept["open"]["url"], "user_id": user, "package": kept, "since": []}


def stock(floor: Floor) -> None:
    floor.stock("bread", "9")
    floor.stock("bread", "6", "shelf2")
    floor.stock("milk", "6", lot_id=floor.lot("milk", "E1", clock.today() + timedelta(days=12)))
    floor.stock("milk", "6", lot_id=floor.lot("milk", "L1", clock.today() + timedelta(days=50)))
    floor.stock("flour", "5", "shelf2")
    for code in ("S1", "S2"):
        floor.stock("oven", "1", "shelf2", lot_id=floor.lot("oven", code))


def orders(floor: Floor) -> list[int]:
    wanted = [
        [("BREAD", "8"), ("MILK", "3"), ("FLOUR", "2.5"), ("OVEN", "1")],
        [("BREAD", "5"), ("MILK", "2")],
    ]
    return [floor.order(*lines).order_id for lines in wanted]


def on_device(floor: Floor, made: list[Command]) -> dict[str, Any]:
    question = {"record": record_of(floor), "today": str(TODAY), "commands": made}
    [here] = ask("tally.mjs", [question], "picking")
    return here


def compare(floor: Floor, made: list[Command], said: list[dict[str, Any]], seed: int) -> bool:
    """Whether the device was sure of all that it said."""
    before = floor.value("select step ->> 'step' from pick where id = %s", floor.pick_id)
    for number, (command, local) in enumerate(zip(made, said, strict=True)):
        booked = on_server(floor, *command)
        place = (seed, number, before, command, local, booked)
        if local["unsure"]:
            assert local["tone"] != "refused" or local["code"] in CERTAIN, place
            return False
        if local["tone"] == "attention" and booked["tone"] == "refused":
            assert booked["code"] == "pick_unknown_code", place
        else:
            assert (local["tone"], local["code"]) == (booked["tone"], booked["code"]), place
            if not booked["code"]:
                assert local["step"] == booked["step"], place
        before = booked["step"]
    return True


CERTAIN = ("pick_not_a_number", "pick_nothing_scanned")


def picked(floor: Floor) -> dict[int, Decimal]:
    return dict(floor.rows("select id, picked from pick_task where pick_id = %s", floor.pick_id))


@pytest.mark.parametrize(
    ("kind", "seed"),
    [("order", 15), ("batch", 11), ("batch", 12), ("cluster", 16), ("cluster", 19)],
)
def test_the_same_commands_lead_to_the_same_picks(floor: Floor, kind: str, seed: int) -> None:
    stock(floor)
    made_orders = orders(floor)
    floor.begin(*(made_orders[:1] if kind == "order" else made_orders), kind=kind)
    made = steps(Random(seed), 60)
    here = on_device(floor, made)
    if not compare(floor, made, here["said"], seed):
        return
    shares = [share for stop in here["stops"] for share in stop["shares"]]
    assert {one["task_id"]: Decimal(one["picked"]) for one in shares} == picked(floor)


def test_a_whole_pick_without_network(floor: Floor) -> None:
    stock(floor)
    floor.begin(orders(floor)[0])
    made: list[Command] = [
        ("scans", {"code": SHELF1}), ("scans", {"code": BREAD}), ("quantity", {"quantity": "7"}),
        ("undo", {}), ("scans", {"code": CASE}), ("scans", {"code": BREAD}),
        ("scans", {"code": BREAD}), ("scans", {"code": MILK}), ("scans", {"code": "E1"}),
        ("scans", {"code": "SK:X+1"}), ("scans", {"code": MILK}), ("scans", {"code": SHELF2}),
        ("scans", {"code": FLOUR}), ("quantity", {"quantity": "2.5"}),
        ("scans", {"code": f"(01){OVEN}(21)S1"}), ("scans", {"code": "SK:XOK"}),
        ("scans", {"code": STAGE}),
    ]  # fmt: skip
    here = on_device(floor, made)
    assert compare(floor, made, here["said"], 0)
    assert floor.state() == "done"
    assert here["said"][-1]["step"] == "done"
    assert all(
        Decimal(s["picked"]) == Decimal(s["quantity"])
        for stop in here["stops"]
        for s in stop["shares"]
    )


def test_other_goods_wait_for_the_network_and_wrong_ones_are_refused(floor: Floor) -> None:
    stock(floor)
    floor.stock("flour", "1")
    floor.begin(floor.order(("BREAD", "4"), ("MILK", "2")).order_id)
    codes = [SHELF1, FLOUR, "A-SHELF3", f"(01){MILK}(10)L1", FLOUR]
    said = on_device(floor, [("scans", {"code": code}) for code in codes])["said"]
    assert [(one["code"], one["unsure"]) for one in said] == [
        (None, False), ("pick_wrong_item", False), ("pick_wrong_location", False), (None, True),
        (None, True),
    ]  # fmt: skip
    booked = [on_server(floor, "scans", {"code": code}) for code in codes]
    assert [one["code"] for one in booked[:3]] == [one["code"] for one in said[:3]]
    assert booked[3]["step"] == "confirm_swap"


def test_what_the_server_booked_before_it_takes_back_itself(floor: Floor) -> None:
    stock(floor)
    floor.begin(floor.order(("BREAD", "4")).order_id)
    floor.scan(SHELF1, BREAD)
    said = on_device(floor, [("scans", {"code": BREAD}), ("undo", {}), ("undo", {})])["said"]
    assert [one["unsure"] for one in said] == [False, False, True]


@pytest.mark.parametrize("kind", ["order", "batch", "cluster"])
def test_the_stops_of_the_package_are_those_of_a_scan(floor: Floor, kind: str) -> None:
    stock(floor)
    floor.begin(*(orders(floor)[: 1 if kind == "order" else 2]), kind=kind)
    facts = record_of(floor)["package"]["work"]["facts"]
    with floor.database.session(floor.caller) as session:
        row = load(session, floor.pick_id, floor.company.users["operator_a"]).row
    carried = msgspec.convert(facts["stops"], tuple[Stop, ...], strict=False)
    scanned = stops_of(row.tasks)
    assert tuple(stop for stop in carried if stop in scanned) == scanned, (
        "a scan sees the next ones"
    )
    assert (facts["gone"], facts["last"]) == (row.gone, row.last)
