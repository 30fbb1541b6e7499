"""Why an order cannot ship, of an item that lies in every place of a large company.

The item has 1,000 balances: 50 lots over all the places, some in inspection or frozen, and 500
released orders that want more of it than there is free.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session

from app.catalog import items as catalog_items
from app.catalog import partners
from app.catalog.tables import Lot
from app.kit import clock, ids, sql, transactions
from app.kit.database import Caller, Database, driver
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.orders.commands import CreateOrder, ReleaseOrder, SalesLine, create_order, release_order
from bench.handhelds import Handheld, get

LOTS, BALANCES, ORDERS, BATCH = 50, 1000, 500, 50
STATUSES = ("available", "available", "available", "inspection", "frozen")
QUANTITY, WANTED = Decimal(25), Decimal(35)
LOOKS = 31
PLACES = """
select location.id from location left join zone on zone.id = location.zone_id
where location.store_id = %(store_id)s and location.kind = %(kind)s
    and (location.warehouse_id is null or zone.is_pickable)
order by location.id
"""


@dataclass(frozen=True)
class Size:
    """How much to build; the defaults are the ones that are quoted."""

    lots: int = LOTS
    balances: int = BALANCES
    orders: int = ORDERS

    @classmethod
    def beside(cls, moves: int) -> Size:
        """As large as the rest of the company: a short run is not held up."""
        return cls() if moves >= 50_000 else cls(lots=10, balances=200, orders=BATCH)


@dataclass(frozen=True)
class BuildStock:
    store_id: int
    size: Size


@dataclass(frozen=True)
class BuildOrders:
    store_id: int
    count: int


def build(database: Database, store_id: int, size: Size = Size()) -> int:
    """The stock and its orders; the id of the last order's line, which gets nothing."""
    _run(database, build_stock, BuildStock(store_id, size))
    for first in range(0, size.orders, BATCH):
        count = min(BATCH, size.orders - first)
        line_id: int = _run(database, build_orders, BuildOrders(store_id, count))
    return line_id


def _run(database: Database, handler: object, command: object) -> int:
    envelope = transactions.Envelope(ids.new_id(), Caller(stores="*"))
    return transactions.run(database, handler, command, envelope)  # type: ignore[arg-type]


def build_stock(session: Session, command: BuildStock, envelope: transactions.Envelope) -> int:
    item = catalog_items.CreateItem("WANTED", "到处都有的商品", "个", tracking="lot")
    item_id = catalog_items.create_item(session, item, envelope).id
    partners.create_partner(
        session, partners.CreatePartner("CUSTOMER", "Customer", "customer"), envelope
    )
    lots = [Lot(item_id=item_id, code=f"LOT{index:03}") for index in range(command.size.lots)]
    session.add_all(lots)
    session.flush()
    post(session, envelope, list(_receipts(session, command, item_id, lots)))
    return item_id


def _receipts(
    session: Session, command: BuildStock, item_id: int, lots: list[Lot]
) -> Iterator[Movement]:
    supplier = _places(session, command.store_id, "supplier")[0]
    shelves = _places(session, command.store_id, "storage")
    for index in range(command.size.balances):
        turn = index // len(shelves)
        yield Movement(
            store_id=command.store_id,
            item_id=item_id,
            quantity=QUANTITY,
            source=Place(supplier),
            target=Place(shelves[index % len(shelves)], STATUSES[(index + turn) % len(STATUSES)]),
            biz_step="receiving",
            kind="receipt",
            lot_id=lots[(index + turn) % len(lots)].id,
            amount=QUANTITY,
        )


def build_orders(session: Session, command: BuildOrders, envelope: transactions.Envelope) -> int:
    due = clock.now() + timedelta(days=1)
    for _ in range(command.count):
        lines = [SalesLine("WANTED", WANTED)]
        order = CreateOrder(store_id=command.store_id, customer="CUSTOMER", due_at=due, lines=lines)
        made = create_order(session, order, envelope)
        release_order(session, ReleaseOrder(made.order_id), envelope)
    last: int = sql.value(session, "select max(id) from sales_order_line")
    return last


def _places(session: Session, store_id: int, kind: str) -> list[int]:
    """The store's places of a kind that belong somewhere in it, or to nothing if virtual."""
    found = driver(session).execute(PLACES, {"store_id": store_id, "kind": kind})
    return [row[0] for row in found]


def looked_at(address: str, cookie: str, line_id: int) -> dict[str, object]:
    """Milliseconds of the diagnosis, as JSON and as the screen: the median and the slowest."""
    host = address.split("//")[1].strip("/")
    found: dict[str, object] = {}
    paths = (
        ("api", f"/api/v1/diagnosis?order_line_id={line_id}"),
        ("page", f"/troubleshooting?order_line_id={line_id}"),
    )
    with Handheld(address, iter(())) as device:
        for name, path in paths:
            times = sorted(_timed(device, get(path, host, cookie)) for _ in range(LOOKS))
            found[f"{name}_ms"] = round(times[LOOKS // 2] * 1000, 1)
            found[f"{name}_max_ms"] = round(times[-1] * 1000, 1)
    return found


def _timed(device: Handheld, request: bytes) -> float:
    started = time.perf_counter()
    answer = device.exchange(request)
    assert answer.status == 200, answer.body[:300]
    return time.perf_counter() - started
