"""kill -9 of a web worker and of PostgreSQL in a load: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Condition
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest

from app.access.secrets import token_hash
from app.kit import ids
from app.kit.database import SYSTEM, Database, driver
from app.kit.embedded_postgres import EmbeddedPostgres
from tests.harness import GTINS, SampleCompany, assert_verified, make_company
from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.skipif(
    "SAOKU_TEST_DATABASE_URL" in os.environ, reason="kills the embedded PostgreSQL")]  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
PEOPLE = ("operator_a", "supervisor_a", "manager_a", "headquarters")
SCANS = 120
PATIENCE_SECONDS = 90


@dataclass
class Load:
    """What the devices know: every answer that they got."""

    port: int
    answered: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    news: Condition = field(default_factory=Condition)

    def remember(self, command_id: UUID, answer: dict[str, Any]) -> None:
        with self.news:
            self.answered[command_id] = answer
            self.news.notify_all()

    def wait_for(self, count: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.answered) >= count, PATIENCE_SECONDS)


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with served(tmp_path) as (process, port):
        info = EmbeddedPostgres(tmp_path).connection_if_running()
        assert info
        database = Database(info.app_url, pool_size=2)
        company = make_company(database)
        tokens = give_tokens(database, company)
        load = Load(port)
        with ThreadPoolExecutor(len(PEOPLE)) as pool:
            working = [pool.submit(scan_on, load, token, company) for token in tokens]
            load.wait_for(60)
            os.kill(web_worker(process.pid), signal.SIGKILL)
            load.wait_for(150)
            os.kill(EmbeddedPostgres(tmp_path).postmaster_pid() or 0, signal.SIGKILL)
            finish(working)
        database.close()
        after = Database(info.app_url, pool_size=2)
        check(after, load)
        after.close()


def finish(working: list[Future[None]]) -> None:
    for future in working:
        future.result()


def check(database: Database, load: Load) -> None:
    assert_verified(database)
    with database.reading(SYSTEM) as session:
        rows = driver(session).execute("select id, outcome, kind from command").fetchall()
        received = driver(session).execute("select sum(quantity) from stock_move").fetchone()[0]
    stored = {row[0]: row[1] for row in rows}
    assert all(stored.get(command_id) == "done" for command_id in load.answered)
    assert received == len(PEOPLE) * SCANS


def scan_on(load: Load, token: str, _company: SampleCompany) -> None:
    """One device: opens a receipt, then scans; resends the same id until there is an answer."""
    opened = insist(load, token, "/api/v1/receipts", {})
    for _ in range(SCANS):
        path = f"/api/v1/receipts/{opened['receipt_id']}/scans"
        insist(load, token, path, {"code": GTINS["bread"]})


def insist(load: Load, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    command_id, deadline = ids.new_id(), monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        status, answer = attempt(load.port, token, path, body, command_id)
        if status in {200, 201}:
            load.remember(command_id, answer)
            return answer
        assert status in {0, 500, 502, 503}, answer
        sleep(0.05)
    raise AssertionError("no answer")


def attempt(
    port: int, token: str, path: str, body: dict[str, Any], command_id: UUID
) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {
        "Authorization": f"Bearer {token}", "Idempotency-Key": str(command_id),
        "Content-Type": "application/json",
    }  # fmt: skip
    try:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    except (OSError, HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()


def give_tokens(database: Database, company: SampleCompany) -> list[str]:
    tokens = [f"token-of-{person}" for person in PEOPLE]
    with database.session(SYSTEM) as session:
        for person, token in zip(PEOPLE, tokens, strict=True):
            driver(session).execute(
                "insert into api_token (name, token_hash, user_id, store_id)"
                " values (%s, %s, %s, %s)",
                [person, token_hash(token), company.users[person], company.a.store_id],
            )
        session.commit()
    return tokens


@contextmanager
def served(folder: Path) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SAOKU_")
    } | {"SAOKU_DATA_DIR": str(folder), "SAOKU_PORT": str(port), "SAOKU_WORKERS": "2"}
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_healthy(port)
        yield process, port
    finally:
        process.terminate()
        assert process.wait(60) in {0, -signal.SIGTERM, 143}


def wait_until_healthy(port: int) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("the server did not start")


def web_worker(parent: int) -> int:
    """A granian worker: listens like its parent but is its child."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        text = stat.read_text()
        if int(text.rpartition(")")[2].split()[1]) == parent:
            pid = int(stat.parent.name)
            command = (stat.parent / "cmdline").read_bytes()
            if b"resource_tracker" not in command and is_listening(pid):
                return pid
    raise AssertionError("no web worker found")


def is_listening(pid: int) -> bool:
    threads = list(Path(f"/proc/{pid}/task").iterdir())
    names = {(thread / "comm").read_text().strip() for thread in threads}
    return any("granian" in name or "tokio" in name for name in names) or len(threads) > 4
