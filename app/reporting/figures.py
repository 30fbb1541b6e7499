"""The figures of a report: sums of exact amounts, so that parts always make up the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.kit.i18n import mark
from app.kit.money import ZERO, rounded

RATE_DECIMALS = 4


@dataclass(frozen=True)
class Figures:
    """Sums in the company's currency, net of tax, already rounded to its decimals.

    ``gross`` is at list price, ``revenue`` after discounts and less what came back, ``returned``
    the part that came back, ``corrected`` the part of ``cost`` that was found later.  ``quantity``
    is in base units: of use only where they are of one item.
    """

    quantity: Decimal = ZERO
    gross: Decimal = ZERO
    revenue: Decimal = ZERO
    returned: Decimal = ZERO
    cost: Decimal = ZERO
    corrected: Decimal = ZERO

    @property
    def discount(self) -> Decimal:
        return self.gross - self.revenue

    @property
    def margin(self) -> Decimal:
        return self.revenue - self.cost

    @property
    def rate(self) -> Decimal | None:
        """Margin over revenue as a fraction; None without revenue."""
        if not self.revenue:
            return None
        return rounded(self.margin / self.revenue, RATE_DECIMALS)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.quantity + other.quantity,
            self.gross + other.gross,
            self.revenue + other.revenue,
            self.returned + other.returned,
            self.cost + other.cost,
            self.corrected + other.corrected,
        )


def total(parts: Iterable[Figures]) -> Figures:
    """The sum, exact."""
    return sum(parts, Figures())


@dataclass(frozen=True)
class Measure:
    """One figure that a table can show; ``words`` is marked."""

    name: str
    words: str
    read: Callable[[Figures], Decimal | None]


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("margin", mark("Margin"), lambda figures: figures.margin),
        Measure("rate", mark("Margin rate"), lambda figures: figures.rate),
        Measure("revenue", mark("Revenue"), lambda figures: figures.revenue),
        Measure("cost", mark("Cost"), lambda figures: figures.cost),
        Measure("discount", mark("Discount"), lambda figures: figures.discount),
        Measure("returned", mark("Returns"), lambda figures: figures.returned),
        Measure("corrected", mark("Found later"), lambda figures: figures.corrected),
        Measure("quantity", mark("Quantity"), lambda figures: figures.quantity),
    )
}
