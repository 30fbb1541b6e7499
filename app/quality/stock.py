"""What stock is meant: by balances that were ticked, or by what was scanned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.catalog import values
from app.kit import sql
from app.kit.money import ZERO, fits, plain
from app.ledger.allocations import lock_balances
from app.ledger.problems import QuantityNotPositive
from app.orders.allocating import lock_items
from app.quality import problems

QUERIES = sql.Queries.beside(__file__)
MOST_PLACES = 500
MOST = Decimal(10) ** 12


@dataclass(frozen=True)
class Aim:
    """Stock by what it is and where it lies: of one store; what is None is left open."""

    store_id: int | None = None
    item_id: int | None = None
    location_id: int | None = None
    lot_id: int | None = None
    logistic_unit_id: int | None = None
    from_status: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing was scanned: everything in the store would be meant."""
        return not (self.item_id or self.location_id or self.lot_id or self.logistic_unit_id)


@dataclass(frozen=True)
class Lying:
    """One balance with stock, in base units.  ``last_day`` is the last day of its lot."""

    id: int
    store_id: int
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    location_id: int
    location_code: str
    location_kind: str
    lot_id: int | None
    lot_code: str | None
    logistic_unit_id: int | None
    sscc: str | None
    status: str
    on_hand: Decimal
    allocated: Decimal
    last_day: date | None
    is_held: bool

    @property
    def free(self) -> Decimal:
        return max(self.on_hand - self.allocated, ZERO)

    @property
    def title(self) -> str:
        return f"{self.item_name} {self.specification}".strip()


@dataclass(frozen=True)
class Part:
    """So much of one balance."""

    lying: Lying
    quantity: Decimal


def lying(session: Session, aim: Aim, *, limit: int = MOST_PLACES + 1) -> list[Lying]:
    """What lies where, along the shelves."""
    return sql.rows(session, Lying, QUERIES["stock"], _asked(aim) | {"limit": limit})


def balance(session: Session, store_id: int, balance_id: int) -> Lying:
    """Raises StockGone where nothing is left of it in this store."""
    wanted = _asked(Aim(store_id)) | {"balance_ids": [balance_id], "limit": 1}
    found = sql.one(session, Lying, QUERIES["stock"], wanted)
    if found is None:
        raise problems.StockGone
    return found


def locked(session: Session, aim: Aim, balance_ids: Sequence[int] = ()) -> list[Lying]:
    """The same, locked until the transaction ends.

    Raises:
        TooMuchAtOnce: stock of more places than one document should have.
    """
    wanted = _asked(aim) | {"balance_ids": list(balance_ids) or None, "limit": MOST_PLACES + 1}
    seen = sql.rows(session, Lying, QUERIES["stock"], wanted)
    if len(seen) > MOST_PLACES:
        raise problems.TooMuchAtOnce(most=MOST_PLACES)
    # As everywhere: who plans promises of an item first, then balances.
    lock_items(session, {(row.store_id, row.item_id) for row in seen})
    lock_balances(session, [row.id for row in seen])
    return sql.rows(session, Lying, QUERIES["stock"], wanted)


def _asked(aim: Aim) -> dict[str, Any]:
    return {
        "balance_ids": None,
        "store_id": aim.store_id,
        "item_id": aim.item_id,
        "location_id": aim.location_id,
        "lot_id": aim.lot_id,
        "logistic_unit_id": aim.logistic_unit_id,
        "from_status": aim.from_status,
    }


def spread(rows: Sequence[Lying], typed: str) -> list[Part]:
    """A typed quantity over the rows, what is not promised first; all of them where none is typed.

    Raises:
        MoreThanThere: they hold less.
    """
    if not typed.strip():
        return [Part(row, row.on_hand) for row in rows]
    left = quantity_of(typed, rows[0])
    there = sum((row.on_hand for row in rows), ZERO)
    if left > there:
        raise more_than_there(rows[0], there, left)
    taken: dict[int, Decimal] = {}
    for row, most in [*((row, row.free) for row in rows), *((row, row.on_hand) for row in rows)]:
        part = min(left, most - taken.get(row.id, ZERO))
        if part > 0:
            taken[row.id] = taken.get(row.id, ZERO) + part
            left -= part
    return [Part(row, taken[row.id]) for row in rows if row.id in taken]


def part_of(row: Lying, typed: str) -> Part:
    """So much of one balance; all of it where nothing is typed.

    Raises:
        MoreThanThere: it holds less.
    """
    quantity = quantity_of(typed, row) if typed.strip() else row.on_hand
    if quantity > row.on_hand:
        raise more_than_there(row, row.on_hand, quantity)
    return Part(row, quantity)


def more_than_there(row: Lying, there: Decimal, wanted: Decimal) -> problems.MoreThanThere:
    return problems.MoreThanThere(
        location=row.location_code,
        item=row.title,
        status=row.status,
        on_hand=plain(there),
        wanted=plain(wanted)[:40],
        why=f"item_id={row.item_id}",
    )


def quantity_of(typed: str, row: Lying) -> Decimal:
    """The number that was typed, in base units.

    Raises:
        NotAQuantity, QuantityNotPositive, QuantityTooExact.
    """
    return exact_quantity(typed, row.title, row.base_unit, row.decimals)


def exact_quantity(typed: str, title: str, unit: str, decimals: int) -> Decimal:
    """The number that was typed, with no more decimals than the unit has."""
    try:
        quantity = values.number(typed[:60])
    except ValueError:
        raise problems.NotAQuantity(given=typed[:40]) from None
    if quantity <= 0:
        raise QuantityNotPositive
    if quantity >= MOST:
        raise problems.NotAQuantity(given=typed[:40])
    if not fits(quantity, decimals):
        raise problems.QuantityTooExact(
            item=title, unit=unit, decimals=decimals, quantity=plain(quantity)[:40]
        )
    return quantity
