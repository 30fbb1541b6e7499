"""Content checks of GS1 value components, by the names that the table of identifiers uses.

A check takes a component whose length is already right and returns the reason why the content is
wrong, or None.  Source: GS1 General Specifications, section 3, as decomposed by the GS1 Barcode
Syntax Dictionary.  Coupons have their own module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MINYEAR

from app.kit.i18n import mark
from app.scanning import coupons
from app.scanning.check_digits import CSET82, check_pair, has_check_digit, is_digits
from app.scanning.code_lists import (
    COUNTRY_LETTERS,
    COUNTRY_NUMBERS,
    CURRENCY_NUMBERS,
    MEDIA_TYPES,
    PACKAGE_TYPES,
)
from app.scanning.gs1_dates import fault_in_day, fault_in_short_date

Check = Callable[[str], str | None]

NOT_A_DIGIT = mark("A non-digit character was found where a digit is expected.")

_CSET82 = frozenset(CSET82)
_CSET39 = frozenset("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CSET64 = frozenset("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_IMPORTER_INDEX = _CSET64
_IBAN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_COMPANY_PREFIX_MINIMUM = 4


def fault_in_characters(charset: str, value: str) -> str | None:
    """Why the characters do not belong to the set N, X, Y or Z of the table."""
    if charset == "N":
        return None if is_digits(value) else NOT_A_DIGIT
    if charset == "Z":
        return _fault_in_base64(value)
    if charset == "Y":
        return None if _CSET39.issuperset(value) else mark("A character is outside CSET 39.")
    return None if _CSET82.issuperset(value) else mark("A character is outside CSET 82.")


def _fault_in_base64(value: str) -> str | None:
    body = value.rstrip("=")
    pads = len(value) - len(body)
    if pads > 2 or (pads and len(value) % 3):
        return mark("The number of padding characters is wrong.")
    return None if _CSET64.issuperset(body) else mark("A character is outside CSET 64.")


def _one_of(allowed: frozenset[str], reason: str) -> Check:
    return lambda value: None if value in allowed else reason


def _csum(value: str) -> str | None:
    return None if has_check_digit(value) else mark("The numeric check digit is incorrect.")


def _csumalpha(value: str) -> str | None:
    if len(value) <= 2:
        return mark("The value is too short to hold a pair of check characters.")
    if check_pair(value[:-2]) != value[-2:]:
        return mark("The alphanumeric check-character pair is incorrect.")
    return None


def _gcppos1(value: str) -> str | None:
    if len(value) < _COMPANY_PREFIX_MINIMUM:
        return mark("The value is too short to start with a GS1 Company Prefix.")
    if not is_digits(value[:_COMPANY_PREFIX_MINIMUM]):
        return mark("The GS1 Company Prefix is invalid.")
    return None


def _gcppos2(value: str) -> str | None:
    return _gcppos1(value[1:])


def _yymmd0(value: str) -> str | None:
    return fault_in_short_date(value, day_optional=True)


def _yymmdd(value: str) -> str | None:
    return fault_in_short_date(value, day_optional=False)


def _yyyymmdd(value: str) -> str | None:
    year = int(value[:4])
    if year < MINYEAR:
        return mark("The date contains an illegal year.")
    return fault_in_day(year, int(value[4:6]), int(value[6:]), day_optional=False)


def _hh(value: str) -> str | None:
    return None if int(value) < 24 else mark("The time contains an illegal hour.")


def _mi(value: str) -> str | None:
    return None if int(value) < 60 else mark("The time contains an illegal minute.")


def _ss(value: str) -> str | None:
    return None if int(value) < 60 else mark("The time contains illegal seconds.")


def _hhmi(value: str) -> str | None:
    return _hh(value[:2]) or _mi(value[2:])


def _iban(value: str) -> str | None:
    if len(value) <= 10:
        return mark("The IBAN is too short.")
    if value[:2] not in COUNTRY_LETTERS:
        return mark("The IBAN must start with a two-letter country code of ISO 3166.")
    if not _IBAN.issuperset(value):
        return mark("The IBAN contains an invalid character.")
    # ISO 7064 MOD 97-10: letters count as 10 to 35, the first four characters go to the end.
    digits = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return None if int(digits) % 97 == 1 else mark("The check digits of the IBAN are incorrect.")


def _latitude(value: str) -> str | None:
    return None if int(value) <= 1_800_000_000 else mark("The latitude is out of range.")


def _longitude(value: str) -> str | None:
    return None if int(value) <= 3_600_000_000 else mark("The longitude is out of range.")


def _nonzero(value: str) -> str | None:
    return None if value.strip("0") else mark("A value of zero is not permitted.")


def _zero(value: str) -> str | None:
    return mark("A zero is required.") if value.strip("0") else None


def _nozeroprefix(value: str) -> str | None:
    # A lone 0 is a number too; only padding is refused (GS1 General Specifications, AI 8011).
    padded = value.startswith("0") and value != "0"
    return mark("A zero prefix is not permitted.") if padded else None


def _hyphen(value: str) -> str | None:
    return mark("A hyphen is required.") if value.strip("-") else None


def _hasnondigit(value: str) -> str | None:
    return mark("At least one non-digit character is required.") if is_digits(value) else None


def _pcenc(value: str) -> str | None:
    broken = _PERCENT.search(value)
    return mark('A "%" is not followed by two hexadecimal digits.') if broken else None


def _pieceoftotal(value: str) -> str | None:
    piece, total = int(value[:2]), int(value[2:])
    if not piece:
        return mark("The piece number must not be zero.")
    if not total:
        return mark("The total number of pieces must not be zero.")
    return mark("The piece number exceeds the total.") if piece > total else None


def _posinseqslash(value: str) -> str | None:
    position, slash, end = value.partition("/")
    if not slash or not is_digits(position) or not is_digits(end):
        return mark('The value must have the form "<position>/<end>".')
    if "0" in (position[0], end[0]):
        return mark("A zero prefix is not permitted.")
    return mark("The position exceeds the end.") if int(position) > int(end) else None


_COUNTRY = mark("A three-digit country code of ISO 3166 is required.")

CHECKS: dict[str, Check] = {
    "couponcode": coupons.fault_in_coupon,
    "couponposoffer": coupons.fault_in_positive_offer,
    "csum": _csum,
    "csumalpha": _csumalpha,
    "gcppos1": _gcppos1,
    "gcppos2": _gcppos2,
    "hasnondigit": _hasnondigit,
    "hh": _hh,
    "hhmi": _hhmi,
    "hyphen": _hyphen,
    "iban": _iban,
    "importeridx": _one_of(_IMPORTER_INDEX, mark("The importer index is not valid.")),
    "iso3166": _one_of(COUNTRY_NUMBERS, _COUNTRY),
    "iso3166999": _one_of(COUNTRY_NUMBERS | {"999"}, _COUNTRY),
    "iso3166alpha2": _one_of(
        COUNTRY_LETTERS, mark("A two-letter country code of ISO 3166 is required.")
    ),
    "iso4217": _one_of(
        CURRENCY_NUMBERS, mark("A three-digit currency code of ISO 4217 is required.")
    ),
    "iso5218": _one_of(frozenset("0129"), mark("A sex code of ISO/IEC 5218 is required.")),
    "latitude": _latitude,
    "longitude": _longitude,
    "mediatype": _one_of(MEDIA_TYPES, mark("The AIDC media type is not assigned.")),
    "mi": _mi,
    "nonzero": _nonzero,
    "nozeroprefix": _nozeroprefix,
    "packagetype": _one_of(PACKAGE_TYPES, mark("The package type code is not assigned.")),
    "pcenc": _pcenc,
    "pieceoftotal": _pieceoftotal,
    "posinseqslash": _posinseqslash,
    "ss": _ss,
    "winding": _one_of(frozenset("019"), mark('The winding direction must be "0", "1" or "9".')),
    "yesno": _one_of(frozenset("01"), mark('A "0" or "1" is required.')),
    "yymmd0": _yymmd0,
    "yymmdd": _yymmdd,
    "yyyymmdd": _yyyymmdd,
    "zero": _zero,
}
