"""What the demo company sells: orders to pick, one that needs a vote, and one that cannot ship for
each cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session

from app.demo.company import KITCHEN, Company
from app.demo.goods import goods
from app.demo.maker import Maker, in_chinese
from app.kit import sql
from app.kit.i18n import mark
from app.kit.transactions import Envelope, Secret
from app.notifications import commands as notifications
from app.notifications.sealing import seal
from app.orders import commands as orders
from app.orders.counting import lock_location
from app.quality.holds import HoldLot, hold_lot

LOT = "select id from lot where item_id = %(item_id)s order by id limit 1"
NUMBER_OF_BLOCKED = "DEMO-B"


@dataclass(frozen=True)
class Sold:
    """So many of an item; ``in_packs`` of its packs, unopened."""

    code: str
    quantity: str
    in_packs: bool = False
    discount: str = "0"


@dataclass(frozen=True)
class Sale:
    """One sales order; ``words`` say what it shows.  ``check`` is the check of the five that finds
    why it cannot ship, 0 where it can.
    """

    number: str
    customer: str
    words: str
    lines: tuple[Sold, ...]
    check: int = 0
    store: str = KITCHEN
    by: str = "lead"
    priority: int = 5
    minimum_days: int = 0
    released: bool = True


STATUS, ALLOCATIONS, PLACES, PERMISSION, FRESHNESS = 1, 2, 3, 4, 5
READY = (
    Sale("DEMO-S1", "K01", mark("ready to pick: the simplest one"),
         (Sold("4001", "24"), Sold("2003", "20")), priority=3),
    Sale("DEMO-S2", "K02", mark("ready to pick: lots and dates"),
         (Sold("3003", "12"), Sold("4004", "15"), Sold("1405", "5"))),
    Sale("DEMO-S3", "K03", mark("ready to pick together with another one"),
         (Sold("4004", "6"), Sold("2003", "10"))),
)  # fmt: skip
WAITS = Sale(
    "DEMO-S4", "K03", mark("waits for an approval: the discount"),
    (Sold("4005", "4", discount="0.3"),),
)  # fmt: skip
DRAFT = Sale("DEMO-S5", "K01", mark("a draft"), (Sold("4002", "15"),), released=False)
# Takes all of an item, so that the next order for it gets nothing.
TAKER = Sale("DEMO-S6", "K03", mark("holds all the almonds"), (Sold("1406", "16"),))
BLOCKED = (
    Sale("DEMO-B01", "K01", mark("everything is in inspection"), (Sold("1404", "5"),), STATUS),
    Sale("DEMO-B02", "K02", mark("the lot is held in the whole company (recall)"),
         (Sold("1408", "6"),), STATUS),
    Sale("DEMO-B03", "K02", mark("the lot has expired"), (Sold("3007", "6"),), STATUS),
    Sale("DEMO-B04", "K03", mark("the customer wants a longer shelf life"),
         (Sold("1206", "4"),), STATUS, minimum_days=30),
    Sale("DEMO-B05", "K01", mark("all of it is promised to another order"),
         (Sold("1406", "8"),), ALLOCATIONS),
    Sale("DEMO-B06", "K02", mark("only whole cartons, and none is whole"),
         (Sold("1402", "1", in_packs=True),), ALLOCATIONS),
    Sale("DEMO-B07", "K01", mark("it lies in a zone that orders don't pick from"),
         (Sold("1601", "4"),), PLACES),
    Sale("DEMO-B08", "K03", mark("it lies in the auxiliary warehouse"), (Sold("1602", "3"),),
         PLACES),
    Sale("DEMO-B09", "K01", mark("another store has it (sign in as area)"),
         (Sold("3008", "4"),), PLACES, store="S1", by="area"),
    Sale("DEMO-B10", "K02", mark("a store has it that you don't see"), (Sold("3008", "2"),),
         PERMISSION),
    Sale("DEMO-B11", "K03", mark("its place is being counted"), (Sold("1503", "6"),), FRESHNESS),
)  # fmt: skip
COUNTED = mark("Count of the tins")
RECALL = mark("The supplier recalls the lot")


@dataclass(frozen=True)
class LockPlace:
    location_id: int
    reason: str


def lock_place(session: Session, command: LockPlace, envelope: Envelope) -> None:
    """Begin a count: nothing is picked from there meanwhile."""
    lock_location(session, envelope, command.location_id, command.reason)


def make_sales(maker: Maker, made: Company) -> None:
    """Every sales order, after what keeps some of them from shipping."""
    _hold(maker, made)
    lock = LockPlace(made.locations["CK-A-06-03"], in_chinese(COUNTED))
    maker.do("count lock", lock_place, lock, "lead")
    for hour, sale in enumerate((TAKER, *READY, WAITS, DRAFT, *BLOCKED)):
        _sell(maker, made, sale, hour)
    _make_channel(maker)


def _hold(maker: Maker, made: Company) -> None:
    with maker.database.reading(maker.callers["system"]) as session:
        lot = sql.value(session, LOT, {"item_id": made.items["1408"]})
    maker.do("recall", hold_lot, HoldLot(lot, in_chinese(RECALL)), "hq")


def _sell(maker: Maker, made: Company, sale: Sale, turn: int) -> None:
    at = maker.moment(-1, 9, turn)
    command = orders.CreateOrder(
        store_id=made.stores[sale.store],
        customer=sale.customer,
        number=sale.number,
        requested_on=maker.day(1),
        due_at=maker.began + timedelta(hours=2 + turn),
        priority=sale.priority,
        minimum_days=sale.minimum_days,
        note=in_chinese(sale.words),
        lines=[_line(sold) for sold in sale.lines],
    )
    key = f"sale {sale.number}"
    order_id = maker.do(key, orders.create_order, command, sale.by, at).order_id
    if sale.released:
        release = orders.ReleaseOrder(order_id, in_chinese(sale.words))
        maker.do(f"{key} release", orders.release_order, release, sale.by, at)


def _line(sold: Sold) -> orders.SalesLine:
    good = goods()[sold.code]
    return orders.SalesLine(
        item=good.pack_gtin if sold.in_packs else good.gtin,
        quantity=Decimal(sold.quantity),
        discount_rate=Decimal(sold.discount),
        whole_packs=sold.in_packs,
    )


def _make_channel(maker: Maker) -> None:
    """A robot as an example; it is not in use, so nobody is written to."""
    facts = notifications.ChannelFacts(
        "仓库群（示例，未启用）",
        "zh_CN",
        sealed=Secret(seal("demo", {"token": "example", "secret": "example"})),
    )
    command = notifications.CreateChannel(None, "dingtalk", facts)
    made = maker.do("channel", notifications.create_channel, command, "hq")
    out_of_use = notifications.UseChannel(made.channel_id, active=False)
    maker.do("channel off", notifications.use_channel, out_of_use, "hq")
