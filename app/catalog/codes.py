"""What a code is stored as, so that one thing is found however its code was written or scanned.

Every valid EAN-8, UPC-A, EAN-13 and ITF-14 is kept as its GTIN-14 (GS1 General Specifications,
section 7.9.1 for the check digit, 3.3 for the padding); anything else in upper case.
"""

from __future__ import annotations

import unicodedata

GTIN_LENGTHS = (8, 12, 13, 14)
LONGEST_CODE = 80
OWN_PREFIX = "SK:"
"""What our own labels begin with: no other code may, or a scan would have two meanings."""


def tidied(text: str) -> str:
    """The code as a person meant it: half-width, without invisible characters, single spaces."""
    if text.isascii() and text.isprintable():  # almost always: nothing to look for
        return " ".join(text.split())
    wide = unicodedata.normalize("NFKC", text)
    visible = "".join(
        letter
        if unicodedata.category(letter) not in {"Cc", "Cf", "Zl", "Zp"}
        else " " * letter.isspace()
        for letter in wide
    )
    return " ".join(visible.split())


def digits_of(text: str) -> str:
    """The digits of a number printed in groups (``6 901234 567892``), empty if it is no number."""
    digits = tidied(text).replace(" ", "")
    return digits if digits.isascii() and digits.isdigit() else ""


def check_digit(body: str) -> str:
    """The modulo 10 check digit that follows these digits (weights 3, 1 from the right)."""
    odd, even = sum(map(int, body[-1::-2])), sum(map(int, body[-2::-2]))
    return str(-(3 * odd + even) % 10)


def gtin14(text: str) -> str | None:
    """The GTIN-14 of an EAN-8, UPC-A, EAN-13 or ITF-14 with the right check digit, else None."""
    digits = digits_of(text)
    if len(digits) not in GTIN_LENGTHS or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits.zfill(14)


def corrected(text: str) -> str | None:
    """The number with its right check digit, where it has a GTIN's length and a wrong one."""
    digits = digits_of(text)
    if len(digits) not in GTIN_LENGTHS or gtin14(digits):
        return None
    return digits[:-1] + check_digit(digits[:-1])


def normalised(text: str) -> str:
    """What the table ``code`` holds for this text: its GTIN-14, else the tidied upper case."""
    tidy = tidied(text)
    digits = digits_of(tidy)
    return gtin14(digits) or digits or tidy.upper()
