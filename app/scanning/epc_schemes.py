"""The EPC schemes as data: pure identity URIs, GS1 element strings and binary layouts.

Source: GS1 EPC Tag Data Standard 1.13, sections 6.3 (URIs), 7 (GS1 keys), 14 (binary encodings)
and 16 (EPC memory bank).  The library pyepc knows two of these schemes (SGTIN and SSCC).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Company prefix bits per partition value 0 to 6, for prefixes of 12 down to 6 digits.
PREFIX_BITS = (40, 37, 34, 30, 27, 24, 20)

_SERIAL = r"(?:[!'()*+,\-.0-9:;=A-Z_a-z]|%2[256F]|%3[CEF])"
_PART = r"(?:[0-9A-Z\-]|%23|%2F)"
_CAGE = r"[0-9A-HJ-NP-Z]{5,6}"
_NUMBER = r"(?:0|[1-9]\d{0,12})"


@dataclass(frozen=True, slots=True)
class Identity:
    """One pure identity scheme.

    ``pattern`` matches what follows ``urn:epc:id:<name>:``.  Where ``total`` is set, company
    prefix and the field behind it have so many characters together (at most so many when
    ``up_to``), and the prefix 6 to 12 digits.
    """

    name: str
    pattern: re.Pattern[str]
    total: int | None = None
    up_to: bool = False
    namespace: str = "id"


@dataclass(frozen=True, slots=True)
class Field:
    """One binary field behind the company prefix.

    ``kind``: ``number`` (no leading zeros), ``digits`` (padded to ``length`` characters),
    ``marked`` (digits of any length behind a 1), ``text7`` (7-bit characters, zero filled),
    ``text6`` (6-bit characters ended by a zero), ``zeros`` (unused).  ``bits`` is 0 where the
    partition table or the text itself decides.
    """

    kind: str
    bits: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """One binary scheme: ``bits`` in the tag, None for one of variable length.

    ``reference_bits`` are those of the field behind the company prefix by partition value; empty
    where the scheme has no company prefix.
    """

    name: str
    header: int
    identity: str
    bits: int | None
    filter_bits: int
    reference_bits: tuple[int, ...]
    fields: tuple[Field, ...]


def _identity(
    name: str, pattern: str, total: int | None = None, *, up_to: bool = False, space: str = "id"
) -> Identity:
    return Identity(name, re.compile(pattern), total, up_to, space)


IDENTITIES = {
    scheme.name: scheme
    for scheme in (
        _identity("sgtin", rf"(\d+)\.(\d+)\.({_SERIAL}{{1,20}})", 13),
        _identity("lgtin", rf"(\d+)\.(\d+)\.({_SERIAL}{{1,20}})", 13, space="class"),
        _identity("itip", rf"(\d+)\.(\d+)\.(\d\d)\.(\d\d)\.({_SERIAL}{{1,20}})", 13),
        _identity("upui", rf"(\d+)\.(\d+)\.({_SERIAL}{{1,28}})", 13),
        _identity("sscc", r"(\d+)\.(\d+)", 17),
        _identity("sgln", rf"(\d+)\.(\d*)\.({_SERIAL}{{1,20}})", 12),
        _identity("pgln", r"(\d+)\.(\d*)", 12),
        _identity("grai", rf"(\d+)\.(\d*)\.({_SERIAL}{{1,16}})", 12),
        _identity("giai", rf"(\d+)\.({_SERIAL}+)", 30, up_to=True),
        _identity("gsrn", r"(\d+)\.(\d+)", 17),
        _identity("gsrnp", r"(\d+)\.(\d+)", 17),
        _identity("gdti", rf"(\d+)\.(\d*)\.({_SERIAL}{{1,17}})", 12),
        _identity("sgcn", r"(\d+)\.(\d*)\.(\d{1,12})", 12),
        _identity("cpi", rf"(\d+)\.({_PART}+)\.((?:0|[1-9]\d{{0,11}}))", 30, up_to=True),
        _identity("ginc", rf"(\d+)\.({_SERIAL}+)", 30, up_to=True),
        _identity("gsin", r"(\d+)\.(\d+)", 16),
        _identity("gid", rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})"),
        _identity("usdod", rf"({_CAGE})\.({_NUMBER})"),
        _identity(
            "adi", rf"({_CAGE})\.((?:[0-9A-Z\-]|%2F){{0,32}})\.((?:%23)?(?:[0-9A-Z\-]|%2F){{1,30}})"
        ),
        _identity("bic", r"([A-Z]{3}[UJZ]\d{7})"),
        _identity("imovn", r"(\d{7})"),
    )
}

_SGTIN = (4, 7, 10, 14, 17, 20, 24)
_SSCC = (18, 21, 24, 28, 31, 34, 38)
_SGLN = (1, 4, 7, 11, 14, 17, 21)
_GRAI = (4, 7, 10, 14, 17, 20, 24)
_GIAI96 = (42, 45, 48, 52, 55, 58, 62)
_GIAI202 = (148, 151, 154, 158, 161, 164, 168)
_CPI96 = (11, 14, 17, 21, 24, 27, 31)
_DIGITS, _NUMERIC, _TEXT6 = Field("digits"), Field("number"), Field("text6")
_REST24 = Field("zeros", 24)
_PIECE = Field("digits", 7, 2)


def _text(bits: int) -> Field:
    return Field("text7", bits)


def _int(bits: int) -> Field:
    return Field("number", bits)


BINARIES = (
    Binary("gdti-96", 0x2C, "gdti", 96, 3, _SGLN, (_DIGITS, _int(41))),
    Binary("gsrn-96", 0x2D, "gsrn", 96, 3, _SSCC, (_DIGITS, _REST24)),
    Binary("gsrnp-96", 0x2E, "gsrnp", 96, 3, _SSCC, (_DIGITS, _REST24)),
    Binary("usdod-96", 0x2F, "usdod", 96, 4, (), (Field("cage8", 48), _int(36))),
    Binary("sgtin-96", 0x30, "sgtin", 96, 3, _SGTIN, (_DIGITS, _int(38))),
    Binary("sscc-96", 0x31, "sscc", 96, 3, _SSCC, (_DIGITS, _REST24)),
    Binary("sgln-96", 0x32, "sgln", 96, 3, _SGLN, (_DIGITS, _int(41))),
    Binary("grai-96", 0x33, "grai", 96, 3, _GRAI, (_DIGITS, _int(38))),
    Binary("giai-96", 0x34, "giai", 96, 3, _GIAI96, (_NUMERIC,)),
    Binary("gid-96", 0x35, "gid", 96, 0, (), (_int(28), _int(24), _int(36))),
    Binary("sgtin-198", 0x36, "sgtin", 198, 3, _SGTIN, (_DIGITS, _text(140))),
    Binary("grai-170", 0x37, "grai", 170, 3, _GRAI, (_DIGITS, _text(112))),
    Binary("giai-202", 0x38, "giai", 202, 3, _GIAI202, (Field("text7"),)),
    Binary("sgln-195", 0x39, "sgln", 195, 3, _SGLN, (_DIGITS, _text(140))),
    Binary("gdti-113", 0x3A, "gdti", 113, 3, _SGLN, (_DIGITS, Field("marked", 58))),
    Binary("adi-var", 0x3B, "adi", None, 6, (), (Field("cage6", 36), _TEXT6, _TEXT6)),
    Binary("cpi-96", 0x3C, "cpi", 96, 3, _CPI96, (_NUMERIC, _int(31))),
    Binary("cpi-var", 0x3D, "cpi", None, 3, (0,) * 7, (_TEXT6, _int(40))),
    Binary("gdti-174", 0x3E, "gdti", 174, 3, _SGLN, (_DIGITS, _text(119))),
    Binary("sgcn-96", 0x3F, "sgcn", 96, 3, _SGLN, (_DIGITS, Field("marked", 41))),
    Binary("itip-110", 0x40, "itip", 110, 3, _SGTIN, (_DIGITS, _PIECE, _PIECE, _int(38))),
    Binary("itip-212", 0x41, "itip", 212, 3, _SGTIN, (_DIGITS, _PIECE, _PIECE, _text(140))),
)

BY_HEADER = {scheme.header: scheme for scheme in BINARIES}
BY_NAME = {scheme.name: scheme for scheme in BINARIES}
