"""GS1 Digital Link URIs, uncompressed, of any domain.

Source: GS1 Digital Link Standard: URI Syntax 1.4, sections 4.9 (path) and 4.10 (query).  The last
key in the path counts, so a stem of any depth can precede it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from app.kit.i18n import mark
from app.scanning.application_identifiers import ApplicationIdentifier, identifiers
from app.scanning.check_digits import has_check_digit, is_digits
from app.scanning.element_strings import UNKNOWN_IDENTIFIER, ElementStrings, fault_in_value
from app.scanning.parsed import Findings

_URI = re.compile(r"(https?|HTTPS?)://([^/?#]*)(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?")
_LEGAL = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_DOMAIN = re.compile(r"[A-Za-z0-9.\-:\[\]]+")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_IDENTIFIER = re.compile(r"\d{2,4}")
# Shorter GTINs were allowed in early versions; they are padded so that the item can be found.
_SHORT_GTIN = (8, 12, 13)
_UNRESERVED = "-._~!'()*"

DEFAULT_STEM = "https://id.gs1.org"


def read_digital_link(text: str, found: Findings) -> ElementStrings | None:
    """Element strings of a Digital Link, path before query; None when the text is no such link.

    A link without a GS1 key in its path is just a link.
    """
    uri = _URI.fullmatch(text)
    if uri is None:
        return None
    _, domain, path, query = uri.groups()
    steps = (path or "").split("/")[1:]
    pairs = _key_and_qualifiers(steps)
    if not pairs and steps[-1:] == [""]:
        pairs = _key_and_qualifiers(steps[:-1])
        found.refuse("", mark("The link ends with a slash."))
    if not pairs:
        return None
    if not _LEGAL.fullmatch(text):
        found.refuse("", mark("The link contains illegal characters."))
    if not _DOMAIN.fullmatch(domain):
        found.refuse("", mark("The domain of the link contains illegal characters."))
    _check_order([ai for ai, _ in pairs], found)
    elements = [(ai, _unescape(value)) for ai, value in pairs]
    elements += _attributes(query or "", [ai for ai, _ in pairs], found)
    return [(ai, _checked(ai, value, found)) for ai, value in elements]


def _key_and_qualifiers(path: list[str]) -> ElementStrings:
    """The pairs from the last key to the end of the path, empty when there is no key."""
    pairs: ElementStrings = []
    for at in range(len(path) - 2, -1, -2):
        entry = identifiers().get(path[at])
        if entry is None:
            return []
        pairs.insert(0, (entry.ai, path[at + 1]))
        if entry.qualifiers is not None:
            return pairs
    return []


def _check_order(ais: list[str], found: Findings) -> None:
    key = identifiers()[ais[0]]
    if not any(_is_ordered_part(ais[1:], order) for order in key.qualifiers or ()):
        found.refuse(ais[1], mark("It cannot stand at this place of the link's path."))


def _is_ordered_part(ais: list[str], order: tuple[str, ...]) -> bool:
    rest = iter(order)
    return all(ai in rest for ai in ais)


def _attributes(query: str, path: list[str], found: Findings) -> Iterator[tuple[str, str]]:
    seen = set(path)
    for parameter in query.split("&"):
        name, equals, value = parameter.partition("=")
        if not equals or not is_digits(name):
            continue
        fault = _fault_in_attribute(name, path, seen)
        if fault:
            found.refuse(name, fault)
        seen.add(name)
        # In a query a plus sign stands for a blank, which no value can hold.
        yield name, _unescape(value.replace("+", " "))


def _fault_in_attribute(name: str, path: list[str], seen: set[str]) -> str | None:
    entry = identifiers().get(name)
    if entry is None:
        return UNKNOWN_IDENTIFIER
    if not entry.attribute:
        return mark("It cannot stand in the query of a link.")
    if name in seen:
        return mark("It appears more than once in the link.")
    if _belongs_in_path(name, path):
        return mark("It belongs in the path of the link, not in its query.")
    return None


def _belongs_in_path(name: str, path: list[str]) -> bool:
    orders = identifiers()[path[0]].qualifiers or ()
    return any(name in order and _is_ordered_part(path[1:], order) for order in orders)


def _unescape(value: str) -> str:
    return _PERCENT.sub(lambda found: chr(int(found[1], 16)), value)


def _checked(ai: str, value: str, found: Findings) -> str:
    entry = identifiers().get(ai)
    if entry is None:
        return value
    if ai == "01" and len(value) in _SHORT_GTIN and has_check_digit(value):
        found.refuse(ai, SHORT_GTIN)
        return value.zfill(14)
    fault = fault_in_value(entry, value)
    if fault:
        found.refuse(ai, fault)
    return value


SHORT_GTIN = mark("The value is too short: a link carries the GTIN with 14 digits.")


def digital_link(elements: ElementStrings, stem: str = DEFAULT_STEM) -> str:
    """The link that carries these element strings.

    The first key becomes the path with its qualifiers in order, the rest the query; repeated
    equal pairs are dropped.  Raises ValueError when no key is there or an identifier cannot be
    part of a link.
    """
    pairs = dict(elements)
    key = next((ai for ai, _ in elements if _is_key(ai)), None)
    if key is None:
        raise ValueError("no element string is a Digital Link key")
    order = _best_order(identifiers()[key], pairs)
    path = [key, *order]
    rest = [ai for ai in pairs if ai not in path]
    for ai in rest:
        fault = _fault_in_attribute(ai, path, set(path))
        if fault:
            raise ValueError(f"AI {ai}: {fault}")
    steps = "".join(f"/{ai}/{_escape(pairs[ai])}" for ai in path)
    query = "&".join(f"{ai}={_escape(pairs[ai])}" for ai in rest)
    return stem.rstrip("/") + steps + ("?" + query if query else "")


def _is_key(ai: str) -> bool:
    entry = identifiers().get(ai)
    return entry is not None and entry.qualifiers is not None


def _best_order(key: ApplicationIdentifier, pairs: dict[str, str]) -> list[str]:
    """The present qualifiers of the key, out of the alternative that takes most of them."""
    present = [[ai for ai in order if ai in pairs] for order in key.qualifiers or ()]
    return max(present, key=len)


def _escape(value: str) -> str:
    return quote(value, safe=_UNRESERVED)
