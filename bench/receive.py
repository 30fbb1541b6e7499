"""The workload "receive one line": scan an item's barcode into an open receipt, again and again."""

from __future__ import annotations

import random
from typing import Any

from app.kit.database import SYSTEM, Database, driver
from bench import recorded
from bench.company import BARCODE_BASE, LINES, Built, barcode
from bench.scans import RECORDED, Workload, numbers

# Which of the recorded handheld's items is scanned.
ITEM = 7

VARIABLES = {
    "n": f"random(0, {LINES - 1})",
    "index": f":client_id * {LINES} + :n",
    "d1": ":index / 1000",
    "d2": "(:index / 100) % 10",
    "d3": "(:index / 10) % 10",
    "d4": ":index % 10",
    "check": "(10 - (33 + :d1 + 3 * :d2 + :d3 + 3 * :d4) % 10) % 10",
    "ean": f"({BARCODE_BASE} + :index) * 10 + :check",
}


def workload(built: Built) -> Workload:
    """Handheld ``k`` receives an order of its own."""
    own = {
        "item": f"{built.first_item} + :index",
        "line": f"{built.first_line} + :index",
        "receipt": f"{built.first_receipt} + :client_id",
        "order": f"{built.first_order} + :client_id",
        "user": f"{built.first_user} + :client_id",
    }
    return Workload(
        "receive",
        page=lambda handheld: f"/receiving/{built.first_receipt + handheld}",
        code=_code,
        variables=VARIABLES | own,
        vary=lambda database: _variation(database, built),
    )


def _code(handheld: int, chance: random.Random | None) -> str:
    item = chance.randrange(LINES) if chance else ITEM
    return barcode(handheld * LINES + item)


def _variation(database: Database, built: Built) -> recorded.Expression:
    """What differs between two scans: by whom, into which receipt, of which item."""
    index = RECORDED * LINES + ITEM
    line, move = _newest(database)
    vary_number = numbers(
        {
            "receipt_id": (built.first_receipt + RECORDED, ":receipt"),
            "order_id": (built.first_order + RECORDED, ":order"),
            "user_id": (built.first_user + RECORDED, ":user"),
            "item_id": (built.first_item + index, ":item"),
            "order_line_id": (built.first_line + index, ":line"),
            "id": (line, "currval('receipt_line_id_seq')"),
            "line_id": (line, "currval('receipt_line_id_seq')"),
            "move_id": (move, "currval('stock_move_id_seq')"),
        }
    )
    texts = {"0" + barcode(index): "('0' || :ean)", barcode(index): "(:ean)::text"}

    def vary(name: str, value: Any) -> str | None:
        if name == "codes" and value and all(text in texts for text in value):
            return f"array[{', '.join(texts[text] for text in value)}]"
        return texts.get(value) if isinstance(value, str) else vary_number(name, value)

    return vary


def _newest(database: Database) -> tuple[int, int]:
    with database.reading(SYSTEM) as session:
        row = (
            driver(session)
            .execute("select (select max(id) from receipt_line), (select max(id) from stock_move)")
            .fetchone()
        )
    assert row
    return row[0], row[1]
