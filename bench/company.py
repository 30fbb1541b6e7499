"""The company that is measured: 5,000 items, 200 locations, 100,000 moves, made by real commands.

Everything whose number a pgbench script must know follows from an index: item ``n`` has the
barcode ``barcode(n)``, and handheld ``k`` receives an order of its own, with ``LINES`` items from
item ``k * LINES`` on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, LiteralString

from sqlmodel import Session

from app.access.roles import ADMINISTRATOR
from app.access.secrets import hash_password
from app.access.tables import Area, Company, Store, User
from app.catalog import items as catalog_items
from app.catalog import partners, places
from app.kit import ids, sql, transactions
from app.kit.database import Caller, Database, driver
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.receiving import commands as receiving

ITEMS, LOCATIONS, MOVES, HANDHELDS, LINES = 5000, 200, 100_000, 16, 100
BATCH = 1000
BARCODE_BASE = 690_000_000_000
QUANTITY_ORDERED = Decimal(1_000_000)
PASSWORD = "bench bench bench"


@dataclass(frozen=True)
class Size:
    """How much to build; the defaults are the ones that are quoted."""

    items: int = ITEMS
    locations: int = LOCATIONS
    moves: int = MOVES


@dataclass(frozen=True)
class BuildPlaces:
    locations: int


@dataclass(frozen=True)
class BuildItems:
    first: int
    count: int


@dataclass(frozen=True)
class BuildMoves:
    store_id: int
    seed: int
    count: int


@dataclass(frozen=True)
class BuildReceipts:
    store_id: int


@dataclass(frozen=True)
class Built:
    """First numbers of what follows in sequence: users, receipts and order lines."""

    store_id: int
    first_item: int
    first_user: int
    first_order: int
    first_receipt: int
    first_line: int


def barcode(index: int) -> str:
    """The EAN-13 of item ``index`` (from 0)."""
    digits = str(BARCODE_BASE + index)
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return digits + str(-(odd + 3 * even) % 10)


def build(database: Database, size: Size) -> Built:
    """Fill a migrated, empty database."""
    store_id: int = _run(database, build_places, BuildPlaces(size.locations))
    for first in range(0, size.items, BATCH):
        _run(database, build_items, BuildItems(first, min(BATCH, size.items - first)))
    for seed, first in enumerate(range(0, size.moves, BATCH)):
        count = min(BATCH, size.moves - first)
        _run(database, build_moves, BuildMoves(store_id, seed, count))
    return _run(database, build_receipts, BuildReceipts(store_id))


def _run(database: Database, handler: Any, command: object) -> Any:
    envelope = transactions.Envelope(ids.new_id(), Caller(stores="*"))
    return transactions.run(database, handler, command, envelope)


def build_places(session: Session, command: BuildPlaces, envelope: transactions.Envelope) -> int:
    session.add(Company(name="Bench"))
    area = _id(session, Area(code="A", name="A"))
    store = _id(session, Store(area_id=area, code="S", name="S"))
    catalog_items.create_unit(session, catalog_items.CreateUnit("个", "个"), envelope)
    warehouse = places.create_warehouse(
        session, places.CreateWarehouse(store, "W", "W"), envelope
    ).id
    zone = places.create_zone(session, places.CreateZone(warehouse, "Z", "Z"), envelope).id
    for index in range(command.locations):
        kind = "dock" if index == 0 else "storage"
        places.create_location(
            session, places.CreateLocation(warehouse, f"L{index:04}", zone, kind=kind), envelope
        )
    supplier = partners.CreatePartner("SUPPLIER", "Supplier", "supplier")
    partners.create_partner(session, supplier, envelope)
    hashed = hash_password(PASSWORD)
    for index in range(HANDHELDS):
        login = f"bench{index:02}"
        _id(session, User(login=login, name=login, role=ADMINISTRATOR, password_hash=hashed))
    return store


def _id(session: Session, row: Area | Store | User) -> int:
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def build_items(session: Session, command: BuildItems, envelope: transactions.Envelope) -> int:
    for index in range(command.first, command.first + command.count):
        item = catalog_items.create_item(
            session,
            catalog_items.CreateItem(f"ITEM{index:05}", f"商品 {index}", "个"),
            envelope,
        )
        catalog_items.add_barcode(
            session, catalog_items.AddBarcode(item.id, barcode(index)), envelope
        )
    return command.count


def build_moves(session: Session, command: BuildMoves, envelope: transactions.Envelope) -> int:
    chance = random.Random(command.seed)
    post(session, envelope, list(_receipts(session, command, chance)))
    return command.count


def _receipts(session: Session, command: BuildMoves, chance: random.Random) -> Iterator[Movement]:
    supplier = sql.value(session, "select id from location where kind = 'supplier'")
    shelves = _ids(session, "select id from location where kind = 'storage' order by id")
    items = _ids(session, "select id from item order by id")
    for _ in range(command.count):
        quantity = Decimal(chance.randint(1, 50))
        yield Movement(
            store_id=command.store_id,
            item_id=chance.choice(items),
            quantity=quantity,
            source=Place(supplier),
            target=Place(chance.choice(shelves), "available"),
            biz_step="receiving",
            kind="receipt",
            amount=quantity * chance.randint(100, 9999) / 100,
        )


def build_receipts(
    session: Session, command: BuildReceipts, envelope: transactions.Envelope
) -> Built:
    """An order and an open receipt of it for each handheld."""
    users = _ids(session, "select id from app_user order by id")
    opened = [
        _open(session, command.store_id, index, user, envelope) for index, user in enumerate(users)
    ]
    first_line: int = sql.value(session, "select min(id) from purchase_order_line")
    first_item: int = sql.value(session, "select min(id) from item")
    return Built(
        store_id=command.store_id,
        first_item=first_item,
        first_user=users[0],
        first_order=opened[0][0],
        first_receipt=opened[0][1],
        first_line=first_line,
    )


def _open(
    session: Session, store_id: int, index: int, user: int, envelope: transactions.Envelope
) -> tuple[int, int]:
    items = range(index * LINES, (index + 1) * LINES)
    price = Decimal("9.99")
    lines = [receiving.OrderLine(barcode(item), QUANTITY_ORDERED, price) for item in items]
    order = receiving.create_purchase_order(
        session,
        receiving.CreatePurchaseOrder(store_id, "SUPPLIER", lines, confirm=True),
        envelope,
    )
    own = replace(envelope, caller=Caller(user_id=user, stores="*", store_id=store_id))
    receipt = receiving.open_receipt(session, receiving.OpenReceipt(order.order_id), own)
    return order.order_id, receipt.receipt_id


def _ids(session: Session, text: LiteralString) -> list[int]:
    return [row[0] for row in driver(session).execute(text)]
