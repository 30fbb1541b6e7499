# ruff: noqa: RUF001 (full-width characters are the point)
"""A device without network counts what the server books when it gets the same commands later."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
import pytest

from app.access.actor import Actor, ActorRow
from app.kit import clock
from app.kit.problems import Problem
from app.receiving import commands
from app.receiving.commands import OrderLine
from app.receiving.package import pack
from tests.offline.node import ask
from tests.receiving.conftest import BREAD, CASE, FLOUR, MILK, OVEN, Dock, dock

__all__ = ["dock"]

TODAY = clock.today("Asia/Shanghai")
GOOD = f"{TODAY + timedelta(days=20):%y%m%d}"
OLD = f"{TODAY - timedelta(days=2):%y%m%d}"
SCANS = [
    BREAD, BREAD, CASE, MILK, FLOUR, OVEN, "M2", "M1", "SK:XUNDO", "SK:XOK", "SK:X+3", "SK:XCANCEL",
    f"(01){MILK}(17){GOOD}(10)M2", f"(01){MILK}(17){GOOD}(10)M3", f"(01){MILK}(17){OLD}(10)M4",
    f"01{FLOUR}3103002500", f"(01){OVEN}(21)S1", f"(01){OVEN}(21)S2", f"(02){BREAD}(37)2",
    "4006381333931", "nonsense", "6901234567893", "SK:LA-SHELF1", "SK:IBREAD", "SK:TMILK|M1",
]  # fmt: skip


def steps(random: Random, count: int) -> list[tuple[str, dict[str, str]]]:
    made: list[tuple[str, dict[str, str]]] = []
    for _ in range(count):
        kind = random.choice(["scans"] * 8 + ["quantity", "lot", "expiry", "undo"])
        fields = {
            "scans": {"code": random.choice(SCANS)},
            "quantity": {"quantity": random.choice(["1", "4", "２．５", "0", "1,200", "x"])},
            "lot": {"lot": random.choice(["M2", "M7", " ", "L" * 51])},
            "expiry": {"expires_on": random.choice([GOOD, OLD, "", "2026-02-31"])},
            "undo": {},
        }[kind]
        made.append((kind, fields))
    return made


def on_server(dock: Dock, kind: str, fields: dict[str, str]) -> dict[str, Any]:
    handler, command = {
        "scans": lambda: (commands.scan, commands.scan_of(dock.receipt_id, fields["code"])),
        "quantity": lambda: (
            commands.set_quantity,
            commands.SetQuantity(dock.receipt_id, fields["quantity"]),
        ),
        "lot": lambda: (commands.enter_lot, commands.EnterLot(dock.receipt_id, fields["lot"])),
        "expiry": lambda: (
            commands.enter_expiry,
            commands.EnterExpiry(dock.receipt_id, fields["expires_on"]),
        ),
        "undo": lambda: (commands.press_button, commands.PressButton(dock.receipt_id, "UNDO")),
    }[kind]()
    try:
        answer = dock.do(handler, command)
    except Problem as problem:
        return {"tone": "refused", "code": problem.code, "step": step_of(dock)}
    return {"tone": answer.tone, "code": None, "step": answer.step}


def step_of(dock: Dock) -> str:
    return dock.one("select step ->> 'step' from receipt where id = %s", dock.receipt_id)


def record_of(dock: Dock) -> dict[str, Any]:
    """The package as a device keeps it."""
    user = dock.company.users["operator_a"]
    row = ActorRow(
        user, "operator_a", "操作员", "operator", "zh_CN", str(dock.company.a.store_id),
        dock.company.a.store_id, "A", "A", "Asia/Shanghai", None, None, "token", locked=False,
    )  # fmt: skip
    with dock.database.reading(dock.caller) as session:
        package = pack(session, Actor(row), dock.receipt_id)
    kept = msgspec.json.decode(msgspec.json.encode(package))
    return {"url": kept["open"]["url"], "user_id": user, "package": kept, "since": []}


def order(dock: Dock) -> int:
    return dock.order(
        OrderLine("BREAD", Decimal(7), Decimal("3.333"), over_receipt_tolerance=Decimal("0.5")),
        OrderLine("BREAD", Decimal(5), Decimal("2.10")),
        OrderLine("MILK", Decimal(6), Decimal("1.99")),
        OrderLine("FLOUR", Decimal(10), Decimal("0.777"), over_receipt_tolerance=Decimal("0.1")),
        OrderLine("OVEN", Decimal(2), Decimal("999.99")),
    )


@pytest.mark.parametrize("seed", [0, 2, 5, 20])
def test_the_same_commands_lead_to_the_same_sums(dock: Dock, seed: int) -> None:
    dock.open(order(dock))
    made = steps(Random(seed), 45)
    record = record_of(dock)
    [here] = ask("tally.mjs", [{"record": record, "today": str(TODAY), "commands": made}])
    for number, (command, said) in enumerate(zip(made, here["said"], strict=True)):
        booked = on_server(dock, *command)
        place = (seed, number, command, said, booked)
        assert said["step"] == booked["step"], place
        if said.pop("unsure") and said["tone"] == "attention":
            # What only the server can say: it knows the code neither, or has nothing to take back.
            unsaid = ("unknown_code", "unknown_barcode", "unknown_barcode_ask", "nothing_to_undo")
            assert booked["code"] in unsaid, place
            continue
        assert said == booked, place
    received = dock.rows(
        "select line.id, line.received from purchase_order_line line"
        " join receipt on receipt.order_id = line.order_id where receipt.id = %s", dock.receipt_id,
    )  # fmt: skip
    assert {int(key): Decimal(value) for key, value in here["lines"].items()} == dict(received)
    waiting = sum(Decimal(held["quantity"]) for held in here["holdings"])
    assert waiting == sum(value for _, value in received)


def test_goods_are_put_away_without_network(dock: Dock) -> None:
    dock.open(order(dock))
    made = [
        ("scans", {"code": BREAD}), ("scans", {"code": CASE}), ("commands", {"button": "PUTAWAY"}),
        ("scans", {"code": BREAD}), ("scans", {"code": "SK:LA-SHELF1"}),
        ("scans", {"code": "SK:LA-SHELF1"}), ("commands", {"button": "PUTAWAY"}),
    ]  # fmt: skip
    record = record_of(dock)
    [here] = ask("tally.mjs", [{"record": record, "today": str(TODAY), "commands": made}])
    assert [said["step"] for said in here["said"]] == [
        "scan_item", "scan_item", "scan_put_away_item", "scan_put_away_location",
        "confirm_location", "scan_put_away_item", "scan_item",
    ]  # fmt: skip
    assert here["holdings"] == []


def test_the_package_knows_what_was_done_before(dock: Dock) -> None:
    order_id = order(dock)
    dock.open(order_id)
    dock.scan(BREAD)
    dock.scan(f"(01){MILK}(17){GOOD}(10)M9")
    record = record_of(dock)
    made = [("scans", {"code": "M9"}), ("quantity", {"quantity": "4"}), ("undo", {}), ("undo", {})]
    [here] = ask("tally.mjs", [{"record": record, "today": str(TODAY), "commands": made}])
    assert [said["tone"] for said in here["said"]] == [
        "accepted",
        "accepted",
        "accepted",
        "attention",
    ]
    assert sorted(map(Decimal, here["lines"].values())) == [0, 0, 0, 1, 1]
