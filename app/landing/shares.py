"""What each receipt line gets of each charge, and what of its estimate goes out.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal

from app.kit.money import ZERO, split
from app.landing.problems import BasisUnknown, BasisZero
from app.ledger.costing.sharing import Basis, Target, share
from app.ledger.problems import ZeroAllocationBasis

NAMED = 5


@dataclass(frozen=True)
class Line:
    """A receipt line with what a charge can be shared by: totals of the line.

    ``goods`` is its value without charges and ``accrued`` what expected charges added to it, both
    in the company's currency; ``expected`` splits ``accrued`` by kind of charge.
    """

    receipt_line_id: int
    item: str
    goods: Decimal
    quantity: Decimal
    weight: Decimal | None = None
    volume: Decimal | None = None
    accrued: Decimal = ZERO
    expected: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    replaced: AbstractSet[str] = frozenset()

    def estimate(self, kind: str, decimals: int) -> Decimal:
        """What of ``accrued`` was for this kind of charge and still stands."""
        if kind in self.replaced or kind not in self.expected or not self.accrued:
            return ZERO
        kinds = sorted(self.expected)
        weights = [self.expected[one] for one in kinds]
        if not sum(weights, ZERO):
            return ZERO
        return split(self.accrued, weights, decimals)[kinds.index(kind)]


@dataclass(frozen=True)
class Charge:
    """``value`` in the company's currency; ``given`` by receipt line, for the manual basis."""

    id: int
    kind: str
    basis: Basis
    value: Decimal
    replaces_estimate: bool = True
    given: Mapping[int, Decimal] = field(default_factory=dict[int, Decimal])


@dataclass(frozen=True)
class Share:
    """What a line gets of a charge, and the estimate that it replaces."""

    charge_id: int
    receipt_line_id: int
    value: Decimal
    estimate: Decimal


@dataclass(frozen=True)
class Sum:
    """All the shares of one line; ``change`` is what is posted."""

    receipt_line_id: int
    value: Decimal
    estimate: Decimal

    @property
    def change(self) -> Decimal:
        return self.value - self.estimate


def shares_of(charges: Sequence[Charge], lines: Sequence[Line], decimals: int) -> list[Share]:
    """Every share of every charge, charge by charge; of each kind an estimate goes out once.

    Raises:
        BasisUnknown, BasisZero: with the charge, the basis, and the items without a figure.
    """
    found: list[Share] = []
    gone: set[str] = set()
    for charge in charges:
        values = _values(charge, lines, decimals)
        replaces = charge.replaces_estimate and charge.kind not in gone
        for line, value in zip(lines, values, strict=True):
            estimate = line.estimate(charge.kind, decimals) if replaces else ZERO
            found.append(Share(charge.id, line.receipt_line_id, value, estimate))
        if replaces:
            gone.add(charge.kind)
    return found


def sums_of(shares: Sequence[Share]) -> list[Sum]:
    """The shares of each line together, in the order of the lines."""
    values: dict[int, Decimal] = {}
    estimates: dict[int, Decimal] = {}
    for one in shares:
        values[one.receipt_line_id] = values.get(one.receipt_line_id, ZERO) + one.value
        estimates[one.receipt_line_id] = estimates.get(one.receipt_line_id, ZERO) + one.estimate
    return [Sum(line, value, estimates[line]) for line, value in values.items()]


def _values(charge: Charge, lines: Sequence[Line], decimals: int) -> list[Decimal]:
    _refuse_unknown(charge, lines)
    targets = [
        Target(
            value=line.goods,
            quantity=line.quantity,
            weight=line.weight,
            volume=line.volume,
            given=charge.given.get(line.receipt_line_id, ZERO),
        )
        for line in lines
    ]
    try:
        return share(charge.value, charge.basis, targets, decimals)
    except ZeroAllocationBasis:
        raise BasisZero(charge=charge.kind, basis=charge.basis) from None


def _refuse_unknown(charge: Charge, lines: Sequence[Line]) -> None:
    """A weight that nobody entered is not zero: it is asked for by the items' names."""
    if charge.basis not in {"by_weight", "by_volume"}:
        return
    name = "weight" if charge.basis == "by_weight" else "volume"
    items = list(dict.fromkeys(line.item for line in lines if getattr(line, name) is None))
    if items:
        shown = ", ".join(items[:NAMED]) + (" …" if len(items) > NAMED else "")
        raise BasisUnknown(charge=charge.kind, basis=charge.basis, items=shown)
