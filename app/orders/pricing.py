"""What an order's lines are worth, pure and exact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.kit.money import rounded


@dataclass(frozen=True)
class Worth:
    """A line's value in the company's currency: ``net`` without tax, ``total`` with it."""

    net: Decimal
    total: Decimal


def line_worth(agreed: Decimal, tax_rate: Decimal, *, includes_tax: bool, decimals: int) -> Worth:
    """Round once, at the end: the side that the price was agreed on is exact, the other derived.

    Args:
        agreed: quantity x price, less the discount, in the company's currency; not rounded.
        tax_rate: a fraction.
        decimals: of the company's currency.
    """
    if includes_tax:
        return Worth(rounded(agreed / (1 + tax_rate), decimals), rounded(agreed, decimals))
    return Worth(rounded(agreed, decimals), rounded(agreed * (1 + tax_rate), decimals))
