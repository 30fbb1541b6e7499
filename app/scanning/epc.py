"""Electronic Product Codes: tag memory, tag URIs, pure identities and GS1 element strings.

Source: GS1 EPC Tag Data Standard 1.13, sections 6, 7 and 12.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from app.kit.i18n import mark
from app.scanning.check_digits import check_digit
from app.scanning.element_strings import ElementStrings
from app.scanning.epc_binary import EpcError, decode_fields, encode_fields
from app.scanning.epc_schemes import BINARIES, BY_NAME, IDENTITIES, Identity

__all__ = [
    "EpcError",
    "EpcTag",
    "decode_tag",
    "element_strings_of",
    "encode_tag",
    "read_epc_uri",
    "read_tag_uri",
    "sgtin_uri",
    "sscc_uri",
    "tag_uri_for",
]

_ESCAPES = {character: f"%{ord(character):02X}" for character in '"%&/<>?#'}
_FILTERLESS = "gid"

_Maker = Callable[[list[str]], ElementStrings]


@dataclass(frozen=True, slots=True)
class EpcTag:
    """What a tag holds: binary scheme, filter value, tag URI, pure identity URI, hex digits."""

    scheme: str
    filter_value: int
    tag_uri: str
    epc_uri: str
    hex: str


def decode_tag(hex_digits: str) -> EpcTag:
    """The tag behind the EPC memory bank's hex digits; raises EpcError when it is none."""
    scheme, filter_value, fields = decode_fields(hex_digits)
    return _tag(scheme.name, filter_value, [_escape(field) for field in fields])


def encode_tag(tag_uri: str) -> str:
    """Hex digits (whole 16-bit words) of a tag URI; raises EpcError when it has no room."""
    return read_tag_uri(tag_uri).hex


def read_tag_uri(tag_uri: str) -> EpcTag:
    """The tag that ``urn:epc:tag:...`` describes; raises EpcError when it is not encodable."""
    found = re.fullmatch(r"urn:epc:tag:([a-z]+-(?:\d+|var)):(.+)", tag_uri, re.DOTALL)
    scheme = BY_NAME.get(found[1]) if found else None
    if found is None or scheme is None:
        raise EpcError(mark("The tag URI names no EPC scheme."))
    filter_text, _, rest = found[2].partition(".")
    if scheme.identity == _FILTERLESS:
        filter_text, rest = "0", found[2]
    if not re.fullmatch(r"0|[1-9]\d?", filter_text):
        raise EpcError(mark("The filter value is out of range."))
    fields = _identity_fields(IDENTITIES[scheme.identity], rest)
    return _tag(scheme.name, int(filter_text), fields)


def tag_uri_for(epc_uri: str, scheme: str | None = None, filter_value: int = 0) -> str:
    """The tag URI that carries a pure identity.

    ``scheme`` is a binary scheme such as ``sgtin-96``; None takes the shortest one with room.
    Raises EpcError when the identity does not fit.
    """
    name, fields = _read_identity(epc_uri)
    candidates = [s.name for s in BINARIES if s.identity == name and scheme in (None, s.name)]
    # The standard keeps GDTI-113 only so that old tags can be read.
    candidates = [candidate for candidate in candidates if scheme or candidate != "gdti-113"]
    problem = EpcError(mark("This identity has no binary scheme of that name."))
    for candidate in sorted(candidates, key=lambda c: BY_NAME[c].bits or 0):
        try:
            return _tag(candidate, filter_value, fields).tag_uri
        except EpcError as error:
            problem = error
    raise problem


def read_epc_uri(epc_uri: str) -> tuple[str, list[str]]:
    """Scheme and unescaped fields of ``urn:epc:id:...`` or ``urn:epc:class:lgtin:...``.

    Raises EpcError when the URI breaks the grammar of its scheme.
    """
    name, fields = _read_identity(epc_uri)
    return name, [unquote(field) for field in fields]


def _tag(scheme: str, filter_value: int, fields: list[str]) -> EpcTag:
    identity = IDENTITIES[BY_NAME[scheme].identity]
    body = ".".join(fields)
    _identity_fields(identity, body)
    digits = encode_fields(BY_NAME[scheme], filter_value, [unquote(field) for field in fields])
    front = "" if identity.name == _FILTERLESS else f"{filter_value}."
    return EpcTag(
        scheme=scheme,
        filter_value=filter_value,
        tag_uri=f"urn:epc:tag:{scheme}:{front}{body}",
        epc_uri=f"urn:epc:id:{identity.name}:{body}",
        hex=digits,
    )


def _read_identity(epc_uri: str) -> tuple[str, list[str]]:
    found = re.fullmatch(r"urn:epc:(id|class):([a-z]+):(.+)", epc_uri, re.DOTALL)
    identity = IDENTITIES.get(found[2]) if found else None
    if found is None or identity is None or identity.namespace != found[1]:
        raise EpcError(mark("The URI names no EPC scheme."))
    return identity.name, _identity_fields(identity, found[3])


