"""Cost pools as the database has them: found, locked, made, and the moment that counts in them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit import clock, sql
from app.kit.database import driver
from app.kit.money import rounded
from app.ledger.costing.stock import UNIT_COST_DECIMALS
from app.ledger.movements import Movement

QUERIES = sql.Queries(Path(__file__).with_name("valuing.sql"))

# Clocks of handhelds differ, and work of the same minutes arrives in any order: what comes so
# little late is valued in the order in which it was posted.
TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Pool:
    """A locked cost pool with what valuing needs of its item and company.

    ``last_unit_cost`` is what one is taken to cost where nothing is there.
    """

    id: int
    quantity: Decimal
    value: Decimal
    decimals: int
    cost_method: str
    last_unit_cost: Decimal
    moved_at: datetime | None
    issued_at: datetime | None

    @property
    def queued(self) -> bool:
        return self.cost_method == "fifo"

    @property
    def average(self) -> Decimal:
        """What one is worth, unrounded; the last known cost where nothing is there."""
        return self.value / self.quantity if self.quantity > 0 else self.last_unit_cost

    @property
    def last_cost(self) -> Decimal:
        if self.quantity > 0:
            return rounded(self.value / self.quantity, UNIT_COST_DECIMALS)
        return self.last_unit_cost


def key_of(movement: Movement) -> dict[str, Any]:
    """What the movement's pool is found by."""
    return {
        "store_id": movement.store_id,
        "item_id": movement.item_id,
        "lot_id": movement.lot_id,
    }


def pool_order(movement: Movement) -> tuple[int, int, int]:
    """Pools are locked in this order, after balances."""
    return (movement.item_id, movement.store_id, movement.lot_id or 0)


def lock_pools(session: Session, movements: Sequence[Movement]) -> bool:
    """Where several pools are touched and one is read first, lock them all in key order.

    Whether that was so.
    """
    is_wanted = len(movements) > 1 and any(map(reads_pool, movements))
    if is_wanted:
        for movement in sorted(movements, key=pool_order):
            sql.execute(session, QUERIES["lock_pool"], key_of(movement))
    return is_wanted


def reads_pool(movement: Movement) -> bool:
    """Whether what the move is worth depends on what is in its pool."""
    return movement.leaves or (movement.enters and movement.amount is None)


def locked(session: Session, movement: Movement) -> Pool:
    """The movement's pool, locked; it is made where there is none."""
    return locking(session, movement)()


def locking(session: Session, movement: Movement) -> Callable[[], Pool]:
    """As ``locked``, with the statements that travel now: the pool when it is asked for."""
    answer = sql.send(session, Pool, QUERIES["lock_pool"], key_of(movement))

    def arrived() -> Pool:
        found = answer.first()
        if found is None:
            sql.execute(session, QUERIES["make_pool"], key_of(movement))
            found = sql.one(session, Pool, QUERIES["lock_pool"], key_of(movement))
        assert found is not None, "a pool that was made and is not there"
        return found

    return arrived


def locked_by_id(session: Session, pool_id: int) -> Pool:
    found = sql.one(session, Pool, QUERIES["lock_pool_by_id"], {"pool_id": pool_id})
    assert found is not None, "a cost entry without its pool"
    return found


@dataclass(frozen=True)
class Moment:
    """When something counts in its pool; ``is_late``: others that follow are valued already."""

    at: datetime
    is_late: bool


def past(occurred_at: datetime) -> datetime:
    """A clock that runs ahead must not make everybody else late."""
    return min(occurred_at, clock.now())


def moment(
    occurred_at: datetime,
    newest: datetime | None,
    counts: datetime | None,
    *,
    amends: bool = False,
) -> Moment:
    """The effective moment in a pool.

    Args:
        newest: the newest effective moment of the pool.
        counts: of what would be valued otherwise if this had been known (for what enters, of what
            has left since; for what leaves, of anything).
        amends: it corrects another move, so it counts at exactly that one's moment.
    """
    at = past(occurred_at)
    if amends:
        return Moment(at, is_late=counts is not None and at <= counts)
    if newest is not None and newest - TOLERANCE <= at < newest:
        return Moment(newest, is_late=False)
    return Moment(at, is_late=counts is not None and at < counts - TOLERANCE)


@contextmanager
def whole_company(session: Session) -> Generator[None]:
    """The ledger itself looks at every store: a pool may be the company's, and so are its entries.

    What the caller may see is as before afterwards.
    """
    row = driver(session).execute("select current_setting('saoku.stores', true)").fetchone()
    stores = row[0] if row else ""
    if stores == "*":
        yield
        return
    driver(session).execute("select set_config('saoku.stores', '*', true)")
    yield
    # Asked for anew: what was told meanwhile arrives before.
    driver(session).execute("select set_config('saoku.stores', %s, true)", [stores or ""])
