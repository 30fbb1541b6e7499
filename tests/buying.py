"""Orders that are bought, received and partly sold, for the tests of landed cost and invoices."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.kit.database import SYSTEM, Database, driver
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.receiving import commands
from app.receiving.commands import CreatePurchaseOrder, OrderLine, SetQuantity, scan_of
from app.receiving.receipts import CloseReceipt, OpenReceipt, close_receipt, open_receipt
from tests.harness import GTINS, Runner, SampleCompany


@dataclass(frozen=True)
class Sold:
    """A command of the tests: goods leave the dock for a customer."""

    item: str
    quantity: Decimal


@dataclass(frozen=True)
class Received:
    """An order and the closed receipt of its goods."""

    order_id: int
    receipt_id: int
    number: str


class Buyer:
    """What the tests do before a charge or an invoice comes, and what they look at."""

    def __init__(self, run: Runner, company: SampleCompany, database: Database) -> None:
        self.run, self.company, self.database = run, company, database
        self.clerk = company.callers["operator_a"]
        self.manager = company.callers["manager_a"]

    def order(self, *lines: tuple[str, str, str], **more: Any) -> int:
        """Lines of (item, quantity, price without tax per unit); its id."""
        command = CreatePurchaseOrder(
            **{
                "store_id": self.company.a.store_id,
                "supplier": "S1",
                "confirm": True,
                "prices_include_tax": False,
                "lines": [
                    OrderLine(item.upper(), Decimal(quantity), Decimal(price))
                    for item, quantity, price in lines
                ],
                **more,
            }
        )
        return self.run(commands.create_purchase_order, command).order_id

    def receive(self, order_id: int, *goods: tuple[str, str], close: bool = True) -> Received:
        """Receive (item, quantity) of an order."""
        opened = self.do(open_receipt, OpenReceipt(order_id))
        for item, quantity in goods:
            self.do(commands.scan, scan_of(opened.receipt_id, GTINS[item]))
            self.do(commands.set_quantity, SetQuantity(opened.receipt_id, quantity))
        if close:
            self.do(close_receipt, CloseReceipt(opened.receipt_id))
        return Received(order_id, opened.receipt_id, opened.number)

    def buy(self, *lines: tuple[str, str, str], **more: Any) -> Received:
        """Order and receive all of it."""
        order_id = self.order(*lines, **more)
        return self.receive(order_id, *((item, quantity) for item, quantity, _ in lines))

    def sell(self, item: str, quantity: str) -> int:
        """Goods leave the dock; the move."""

        def sell(session: Any, command: Sold, envelope: Any) -> int:
            place = self.company.a
            move = Movement(
                store_id=place.store_id,
                item_id=self.company.items[command.item],
                quantity=command.quantity,
                source=Place(place.locations["dock"], "available"),
                target=Place(place.locations["customer"]),
                biz_step="shipping",
                kind="issue",
            )
            return post(session, envelope, [move])[0].move_id

        return self.run(sell, Sold(item, Decimal(quantity)))

    def do(self, handler: Any, command: Any, **more: Any) -> Any:
        return self.run(handler, command, caller=self.clerk, **more)

    def manage(self, handler: Any, command: Any, **more: Any) -> Any:
        return self.run(handler, command, caller=self.manager, **more)

    def rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.database.reading(SYSTEM) as session:
            return driver(session).execute(text, values).fetchall()

    def one(self, text: str, *values: Any) -> Any:
        found = self.rows(text, *values)
        return found[0][0] if found else None

    def value(self, item: str) -> Decimal:
        """What is in stock of an item is worth."""
        asked = "select coalesce(sum(value), 0) from cost_pool where item_id = %s"
        return self.one(asked, self.company.items[item])

    def set_item(self, item: str, **columns: Any) -> None:
        with self.database.session(SYSTEM) as session:
            for name, value in columns.items():
                driver(session).execute(
                    f"update item set {name} = %s where id = %s", (value, self.company.items[item])
                )
            session.commit()

    def set_company(self, **columns: Any) -> None:
        with self.database.session(SYSTEM) as session:
            for name, value in columns.items():
                driver(session).execute(f"update company set {name} = %s", (value,))
            session.commit()
