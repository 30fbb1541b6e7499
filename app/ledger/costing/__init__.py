"""Costing arithmetic, pure: (pool, event) -> (pool, amount).  Decimal only.

A pool carries quantity and value; the unit cost is derived, never stored as the truth.  An issue
takes ``round(value x quantity / pool quantity)`` and the one that empties the pool takes all that
is left, so that quantity zero always means value zero (IAS 2.27 weighted average, with the value
carried instead of a rounded price).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.kit.money import ZERO, rounded

UNIT_COST_DECIMALS = 6


@dataclass(frozen=True)
class Pool:
    """Quantity in the base unit and value in the company's currency, neither negative."""

    quantity: Decimal = ZERO
    value: Decimal = ZERO

    def __post_init__(self) -> None:
        # Our own bug, not the world's: refusals happen before.
        assert self.quantity >= 0, self
        assert self.value >= 0, self
        assert self.quantity != 0 or self.value == 0, self

    @property
    def unit_cost(self) -> Decimal:
        """Value per base unit, for people; zero for an empty pool."""
        return rounded(self.value / self.quantity, UNIT_COST_DECIMALS) if self.quantity else ZERO


def put_in(pool: Pool, quantity: Decimal, amount: Decimal) -> Pool:
    """Receive ``quantity`` worth ``amount`` (already rounded to the currency)."""
    return Pool(pool.quantity + quantity, pool.value + amount)


def take_out(pool: Pool, quantity: Decimal, decimals: int) -> tuple[Pool, Decimal]:
    """Issue at the moving average; the amount that leaves (positive).

    Raises:
        ValueError: more than the pool holds.
    """
    if quantity > pool.quantity:
        raise ValueError(f"{quantity} from a pool of {pool.quantity}")
    if quantity == pool.quantity:
        return Pool(), pool.value
    # Rounding half up may ask for a cent more than there is when the value is next to nothing.
    amount = min(rounded(pool.value * quantity / pool.quantity, decimals), pool.value)
    return Pool(pool.quantity - quantity, pool.value - amount), amount


def take_back(pool: Pool, quantity: Decimal, amount: Decimal) -> tuple[Pool, Decimal]:
    """Take a receipt back at its own ``amount``; the amount that really leaves.

    It differs from ``amount`` only where the goods in between left at the average and the pool
    could not give the original amount without becoming negative or worth something at zero
    quantity; the caller books the difference as a correction.
    """
    if quantity > pool.quantity:
        raise ValueError(f"{quantity} from a pool of {pool.quantity}")
    leaving = pool.value if quantity == pool.quantity else min(amount, pool.value)
    return Pool(pool.quantity - quantity, pool.value - leaving), leaving
