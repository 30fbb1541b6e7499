"""``./saoku bench``: one run on one database, ours beside the database's own limit."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import Any

from app.kit import migrate
from app.kit.config import CHECKOUT, Settings
from app.kit.database import SYSTEM, Database, driver
from app.kit.embedded_postgres import ConnectionInfo, EmbeddedPostgres
from app.ledger.verify import verify
from bench import (
    company,
    costing,
    counting,
    diagnosis,
    exports,
    limit,
    margin,
    pick,
    reads,
    receive,
    scans,
)
from bench.handhelds import Measured
from bench.memory import tree_mb
from bench.paper import paper

READY_WITHIN_SECONDS = 60
TURNS = 4
PARTS = (
    "paper",
    "receive",
    "pick",
    "hot",
    "lookup",
    "on_hand",
    "diagnosis",
    "moves_export",
    "costing",
    "counting",
    "margin",
)


def bench_command(arguments: list[str]) -> int:
    """Build, measure, print; 1 where the ledger does not add up afterwards."""
    options = _options(arguments)
    folder = Settings.from_environment().data_dir / "bench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with EmbeddedPostgres(folder) as info:
            found = _measure(info, folder, options)
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(found) if options.json else _readable(found))
    return 0 if found["verify"] == "ok" else 1


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "saoku bench",
        description="Build a company of 5,000 items, 200 locations and 100,000 moves, then measure"
        " receiving by HTTP beside pgbench running the very same SQL, in the same run.",
    )
    parser.add_argument("--json", action="store_true", help="one object on one line")
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement (10)")
    parser.add_argument("--items", type=int, default=company.ITEMS)
    parser.add_argument("--moves", type=int, default=company.MOVES)
    parser.add_argument(
        "--sales", type=int, default=margin.LINES, help="sales lines of the margin report"
    )
    parser.add_argument(
        "--long", type=int, default=costing.MOVES, help="moves of one item, for costing"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="this part; may be repeated")
    parser.add_argument("--keep", action="store_true", help="leave the database behind")
    options = parser.parse_args(arguments)
    options.only = set(options.only or PARTS)
    if options.items < company.HANDHELDS * company.LINES:
        parser.error(f"--items must be {company.HANDHELDS * company.LINES} or more")
    return options


def _measure(info: ConnectionInfo, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    _tell("building the company")
    migrate.upgrade(info.owner_url)
    size = company.Size(items=options.items, moves=options.moves)
    started = time.perf_counter()
    with _opened(info) as database:
        built = company.build(database, size)
        building = time.perf_counter() - started
        blocked = diagnosis.build(database, built.store_id, diagnosis.Size.beside(options.moves))
        measured = _workloads(database, built, folder, options.only)
    _settle(info)
    found: dict[str, Any] = {"machine": _machine(), "build_s": round(building, 1)}
    if "paper" in options.only:
        _tell("labels on paper")
        found["paper"] = paper()
    found |= _over_http(info, folder, measured, (built, blocked), options)
    with _opened(info) as database:
        found["moves"] = _moves(database)
        found["picks_lost"] = pick.lost(database)
        started = time.perf_counter()
        found["verify"] = "ok" if not verify(database) else "differences"
        found["verify_s"] = round(time.perf_counter() - started, 2)
    return found


Chosen = list[tuple[scans.Workload, Path]]


def _workloads(database: Database, built: company.Built, folder: Path, only: set[str]) -> Chosen:
    """What is measured, each with pgbench's script of the same SQL."""
    chosen = [receive.workload(built)] if "receive" in only else []
    chosen += [
        pick.workload(pick.build(database, built, hot=name == "hot"))
        for name in ("pick", "hot")
        if name in only
    ]
    return [(workload, scans.script(database, workload, folder)) for workload in chosen]


