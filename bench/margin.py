"""The margin report over a million sales lines, by any two dimensions.

The lines are written set-based, as the owner and without foreign keys, each with its pick, its
shipment and its cost; ``verify`` looks at all of them at the end like at any others.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import psycopg

from app.kit import sql
from app.kit.database import Database
from app.kit.ids import new_id
from app.reporting.following import catch_up
from bench.handhelds import Handheld, get

QUERIES = sql.Queries(Path(__file__).with_suffix(".sql"))
LINES = 1_000_000
LOOKS = 5
PAIRS = (
    ("item", "store"),
    ("customer", "month"),
    ("category", "salesperson"),
    ("region", "quarter"),
    ("customer", "item"),
    ("order", "lot"),
    ("day", "area"),
    ("week", "store"),
)


def measured(
    owner_url: str, database: Database, address: str, cookie: str, lines: int
) -> dict[str, object]:
    """Seconds of writing the lines and of summing them; milliseconds of the report by pairs."""
    started = time.perf_counter()
    build(owner_url, lines)
    built = time.perf_counter()
    catch_up(database)
    found: dict[str, object] = {
        "lines": lines,
        "build_s": round(built - started, 1),
        "follow_s": round(time.perf_counter() - built, 1),
    }
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("vacuum analyze sale_margin")
    with Handheld(address, iter(())) as device:
        for rows, columns in PAIRS:
            asked = f"rows={rows}&columns={columns}&since=2020-01-01&till=2029-12-28"
            times = [_timed(device, asked, address, cookie) for _ in range(LOOKS)]
            found[f"{rows}_by_{columns}_ms"] = round(sorted(times)[LOOKS // 2] * 1000)
            found[f"{rows}_by_{columns}_max_ms"] = round(max(times) * 1000)
    return found


def build(owner_url: str, lines: int) -> None:
    """Write the orders, their moves and costs; foreign keys hold because it is written so."""
    given: dict[str, Any] = {"lines": lines, "command": new_id()}
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for name in QUERIES.texts:
            connection.execute(QUERIES[name], given)


def _timed(device: Handheld, asked: str, address: str, cookie: str) -> float:
    host = address.split("//")[1].strip("/")
    started = time.perf_counter()
    answer = device.exchange(get(f"/api/v1/reports/margin?{asked}", host, cookie))
    assert answer.status == 200, answer.body[:300]
    return time.perf_counter() - started
