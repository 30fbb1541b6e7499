"""The real product for a browser: its own processes, a small company, one order to receive."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from app.access.secrets import hash_password
from app.kit import clock
from app.kit.database import SYSTEM, Database, driver
from app.kit.ids import new_id
from app.kit.transactions import Envelope, run
from app.receiving import commands as receiving
from e2e.patience import PATIENCE_SECONDS
from tests import harness
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "warm bread 7"
SECRET_KEY = "a key of this test run, long enough"


@dataclass(frozen=True)
class Product:
    """A running server and what is in it."""

    address: str
    database: Database
    company: harness.SampleCompany
    process: subprocess.Popen[bytes]

    def order(self, *lines: receiving.OrderLine, store: str = "a") -> receiving.OrderChanged:
        """A confirmed purchase order of a store, due today."""
        store_id = getattr(self.company, store).store_id
        command = receiving.CreatePurchaseOrder(
            store_id=store_id, supplier="S1", lines=list(lines), confirm=True,
            expected_on=clock.today() + timedelta(days=0), prices_include_tax=False,
        )  # fmt: skip
        caller = replace(self.company.callers["manager_a"], store_id=store_id)
        envelope = Envelope(new_id(), caller)
        return run(self.database, receiving.create_purchase_order, command, envelope)

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, as the whole company sees it."""
        with self.database.reading(SYSTEM) as session:
            return driver(session).execute(text, values).fetchall()


def line(item: str, quantity: str, price: str) -> receiving.OrderLine:
    return receiving.OrderLine(item, Decimal(quantity), Decimal(price), Decimal(0))


@contextmanager
def running(postgres: harness.Server, folder: Path) -> Generator[Product]:
    """A new small company and its own server, until the end."""
    with harness.fresh_database(postgres) as name:
        database = postgres.database(name, pool_size=3)
        company = harness.make_company(database)
        _give_passwords(database)
        try:
            with _serving(postgres, name, folder) as (address, process):
                yield Product(address, database, company, process)
        finally:
            database.close()


def _give_passwords(database: Database) -> None:
    with database.session(SYSTEM) as session:
        driver(session).execute("update app_user set password_hash = %s", [hash_password(PASSWORD)])
        session.commit()


@contextmanager
def _serving(
    postgres: harness.Server, name: str, folder: Path
) -> Generator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    environment = os.environ | {
        "SAOKU_DATA_DIR": str(folder), "SAOKU_PORT": str(port), "SAOKU_WORKERS": "1",
        "SAOKU_DATABASE_URL": postgres.url(name), "SAOKU_DATABASE_POOL": "5",
        "SAOKU_PRINTER_NETWORKS": "127.0.0.0/8", "SAOKU_NOTIFICATION_NETWORKS": "127.0.0.0/8",
        "SAOKU_SECRET_KEY": SECRET_KEY,
    }  # fmt: skip
    if postgres.app_role is None:
        environment["SAOKU_DATABASE_APP_URL"] = postgres.app_url(name)
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"],
            cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(address, process, folder)
        yield address, process
    finally:
        process.terminate()
        process.wait()


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = monotonic() + 3 * PATIENCE_SECONDS  # a whole system starts
    while monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address + "/health", timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, OSError):
            sleep(0.1)
    raise AssertionError((folder / "serve.log").read_text(encoding="utf-8", errors="replace"))
