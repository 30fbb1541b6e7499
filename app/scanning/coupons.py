"""North American coupon codes inside AI 8110 and AI 8112.

They are a row of fields without separators; most carry their own length in a leading digit
("VLI").  Sources: "North American Coupon Application Guideline Using GS1 DataBar Expanded
Symbols" (8110) and "GS1 AI (8112) Coupon Data Specification".  No warehouse of ours redeems
coupons: they are checked so that a scan of one is told from a damaged label.
"""

from __future__ import annotations

from collections.abc import Callable

from app.kit.i18n import mark
from app.scanning.check_digits import is_digits
from app.scanning.gs1_dates import fault_in_short_date


class _Fault(Exception):
    """The first thing wrong in the coupon; never leaves this module."""


class _Reader:
    """Takes fields off the front of the digits."""

    def __init__(self, digits: str) -> None:
        self.digits = digits
        self.position = 0

    @property
    def rest(self) -> str:
        return self.digits[self.position :]

    def digit(self, allowed: str, missing: str, invalid: str) -> str:
        """One digit out of ``allowed``."""
        if not self.rest:
            raise _Fault(missing)
        found = self.rest[0]
        if found not in allowed:
            raise _Fault(invalid)
        self.position += 1
        return found

    def take(self, length: int, truncated: str) -> str:
        """Exactly this many digits."""
        if len(self.rest) < length:
            raise _Fault(truncated)
        start = self.position
        self.position += length
        return self.digits[start : self.position]

    def starts(self, field: str) -> bool:
        """Step over the marker of an optional field if it is the next digit."""
        if not self.rest.startswith(field):
            return False
        self.position += 1
        return True


def fault_in_coupon(value: str) -> str | None:
    """Why the value of AI 8110 is no coupon code, None when it is one."""
    return _fault(value, _read_coupon)


def fault_in_positive_offer(value: str) -> str | None:
    """Why the value of AI 8112 is no positive offer file coupon, None when it is one."""
    return _fault(value, _read_positive_offer)


def _fault(value: str, read: Callable[[_Reader], None]) -> str | None:
    if not is_digits(value):
        return mark("A non-digit character was found where a digit is expected.")
    reader = _Reader(value)
    try:
        read(reader)
    except _Fault as fault:
        return str(fault)
    return mark("The coupon contains excess data.") if reader.rest else None


def _read_coupon(reader: _Reader) -> None:
    length = reader.digit(
        "0123456",
        mark("The coupon's primary GS1 Company Prefix length is missing."),
        mark("The coupon's primary GS1 Company Prefix length must be 0 to 6."),
    )
    reader.take(
        int(length) + 6, mark("The coupon's primary GS1 Company Prefix is shorter than it says.")
    )
    _offer_code(reader)
    length = reader.digit(
        "12345",
        mark("The coupon's Save Value length is missing."),
        mark("The coupon's Save Value length must be 1 to 5."),
    )
    reader.take(int(length), mark("The coupon's Save Value is shorter than it says."))
    _purchase(reader)
    if reader.starts("1"):
        reader.digit(
            "0123",
            mark("The coupon's Additional Purchase Rules Code is missing."),
            mark("The coupon's Additional Purchase Rules Code must be 0 to 3."),
        )
        _further_purchase(reader)
    if reader.starts("2"):
        _further_purchase(reader)
    _dates(reader)
    if reader.starts("5"):
        _serial_number(reader)
    if reader.starts("6"):
        _retailer(reader)
    if reader.starts("9"):
        _miscellaneous(reader)


def _offer_code(reader: _Reader) -> None:
    reader.take(6, mark("The coupon's Offer Code is shorter than six digits."))


def _purchase(reader: _Reader) -> None:
    length = reader.digit(
        "12345",
        mark("The coupon's Purchase Requirement length is missing."),
        mark("The coupon's Purchase Requirement length must be 1 to 5."),
    )
    reader.take(int(length), mark("The coupon's Purchase Requirement is shorter than it says."))
    reader.digit(
        "012349",
        mark("The coupon's Purchase Requirement Code is missing."),
        mark("The coupon's Purchase Requirement Code must be 0 to 4 or 9."),
    )
    reader.take(3, mark("The coupon's Family Code is shorter than three digits."))


def _further_purchase(reader: _Reader) -> None:
    _purchase(reader)
    length = reader.digit(
        "01234569",
        mark("The coupon's further GS1 Company Prefix length is missing."),
        mark("The coupon's further GS1 Company Prefix length must be 0 to 6 or 9."),
    )
    # 9 means that the prefix of the first purchase holds, so none follows.
    size = 0 if length == "9" else int(length) + 6
    reader.take(size, mark("The coupon's further GS1 Company Prefix is shorter than it says."))


def _dates(reader: _Reader) -> None:
    expires = starts = ""
    if reader.starts("3"):
        expires = reader.take(6, mark("The coupon's expiration date is too short."))
        if fault_in_short_date(expires, day_optional=False):
            raise _Fault(mark("The coupon's expiration date is invalid."))
    if reader.starts("4"):
        starts = reader.take(6, mark("The coupon's start date is too short."))
        if fault_in_short_date(starts, day_optional=False):
            raise _Fault(mark("The coupon's start date is invalid."))
    if expires and starts > expires:
        raise _Fault(mark("The coupon's expiration date is before its start date."))


def _serial_number(reader: _Reader) -> None:
    missing = mark("The coupon's Serial Number length is missing.")
    length = reader.digit("0123456789", missing, missing)
    reader.take(int(length) + 6, mark("The coupon's Serial Number is shorter than it says."))


def _retailer(reader: _Reader) -> None:
    length = reader.digit(
        "1234567",
        mark("The coupon's Retailer GCP/GLN length is missing."),
        mark("The coupon's Retailer GCP/GLN length must be 1 to 7."),
    )
    reader.take(int(length) + 6, mark("The coupon's Retailer GCP/GLN is shorter than it says."))


def _miscellaneous(reader: _Reader) -> None:
    reader.digit(
        "01256",
        mark("The coupon's Save Value Code is missing."),
        mark("The coupon's Save Value Code must be 0, 1, 2, 5 or 6."),
    )
    reader.digit(
        "012",
        mark("The coupon's Save Value Applies to Item is missing."),
        mark("The coupon's Save Value Applies to Item must be 0 to 2."),
    )
    missing = mark("The coupon's Store Coupon Flag is missing.")
    reader.digit("0123456789", missing, missing)
    reader.digit(
        "01",
        mark("The coupon's Don't Multiply Flag is missing."),
        mark("The coupon's Don't Multiply Flag must be 0 or 1."),
    )


def _read_positive_offer(reader: _Reader) -> None:
    reader.digit(
        "01",
        mark("The coupon's Format Code is missing."),
        mark("The coupon's Format Code must be 0 or 1."),
    )
    length = reader.digit(
        "0123456",
        mark("The coupon's Funder length is missing."),
        mark("The coupon's Funder length must be 0 to 6."),
    )
    reader.take(int(length) + 6, mark("The coupon's Funder is shorter than it says."))
    _offer_code(reader)
    _serial_number(reader)
