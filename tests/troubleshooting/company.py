"""Stock in every condition, and orders for it, made in a line each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.kit import ids
from app.kit.database import SYSTEM, Database, driver
from app.ledger.movements import Movement, Place
from app.orders.commands import AllocateOrders, allocate
from tests.harness import Runner, SampleCompany
from tests.ledger.moves import PostMoves, post_moves

INSERT_ORDER = """
insert into sales_order (store_id, warehouse_id, number, customer_id, state, currency, created_by,
                         partial_policy, released_at)
values (%(store)s, %(warehouse)s, %(number)s, %(customer)s, %(state)s, 'CNY', %(user)s,
        %(policy)s, now())
returning id
"""
INSERT_LINE = """
insert into sales_order_line (order_id, store_id, position, item_id, entered_quantity, quantity,
                              factor, whole_packs, unit_price, net_amount, minimum_days)
values (%(order)s, %(store)s, 1, %(item)s, %(quantity)s, %(quantity)s, %(factor)s, %(whole)s, 1, 1,
        %(days)s)
returning id
"""


@dataclass(frozen=True)
class Ordered:
    order_id: int
    line_id: int
    number: str


class Made:
    """The sample company with a closed zone ("back"), a second warehouse ("annex") and a cart."""

    def __init__(self, database: Database, company: SampleCompany, run: Runner) -> None:
        self.database, self.company, self.run = database, company, run
        self.item = company.items["bread"]
        self.orders = 0
        a = company.a
        zone = self._insert(
            "insert into zone (warehouse_id, store_id, code, name, is_pickable)"
            " values (%(warehouse)s, %(store)s, 'BACK', '备货区', false) returning id"
        )
        annex = self._insert(
            "insert into warehouse (store_id, code, name, is_auxiliary)"
            " values (%(store)s, 'A-ANNEX', '辅仓', true) returning id"
        )
        self.closed_zone = zone
        a.locations["back"] = self._place("A-BACK", a.warehouse_id, zone)
        a.locations["nowhere"] = self._place("A-NOWHERE", a.warehouse_id, None)
        a.locations["annex"] = self._place("A-ANNEX-1", annex, None)
        a.locations["cart"] = self._place("A-CART", a.warehouse_id, None, "cart")
        self.customer = self._insert(
            "insert into partner (code, name, kind) values ('C1', '街角咖啡', 'customer')"
            " returning id"
        )

    def _place(self, code: str, warehouse: int, zone: int | None, kind: str = "storage") -> int:
        return self._insert(
            "insert into location (store_id, warehouse_id, zone_id, code, kind)"
            " values (%(store)s, %(in)s, %(zone)s, %(code)s, %(kind)s) returning id",
            **{"in": warehouse, "zone": zone, "code": code, "kind": kind},
        )

    def _insert(self, text: Any, **values: Any) -> int:
        place = self.company.a
        known = {"store": place.store_id, "warehouse": place.warehouse_id}
        with self.database.session(SYSTEM) as session:
            row = driver(session).execute(text, known | values).fetchone()
            session.commit()
        assert row is not None
        return row[0]

    def do(self, text: Any, **values: Any) -> None:
        with self.database.session(SYSTEM) as session:
            driver(session).execute(text, values)
            session.commit()

    def stock(
        self,
        place: str,
        quantity: Decimal | int,
        *,
        status: str = "available",
        store: str = "a",
        item: str = "bread",
        lot: int | None = None,
    ) -> None:
        here = self.company.a if store == "a" else self.company.b
        movement = Movement(
            store_id=here.store_id,
            item_id=self.company.items[item],
            quantity=Decimal(quantity),
            source=Place(here.locations["supplier"]),
            target=Place(here.locations[place], status),
            biz_step="receiving",
            kind="receipt",
            lot_id=lot,
            amount=Decimal("1.00"),
        )
        self.run(post_moves, PostMoves([movement]))

    def lot(self, code: str, expires_on: Any = None) -> int:
        return self._insert(
            "insert into lot (item_id, code, expires_on) values (%(item)s, %(code)s, %(day)s)"
            " returning id",
            item=self.company.items["milk"], code=code, day=expires_on,
        )  # fmt: skip

    def order(
        self,
        quantity: Decimal | int,
        *,
        item: str = "bread",
        state: str = "confirmed",
        policy: str = "partial",
        pack: Decimal | int | None = None,
        days: int = 0,
        warehouse: int | None = None,
    ) -> Ordered:
        self.orders += 1
        number = f"SO-{self.orders}"
        values = {
            "number": number, "customer": self.customer, "state": state, "policy": policy,
            "user": self.company.users["manager_a"], "item": self.company.items[item],
            "quantity": Decimal(quantity), "factor": pack or 1, "whole": pack is not None,
            "days": days, "warehouse": warehouse,
        }  # fmt: skip
        order = self._insert(INSERT_ORDER, **values)
        line = self._insert(INSERT_LINE, **values, order=order)
        return Ordered(order, line, number)

    def allocate(self, order: Ordered) -> None:
        self.run(allocate, AllocateOrders([order.order_id]))

    @staticmethod
    def form(fields: dict[str, str]) -> dict[str, str]:
        return fields | {"command_id": str(ids.new_id()), "_csrf": "csrf"}
