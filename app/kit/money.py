"""Exact arithmetic on quantities and amounts: Decimal only, rounding half up (四舍五入)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
QUANTITY_DECIMALS = 6


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value at so many decimals, half up."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def fits(value: Decimal, decimals: int) -> bool:
    """Whether the value needs no more than so many decimals."""
    return value == rounded(value, decimals)


def plain(value: Decimal) -> str:
    """The shortest exact form without an exponent: ``1.50`` -> ``1.5``, ``1E+3`` -> ``1000``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def split(total: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Share ``total`` by weight so that the parts sum to it exactly (largest remainder).

    Args:
        total: the amount to share, already at ``decimals``.
        weights: non-negative, with a positive sum.
        decimals: decimals of each part.
    """
    whole, unit = sum(weights, ZERO), Decimal(1).scaleb(-decimals)
    exact = [total * weight / whole for weight in weights]
    parts = [(value // unit) * unit for value in exact]
    missing = int((total - sum(parts, ZERO)) / unit)
    by_remainder = sorted(range(len(parts)), key=lambda i: (abs(parts[i] - exact[i]), -i))
    for index in by_remainder[::-1][: abs(missing)]:
        parts[index] += unit if missing > 0 else -unit
    return parts
