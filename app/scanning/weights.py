"""What a code itself says about how much there is.  Pure."""

from __future__ import annotations

from decimal import Decimal

from app.kit.money import rounded
from app.scanning.meanings import ItemMeaning

# Grams and kilograms are the base units that a weight in a code can fill.
PER_KILOGRAM = {
    "kg": Decimal(1), "千克": Decimal(1), "公斤": Decimal(1), "斤": Decimal(2),
    "g": Decimal(1000), "克": Decimal(1000), "t": Decimal("0.001"), "吨": Decimal("0.001"),
}  # fmt: skip


def said_quantity(meaning: ItemMeaning) -> Decimal | None:
    """Base units that a code itself says, by count or by weight; None where it says nothing."""
    item = meaning.item
    per_kilogram = PER_KILOGRAM.get(item.base_unit.lower())
    if meaning.net_weight_kg is not None and per_kilogram is not None:
        return rounded(meaning.net_weight_kg * per_kilogram, item.decimals)
    return meaning.quantity
