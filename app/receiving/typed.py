"""What people type or press beside scanning, in the same words as scans."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from app.scanning.meanings import Dates, LotFacts, Meaning


@dataclass(frozen=True)
class NoInput:
    """The OK button or label, or nothing at all within the time."""


@dataclass(frozen=True)
class TypedQuantity:
    """From the keypad, in base units."""

    quantity: Decimal


@dataclass(frozen=True)
class TypedLot:
    """From the keyboard; ``known`` is the lot of the item in hand where it exists."""

    code: str
    known: LotFacts | None = None


@dataclass(frozen=True)
class TypedDates:
    dates: Dates


@dataclass(frozen=True)
class Turn:
    """The switch between receiving and putting away."""


Event: TypeAlias = Meaning | NoInput | TypedQuantity | TypedLot | TypedDates | Turn
