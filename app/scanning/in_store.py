"""In-store codes: EAN-13 numbers 20 to 29 that a shop's scale prints, and their longer kin.

GS1 leaves the layout to the country and, in China, to the shop (GS1 General Specifications,
section 2.1.12), so it is configured.  Chinese scales also print 18 digits with weight and price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from app.scanning.check_digits import has_check_digit, is_digits

LAYOUT_LETTERS = "PIWAQVC"


@dataclass(frozen=True, slots=True)
class InStorePattern:
    """How the digits of one shop's codes are laid out.

    ``layout`` names each digit by a letter, in runs: P prefix, I item, W weight, A price, Q
    count, V inner check digit over the digits of the run before it, C check digit at the end.
    ``PPIIIIIWWWWWC`` with ``weight_decimals`` 3 is the usual scale code in grams.  ``prefixes``
    lists the leading digits that it holds for.
    """

    prefixes: tuple[str, ...]
    layout: str
    weight_decimals: int = 3
    price_decimals: int = 2
    runs: dict[str, slice] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        runs = [(letter, len(list(run))) for letter, run in groupby(self.layout)]
        letters = [letter for letter, _ in runs]
        if "I" not in letters or not set(letters) <= set(LAYOUT_LETTERS):
            raise ValueError(f"layout {self.layout!r}: use the letters {LAYOUT_LETTERS}, I once")
        if len(letters) != len(set(letters)) or self.layout.find("C", 0, -1) >= 0:
            raise ValueError(f"layout {self.layout!r}: each letter stands in one run, C last")
        slices: dict[str, slice] = {}
        position = 0
        for letter, length in runs:
            slices[letter] = slice(position, position + length)
            position += length
        object.__setattr__(self, "runs", slices)

    def fits(self, digits: str) -> bool:
        """True when length, prefix and check digits are those of this pattern."""
        return (
            len(digits) == len(self.layout)
            and digits.startswith(self.prefixes)
            and ("C" not in self.runs or has_check_digit(digits))
            and self._inner_check_fits(digits)
        )

    def read(self, digits: str) -> dict[str, Any]:
        """Fields of ParsedCode out of digits that fit."""
        parts = {letter: digits[where] for letter, where in self.runs.items()}
        fields: dict[str, Any] = {"in_store_key": parts.get("P", "") + parts["I"]}
        fields["in_store_value"] = "".join(parts.get(letter, "") for letter in "WAQ") or None
        if "W" in parts:
            fields["net_weight_kg"] = Decimal(parts["W"]).scaleb(-self.weight_decimals)
        if "A" in parts:
            fields["price"] = Decimal(parts["A"]).scaleb(-self.price_decimals)
        if "Q" in parts:
            fields["quantity"] = Decimal(parts["Q"])
        return fields

    def _inner_check_fits(self, digits: str) -> bool:
        where = self.runs.get("V")
        if where is None:
            return True
        covered = next(run for run in self.runs.values() if run.stop == where.start)
        return _price_check_digit(digits[covered]) == digits[where]


def _price_check_digit(digits: str) -> str | None:
    """GS1 check digit for price or weight fields of four or five digits, None for others."""
    # Imported here: the library loads its prefix tables at import, which start-up can't afford.
    from biip.checksums import gs1_price_weight_check_digit

    if len(digits) not in (4, 5):
        return None
    return str(gs1_price_weight_check_digit(digits))


# Without configuration the digits behind the item can be price or weight: they stay unread.
UNREAD = InStorePattern(tuple(str(prefix) for prefix in range(20, 30)), "PPIIIIIAAAAAC")


def is_in_store(digits: str) -> bool:
    """True for an EAN-13 whose prefix GS1 keeps for use inside a shop."""
    return len(digits) == 13 and digits[0] == "2" and has_check_digit(digits)


def read_in_store(digits: str, patterns: Sequence[InStorePattern]) -> dict[str, Any] | None:
    """Fields of an in-store code, None when it is none; the first pattern that fits counts."""
    if not is_digits(digits):
        return None
    for pattern in patterns:
        if pattern.fits(digits):
            return pattern.read(digits)
    if not is_in_store(digits):
        return None
    unread = UNREAD.read(digits)
    return {name: unread[name] for name in ("in_store_key", "in_store_value")}
