"""What is likely about a unit that a file names and nobody has created yet."""

from __future__ import annotations

_MEASURED = frozenset(
    {"kg", "g", "t", "l", "ml", "m", "千克", "公斤", "斤", "克", "吨", "升", "毫升", "米"}
)


def likely_decimals(unit: str) -> int:
    """3 for what is weighed or measured, 0 for what is counted."""
    return 3 if unit.casefold() in _MEASURED else 0