def _identity_fields(identity: Identity, body: str) -> list[str]:
    found = identity.pattern.fullmatch(body) if body.isascii() else None
    if found is None:
        raise EpcError(mark("The fields of the URI do not fit its scheme."))
    fields = list(found.groups())
    if identity.total is not None:
        _check_lengths(identity, identity.total, fields)
    if identity.name == "gid":
        _check_gid(fields)
    if identity.name == "usdod" and int(fields[1]) >> 36:
        raise EpcError(mark("The number is too high for this kind of tag."))
    return fields


def _check_lengths(identity: Identity, total: int, fields: list[str]) -> None:
    prefix, reference = fields[0], unquote(fields[1])
    if not 6 <= len(prefix) <= 12:
        raise EpcError(mark("The company prefix must have 6 to 12 digits."))
    length = len(prefix) + len(reference)
    if length > total or (length < total and not identity.up_to):
        raise EpcError(mark("Company prefix and reference have a wrong length together."))


def _check_gid(fields: list[str]) -> None:
    if any(int(field) >> bits for field, bits in zip(fields, (28, 24, 36), strict=True)):
        raise EpcError(mark("The number is too high for this kind of tag."))


def _escape(field: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in field)


def element_strings_of(epc_uri: str) -> ElementStrings:
    """The GS1 element strings that say the same, empty for schemes outside GS1 keys.

    Raises EpcError for a URI that breaks its grammar.
    """
    name, fields = read_epc_uri(epc_uri)
    maker = _MAKERS.get(name)
    return maker(fields) if maker else []


def _checked(digits: str) -> str:
    return digits + check_digit(digits)


def _gtin(prefix: str, reference: str) -> str:
    return _checked(reference[0] + prefix + reference[1:])


def _with_gtin(key: str, serial: str) -> _Maker:
    return lambda f: [(key, _gtin(f[0], f[1])), (serial, f[2])]


def _joined(key: str) -> _Maker:
    return lambda f: [(key, f[0] + f[1])]


def _joined_and_checked(key: str) -> _Maker:
    return lambda f: [(key, _checked(f[0] + f[1]) + "".join(f[2:]))]


def _sscc(f: list[str]) -> ElementStrings:
    return [("00", _checked(f[1][0] + f[0] + f[1][1:]))]


def _itip(f: list[str]) -> ElementStrings:
    return [("8006", _gtin(f[0], f[1]) + f[2] + f[3]), ("21", f[4])]


def _sgln(f: list[str]) -> ElementStrings:
    return [("414", _checked(f[0] + f[1])), ("254", f[2])]


def _grai(f: list[str]) -> ElementStrings:
    return [("8003", "0" + _checked(f[0] + f[1]) + f[2])]


def _cpi(f: list[str]) -> ElementStrings:
    return [("8010", f[0] + f[1]), ("8011", f[2])]


_MAKERS: dict[str, _Maker] = {
    "sgtin": _with_gtin("01", "21"),
    "lgtin": _with_gtin("01", "10"),
    "upui": _with_gtin("01", "235"),
    "itip": _itip,
    "sscc": _sscc,
    "sgln": _sgln,
    "pgln": _joined_and_checked("417"),
    "grai": _grai,
    "giai": _joined("8004"),
    "gsrn": _joined_and_checked("8018"),
    "gsrnp": _joined_and_checked("8017"),
    "gdti": _joined_and_checked("253"),
    "sgcn": _joined_and_checked("255"),
    "cpi": _cpi,
    "ginc": _joined("401"),
    "gsin": _joined_and_checked("402"),
}


def sgtin_uri(gtin: str, serial: str, company_prefix_length: int | None = None) -> str:
    """The pure identity of one piece of an item: GTIN-14 and serial number.

    Without ``company_prefix_length`` GS1's published prefix table decides; raises EpcError when
    it has no answer or the serial number does not fit.
    """
    body = gtin[1:13]
    length = company_prefix_length or company_prefix_digits(body)
    uri = f"urn:epc:id:sgtin:{body[:length]}.{gtin[0]}{body[length:]}.{_escape(serial)}"
    read_epc_uri(uri)
    return uri


def sscc_uri(sscc: str, company_prefix_length: int | None = None) -> str:
    """The pure identity of a logistic unit (SSCC of 18 digits); refusals as ``sgtin_uri``."""
    body = sscc[1:17]
    length = company_prefix_length or company_prefix_digits(body)
    uri = f"urn:epc:id:sscc:{body[:length]}.{sscc[0]}{body[length:]}"
    read_epc_uri(uri)
    return uri


@cache
def company_prefix_digits(key: str) -> int:
    """How many digits the GS1 company prefix at the start of this key has.

    Raises EpcError when GS1's published table does not know.
    """
    # Imported here: the library loads its prefix tables at import, which start-up can't afford.
    from biip.gs1_prefixes import GS1CompanyPrefix

    try:
        prefix = GS1CompanyPrefix.extract(key)
    except ValueError:
        prefix = None
    if prefix is None:
        raise EpcError(mark("The length of the company prefix is not known: give it."))
    return len(prefix.value)
