"""Reading the form of a new count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog import values
from app.counting import problems
from app.counting.loading import QUERIES
from app.counting.making import MakeCount, RecountRule, Selection
from app.kit import sql
from app.kit.forms import numbers_in
from app.scanning.meanings import ItemMeaning, LotMeaning
from app.scanning.resolver import resolve, shown

PERCENT = Decimal(100)
MOST_CODES = 500
LONGEST_DAYS = 4


def make_count_in(session: Session, data: Mapping[str, Any], store_id: int) -> MakeCount:
    """The command of a form; items and lots are codes, one a line or set apart by commas.

    Raises:
        LimitUnreadable, SelectionUnknown.
    """
    codes = _codes(data.get("items"))
    lots = _codes(data.get("lots"))
    return MakeCount(
        store_id,
        str(data.get("kind", "full"))[:20],
        Selection(
            zone_ids=tuple(numbers_in(data, "zone_id")),
            item_ids=tuple(_item_id(session, code) for code in codes),
            lot_ids=tuple(lot for code in lots for lot in _lot_ids(session, code)),
            days=_days(data),
            item_class=str(data.get("item_class") or "") or None,
        ),
        rule_in(data),
        freezes=bool(data.get("freezes")),
        is_blind=not data.get("shows_books"),
        note=str(data.get("note", ""))[:200],
    )


def rule_in(data: Mapping[str, Any]) -> RecountRule:
    """When a difference is counted again; empty fields are no reason.

    Raises:
        LimitUnreadable.
    """
    share = _limit(data, "recount_percent")
    return RecountRule(
        _limit(data, "recount_quantity"),
        _limit(data, "recount_value"),
        share / PERCENT if share is not None else None,
        str(data.get("recount_class") or "") or None,
    )


def _codes(text: object) -> Sequence[str]:
    parts = str(text or "").replace("，", ",").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()][:MOST_CODES]


def _item_id(session: Session, code: str) -> int:
    meaning = resolve(session, code)
    if isinstance(meaning, (ItemMeaning, LotMeaning)):
        return meaning.item.id
    raise problems.SelectionUnknown(given=shown(code))


def _lot_ids(session: Session, code: str) -> list[int]:
    found = sql.rows(session, _Id, QUERIES["lots_by_code"], {"code": code})
    if not found:
        raise problems.SelectionUnknown(given=shown(code))
    return [one.id for one in found]


def _limit(data: Mapping[str, Any], name: str) -> Decimal | None:
    text = str(data.get(name) or "").strip().rstrip("%")
    if not text:
        return None
    try:
        return values.number(text[:60])
    except ValueError:
        raise problems.LimitUnreadable(given=text[:40]) from None


def _days(data: Mapping[str, Any]) -> int | None:
    text = str(data.get("days") or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_DAYS):
        raise problems.SelectionUnknown(given=text[:40])
    return int(text)


@dataclass(frozen=True)
class _Id:
    id: int
