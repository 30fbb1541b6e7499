"""Writing value: entries, and with them layers and pools, in one statement.

So pools equal their entries, and layers theirs, whatever was computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlmodel import Session

from app.kit import sql
from app.kit.database import driver
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.ledger.pools import QUERIES

# So many are written while the next are made.
AT_ONCE = 5000


@dataclass(frozen=True)
class Entry:
    """One value row, signed as the pool sees it (as the cost sees it, without a pool).

    ``cause_row`` is the position, in the same list, of the entry that brought it about.
    """

    store_id: int
    move_id: int | None
    pool_id: int | None
    layer_id: int | None
    quantity: Decimal
    amount: Decimal
    kind: str
    at: datetime
    cause_id: int | None = None
    cause_row: int | None = None
    priced: bool = True


def write(session: Session, envelope: Envelope, entries: Sequence[Entry]) -> None:
    """Append the entries and change their layers and pools by them."""
    if entries:
        sql.execute(session, QUERIES["book"], _columns(envelope, entries))


def append(session: Session, envelope: Envelope, entries: Iterable[Entry]) -> int:
    """``write`` for very many; their number.

    They are written while the next ones are made, and layers and pools changed at the end: in the
    middle a layer might be worth less than nothing.
    """
    connection, sums, number = driver(session), _Sums(), 0
    with connection.pipeline():
        for some in _batches(entries):
            connection.execute(QUERIES["append"], _columns(envelope, some))
            sums.add(some)
            number += len(some)
        if number:
            connection.execute(QUERIES["add_up"], sums.columns())
    return number


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(entries)
    while some := list(islice(remaining, AT_ONCE)):
        yield some


class _Sums:
    """What entries change: by pool and layer, goods, value, the latest moment and issue."""

    def __init__(self) -> None:
        self._of: dict[tuple[int | None, int | None], _Sum] = defaultdict(_Sum)

    def add(self, entries: Iterable[Entry]) -> None:
        for one in entries:
            self._of[one.pool_id, one.layer_id].add(one)

    def columns(self) -> dict[str, str]:
        sums = self._of.values()
        return {
            "pools": _text(pool for pool, _layer in self._of),
            "layers": _text(layer for _pool, layer in self._of),
            "quantities": _text(one.quantity for one in sums),
            "amounts": _text(one.amount for one in sums),
            "moved": _text(one.moved_at for one in sums),
            "issued": _text(one.issued_at for one in sums),
        }


class _Sum:
    __slots__ = ("amount", "issued_at", "moved_at", "quantity")

    def __init__(self) -> None:
        self.quantity = self.amount = ZERO
        self.moved_at: datetime | None = None
        self.issued_at: datetime | None = None

    def add(self, entry: Entry) -> None:
        self.quantity += entry.quantity
        self.amount += entry.amount
        self.moved_at = max(self.moved_at or entry.at, entry.at)
        if entry.quantity < 0:
            self.issued_at = max(self.issued_at or entry.at, entry.at)


def _columns(envelope: Envelope, entries: Sequence[Entry]) -> dict[str, Any]:
    numbers = [None if one.cause_row is None else one.cause_row + 1 for one in entries]
    return {
        "stores": _text(one.store_id for one in entries),
        "moves": _text(one.move_id for one in entries),
        "pools": _text(one.pool_id for one in entries),
        "layers": _text(one.layer_id for one in entries),
        "quantities": _text(one.quantity for one in entries),
        "amounts": _text(one.amount for one in entries),
        "kinds": ",".join(one.kind for one in entries),
        "moments": ",".join(one.at.isoformat() for one in entries),
        "causes": _text(one.cause_id for one in entries),
        "cause_rows": _text(numbers),
        "priced": _text(one.priced for one in entries),
        "command_id": envelope.command_id,
    }


def _text(column: Iterable[object]) -> str:
    return ",".join("" if one is None else str(one) for one in column)


def layer_id(session: Session, pool_id: int, move_id: int, quantity: Decimal, at: datetime) -> int:
    """A new layer, still empty: what is written next fills it."""
    values = {"pool_id": pool_id, "move_id": move_id, "quantity": quantity, "at": at}
    return int(sql.value(session, QUERIES["make_layer"], values))


def set_last_cost(session: Session, pool_id: int, unit_cost: Decimal) -> None:
    """What one is taken to cost while nothing is there."""
    if unit_cost >= ZERO:
        values = {"pool_id": pool_id, "unit_cost": unit_cost}
        sql.execute(session, QUERIES["set_last_cost"], values)
