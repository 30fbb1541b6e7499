"""Which question a scanned code asks."""

from __future__ import annotations

from urllib.parse import urlencode

from sqlmodel import Session

from app.catalog.codes import tidied
from app.scanning.meanings import (
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    Meaning,
    SearchMeaning,
)
from app.scanning.resolver import resolve, shown
from app.troubleshooting import queries
from app.troubleshooting.problems import NothingToScan


def address_of(session: Session, code: str) -> str:
    """The page that answers it.  Raises NothingToScan for what is no stock."""
    lines = queries.lines_of_order(session, number=_as_number(code))
    if len(lines) == 1:
        return _address(order_line_id=lines[0].line_id)
    if lines:
        return _address(order_id=lines[0].order_id)
    return _of_meaning(resolve(session, code), code)


def _as_number(code: str) -> str:
    """An order's number as it is typed, or as its paper's code has it."""
    return tidied(code).upper().rpartition(":")[2][:60]


def _of_meaning(meaning: Meaning, code: str) -> str:
    match meaning:
        case ItemMeaning(known=lot) if lot is not None:
            query = {"lot_id": lot.id}
        case ItemMeaning(item=item):
            query = {"item_id": item.id}
        case LotMeaning(lot=lot):
            query = {"lot_id": lot.id}
        case LocationMeaning(id=location_id):
            query = {"location_id": location_id}
        case LogisticUnitMeaning(id=int() as unit_id):
            query = {"logistic_unit_id": unit_id}
        case SearchMeaning(text=text):
            return "/stock?" + urlencode({"text": text})
        case _:
            raise NothingToScan(given=shown(code))
    return _address(**query)


def _address(**query: int) -> str:
    return "/troubleshooting?" + urlencode(query)
