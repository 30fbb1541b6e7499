"""What every event needs to be posted: the company's book, where goods lie, earlier moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, rounded
from app.kit.transactions import Envelope
from app.ledger.movements import Movement, Place, Posted
from app.ledger.posting import post
from app.scenarios import events
from app.scenarios.book import DECIMALS, MAIN, Book, Posting, Spot
from app.scenarios.problems import UnknownEvent

QUERIES = sql.Queries.beside(__file__)
REASON = "-"


@dataclass(frozen=True)
class Work:
    """One event being posted."""

    session: Session
    envelope: Envelope
    book: Book

    def begun(self, event: events.AnyEvent) -> Posting:
        return Posting(event, self.envelope.command_id)

    def earlier(self, event_id: str) -> Posting:
        """The event that this one goes back to.  Raises UnknownEvent where it was refused."""
        found = self.book.postings.get(event_id)
        if found is None or found.error is not None:
            raise UnknownEvent(event=event_id)
        return found

    def money(self, amount: Decimal) -> Decimal:
        return rounded(amount, self.book.scenario.currency_decimals)

    def post(self, *movements: Movement) -> list[Posted]:
        return post(self.session, self.envelope, movements)


def base(quantity: Decimal, factor: Decimal) -> Decimal:
    """In the base unit, as finely as it is stored."""
    return rounded(quantity * factor, DECIMALS)


# Where it lies -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """So many of an item at one place, of one lot."""

    spot: Spot
    lot_id: int | None
    quantity: Decimal


@dataclass(frozen=True)
class _Lying:
    store_id: int
    location_id: int
    lot_id: int | None
    on_hand: Decimal


def parts_of(
    work: Work, item: str, quantity: Decimal, lot: str | None, location: str | None
) -> list[Part]:
    """Where so many are taken from; what is not there is asked of the first place all the same.

    A place or lot that the story does not name is whichever has some.
    """
    book = work.book
    has_lots = lot is None and any(known == item for known, _lot in book.lots)
    named = Part(book.spot(location), book.lot(item, lot), quantity)
    if not has_lots and (location is not None or book.is_one_place):
        return [named]
    found = lying(work, item, lot, location)
    if sum((part.quantity for part in found), ZERO) < quantity:
        first = found[0] if found else named
        return [replace(first, quantity=quantity)]
    return _first(found, quantity)


def lying(work: Work, item: str, lot: str | None, location: str | None) -> list[Part]:
    book = work.book
    asked = {
        "item_id": book.items[item],
        "lot_id": book.lot(item, lot),
        "location_id": book.spot(location).location_id if location else None,
        "first": book.spot(MAIN).location_id,
    }
    rows = sql.rows(work.session, _Lying, QUERIES["lying"], asked)
    return [Part(Spot(row.store_id, row.location_id), row.lot_id, row.on_hand) for row in rows]


def _first(found: Sequence[Part], quantity: Decimal) -> list[Part]:
    taken: list[Part] = []
    for part in found:
        if quantity > 0:
            taken.append(replace(part, quantity=min(part.quantity, quantity)))
            quantity -= part.quantity
    return taken


def movement(
    work: Work, item: str, part: Part, way: tuple[Place, Place], kind: str, step: str
) -> Movement:
    source, target = way
    return Movement(
        store_id=part.spot.store_id,
        item_id=work.book.items[item],
        quantity=part.quantity,
        source=source,
        target=target,
        biz_step=step,
        kind=kind,
        lot_id=part.lot_id,
    )


def out_of(work: Work, part: Part, outside: str) -> tuple[Place, Place]:
    """The way from a part's place to a virtual one of its store."""
    return part.spot.place, work.book.outside(part.spot, outside)


# Earlier moves -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A move that an event goes back to, what amended it included."""

    id: int
    store_id: int
    item_id: int
    lot_id: int | None
    quantity: Decimal
    real_id: int
    outside_id: int


def moves_of(work: Work, move_ids: Sequence[int]) -> list[Move]:
    return sql.rows(work.session, Move, QUERIES["moves"], {"moves": list(move_ids)})
