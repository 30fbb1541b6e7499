"""Stock that was there when the demo company began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count

from sqlmodel import Session

from app.catalog.lots import LotDates, lot_id
from app.catalog.ranges import codes_between
from app.demo.company import AUXILIARY, KITCHEN, KITCHEN_ZONES, SHOP_ZONES, STORES, Company
from app.demo.goods import Good, goods
from app.demo.maker import Maker
from app.kit import sql
from app.kit.money import rounded
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place
from app.ledger.posting import post

BEGAN = -15
SOLD_IN_SHOPS = ("BREAD", "CAKE", "DRINK")
IN_SHOPS_TOO = ("2001", "2005", "2006", "1201")
OLDEST_LOT_DAYS = 20


@dataclass(frozen=True)
class Special:
    """What lies otherwise in the kitchen than its like: in a place, a status, a quantity, or made
    so many days ago.
    """

    place: str = ""
    status: str = "available"
    quantity: Decimal | None = None
    age: int | None = None


# Each keeps one sales order from shipping: see ``selling``.
SPECIAL = {
    "1404": Special(status="inspection"),
    "1402": Special(quantity=Decimal(10)),
    "1503": Special(place="CK-A-06-03"),
    "1601": Special(place="CK-Q-02"),
    "1602": Special(place=AUXILIARY[1]),
    "3007": Special(age=10),
    "3008": Special(quantity=Decimal(0)),
}
ONLY_THERE = {("S2", "3008"): Decimal(8), ("S1", "3008"): Decimal(0), ("S3", "3008"): Decimal(0)}
ADJUSTMENT = "select id from location where store_id = %(store_id)s and kind = 'adjustment'"


@dataclass(frozen=True)
class OpeningLine:
    """``quantity`` in base units, worth ``amount`` in the company's currency."""

    item_id: int
    location_id: int
    quantity: Decimal
    amount: Decimal
    lot: str | None = None
    best_before_on: date | None = None
    expires_on: date | None = None
    status: str = "available"


@dataclass(frozen=True)
class PostOpeningStock:
    store_id: int
    lines: list[OpeningLine]


@dataclass(frozen=True)
class OpeningPosted:
    moves: int


def post_opening_stock(
    session: Session, command: PostOpeningStock, envelope: Envelope
) -> OpeningPosted:
    """Bring the lines into stock, from the store's adjustment place."""
    source: int = sql.value(session, ADJUSTMENT, {"store_id": command.store_id})
    movements = [_movement(session, command.store_id, source, line) for line in command.lines]
    return OpeningPosted(len(post(session, envelope, movements)))


def _movement(session: Session, store_id: int, source: int, line: OpeningLine) -> Movement:
    dates = LotDates(None, line.best_before_on, line.expires_on)
    return Movement(
        store_id=store_id,
        item_id=line.item_id,
        quantity=line.quantity,
        source=Place(source),
        target=Place(line.location_id, line.status),
        biz_step="opening_stock",
        lot_id=lot_id(session, line.item_id, line.lot, dates) if line.lot else None,
        amount=line.amount,
    )


def make_opening_stock(maker: Maker, made: Company) -> None:
    for store in STORES:
        command = PostOpeningStock(made.stores[store], list(_lines(maker, made, store)))
        at = maker.moment(BEGAN, 8)
        maker.do(f"opening {store}", post_opening_stock, command, "hq", at)


def _lines(maker: Maker, made: Company, store: str) -> Iterator[OpeningLine]:
    for code, place in usual_places(store).items():
        good = goods()[code]
        line = _line(maker, made, good, _quantity(good, store), made.locations[place])
        yield replace(line, status=special(store, code).status)


def special(store: str, code: str) -> Special:
    """What is unusual about a good; nothing is outside of the kitchen."""
    return SPECIAL.get(code, Special()) if store == KITCHEN else Special()


@cache
def usual_places(store: str) -> dict[str, str]:
    """Where each good that a store has lies, by their codes."""
    zones = KITCHEN_ZONES if store == KITCHEN else SHOP_ZONES
    turn = {zone: count() for zone in zones}
    found: dict[str, str] = {}
    for code, good in goods().items():
        if not _quantity(good, store):
            continue
        zone = good.zone if good.zone in zones else "C" if good.zone == "F" else "A"
        places = _places(store, zones[zone])
        found[code] = special(store, code).place or places[next(turn[zone]) % len(places)]
    return found


def _quantity(good: Good, store: str) -> Decimal:
    if store == KITCHEN:
        unusual = special(store, good.code).quantity
        return good.opening if unusual is None else unusual
    sold = good.category in SOLD_IN_SHOPS or good.code in IN_SHOPS_TOO
    return ONLY_THERE.get((store, good.code), good.opening // 6 if sold else Decimal(0))


def _places(store: str, zone: tuple[str, bool, str, str]) -> list[str]:
    codes = codes_between(zone[2].format(store=store), zone[3].format(store=store))
    assert codes is not None, "a zone of the demo is a range"
    return sorted(codes)


def made_days_ago(good: Good, store: str = KITCHEN) -> int:
    """How old the lot is that was there when the company began."""
    unusual = special(store, good.code).age
    return min((good.life or 0) // 3, OLDEST_LOT_DAYS) if unusual is None else unusual


def _line(
    maker: Maker, made: Company, good: Good, quantity: Decimal, location_id: int
) -> OpeningLine:
    line = OpeningLine(
        made.items[good.code], location_id, quantity, rounded(quantity * good.cost, 2)
    )
    if good.tracking == "serial":
        return replace(line, lot=f"SN{good.code}-01")
    if good.tracking == "none":
        return line
    made_on = maker.day(-made_days_ago(good))
    line = replace(line, lot=good.lot(made_on))
    if good.rule == "expires_on":
        return replace(line, expires_on=good.expiry(made_on))
    return replace(line, best_before_on=good.expiry(made_on))
