"""How one amount is shared among several receipts: pure, exact to the last cent.

A landed charge, a production cost or a discount is split by a basis.  The parts always sum to the
amount; the cents that rounding leaves go to the largest remainders, the first line first, so that
no part gets the opposite sign of the whole (completeness, IAS 2.10).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from app.kit.money import ZERO, split
from app.ledger.problems import BasisMissing, ZeroAllocationBasis

Basis = Literal["equal", "by_value", "by_quantity", "by_weight", "by_volume", "manual"]
BASES: tuple[Basis, ...] = get_args(Basis)


@dataclass(frozen=True)
class Target:
    """What one receipt line weighs in a split.  Totals of the line, not per unit.

    ``value`` in the company's currency, ``quantity`` in the base unit; ``given`` is what a person
    entered for the manual basis (amounts or shares, only the proportions count).
    """

    value: Decimal = ZERO
    quantity: Decimal = ZERO
    weight: Decimal | None = None
    volume: Decimal | None = None
    given: Decimal | None = None


_WEIGHTS: dict[Basis, Callable[[Target], Decimal | None]] = {
    "equal": lambda _target: Decimal(1),
    "by_value": lambda target: target.value,
    "by_quantity": lambda target: target.quantity,
    "by_weight": lambda target: target.weight,
    "by_volume": lambda target: target.volume,
    "manual": lambda target: target.given,
}


def share(amount: Decimal, basis: Basis, targets: Sequence[Target], decimals: int) -> list[Decimal]:
    """Split ``amount`` (already at ``decimals``; negative for a credit note) over ``targets``.

    Raises:
        BasisMissing: a target has no weight, volume or entered share; it is not guessed.
        ZeroAllocationBasis: there are no targets, or what they weigh sums to nothing.
    """
    weights: list[Decimal] = []
    for position, target in enumerate(targets, start=1):
        weight = _WEIGHTS[basis](target)
        if weight is None:
            raise BasisMissing(line=position)
        weights.append(weight)
    return share_by_weights(amount, weights, decimals)


def share_by_weights(amount: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Split by plain numbers; a negative one takes the opposite share.

    Raises:
        ZeroAllocationBasis: the numbers sum to nothing (or to less, which has no meaning).
    """
    if sum(weights, ZERO) <= 0:
        raise ZeroAllocationBasis
    return split(amount, weights, decimals)
