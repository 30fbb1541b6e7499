"""Changing the balances that movements touch: locked in key order, taken first, then given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.money import ZERO, plain
from app.ledger.movements import Movement, Place
from app.ledger.problems import InsufficientOnHand, StockAllocated

QUERIES = sql.Queries.beside(__file__)

_Key = tuple[int, int, int | None, int | None, int, str]


def change_balances(session: Session, movements: Sequence[Movement]) -> None:
    """Apply the net change of each balance: lock in key order, take, then give.

    Taking first keeps a serial number from being in two places for a moment.
    """
    changes = _net_changes(movements)
    takes = [change for change in changes if change["change"] < 0]
    gives = [change for change in changes if change["change"] > 0]
    if takes and len(changes) > 1:
        for change in changes:
            sql.execute(session, QUERIES["lock_balance"], change)
    taken = [sql.send(session, tuple[Decimal], QUERIES["take"], change) for change in takes]
    for change, answer in zip(takes, taken, strict=True):
        if answer.first() is None and not _owed(session, change):
            raise _shortage(session, change)
    for change in gives:
        sql.execute(session, QUERIES["give"], change)


def _net_changes(movements: Sequence[Movement]) -> list[dict[str, Any]]:
    """Per balance, in key order: its key, ``change`` (signed) and ``quantity`` (its size)."""
    changes: dict[_Key, Decimal] = defaultdict(lambda: ZERO)
    for movement in movements:
        for place, sign in ((movement.source, -1), (movement.target, 1)):
            if place.status is not None:
                changes[_balance_key(movement, place)] += sign * movement.quantity
    return [
        dict(zip(_KEY, key, strict=True)) | {"change": changes[key], "quantity": abs(changes[key])}
        for key in sorted(changes, key=lambda key: tuple(part or 0 for part in key[:-1]) + key[-1:])
    ]


_KEY = ("item_id", "location_id", "lot_id", "logistic_unit_id", "store_id", "status")


def _balance_key(movement: Movement, place: Place) -> _Key:
    return (
        movement.item_id,
        place.location_id,
        movement.lot_id,
        movement.logistic_unit_id,
        movement.store_id,
        place.status or "",
    )


def _owed(session: Session, change: dict[str, Any]) -> bool:
    """Whether the warehouse lets stock go below zero; then it has been taken."""
    return sql.value(session, QUERIES["owe"], change) is not None


@dataclass(frozen=True)
class _Shortage:
    location: str
    item: str
    on_hand: Decimal
    allocated: Decimal


def _shortage(session: Session, values: dict[str, Any]) -> InsufficientOnHand | StockAllocated:
    found = sql.one(session, _Shortage, QUERIES["shortage"], values)
    found = found or _Shortage("?", "?", ZERO, ZERO)
    if found.on_hand >= values["quantity"]:
        return StockAllocated(
            location=found.location,
            item=found.item,
            on_hand=plain(found.on_hand),
            allocated=plain(found.allocated),
            why=f"item_id={values['item_id']}",
        )
    return InsufficientOnHand(
        location=found.location,
        item=found.item,
        status=values["status"],
        on_hand=plain(found.on_hand),
        wanted=plain(values["quantity"]),
        why=f"item_id={values['item_id']}",
    )