def _over_http(
    info: ConnectionInfo,
    folder: Path,
    measured: Chosen,
    there: tuple[company.Built, int],
    options: argparse.Namespace,
) -> dict[str, Any]:
    seconds: int = options.seconds
    built, blocked = there
    found: dict[str, Any] = {}
    with _server(folder) as (address, pid):
        for workload, script in measured:
            scans.run_limit(info.app_url, script, 4, min(seconds, 2))  # fills the caches
            scans.run_http(address, workload, company.HANDHELDS, min(seconds, 3))
            found[workload.name] = _in_turns(info, workload, script, address, seconds)
        cookies = scans.sign_in_all(address)
        other = {
            "lookup": lambda: reads.lookups(address, cookies, seconds, options.items),
            "on_hand": lambda: reads.on_hand(address, cookies[0]),
            "diagnosis": lambda: diagnosis.looked_at(address, cookies[0], blocked),
            "moves_export": lambda: exports.movements(address, cookies[0], pid),
            "costing": lambda: _costing(info, built, options),
            "counting": lambda: _counting(
                info, built, counting.Server(address, pid, cookies[0]), min(seconds, 2)
            ),
            "margin": lambda: _margin(info, address, cookies[0], options),
        }
        for name, measure in other.items():
            if name in options.only:
                _tell(name)
                found[name] = measure()
        found["memory"] = {"server_mb": tree_mb(pid), "postgres_mb": _postgres_mb(folder)}
    return found


def _costing(
    info: ConnectionInfo, built: company.Built, options: argparse.Namespace
) -> dict[str, object]:
    with _opened(info) as database:
        return costing.measured(info.owner_url, database, built.store_id, options.long)


def _counting(
    info: ConnectionInfo, built: company.Built, server: counting.Server, seconds: float
) -> dict[str, object]:
    with _opened(info) as database:
        return counting.Bench(info.owner_url, database, built, server, seconds).measured()


def _margin(
    info: ConnectionInfo, address: str, cookie: str, options: argparse.Namespace
) -> dict[str, object]:
    """After everything else: it makes the database ten times as large."""
    lines: int = options.sales
    with _opened(info) as database:
        return margin.measured(info.owner_url, database, address, cookie, lines)


def _in_turns(
    info: ConnectionInfo, workload: scans.Workload, script: Path, address: str, seconds: int
) -> dict[str, Any]:
    """pgbench and HTTP by turns, so that a machine that is slower for a while is so for both."""
    limits: dict[int, limit.Limit] = {}
    https: dict[int, Measured] = {}
    turns = max(min(TURNS, seconds // 2), 1)
    for clients in workload.clients:
        for turn in range(turns):
            _tell(f"{workload.name}, {clients} clients: turn {turn + 1} of {turns}")
            limited = scans.run_limit(info.app_url, script, clients, max(seconds // turns, 2))
            measured = scans.run_http(address, workload, clients, seconds / turns)
            limits[clients] = limits[clients] + limited if turn else limited
            https[clients] = https[clients] + measured if turn else measured
    return _compared(limits, https)


def _compared(limits: dict[int, limit.Limit], https: dict[int, Measured]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for clients, limited in limits.items():
        http = https[clients]
        found |= {
            f"limit_tps_{clients}": round(limited.tps, 1),
            f"limit_p50_ms_{clients}": round(limited.percentile_ms(50), 2),
            f"limit_p99_ms_{clients}": round(limited.percentile_ms(99), 2),
            f"http_tps_{clients}": round(http.rate, 1),
            f"ratio_{clients}": round(http.rate / limited.tps, 3),
            f"p50_ms_{clients}": round(http.percentile_ms(50), 2),
            f"p95_ms_{clients}": round(http.percentile_ms(95), 2),
            f"p99_ms_{clients}": round(http.percentile_ms(99), 2),
            f"p99_times_limit_{clients}": round(
                http.percentile_ms(99) / limited.percentile_ms(99), 1
            ),
        }
    return found


@contextmanager
def _opened(info: ConnectionInfo) -> Iterator[Database]:
    database = Database(info.app_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _server(folder: Path) -> Iterator[tuple[str, int]]:
    """The real product on the same database; its address and process."""
    port = _free_port()
    environment = os.environ | {"SAOKU_DATA_DIR": str(folder), "SAOKU_PORT": str(port)}
    command = [sys.executable, "-m", "app.cli", "serve"]
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError("the server did not start; see bench/serve.log in SAOKU_DATA_DIR")


def _settle(info: ConnectionInfo) -> None:
    """What autovacuum and the checkpointer would do some time during the measurement."""
    import psycopg

    with psycopg.connect(info.owner_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


def _postgres_mb(folder: Path) -> int:
    pid = EmbeddedPostgres(folder).postmaster_pid()
    return tree_mb(pid) if pid else 0


def _moves(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        row = driver(session).execute("select count(*) from stock_move").fetchone()
    assert row
    return row[0]


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def _tell(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def _readable(found: dict[str, Any]) -> str:
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {key:24} {figure}" for key, figure in value.items()]
        else:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
