"""Typed reading for the diagnosis: one round trip to know the demand, one for everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from app.kit import sql
from app.kit.database import together
from app.kit.trips import Trip
from app.troubleshooting.partition import Demand, LotFacts, Place, Standing
from app.troubleshooting.problems import NothingByThis
from app.troubleshooting.views import (
    Bought,
    Counting,
    Gap,
    ItemHead,
    ItemHere,
    Latest,
    LineHead,
    LotHead,
    Picking,
    Promise,
    Quantity,
    Request,
    StoreHead,
    StoreSum,
    Unit,
    Unseen,
    Viewer,
    Waiting,
)

T = TypeVar("T")
QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class Seen:
    """Everything that one diagnosis is made of, read in one snapshot."""

    item: ItemHead
    standing: list[Standing]
    places: dict[int, Place]
    lots: dict[int, LotFacts]
    units: dict[int, str]
    promises: list[Promise]
    unseen: list[Unseen]
    on_order: list[Bought]
    in_transit: Quantity
    picks: list[Picking]
    counts: list[Counting]
    requests: list[Request]
    gaps: list[Gap]
    latest: Latest | None


def line(session: Session, line_id: int) -> LineHead:
    return _found(sql.one(session, LineHead, QUERIES["line"], {"line_id": line_id}))


def item(session: Session, item_id: int) -> ItemHead:
    return _found(sql.one(session, ItemHead, QUERIES["item"], {"item_id": item_id}))


def lot(session: Session, lot_id: int) -> LotHead:
    return _found(sql.one(session, LotHead, QUERIES["lot"], {"lot_id": lot_id}))


def store(session: Session, store_id: int) -> StoreHead:
    """Raises NothingByThis for a store that the caller does not see."""
    return _found(sql.one(session, StoreHead, QUERIES["store"], {"store_id": store_id}))


def viewer(session: Session, user_id: int) -> Viewer:
    return _found(sql.one(session, Viewer, QUERIES["viewer"], {"user_id": user_id}))


def by_store(session: Session, item_id: int) -> list[StoreSum]:
    return sql.rows(session, StoreSum, QUERIES["by_store"], {"item_id": item_id})


def waiting(session: Session, store_id: int | None) -> list[Waiting]:
    """Lines of a store's released orders that lack something, the most urgent first."""
    return sql.rows(session, Waiting, QUERIES["waiting"], {"store_id": store_id})


def lines_of_order(
    session: Session, *, number: str | None = None, order_id: int | None = None
) -> list[Waiting]:
    """The lines of an order, whatever they lack."""
    parameters = {"number": number, "order_id": order_id}
    return sql.rows(session, Waiting, QUERIES["lines_of_order"], parameters)


def items_here(
    session: Session, *, location_id: int | None = None, unit_id: int | None = None
) -> list[ItemHere]:
    parameters = {"location_id": location_id, "unit_id": unit_id}
    return sql.rows(session, ItemHere, QUERIES["items_here"], parameters)


def item_of_code(session: Session, given: str, code: str) -> int:
    parameters = {"given": given, "code": code}
    return _found(sql.value(session, QUERIES["item_of_code"], parameters))


def store_of_code(session: Session, code: str | None) -> int:
    """The store with this code; without one the first of the company."""
    return _found(sql.value(session, QUERIES["store_of_code"], {"code": code}))


def user_of_login(session: Session, login: str) -> int:
    return _found(sql.value(session, QUERIES["user_of_login"], {"login": login}))


def line_of_order(session: Session, number: str, item_id: int) -> int:
    parameters = {"number": number, "item_id": item_id}
    return _found(sql.value(session, QUERIES["line_of_order"], parameters))


def seen(session: Session, demand: Demand, lot_id: int | None) -> Seen:
    """All statements in one trip; the two long lists come as plain tuples, which is quicker."""
    parameters = {**vars(demand), "lot_id": lot_id}
    with together(session) as trip:
        item = _send(trip, "item", ItemHead, parameters)
        standing = trip.ask(tuple[Any, ...], QUERIES["standing"], parameters)
        places = _send(trip, "places", Place, parameters)
        lots = _send(trip, "lots", LotFacts, parameters)
        units = _send(trip, "units", Unit, parameters)
        promises = trip.ask(tuple[Any, ...], QUERIES["promises"], parameters)
        unseen = _send(trip, "unseen", Unseen, parameters)
        on_order = _send(trip, "on_order", Bought, parameters)
        in_transit = _send(trip, "in_transit", Quantity, parameters)
        picks = _send(trip, "picks", Picking, parameters)
        counts = _send(trip, "counts", Counting, parameters)
        requests = _send(trip, "requests", Request, parameters)
        gaps = _send(trip, "gaps", Gap, parameters)
        latest = _send(trip, "latest", Latest, parameters)
    return Seen(
        item=_found(next(iter(item()), None)),
        standing=[Standing._make(row) for row in standing.all()],
        places={place.id: place for place in places()},
        lots={row.id: row for row in lots()},
        units={unit.id: unit.sscc for unit in units()},
        promises=[Promise._make(row) for row in promises.all()],
        unseen=unseen(),
        on_order=on_order(),
        in_transit=in_transit()[0],
        picks=picks(),
        counts=counts(),
        requests=requests(),
        gaps=gaps(),
        latest=next(iter(latest()), None),
    )


def _send(
    trip: Trip, name: str, row: type[T], parameters: Mapping[str, Any]
) -> Callable[[], list[T]]:
    """Send a statement; what it returns reads the answer."""
    return trip.ask(row, QUERIES[name], parameters).all


def _found(row: T | None) -> T:
    if row is None:
        raise NothingByThis
    return row
