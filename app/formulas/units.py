"""What numbers in formulas are measured in.  Pure.

A dimension is a product of powers of money, quantity (base units of the item), weight, volume and
time; a plain number or ratio has none.  Adding needs equal dimensions, multiplying adds the powers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from fractions import Fraction
from typing import TypeAlias

from app.kit.i18n import gettext, mark


@dataclass(frozen=True)
class Dimension:
    """Powers: ``Dimension(money=1, quantity=-1)`` is money for each base unit."""

    money: int = 0
    quantity: int = 0
    weight: int = 0
    volume: int = 0
    time: int = 0

    def times(self, other: Dimension) -> Dimension:
        return Dimension(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def over(self, other: Dimension) -> Dimension:
        return Dimension(*(a - b for a, b in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class YesOrNo:
    """What a comparison is."""


Sort: TypeAlias = Dimension | YesOrNo

NUMBER = Dimension()
MONEY = Dimension(money=1)
QUANTITY = Dimension(quantity=1)
WEIGHT = Dimension(weight=1)
VOLUME = Dimension(volume=1)
TIME = Dimension(time=1)
MONEY_EACH = MONEY.over(QUANTITY)
YES = YesOrNo()

_PARTS = (
    mark("money"), mark("quantity"), mark("weight"), mark("volume"), mark("time"),
)  # fmt: skip
NUMBER_WORDS = mark("number")
YES_WORDS = mark("yes or no")


def words(sort: Sort) -> str:
    """As people say it: ``money / quantity``."""
    if isinstance(sort, YesOrNo):
        return gettext(YES_WORDS)
    powers = list(zip(_PARTS, astuple(sort), strict=True))
    above = [gettext(name) for name, power in powers for _ in range(power)]
    below = [gettext(name) for name, power in powers for _ in range(-power)]
    top = " * ".join(above) or (gettext(NUMBER_WORDS) if not below else "1")
    return " / ".join([top, *below])


@dataclass(frozen=True)
class Unit:
    """One of it is ``factor`` of the dimension's base: currency, base unit, kg, litre, hour."""

    factor: Fraction
    dimension: Dimension


def _units(dimension: Dimension, **factors: str) -> dict[str, Unit]:
    return {name: Unit(Fraction(factor), dimension) for name, factor in factors.items()}


WEIGHTS = _units(
    WEIGHT, kg="1", 千克="1", 公斤="1", g="1/1000", 克="1/1000", 斤="1/2", 两="1/20", t="1000",
    吨="1000",
)  # fmt: skip
VOLUMES = _units(
    VOLUME, l="1", 升="1", ml="1/1000", 毫升="1/1000", m3="1000", 立方米="1000", 方="1000",
)  # fmt: skip
TIMES = _units(
    TIME, h="1", hour="1", hours="1", 小时="1", 工时="1", min="1/60", 分钟="1/60",
)  # fmt: skip
_PIECES = _units(QUANTITY, unit="1", units="1", 个="1", 件="1", 份="1")
_YUAN = _units(MONEY, 元="1", 块="1", yuan="1")
_ALWAYS = {**_PIECES, **WEIGHTS, **VOLUMES, **TIMES}


def known_units(currency: str, unit_codes: Iterable[str]) -> Mapping[str, Unit]:
    """What may stand behind a number: the company's currency and units besides the usual ones.

    A unit of measure that is no weight, volume or time is one base unit (瓶, 袋).
    """
    own = {code.lower(): Unit(Fraction(1), QUANTITY) for code in unit_codes}
    money = {currency.lower(): Unit(Fraction(1), MONEY)} | (_YUAN if currency == "CNY" else {})
    return {**own, **_ALWAYS, **money}
