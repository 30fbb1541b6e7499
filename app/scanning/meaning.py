"""What GS1 element strings mean in our words: item, lot, dates, weight, quantity, price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app.scanning.element_strings import ElementStrings
from app.scanning.gs1_dates import date_of

# Exact by definition: international pound (1959) and troy ounce.
KILOGRAMS = {"310": Decimal(1), "320": Decimal("0.45359237"), "356": Decimal("0.0311034768")}

# Where the same meaning can stand under several identifiers, the first one present counts:
# 02 is "the GTIN of what this logistic unit holds", 8006 and 8026 a piece of an item.
_GTIN = ("01", "02", "8006", "8026", "03")
_TEXTS = {"lot": ("10",), "serial": ("21", "235"), "sscc": ("00",)}
_DATES = {
    "expires_on": ("17", "7003"),
    "best_before_on": ("15",),
    "produced_on": ("11", "8008"),
    "packed_on": ("13",),
    "sell_by_on": ("16",),
}
_QUANTITY = ("37", "30")


def meaning(elements: ElementStrings, doubtful: set[str], today: date) -> dict[str, Any]:
    """Fields of ParsedCode that these element strings fill.

    Identifiers in ``doubtful`` had something wrong and mean nothing.  ``today`` decides the
    century of two-digit years.
    """
    sound = {ai: value for ai, value in reversed(elements) if ai not in doubtful}
    fields: dict[str, Any] = {"gtin": _first(sound, _GTIN, lambda value: value[:14])}
    for name, ais in _TEXTS.items():
        fields[name] = _first(sound, ais, str)
    for name, ais in _DATES.items():
        fields[name] = _first(sound, ais, lambda value: date_of(value[:6], today))
    fields["quantity"] = _first(sound, _QUANTITY, Decimal)
    fields["net_weight_kg"] = _net_weight(sound)
    fields.update(_price(sound))
    return {name: value for name, value in fields.items() if value is not None}


def _first(sound: dict[str, str], ais: tuple[str, ...], read: Callable[[str], Any]) -> Any:
    return next((read(sound[ai]) for ai in ais if ai in sound), None)


def _net_weight(sound: dict[str, str]) -> Decimal | None:
    for ai, value in sound.items():
        kilograms = KILOGRAMS.get(ai[:3])
        if kilograms is not None and len(ai) == 4:
            return _implied(value, ai) * kilograms
    return None


def _price(sound: dict[str, str]) -> dict[str, Any]:
    for ai, value in sound.items():
        if ai.startswith("392") and len(ai) == 4:
            return {"price": _implied(value, ai)}
        if ai.startswith("393") and len(ai) == 4:
            return {"price": _implied(value[3:], ai), "currency": value[:3]}
    return {}


def _implied(digits: str, ai: str) -> Decimal:
    """The number whose count of decimals is the last digit of its identifier."""
    return Decimal(digits).scaleb(-int(ai[3]))
