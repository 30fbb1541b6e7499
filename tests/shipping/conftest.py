from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from app.kit.database import Database
from app.kit.transactions import Envelope
from app.ledger import allocations
from app.ledger.allocations import Carry
from app.ledger.movements import Place
from app.orders import progress
from app.shipping import commands, scans
from app.shipping.commands import Ship, ShipmentChanged
from app.shipping.scans import ScanAnswer
from tests.harness import Runner, SampleCompany
from tests.orders.selling import Shop


@dataclass(frozen=True)
class Taken:
    line_id: int
    balance_id: int
    quantity: Decimal
    location_id: int


def take(session: Session, command: Taken, envelope: Envelope) -> int:
    """What a picker does."""
    target = Place(command.location_id, "available")
    carry = Carry(
        "sales_order_line", command.line_id, command.balance_id, command.quantity, target, "picking"
    )
    carried = allocations.carry(session, envelope, carry)
    progress.note_picked(session, command.line_id, command.quantity)
    return carried.balance_id


@dataclass
class Packing:
    """One person at the packing table."""

    shop: Shop
    who: str = "operator_a"
    shipment_id: int = 0

    def pick(self, order_id: int) -> None:
        """Everything that the order was promised waits at the staging place."""
        promised = self.shop.rows(
            "select line_id, balance_id, allocation.quantity from allocation"
            " join sales_order_line line on line.id = line_id where order_id = %s order by 1, 2",
            order_id,
        )
        for line_id, balance_id, quantity in promised:
            self.shop.run(take, Taken(line_id, balance_id, quantity, self.shop.staging()))

    def open(self, order_id: int) -> int:
        self.shipment_id = self.do(
            commands.start_shipment, commands.OpenShipment(order_id)
        ).shipment_id
        return self.shipment_id

    def scan(self, code: str) -> ScanAnswer:
        return self.do(scans.scan, scans.scan_of(self.shipment_id, code))

    def type(self, quantity: str) -> ScanAnswer:
        return self.do(scans.set_quantity, scans.SetQuantity(self.shipment_id, quantity))

    def press(self, button: str) -> ScanAnswer:
        return self.do(scans.press_button, scans.PressButton(self.shipment_id, button))

    def ship(self, **fields: Any) -> ShipmentChanged:
        return self.do(commands.ship, Ship(self.shipment_id, **fields))

    def do(self, handler: Any, command: Any) -> Any:
        return self.shop.run(handler, command, caller=self.shop.company.callers[self.who])

    def checked(self) -> Decimal:
        return self.shop.value(
            "select coalesce(sum(quantity), 0) from shipment_line"
            " where shipment_id = %s and undone_at is null",
            self.shipment_id,
        )


@pytest.fixture
def shop(database: Database, run: Runner, company: SampleCompany) -> Shop:
    made = Shop(database, run, company)
    made.customer()
    return made


@pytest.fixture
def table(shop: Shop) -> Packing:
    return Packing(shop)
