"""What a read of a radio tag says: an item's piece, a logistic unit, another thing, or nothing.

Pure.  Hex digits of the EPC memory bank, tag URIs and pure identity URIs of one tag are the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.kit.i18n import mark
from app.scanning.epc import (
    EpcError,
    EpcTag,
    decode_tag,
    element_strings_of,
    read_epc_uri,
    read_tag_uri,
)

LONGEST_EPC = 200
NOT_HEX = mark("It is neither hex digits nor an EPC URI.")
EMPTY = mark("The tag is empty.")
TOO_LONG = mark("It is longer than any tag.")
_HEX = re.compile(r"(?:0[xX])?([0-9A-Fa-f]+)")


@dataclass(frozen=True, slots=True)
class TagMeaning:
    """``epc`` is the key that each tag is counted once by; ``problem`` why it is no tag."""

    epc: str
    kind: str
    scheme: str = ""
    gtin: str | None = None
    serial: str | None = None
    sscc: str | None = None
    problem: str | None = None


@lru_cache(50_000)
def meaning_of(raw: str) -> TagMeaning:
    """What the reader's text means; an invalid one is an answer, nothing is raised."""
    text = raw.strip()
    try:
        scheme, epc = _identity(text)
        elements = dict(element_strings_of(epc))
    except EpcError as error:
        return TagMeaning(text[:LONGEST_EPC], "invalid", problem=str(error))
    gtin, sscc = elements.get("01"), elements.get("00")
    kind = "item" if gtin else "logistic_unit" if sscc else "other"
    return TagMeaning(epc, kind, scheme, gtin, elements.get("21"), sscc)


def _identity(text: str) -> tuple[str, str]:
    """Scheme and pure identity URI."""
    if not text:
        raise EpcError(EMPTY)
    if len(text) > LONGEST_EPC:
        raise EpcError(TOO_LONG)
    if text.lower().startswith("urn:epc:"):
        return _of_uri(text)
    found = _HEX.fullmatch(text)
    if found is None:
        raise EpcError(NOT_HEX)
    tag = decode_tag(found[1].upper())
    return tag.scheme, tag.epc_uri


def _of_uri(text: str) -> tuple[str, str]:
    if text.startswith("urn:epc:tag:"):
        tag: EpcTag = read_tag_uri(text)
        return tag.scheme, tag.epc_uri
    name, _ = read_epc_uri(text)
    return name, text
