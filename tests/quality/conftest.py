"""Stock, orders and what was shipped, for the tests of quality."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from app.catalog.tables import Location, Lot, Partner
from app.kit import ids
from app.kit.database import SYSTEM, Caller, Database, driver
from app.kit.transactions import Envelope
from app.ledger.allocations import Carry, Issue, carry, issue_promised
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.ledger.verify import verify
from app.orders import progress
from app.orders.allocating import allocate_orders
from app.orders.tables import SalesOrder, SalesOrderLine
from app.quality.changing import ChangeStatus, Piece, change_status
from tests.harness import Runner, SampleCompany


@dataclass(frozen=True)
class Stocked:
    """A command of the tests: goods into a place."""

    item: str
    quantity: Decimal
    place: str = "shelf1"
    lot: str | None = None
    status: str = "available"
    store: str = "a"
    amount: Decimal = Decimal(100)


@dataclass(frozen=True)
class Ids:
    order_ids: tuple[int, ...]


@dataclass
class House:
    """The sample company with its stock: what tests do to it, and what they look at."""

    company: SampleCompany
    database: Database
    run: Runner
    customer: int

    def stock(self, item: str, quantity: int | str, **where: Any) -> int:
        """Put stock somewhere; its balance's id."""
        command = Stocked(item, Decimal(quantity), **where)

        def stock(session: Session, command: Stocked, envelope: Envelope) -> int:
            place = getattr(self.company, command.store)
            move = Movement(
                store_id=place.store_id,
                item_id=self.company.items[command.item],
                quantity=command.quantity,
                source=Place(place.locations["supplier"]),
                target=Place(place.locations[command.place], command.status),
                biz_step="receiving",
                kind="receipt",
                lot_id=self.company.lots.get(command.lot or ""),
                amount=command.amount,
            )
            return post(session, envelope, [move])[0].move_id

        self.run(stock, command)
        return self.balance(command.item, command.place, command.status, command.lot, command.store)

    def lot(self, item: str, code: str, **dates: Any) -> int:
        with self.database.session(SYSTEM) as session:
            row = Lot(item_id=self.company.items[item], code=code, **dates)
            session.add(row)
            session.commit()
            assert row.id
            self.company.lots[code] = row.id
            return row.id

    def order(self, item: str, quantity: int, store: str = "a", **fields: Any) -> int:
        """A released order of one line, allocated; its id."""
        with self.database.session(SYSTEM) as session:
            store_id = getattr(self.company, store).store_id
            order = SalesOrder(
                store_id=store_id, number=f"SO-{ids.new_id().hex[-8:].upper()}",
                customer_id=self.customer, state="confirmed", currency="CNY",
                net_amount=Decimal(quantity) * 9, **fields,
            )  # fmt: skip
            session.add(order)
            session.flush()
            assert order.id
            line = SalesOrderLine(
                order_id=order.id, store_id=store_id, position=1,
                item_id=self.company.items[item], entered_quantity=Decimal(quantity),
                quantity=Decimal(quantity), unit_price=Decimal(9), net_amount=Decimal(quantity) * 9,
            )  # fmt: skip
            session.add(line)
            session.commit()
        self.allocate(order.id)
        return order.id

    def pick(self, order: int) -> None:
        """What is promised to the order on shelves goes to the staging place."""
        target = Place(self.company.a.locations["stage"], "available")

        def pick(session: Session, command: Ids, envelope: Envelope) -> int:
            found = (
                driver(session)
                .execute(
                    "select a.balance_id, a.line_id, a.quantity from allocation a"
                    " join sales_order_line l on l.id = a.line_id"
                    " join balance b on b.id = a.balance_id"
                    " where l.order_id = %s and b.location_id <> %s order by a.id",
                    [command.order_ids[0], target.location_id],
                )
                .fetchall()
            )
            for balance_id, line_id, quantity in found:
                carried = Carry(
                    "sales_order_line", line_id, balance_id, quantity, target, "picking"
                )
                carry(session, envelope, carried)
                progress.note_picked(session, line_id, quantity)
            return len(found)

        self.run(pick, Ids((order,)))

    def ship(self, order: int) -> int:
        """What is promised to the order is picked and leaves, without packing; the shipment."""
        self.pick(order)
        customer = self.company.a.locations["customer"]

        def ship(session: Session, command: Ids, envelope: Envelope) -> int:
            raw = driver(session)
            found = raw.execute(
                "select a.balance_id, a.line_id, a.quantity, b.item_id, b.lot_id, a.store_id"
                " from allocation a join balance b on b.id = a.balance_id"
                " join sales_order_line l on l.id = a.line_id"
                " where l.order_id = %s order by a.id",
                [command.order_ids[0]],
            ).fetchall()
            posted = issue_promised(
                session, envelope,
                [Issue("sales_order_line", row[1], row[0], row[2], customer) for row in found],
            )  # fmt: skip
            shipment = raw.execute(
                "insert into shipment (store_id, number, order_id, state, shipped_at)"
                " values (%s, %s, %s, 'done', now()) returning id",
                [found[0][5], f"SH-{ids.new_id().hex[-8:].upper()}", command.order_ids[0]],
            ).fetchone()
            assert shipment
            for row, move in zip(found, posted, strict=True):
                raw.execute(
                    "insert into shipment_line (shipment_id, store_id, order_line_id, balance_id,"
                    " item_id, lot_id, quantity, move_id, command_id)"
                    " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    [shipment[0], row[5], row[1], row[0], row[3], row[4], row[2], move.move_id,
                     envelope.command_id],
                )  # fmt: skip
                progress.note_shipped(session, row[1], row[2])
            return int(shipment[0])

        return self.run(ship, Ids((order,)))

    def allocate(self, *order_ids: int) -> None:
        def allocate(session: Session, command: Ids, envelope: Envelope) -> int:
            return len(allocate_orders(session, envelope, command.order_ids))

        self.run(allocate, Ids(order_ids))

    def change(self, to_status: str, *balances: int, caller: str = "supervisor_a", **more: Any):
        """``more``: quantity, reason ..., or what it aims at instead of balances."""
        quantity = more.pop("quantity", "")
        aimed = {"quantity": quantity} if not balances else {}
        command = ChangeStatus(
            **{"store_id": self.company.a.store_id, "reason": "suspect", **aimed, **more},
            to_status=to_status,
            pieces=tuple(Piece(balance, quantity) for balance in balances),
        )
        return self.run(change_status, command, caller=self.caller(caller))

    def caller(self, login: str) -> Caller:
        return self.company.callers[login]

    def one(self, text: str, *values: Any) -> Any:
        with self.database.session(SYSTEM) as session:
            row = driver(session).execute(text, values).fetchone()  # pyright: ignore[reportArgumentType, reportCallIssue]
            return row[0] if row else None

    def balance(
        self, item: str, place: str, status: str = "available", lot: str | None = None,
        store: str = "a",
    ) -> int:  # fmt: skip
        return self.one(
            "select id from balance where item_id = %s and location_id = %s and status = %s"
            " and lot_id is not distinct from %s",
            self.company.items[item],
            getattr(self.company, store).locations[place],
            status,
            self.company.lots.get(lot or ""),
        )

    def on_hand(self, balance: int) -> Decimal:
        return self.one("select on_hand from balance where id = %s", balance)

    def with_status(self, item: str, status: str) -> Decimal:
        return self.one(
            "select coalesce(sum(on_hand), 0) from balance where item_id = %s and status = %s",
            self.company.items[item],
            status,
        )

    def allocated(self, order: int) -> Decimal:
        """What the order's lines say; the promises themselves are compared by ``verify``."""
        said = self.one("select sum(allocated) from sales_order_line where order_id = %s", order)
        promised = self.one(
            "select coalesce(sum(allocation.quantity), 0) from allocation join sales_order_line l"
            " on l.id = allocation.line_id where l.order_id = %s",
            order,
        )
        assert said == promised
        return said


@pytest.fixture
def house(company: SampleCompany, database: Database, run: Runner):
    with database.session(SYSTEM) as session:
        customer = Partner(code="C1", name="晨光超市", kind="customer")
        session.add(customer)
        session.flush()
        for code, kind in (("STAGE", "staging"), ("CART", "cart")):
            place = Location(
                store_id=company.a.store_id, warehouse_id=company.a.warehouse_id,
                zone_id=company.a.zone_id, kind=kind, code=f"A-{code}",
            )  # fmt: skip
            session.add(place)
            session.flush()
            assert place.id
            company.a.locations[code.lower()] = place.id
        session.commit()
        assert customer.id
    yield House(company, database, run, customer.id)
    differences = verify(database)
    assert [str(one) for one in differences] == []


@pytest.fixture
def no_policies(database: Database) -> None:
    """Nothing needs votes."""
    with database.session(SYSTEM) as session:
        driver(session).execute("update approval_policy set is_active = false")
        session.commit()
