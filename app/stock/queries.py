"""Typed reading of stock, movements and value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, LiteralString, TypeVar

from sqlmodel import Session

from app.kit import sql
from app.kit.web import BadCursor, Cursor, Listing
from app.stock.filters import MoveFilter, StockFilter
from app.stock.problems import NoSuchStock
from app.stock.views import (
    BalanceRow,
    CategoryChoice,
    Choice,
    CostEntryRow,
    CostPoolRow,
    Facts,
    ItemHead,
    ItemOnHand,
    LocationHead,
    LotHead,
    MoveRow,
    StockCount,
    Total,
)

T = TypeVar("T")
QUERIES = sql.Queries.beside(__file__)
MOST_ROWS = 200
"""Balances shown on one page of an item, place or lot; the export has them all."""

# The orders of the list of items: keyset conditions and orders, appended to the named statement.
ORDERS: dict[str, LiteralString] = {
    "code": """
        and (%(after)s::text is null or (code, id) > (%(after)s, %(after_id)s))
        order by code, id limit %(limit)s""",
    "-code": """
        and (%(after)s::text is null or (code, id) < (%(after)s, %(after_id)s))
        order by code desc, id desc limit %(limit)s""",
    "on_hand": """
        and (%(after)s::numeric is null or (on_hand, id) > (%(after)s, %(after_id)s))
        order by on_hand, id limit %(limit)s""",
    "-on_hand": """
        and (%(after)s::numeric is null or (on_hand, id) < (%(after)s, %(after_id)s))
        order by on_hand desc, id desc limit %(limit)s""",
    "available": """
        and (%(after)s::numeric is null or (available, id) > (%(after)s, %(after_id)s))
        order by available, id limit %(limit)s""",
    "-available": """
        and (%(after)s::numeric is null or (available, id) < (%(after)s, %(after_id)s))
        order by available desc, id desc limit %(limit)s""",
    "expires_on": """
        and expires_on is not null
        and (%(after)s::date is null or (expires_on, id) > (%(after)s, %(after_id)s))
        order by expires_on, id limit %(limit)s""",
}
_SORT_KEYS: dict[str, Callable[[str], object]] = {
    "code": str,
    "on_hand": Decimal,
    "available": Decimal,
    "expires_on": date.fromisoformat,
}
BY_ID: LiteralString = (
    " and (%(after)s::bigint is null or balance.id > %(after)s) order by balance.id limit %(limit)s"
)
FIRST_EXPIRED_FIRST: LiteralString = (
    " order by coalesce(lot.expires_on, lot.best_before_on) nulls last, store.code,"
    " location.sequence, location.code, item.code, balance.id limit %(limit)s"
)
BY_ITEM: LiteralString = " order by item.code, lot.code, balance.status, balance.id limit %(limit)s"
BY_ITEM_AND_PLACE: LiteralString = (
    " order by item.code, store.code, location.sequence, location.code, balance.id"
)
EVERYWHERE: dict[str, Any] = {"item_id": None, "location_id": None, "lot_id": None}


def items_on_hand(
    session: Session, wanted: StockFilter, today: date, *, sort: str = "code", cursor: Cursor
) -> Listing[ItemOnHand]:
    """One page of items with their stock; an unknown ``sort`` means by code."""
    whole = every_item_on_hand(wanted, today, sort)
    key = sort.removeprefix("-") if sort in ORDERS else "code"
    after, after_id = _after(cursor, _SORT_KEYS[key])
    page = {"after": after, "after_id": after_id, "limit": cursor.limit + 1}
    found = sql.rows(session, whole.row, whole.text, {**whole.parameters, **page})
    return cursor.cut(found, key, "id")


def every_item_on_hand(
    wanted: StockFilter, today: date, sort: str = "code"
) -> sql.Select[ItemOnHand]:
    """All of that list; an unknown ``sort`` means by code."""
    order = ORDERS.get(sort, ORDERS["code"])
    page = {"after": None, "after_id": None, "limit": None}
    parameters = {**wanted.parameters(today), **page}
    return sql.Select(ItemOnHand, QUERIES["items_on_hand"] + order, parameters)


def _after(cursor: Cursor, read: Callable[[str], object]) -> tuple[object, int | None]:
    """The sort key and id that the page starts after.  Raises BadCursor for another list's."""
    match cursor.after:
        case None:
            return None, None
        case (str() as key, int() as row_id):
            try:
                return read(key), row_id
            except (InvalidOperation, ValueError):
                raise BadCursor from None
        case _:
            raise BadCursor


def after_row(cursor: Cursor) -> int | None:
    """The id that a list by id continues after.  Raises BadCursor for another list's cursor."""
    match cursor.after:
        case None:
            return None
        case (int() as row_id,):
            return row_id
        case _:
            raise BadCursor


def balances(
    session: Session,
    wanted: StockFilter,
    today: date,
    cursor: Cursor,
    keys: Mapping[str, int | None],
) -> Listing[BalanceRow]:
    """One page of balances by id; ``keys`` narrow to ``item_id``, ``location_id``, ``lot_id``."""
    parameters = {**wanted.parameters(today), **EVERYWHERE, **keys}
    parameters |= {"after": after_row(cursor), "limit": cursor.limit + 1}
    found = sql.rows(session, BalanceRow, QUERIES["balances"] + BY_ID, parameters)
    return cursor.cut(found, "id")


