"""One scanned text in, what it says out: ``parse`` never raises and looks nothing up.

The kinds are tried in a fixed order, from the most certain sign to the least; the first reading
that is sound counts.  Where the text as scanned says nothing, the repairs for input methods and
keyboard layouts are tried, and a repaired reading carries a warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from app.kit.clock import today as current_day
from app.kit.i18n import mark
from app.scanning import aim
from app.scanning.check_digits import is_digits
from app.scanning.digital_link import SHORT_GTIN, read_digital_link
from app.scanning.ean import LENGTHS, WRONG_CHECK_DIGIT, read_number
from app.scanning.element_strings import (
    FNC1,
    ElementStrings,
    check_together,
    read_bracketed,
    read_elements,
)
from app.scanning.epc import EpcError, decode_tag, element_strings_of, read_epc_uri, read_tag_uri
from app.scanning.in_store import InStorePattern, read_in_store
from app.scanning.invoice import read_invoice
from app.scanning.meaning import meaning
from app.scanning.own_codes import read_own
from app.scanning.parsed import Finding, Findings, ParsedCode
from app.scanning.separators import narrow, other_layouts, restore_fnc1

# The largest symbol, a QR code of version 40, holds 7,089 digits.
MAXIMUM_LENGTH = 8_192
LONGEST_REMEMBERED = 128

NOT_KNOWN = Finding("", mark("The code is of no kind that is known here."))
TOO_LONG = Finding("", mark("The code is longer than any barcode can be."))
EMPTY = Finding("", mark("The code is empty."))
OTHER_LAYOUT = Finding("", mark("The keyboard layout or input method changed the code."))
MISSING_FNC1 = mark(
    "The separator behind AI {before} may be lost: AI {next} seems to follow inside."
)

_BLANKS = " \t\r\n"
_COMPOSITE = re.compile(r"\|\](?=e[0-3])")
_KEY_AT_START = re.compile(r"(?:00|01|02|253|255|401|402|414|8003|8004|8006|8010|8013|8017|8018)")
_HEX = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{24,})")
_SWALLOWED = re.compile(r".{2,}?(1[1235-7]\d{6}|3[0-6]\d\d\d{6}|21\w{2,}|37\d+)$")


@dataclass(frozen=True, slots=True)
class _Scan:
    """The text being read, with what is known about it."""

    raw: str
    text: str
    identifier: str
    today: date
    patterns: Sequence[InStorePattern]

    def answer(self, kind: str, found: Findings, **fields: Any) -> ParsedCode:
        symbology = fields.pop("symbology", None) or aim.symbology(self.identifier)
        return ParsedCode(
            input=self.raw,
            kind=kind,
            valid=not found.errors,
            text=self.text,
            symbology=symbology,
            errors=tuple(found.errors),
            warnings=tuple(found.warnings),
            **fields,
        )

    def elements_answer(
        self, kind: str, elements: ElementStrings, found: Findings, **fields: Any
    ) -> ParsedCode:
        check_together(elements, found)
        # A GTIN that is merely short was padded and is the right one all the same.
        doubtful = {finding.ai for finding in found.errors if finding.text != SHORT_GTIN}
        known = meaning(elements, doubtful, self.today)
        return self.answer(kind, found, ais=tuple(elements), **{**known, **fields})


_Reader = Callable[[_Scan], ParsedCode | None]


def storable(code: str) -> str:
    """The code as the audit can store it: NUL and half characters made visible.

    It stays too long where it is longer than ``MAXIMUM_LENGTH``, so that it is refused as such.
    """
    return code[: MAXIMUM_LENGTH + 1].encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def parse(
    raw: str, *, patterns: Sequence[InStorePattern] = (), today: date | None = None
) -> ParsedCode:
    """What a scanned text says about itself; ``unknown`` is an answer, nothing is raised.

    ``patterns`` are the shop's layouts of in-store codes.  ``today`` decides the century of
    two-digit years and is the current day by default.
    """
    if len(raw) > MAXIMUM_LENGTH:
        return ParsedCode(input=raw, errors=(TOO_LONG,))
    read = _remembered if len(raw) <= LONGEST_REMEMBERED else _parsed
    return read(raw, tuple(patterns), today or current_day())


def _parsed(raw: str, patterns: tuple[InStorePattern, ...], day: date) -> ParsedCode:
    text = raw.strip(_BLANKS)
    direct = _read(raw, text, day, patterns)
    if direct.kind != "unknown" or direct.valid:
        return direct
    return _read_repaired(raw, text, day, patterns) or direct


# The goods of one day are scanned again and again, and the text alone says what it is.
_remembered = lru_cache(2048)(_parsed)


def _read_repaired(
    raw: str, text: str, today: date, patterns: Sequence[InStorePattern]
) -> ParsedCode | None:
    narrowed = narrow(text)
    candidates = [narrowed] if narrowed != text else []
    for candidate in (*candidates, *other_layouts(text)):
        repaired = _read(raw, candidate, today, patterns)
        if repaired.valid:
            return replace(repaired, warnings=(*repaired.warnings, OTHER_LAYOUT))
    return None


def _read(raw: str, text: str, today: date, patterns: Sequence[InStorePattern]) -> ParsedCode:
    identifier, rest = aim.split_identifier(text)
    scan = _Scan(raw, rest, identifier, today, patterns)
    for read in _readers(identifier):
        parsed = read(scan)
        if parsed is not None:
            return parsed
    found = Findings()
    if identifier not in aim.FREE_TEXT:
        found.errors.append(NOT_KNOWN if rest else EMPTY)
    return scan.answer("unknown", found)


def _readers(identifier: str) -> Iterator[_Reader]:
    yield _composite
    if identifier in aim.GS1:
        yield _gs1_by_identifier
    elif identifier in aim.EAN_LENGTHS:
        yield _ean_by_identifier
    else:
        yield from _BY_CONTENT


def _composite(scan: _Scan) -> ParsedCode | None:
    """A linear code with a composite component on top: ``]E0<EAN>|]e0<element strings>``."""
    linear, *component = _COMPOSITE.split(scan.text, maxsplit=1)
    if not component or not scan.identifier:
        return None
    first = _read(scan.raw, scan.identifier + linear, scan.today, scan.patterns)
    found = Findings(list(first.errors), list(first.warnings))
    elements = [*first.ais, *read_elements(component[0][2:], found)]
    gtin = {"gtin": first.gtin} if first.gtin else {}
    return scan.elements_answer("gs1", elements, found, **gtin, symbology=first.symbology)


def _gs1_by_identifier(scan: _Scan) -> ParsedCode:
    found = Findings()
    text = restore_fnc1(scan.text).removeprefix(FNC1)
    if not text:
        found.errors.append(EMPTY)
    return _gs1(scan, text, read_elements(text, found), found)


def _gs1(scan: _Scan, text: str, elements: ElementStrings, found: Findings) -> ParsedCode:
    if FNC1 not in text and elements:
        _warn_of_swallowed(elements[-1], found)
    return scan.elements_answer("gs1", elements, found)


def _warn_of_swallowed(last: tuple[str, str], found: Findings) -> None:
    ai, value = last
    inside = _SWALLOWED.fullmatch(value) if ai in ("10", "21") else None
    if inside:
        found.warn(ai, MISSING_FNC1, before=ai, next=inside[1][:2])


def _ean_by_identifier(scan: _Scan) -> ParsedCode:
    found = Findings()
    digits = scan.text
    if len(digits) not in aim.EAN_LENGTHS[scan.identifier]:
        found.refuse("", mark("The number has not the length of its symbology."))
    if scan.identifier == "]E3":
        digits = digits[:13]
    name = aim.symbology(scan.identifier) if len(digits) != 12 else "UPC-A"
    return _number(scan, digits, name, found)


def _number(scan: _Scan, digits: str, symbology: str | None, found: Findings) -> ParsedCode:
    gtin, name = read_number(digits, symbology)
    if gtin is None:
        found.refuse("", WRONG_CHECK_DIGIT)
    in_store = read_in_store(digits, scan.patterns)
    if in_store is None:
        return scan.answer("ean", found, gtin=gtin, symbology=name)
    return scan.answer("in_store", found, gtin=gtin, symbology=name, **in_store)


def _own(scan: _Scan) -> ParsedCode | None:
    own = read_own(scan.text)
    return scan.answer("own", Findings(), own=own) if own else None


def _invoice(scan: _Scan) -> ParsedCode | None:
    found = Findings()
    invoice = read_invoice(scan.text, found)
    return scan.answer("invoice", found, invoice=invoice) if invoice else None


def _digital_link(scan: _Scan) -> ParsedCode | None:
    found = Findings()
    elements = read_digital_link(scan.text, found)
    if elements is None:
        return None
    return scan.elements_answer("digital_link", elements, found)


def _epc_uri(scan: _Scan) -> ParsedCode | None:
    if not scan.text.lower().startswith("urn:epc:"):
        return None
    uris: dict[str, str] = {}
    found = Findings()
    try:
        if scan.text.startswith("urn:epc:tag:"):
            tag = read_tag_uri(scan.text)
            uris = {"epc_uri": tag.epc_uri, "tag_uri": tag.tag_uri}
        else:
            read_epc_uri(scan.text)
            uris = {"epc_uri": scan.text}
    except EpcError as error:
        found.refuse("", str(error))
    return _epc(scan, uris, found)


def _epc(scan: _Scan, uris: dict[str, str], found: Findings) -> ParsedCode:
    elements = element_strings_of(uris["epc_uri"]) if uris else []
    # The company prefix is known from the tag, so the element strings need no checks again.
    known = meaning(elements, set(), scan.today)
    return scan.answer("epc", found, ais=tuple(elements), **known, **uris)


def _epc_hex(scan: _Scan) -> ParsedCode | None:
    digits = _HEX.fullmatch(scan.text)
    if digits is None:
        return None
    found = Findings()
    try:
        tag = decode_tag(digits[1].upper())
    except EpcError as error:
        if is_digits(digits[1]):
            return None
        found.refuse("", str(error))
        return _epc(scan, {}, found)
    return _epc(scan, {"epc_uri": tag.epc_uri, "tag_uri": tag.tag_uri}, found)


def _bracketed(scan: _Scan) -> ParsedCode | None:
    if not scan.text.startswith("("):
        return None
    found = Findings()
    elements = read_bracketed(scan.text, found)
    return scan.elements_answer("gs1", elements, found) if elements else None


def _gs1_by_fnc1(scan: _Scan) -> ParsedCode | None:
    """Data that starts with FNC1, or with a GS1 key and is sound from end to end."""
    text = restore_fnc1(scan.text)
    if text.startswith("^") or (FNC1 not in text and _KEY_AT_START.match(text)):
        # Nothing else is left of FNC1 where a wedge sends only the caret of its ^].
        text = text.replace("^", FNC1)
    marked = text.startswith(FNC1)
    if not marked and not _KEY_AT_START.match(text):
        return None
    found = Findings()
    body = text.removeprefix(FNC1)
    elements = read_elements(body, found)
    parsed = _gs1(scan, body, elements, found)
    return parsed if parsed.valid or (marked and elements) else None


def _bare_number(scan: _Scan) -> ParsedCode | None:
    digits = scan.text
    if not is_digits(digits):
        return None
    in_store = read_in_store(digits, scan.patterns)
    if len(digits) not in LENGTHS:
        return scan.answer("in_store", Findings(), **in_store) if in_store else None
    return _number(scan, digits, None, Findings())


_BY_CONTENT: tuple[_Reader, ...] = (
    _own,
    _invoice,
    _epc_uri,
    _digital_link,
    _bracketed,
    _bare_number,
    _gs1_by_fnc1,
    _epc_hex,
)
