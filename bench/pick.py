"""The workload "confirm a pick": one piece from the shelf, scan by scan.

Handheld ``k`` has an order of its own, of an item of its own at a place of its own; in the hot
variant all of them take the same item from the same place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.catalog import items, partners, places
from app.kit import ids, sql, transactions
from app.kit.database import SYSTEM, Caller, Database, driver
from app.ledger.movements import Movement, Place
from app.ledger.posting import post
from app.orders import commands as orders
from app.picking import commands as picking
from bench import recorded
from bench.company import HANDHELDS, Built
from bench.scans import RECORDED, Workload, numbers

PLENTY = Decimal(50_000_000)
ORDERED = Decimal(1_000_000)


@dataclass(frozen=True)
class BuildShelves:
    store_id: int
    count: int
    name: str


@dataclass(frozen=True)
class Shelves:
    """First numbers of what follows in sequence; ``count`` is 1 where the place is hot."""

    first_item: int
    first_location: int
    first_balance: int
    count: int
    name: str


@dataclass(frozen=True)
class Picks:
    """First numbers of picks, their stops and their order lines, one for each handheld."""

    shelves: Shelves
    first_pick: int
    first_task: int
    first_line: int
    first_user: int
    staging: int


def build(database: Database, built: Built, *, hot: bool) -> Picks:
    """Goods, released orders and begun picks, each person standing at the shelf."""
    name = "HOT" if hot else "PICK"
    command = BuildShelves(built.store_id, 1 if hot else HANDHELDS, name)
    shelves: Shelves = _run(database, build_shelves, command)
    picks: list[int] = []
    for handheld in range(HANDHELDS):
        caller = Caller(user_id=built.first_user + handheld, stores="*", store_id=built.store_id)
        index = handheld % shelves.count
        line = orders.SalesLine(f"{name}{index:02}", ORDERED)
        create = orders.CreateOrder(store_id=built.store_id, customer="BUYER", lines=[line])
        order_id = _run(database, orders.create_order, create).order_id
        _run(database, orders.release_order, orders.ReleaseOrder(order_id))
        made = _run(database, picking.create_picks, picking.CreatePicks([order_id]), caller)
        pick_id = made.picks[0].pick_id
        _run(database, picking.start_pick, picking.StartPick(pick_id), caller)
        _run(database, picking.scan, picking.scan_of(pick_id, f"{name}-{index:02}"), caller)
        picks.append(pick_id)
    return _made(database, built, shelves, picks[0])


def _run(database: Database, handler: Any, command: object, caller: Caller = SYSTEM) -> Any:
    return transactions.run(database, handler, command, transactions.Envelope(ids.new_id(), caller))


def build_shelves(
    session: Session, command: BuildShelves, envelope: transactions.Envelope
) -> Shelves:
    warehouse: int = sql.value(session, "select min(id) from warehouse")
    zone: int = sql.value(session, "select min(id) from zone")
    if not sql.value(session, "select exists (select from code where code = 'BUYER')"):
        buyer = partners.CreatePartner("BUYER", "Buyer", "customer")
        partners.create_partner(session, buyer, envelope)
        staging = places.CreateLocation(warehouse, "STAGING", kind="staging")
        places.create_location(session, staging, envelope)
    made = [
        _shelf(session, f"{command.name}{{}}{index:02}", warehouse, zone, envelope)
        for index in range(command.count)
    ]
    supplier: int = sql.value(session, "select id from location where kind = 'supplier'")
    post(session, envelope, [_goods(command.store_id, supplier, *one) for one in made])
    balance: int = sql.value(
        session, "select min(id) from balance where item_id = %(id)s", {"id": made[0][0]}
    )
    return Shelves(made[0][0], made[0][1], balance, command.count, command.name)


def _shelf(
    session: Session, code: str, warehouse: int, zone: int, envelope: transactions.Envelope
) -> tuple[int, int]:
    item = items.create_item(
        session, items.CreateItem(code.format(""), code.format(" "), "个"), envelope
    )
    place = places.CreateLocation(warehouse, code.format("-"), zone)
    return item.id, places.create_location(session, place, envelope).id


def _goods(store_id: int, supplier: int, item: int, location: int) -> Movement:
    return Movement(
        store_id=store_id,
        item_id=item,
        quantity=PLENTY,
        source=Place(supplier),
        target=Place(location, "available"),
        biz_step="receiving",
        kind="receipt",
        amount=PLENTY,
    )


def _made(database: Database, built: Built, shelves: Shelves, first_pick: int) -> Picks:
    with database.reading(SYSTEM) as session:
        asked = {"pick_id": first_pick}
        task = "select min(id) from pick_task where pick_id = %(pick_id)s"
        line = "select min(order_line_id) from pick_task where pick_id = %(pick_id)s"
        staging = "select staging_location_id from pick where id = %(pick_id)s"
        found = [int(sql.value(session, text, asked)) for text in (task, line, staging)]
    return Picks(shelves, first_pick, found[0], found[1], built.first_user, found[2])


# What is measured ---------------------------------------------------------------------------------


def workload(picks: Picks) -> Workload:
    """Each handheld takes one piece with each scan."""
    shelves = picks.shelves
    own = {
        "shelf": f":client_id % {shelves.count}",
        "pick": f"{picks.first_pick} + :client_id",
        "task": f"{picks.first_task} + :client_id",
        "line": f"{picks.first_line} + :client_id",
        "user": f"{picks.first_user} + :client_id",
        "item": f"{shelves.first_item} + :shelf",
        "location": f"{shelves.first_location} + :shelf",
        "balance": f"{shelves.first_balance} + :shelf",
    }
    return Workload(
        shelves.name.lower(),
        page=lambda handheld: f"/picking/{picks.first_pick + handheld}",
        code=lambda handheld, _chance: f"{shelves.name}{handheld % shelves.count:02}",
        variables=own,
        vary=lambda database: _variation(database, picks),
        # One person alone is in nobody's way.
        clients=(HANDHELDS,) if shelves.count == 1 else (1, HANDHELDS),
    )


def _variation(database: Database, picks: Picks) -> recorded.Expression:
    """What differs between two scans: by whom, in which pick, of what, from where."""
    shelves = picks.shelves
    index = RECORDED % shelves.count
    with database.reading(SYSTEM) as session:
        move = int(sql.value(session, "select max(id) from stock_move"))
    line = (picks.first_line + RECORDED, ":line")
    vary_number = numbers(
        {
            "pick_id": (picks.first_pick + RECORDED, ":pick"),
            "task_id": (picks.first_task + RECORDED, ":task"),
            "order_line_id": line,
            "line_id": line,
            "user_id": (picks.first_user + RECORDED, ":user"),
            "item_id": (shelves.first_item + index, ":item"),
            "balance_id": (shelves.first_balance + index, ":balance"),
            "from_location_id": (shelves.first_location + index, ":location"),
            "move_id": (move, "currval('stock_move_id_seq')"),
        }
    )
    code = f"{shelves.name}{index:02}"
    varied = f"('{shelves.name}' || lpad((:shelf)::text, 2, '0'))"

    def vary(name: str, value: Any) -> str | None:
        if name == "step":
            return _step(value, shelves.name)
        if value == [code]:
            return f"array[{varied}]"
        return varied if value == code else vary_number(name, value)

    return vary


def _step(kept: Jsonb, name: str) -> str:
    """The state of the flow that the scan leaves: where the person stands, and at what."""
    state: Mapping[str, Any] = kept.obj
    literal = recorded.literal(Jsonb(dict(state)))
    return (
        f"({literal}::jsonb || jsonb_build_object('location_id', (:location)::bigint,"
        f" 'location', '{name}-' || lpad((:shelf)::text, 2, '0'),"
        " 'confirmed', (:balance)::bigint, 'item_id', (:item)::bigint))"
    )


def lost(database: Database) -> int:
    """Entries without their move, or moves of picking without their entry: there must be none."""
    counting = (
        "select abs((select count(*) from pick_line) -"
        " (select count(*) from stock_move where biz_step = 'picking' and command_id not in"
        "  (select id from command where kind = 'bench.sales')))"  # written without picks
    )
    with database.reading(SYSTEM) as session:
        row = driver(session).execute(counting).fetchone()
    assert row
    return row[0]
