"""The files of the stock screens."""

from __future__ import annotations

from decimal import Decimal

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.stock import queries
from app.stock.filters import MoveFilter, StockFilter, number, today_of
from app.stock.views import (
    PLACE_NAMES,
    STATUS_NAMES,
    STEP_NAMES,
    BalanceRow,
    ItemOnHand,
    MoveRow,
)

# What is about one item, place or lot asks for it by the same name as the list of movements.
_KEYS = {"item": "item_id", "location": "location_id", "lot": "lot_id"}


def _items(asked: Asked) -> sql.Select[ItemOnHand]:
    today = today_of(asked.actor.time_zone)
    wanted = StockFilter.read(asked.query)
    return queries.every_item_on_hand(wanted, today, asked.query.get("sort", "code"))


def _balances(asked: Asked) -> sql.Select[BalanceRow]:
    keys = {key: number(asked.query, name) for name, key in _KEYS.items()}
    today = today_of(asked.actor.time_zone)
    return queries.every_balance(StockFilter.read(asked.query), today, keys)


def _moves(asked: Asked) -> sql.Select[MoveRow]:
    return queries.every_move(MoveFilter.read(asked.query), asked.actor.time_zone)


def _status(name: str | None) -> str:
    return gettext(STATUS_NAMES[name]) if name else ""


def _place(code: str, kind: str) -> str:
    """A real place by its code, a virtual one by what it is."""
    return gettext(PLACE_NAMES[kind]) if kind in PLACE_NAMES else code


def _signed(move: MoveRow) -> Decimal:
    """Less than nothing for what left the stock, so that a column can be added up."""
    return -move.quantity if move.to_status is None else move.quantity


def _step(move: MoveRow) -> str:
    if move.reverses_id is not None:
        return gettext("Taken back")
    return gettext(STEP_NAMES.get(move.biz_step, move.biz_step))


STOCK = Export(
    "/stock",
    mark("Stock"),
    "stock_read",
    _items,
    [
        Column(mark("Item code"), "code"),
        Column(mark("Item"), "name"),
        Column(mark("Specification"), "specification"),
        Column(mark("On hand"), "on_hand"),
        Column(mark("Available"), "available"),
        Column(mark("Allocated"), "allocated"),
        Column(mark("Inspection"), "inspection"),
        Column(mark("Frozen"), "frozen"),
        Column(mark("Damaged"), "damaged"),
        Column(mark("Returned"), "returned"),
        Column(mark("Unit"), "base_unit"),
        Column(mark("Safety stock"), "safety_stock"),
        Column(mark("Next expiry"), "expires_on"),
    ],
)
BALANCES = Export(
    "/stock/balances",
    mark("Stock by place and lot"),
    "stock_read",
    _balances,
    [
        Column(mark("Store"), "store_name"),
        Column(mark("Location"), "location_code"),
        Column(mark("Zone"), "zone_name"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "item_name"),
        Column(mark("Specification"), "specification"),
        Column(mark("Lot"), "lot_code"),
        Column(mark("Produced on"), "produced_on"),
        Column(mark("Expires on"), "expires_on"),
        Column(mark("Status"), lambda row: _status(row.status)),
        Column(mark("Logistic unit"), "sscc"),
        Column(mark("On hand"), "on_hand"),
        Column(mark("Allocated"), "allocated"),
        Column(mark("Unit"), "base_unit"),
    ],
)
MOVES = Export(
    "/stock/moves",
    mark("Movements"),
    "move_read",
    _moves,
    [
        Column(mark("Movement number"), "id"),
        Column(mark("When"), "occurred_at"),
        Column(mark("Store"), "store_name"),
        Column(mark("Item code"), "item_code"),
        Column(mark("Item"), "item_name"),
        Column(mark("Lot"), "lot_code"),
        Column(mark("Quantity"), _signed),
        Column(mark("Unit"), "base_unit"),
        Column(mark("From"), lambda move: _place(move.from_code, move.from_kind)),
        Column(mark("From status"), lambda move: _status(move.from_status)),
        Column(mark("To"), lambda move: _place(move.to_code, move.to_kind)),
        Column(mark("To status"), lambda move: _status(move.to_status)),
        Column(mark("Why"), _step),
        Column(mark("Document"), "receipt_number"),
        Column(mark("Partner"), "partner_name"),
        Column(mark("Reason"), "reason"),
        Column(mark("Takes back"), "reverses_id"),
        Column(mark("Who"), lambda move: move.user_name or gettext("System")),
        Column(mark("Device"), "device_name"),
    ],
)
EXPORTS = (STOCK, BALANCES, MOVES)
