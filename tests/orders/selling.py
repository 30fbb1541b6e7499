"""Stock and orders for the tests of orders: a few words per situation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.catalog.tables import Code, Lot, Partner
from app.kit.database import SYSTEM, Database, driver
from app.orders.commands import (
    Allocated,
    CreateOrder,
    OrderChanged,
    ReleaseOrder,
    SalesLine,
    create_order,
    release_order,
)
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import PostMoves, movement, post_moves, receive


@dataclass
class Shop:
    """The sample company with a customer, goods on shelves and orders for them."""

    database: Database
    run: Runner
    company: SampleCompany

    def customer(self) -> None:
        with self.database.session(SYSTEM) as session:
            partner = Partner(code="C1", name="永辉超市", kind="customer")
            session.add(partner)
            session.flush()
            session.add(Code(code="C1", kind="partner", partner_id=partner.id))
            session.commit()

    def stock(self, item: str, quantity: str, place: str = "shelf1", **more: object) -> None:
        """Received at the dock and put on a shelf; worth one each."""
        self.run(post_moves, PostMoves([receive(self.company, item, quantity, quantity, **more)]))
        if place != "dock":
            move = movement(self.company, item, quantity, "dock", place, **more)
            self.run(post_moves, PostMoves([move]))

    def lot(self, item: str, code: str, expires_on: date | None = None) -> int:
        with self.database.session(SYSTEM) as session:
            lot = Lot(item_id=self.company.items[item], code=code, expires_on=expires_on)
            session.add(lot)
            session.commit()
            assert lot.id is not None
            return lot.id

    def draft(self, *lines: tuple[str, str] | SalesLine, **more: Any) -> int:
        """A draft of (item, quantity) lines."""
        given = [
            line if isinstance(line, SalesLine) else SalesLine(line[0], Decimal(line[1]))
            for line in lines
        ]
        command = CreateOrder(store_id=self.company.a.store_id, customer="C1", lines=given, **more)
        return self.run(create_order, command).order_id

    def order(self, *lines: tuple[str, str] | SalesLine, **more: Any) -> OrderChanged:
        """A released order, with what it was promised."""
        return self.run(release_order, ReleaseOrder(self.draft(*lines, **more)))

    def value(self, text: str, *parameters: object) -> Any:
        with self.database.reading(SYSTEM) as session:
            row = driver(session).execute(text, parameters).fetchone()  # pyright: ignore[reportArgumentType]
        return row[0] if row else None

    def rows(self, text: str, *parameters: object) -> list[tuple[Any, ...]]:
        with self.database.reading(SYSTEM) as session:
            return driver(session).execute(text, parameters).fetchall()  # pyright: ignore[reportArgumentType]

    def execute(self, text: str, *parameters: object) -> None:
        with self.database.session(SYSTEM) as session:
            driver(session).execute(text, parameters)  # pyright: ignore[reportArgumentType]
            session.commit()

    def promised(self, order_id: int) -> Decimal:
        return self.value(
            "select sum(allocated) from sales_order_line where order_id = %s", order_id
        )

    def line(self, order_id: int, position: int = 1) -> int:
        return self.value(
            "select id from sales_order_line where order_id = %s and position = %s",
            order_id, position,
        )  # fmt: skip

    def places(self, order_id: int) -> list[tuple[str, Decimal]]:
        """Where what is promised to an order lies: (location, quantity)."""
        return self.rows(
            """
            select location.code, allocation.quantity
            from allocation join sales_order_line line on line.id = allocation.line_id
            join balance on balance.id = allocation.balance_id
            join location on location.id = balance.location_id
            where line.order_id = %s order by allocation.id
            """,
            order_id,
        )

    def staging(self) -> int:
        """A place where picked goods wait."""
        self.execute(
            "insert into location (store_id, warehouse_id, code, kind)"
            " values (%s, %s, 'A-STAGE', 'staging') on conflict do nothing",
            self.company.a.store_id, self.company.a.warehouse_id,
        )  # fmt: skip
        return self.value("select id from location where code = 'A-STAGE'")


def got(allocated: Allocated | None) -> Decimal:
    assert allocated is not None
    return sum((line.quantity for line in allocated.lines), Decimal(0))
