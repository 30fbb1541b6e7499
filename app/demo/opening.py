"""Stock that was there when the demo company began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from sqlmodel import Session

from app.catalog.lots import LotDates, lot_id
from app.demo.company import KITCHEN, KITCHEN_ZONES, SHOP_ZONES, STORES, Company
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
        target=Place(line.location_id, "available"),
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
    zones = KITCHEN_ZONES if store == KITCHEN else SHOP_ZONES
    turn = {zone: count() for zone in zones}
    for good in goods().values():
        quantity = _quantity(good, store)
        if not quantity:
            continue
        zone = good.zone if good.zone in zones else "C" if good.zone == "F" else "A"
        places = _places(made, store, zone)
        place = places[next(turn[zone]) % len(places)]
        yield _line(maker, made, good, quantity, made.locations[place])


def _quantity(good: Good, store: str) -> Decimal:
    if store == KITCHEN:
        return good.opening
    sold = good.category in SOLD_IN_SHOPS or good.code in IN_SHOPS_TOO
    return good.opening // 6 if sold else Decimal(0)


def _places(made: Company, store: str, zone: str) -> list[str]:
    return sorted(code for code in made.locations if code.startswith(f"{store}-{zone}-"))


def _line(
    maker: Maker, made: Company, good: Good, quantity: Decimal, location_id: int
) -> OpeningLine:
    line = OpeningLine(
        made.items[good.code], location_id, quantity, rounded(quantity * good.cost, 2)
    )
    if good.tracking == "serial":
        return OpeningLine(*_head(line), lot=f"SN{good.code}-01")
    if good.tracking == "none":
        return line
    made_on = maker.day(-min((good.life or 0) // 3, OLDEST_LOT_DAYS))
    expiry = good.expiry(made_on)
    if good.rule == "expires_on":
        return OpeningLine(*_head(line), lot=good.lot(made_on), expires_on=expiry)
    return OpeningLine(*_head(line), lot=good.lot(made_on), best_before_on=expiry)


def _head(line: OpeningLine) -> tuple[int, int, Decimal, Decimal]:
    return line.item_id, line.location_id, line.quantity, line.amount
