"""Exact arithmetic on quantities and amounts: Decimal only, rounding half up (四舍五入)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

ZERO = Decimal(0)
QUANTITY_DECIMALS = 6


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value at so many decimals, half up."""
    return value.quantize(_unit(decimals), rounding=ROUND_HALF_UP)


@cache
def _unit(decimals: int) -> Decimal:
    """The smallest amount that has so many decimals."""
    return Decimal(1).scaleb(-decimals)


def fits(value: Decimal, decimals: int) -> bool:
    """Whether the value needs no more than so many decimals."""
    return value == rounded(value, decimals)


def plain(value: Decimal) -> str:
    """The shortest exact form without an exponent: ``1.50`` -> ``1.5``, ``1E+3`` -> ``1000``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def split(total: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """Share ``total`` by weight so that the parts sum to it exactly (largest remainder).

    Whole numbers of the smallest unit are shared, so no digit is lost however large the amounts.
    With weights of one sign no part has the opposite sign of ``total``.

    Args:
        total: the amount to share, already at ``decimals``.
        weights: with a positive sum; a negative one takes the opposite share.
        decimals: decimals of each part.
    """
    unit = _unit(decimals)
    finest = min((int(weight.as_tuple().exponent) for weight in weights), default=0)
    integers = [int(weight.scaleb(-finest)) for weight in weights]
    whole, units = sum(integers), abs(int(total / unit))
    shares = [divmod(units * weight, whole) for weight in integers]
    missing = units - sum(part for part, _remainder in shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
    lucky = set(by_remainder[:missing])
    parts = [part + (index in lucky) for index, (part, _remainder) in enumerate(shares)]
    return [unit * (part if total >= 0 else -part) for part in parts]