def balances_of_item(session: Session, item_id: int, today: date) -> list[BalanceRow]:
    """First those that expire first; at most ``MOST_ROWS`` and one, which says there are more."""
    return _balances(session, FIRST_EXPIRED_FIRST, today, item_id=item_id)


def balances_of_lot(session: Session, lot_id: int, today: date) -> list[BalanceRow]:
    return _balances(session, FIRST_EXPIRED_FIRST, today, lot_id=lot_id)


def balances_at(session: Session, location_id: int, today: date) -> list[BalanceRow]:
    """What lies in a place, by item."""
    return _balances(session, BY_ITEM, today, location_id=location_id)


def _balances(session: Session, order: LiteralString, today: date, **key: int) -> list[BalanceRow]:
    parameters = {**StockFilter().parameters(today), **EVERYWHERE, **key, "limit": MOST_ROWS + 1}
    return sql.rows(session, BalanceRow, QUERIES["balances"] + order, parameters)


def every_balance(
    wanted: StockFilter, today: date, keys: Mapping[str, int | None]
) -> sql.Select[BalanceRow]:
    """All balances by item and place; ``keys`` as above."""
    parameters = {**wanted.parameters(today), **EVERYWHERE, **keys}
    return sql.Select(BalanceRow, QUERIES["balances"] + BY_ITEM_AND_PLACE, parameters)


def moves(session: Session, wanted: MoveFilter, zone: str, cursor: Cursor) -> Listing[MoveRow]:
    """One page of movements, newest first."""
    parameters = wanted.parameters(zone)
    parameters |= {"before": after_row(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, MoveRow, QUERIES["moves"], parameters), "id")


def every_move(wanted: MoveFilter, zone: str) -> sql.Select[MoveRow]:
    """All movements, newest first."""
    return sql.Select(MoveRow, QUERIES["moves"], wanted.parameters(zone) | {"limit": None})


def latest_moves(session: Session, wanted: MoveFilter, limit: int = 10) -> list[MoveRow]:
    """The newest movements of an item, lot or location."""
    parameters = wanted.parameters("UTC") | {"limit": limit}
    return sql.rows(session, MoveRow, QUERIES["moves"], parameters)


def move(session: Session, move_id: int) -> MoveRow:
    """Raises NoSuchStock."""
    parameters = MoveFilter().parameters("UTC") | {"move_id": move_id, "limit": 1}
    return _found(sql.one(session, MoveRow, QUERIES["moves"], parameters))


def entries_of_move(session: Session, move_id: int) -> list[CostEntryRow]:
    return sql.rows(session, CostEntryRow, QUERIES["entries_of_move"], {"move_id": move_id})


def pools_of_item(session: Session, item_id: int) -> list[CostPoolRow]:
    """Where the item's value is kept: the company's pool, or those of the visible stores."""
    return sql.rows(session, CostPoolRow, QUERIES["pools_of_item"], {"item_id": item_id})


def item(session: Session, item_id: int) -> ItemHead:
    """Raises NoSuchStock."""
    return _found(sql.one(session, ItemHead, QUERIES["item"], {"item_id": item_id}))


def location(session: Session, location_id: int) -> LocationHead:
    """Raises NoSuchStock, also for a place of a store that the caller does not see."""
    parameters = {"location_id": location_id}
    return _found(sql.one(session, LocationHead, QUERIES["location"], parameters))


def lot(session: Session, lot_id: int, today: date) -> LotHead:
    """Raises NoSuchStock."""
    parameters = {"lot_id": lot_id, "today": today}
    return _found(sql.one(session, LotHead, QUERIES["lot"], parameters))


def lot_of_item(session: Session, item_id: int, code: str) -> int | None:
    found: int | None = sql.value(
        session, QUERIES["lot_of_item"], {"item_id": item_id, "code": code}
    )
    return found


def stores(session: Session) -> list[Choice]:
    return sql.rows(session, Choice, QUERIES["stores"])


def categories(session: Session) -> list[CategoryChoice]:
    return sql.rows(session, CategoryChoice, QUERIES["categories"])


def people(session: Session) -> list[Choice]:
    return sql.rows(session, Choice, QUERIES["people"])


def facts(session: Session) -> Facts:
    return _found(sql.one(session, Facts, QUERIES["facts"]))


def total_of_item(session: Session, item_id: int, today: date) -> Total:
    parameters = {"item_id": item_id, "today": today}
    return _found(sql.one(session, Total, QUERIES["total_of_item"], parameters))


def stock_count(session: Session, store_id: int, until: date) -> StockCount:
    parameters = {"store_id": store_id, "until": until}
    return _found(sql.one(session, StockCount, QUERIES["open_stock"], parameters))


def _found(row: T | None) -> T:
    if row is None:
        raise NoSuchStock
    return row
