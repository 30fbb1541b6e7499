"""EAN, UPC and ITF-14 numbers, all normalised to GTIN-14.

Source: GS1 General Specifications, sections 2.1 and 5.2 (UPC-E: figure 5.2.3-3).
"""

from __future__ import annotations

from app.kit.i18n import mark
from app.scanning.check_digits import check_digit, has_check_digit, is_digits

WRONG_CHECK_DIGIT = mark("The check digit is wrong: scan again or type the number.")

LENGTHS = (8, 12, 13, 14)
_NAMES = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "ITF"}


def gtin14(digits: str) -> str | None:
    """GTIN-14 of a GTIN-8, -12, -13 or -14 with a right check digit, None otherwise."""
    if len(digits) in LENGTHS and has_check_digit(digits):
        return digits.zfill(14)
    return None


def symbology_of(digits: str) -> str | None:
    """The symbology that usually carries so many digits."""
    return _NAMES.get(len(digits))


def expand_upc_e(digits: str) -> str | None:
    """UPC-A (12 digits) of an eight-digit UPC-E, None when it is none.

    The eight digits are number system (0 or 1), six digits and the check digit of the UPC-A.
    """
    if len(digits) != 8 or not is_digits(digits) or digits[0] not in "01":
        return None
    system, body, check = digits[0], digits[1:7], digits[7]
    expanded = system + _without_zero_suppression(body)
    return expanded + check if check_digit(expanded) == check else None


def _without_zero_suppression(body: str) -> str:
    last = body[5]
    if last in "012":
        return f"{body[:2]}{last}0000{body[2:5]}"
    if last == "3":
        return f"{body[:3]}00000{body[3:5]}"
    if last == "4":
        return f"{body[:4]}00000{body[4]}"
    return f"{body[:5]}0000{last}"


def suppress_zeros(upc_a: str) -> str | None:
    """The UPC-E that expands to this UPC-A, None when it has none."""
    if len(upc_a) != 12 or not has_check_digit(upc_a) or upc_a[0] not in "01":
        return None
    maker, item = upc_a[1:6], upc_a[6:11]
    candidates = (
        maker[:2] + item[2:] + maker[2],
        maker[:3] + item[3:] + "3",
        maker[:4] + item[4] + "4",
        maker + item[4],
    )
    shortened = (upc_a[0] + body + upc_a[11] for body in candidates)
    return next((short for short in shortened if expand_upc_e(short) == upc_a), None)


def read_number(digits: str, symbology: str | None = None) -> tuple[str | None, str | None]:
    """GTIN-14 and symbology of bare digits; both None when the check digit fits no reading.

    Eight digits can be a UPC-E or an EAN-8.  A leading 0 speaks for UPC-E, because GS1-8 numbers
    from 0 are for use inside one company; ``symbology`` of the reader settles it.
    """
    upc_a = expand_upc_e(digits) if symbology in (None, "UPC-E") else None
    if upc_a and (symbology or digits[0] == "0" or not has_check_digit(digits)):
        return upc_a.zfill(14), "UPC-E"
    gtin = gtin14(digits)
    return gtin, symbology or (symbology_of(digits) if gtin else None)
