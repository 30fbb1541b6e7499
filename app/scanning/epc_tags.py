"""Writing radio tags: the EPC memory of a piece, a logistic unit or any EPC identity.

Source: GS1 EPC Tag Data Standard 1.13, sections 14 (binary encodings) and 16 (EPC memory bank).
"""

from __future__ import annotations

from app.kit.i18n import mark
from app.scanning.check_digits import check_digit
from app.scanning.epc import EpcError, EpcTag, read_tag_uri, sgtin_uri, sscc_uri, tag_uri_for

NOTHING_TO_ENCODE = mark("A GTIN with a serial number, an SSCC or an EPC URI is needed.")
WRONG_NUMBER = mark("The number is wrong, or its check digit is.")
GTIN_LENGTH, SSCC_LENGTH = 14, 18


def identity_of(
    *, gtin: str = "", serial: str = "", sscc: str = "", company_prefix_length: int | None = None
) -> str:
    """The pure identity URI of a piece (GTIN of 8 to 14 digits, serial) or a unit (SSCC).

    Raises EpcError: a wrong number, no serial, or a company prefix of unknown length.
    """
    if sscc:
        return sscc_uri(_checked(sscc, SSCC_LENGTH), company_prefix_length)
    if gtin and serial:
        return sgtin_uri(_checked(gtin, GTIN_LENGTH), serial, company_prefix_length)
    raise EpcError(NOTHING_TO_ENCODE)


def _checked(digits: str, length: int) -> str:
    padded = digits.strip().zfill(length) if length == GTIN_LENGTH else digits.strip()
    numeric = padded.isascii() and padded.isdigit() and len(padded) == length
    if not numeric or check_digit(padded[:-1]) != padded[-1]:
        raise EpcError(WRONG_NUMBER)
    return padded


def tag_for(epc_uri: str, scheme: str = "", filter_value: int = 0) -> EpcTag:
    """The tag for an identity or tag URI; ``scheme`` such as ``sgtin-96``, else the shortest.

    Raises EpcError when the URI is wrong or has no room in that kind of tag.
    """
    if epc_uri.startswith("urn:epc:tag:"):
        tag = read_tag_uri(epc_uri)
        if scheme not in ("", tag.scheme):
            return tag_for(tag.epc_uri, scheme, filter_value)
        return tag
    return read_tag_uri(tag_uri_for(epc_uri, scheme or None, filter_value))
