"""A company with something in every list."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.access import devices
from app.importing.commands import Choices, StartImport, file_hash, starting
from app.kit.transactions import Secret
from app.receiving import commands as receiving
from tests.harness import Runner, SampleCompany
from tests.stock.conftest import stocked

__all__ = ["stocked"]


@pytest.fixture
def filled(run: Runner, stocked: SampleCompany) -> SampleCompany:
    caller = stocked.callers["headquarters"]
    lines = [
        receiving.OrderLine("16901234567899", Decimal(2), Decimal("21.50"), Decimal("0.13")),
        receiving.OrderLine("FLOUR", Decimal("2.5"), Decimal("4.123456")),
    ]
    order = receiving.CreatePurchaseOrder(stocked.a.store_id, "S1", lines, number="PO-1")
    run(receiving.create_purchase_order, order)
    content = b"code,name,base unit\nX1,Croissant,\n"
    start = StartImport("items", "items.csv", file_hash(content), Choices())
    run(starting(content), start, caller=caller)
    token = devices.CreateToken("shop", caller.user_id or 0, None, None, Secret("a" * 64))
    run(devices.create_token, token, caller=caller)
    return stocked
