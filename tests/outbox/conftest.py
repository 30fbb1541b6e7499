from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from litestar.testing import TestClient

from app.kit import clock, ids
from app.kit.database import SYSTEM, Database, driver
from app.kit.ids import new_id
from app.receiving import commands
from app.receiving.commands import CreatePurchaseOrder, OpenReceipt, OrderLine
from tests.harness import GTINS, Runner, SampleCompany

HX = {"HX-Request": "true"}
BREAD = GTINS["bread"]


class Device:
    """A browser's queue as the server sees it: numbered commands of one person."""

    def __init__(self, web: TestClient[Any], receipt: int, user_id: int) -> None:
        self.web, self.receipt, self.user_id = web, receipt, user_id
        self.installation, self.number = new_id(), 0

    def fields(self, code: str, **more: Any) -> dict[str, str]:
        self.number += 1
        moment = clock.now().isoformat()
        said = {
            "code": code, "symbology": "", "source": "wedge", "command_id": str(ids.new_id()),
            "occurred_at": moment, "sent_at": moment, "sequence": self.number,
            "installation": self.installation, "user": self.user_id, **more,
        }  # fmt: skip
        return {name: str(value) for name, value in said.items()}

    def scan(self, code: str, **more: Any) -> Any:
        return self.send(self.fields(code, **more))

    def scan_late(self, code: str, ago: timedelta = timedelta(hours=1), **more: Any) -> Any:
        return self.scan(code, occurred_at=(clock.now() - ago).isoformat(), **more)

    def send(self, fields: dict[str, str], path: str = "") -> Any:
        path = path or f"/receiving/{self.receipt}/scans"
        return self.web.post(path, data=fields, headers=HX)


@pytest.fixture
def receipt(run: Runner, company: SampleCompany) -> int:
    """An open receipt of store A, expecting bread."""
    order = run(
        commands.create_purchase_order,
        CreatePurchaseOrder(
            store_id=company.a.store_id, supplier="S1", confirm=True,
            lines=[OrderLine("BREAD", Decimal(100_000), Decimal(3))],
        ),
    )  # fmt: skip
    opened = OpenReceipt(order.order_id, None)
    return run(commands.open_receipt, opened, caller=company.callers["operator_a"]).receipt_id


@pytest.fixture
def device(as_user: Any, receipt: int, company: SampleCompany) -> Device:
    return Device(as_user("operator_a"), receipt, company.users["operator_a"])


@pytest.fixture
def rows(database: Database) -> Callable[..., list[tuple[Any, ...]]]:
    """What the database holds, as the whole company sees it."""

    def ask(text: str, *values: Any) -> list[tuple[Any, ...]]:
        with database.reading(SYSTEM) as session:
            return driver(session).execute(text, values).fetchall()

    return ask


def command_of(fields: dict[str, str]) -> UUID:
    return UUID(fields["command_id"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
