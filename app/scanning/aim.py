"""AIM symbology identifiers, the ``]C1`` that a scanner can put before the data.

Source: ISO/IEC 15424; GS1 General Specifications, section 5.1.2, for those that mean GS1 data.
"""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"\]([A-Za-z])([0-9])")

GS1 = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]d5", "]Q3", "]Q4", "]J1", "]J4", "]z1"})

# Matrix codes without FNC1 hold free text, so whatever they hold is sound.
FREE_TEXT = frozenset({"]Q0", "]Q1", "]Q2", "]d0", "]d1", "]d4", "]J0", "]J3", "]z0"})

# The length that the standard fixes for each; ]E3 has an add-on of two or five digits behind.
EAN_LENGTHS = {"]E0": (13,), "]E3": (15, 18), "]E4": (8,)}

_SYMBOLOGIES = {
    "A": "Code39",
    "C": "Code128",
    "E": "EAN-13",
    "F": "Codabar",
    "G": "Code93",
    "I": "ITF",
    "J": "DotCode",
    "L": "PDF417",
    "Q": "QR",
    "U": "MaxiCode",
    "d": "DataMatrix",
    "e": "DataBar",
    "z": "Aztec",
}


def split_identifier(text: str) -> tuple[str, str]:
    """(identifier, rest); the identifier is empty when the text starts with none."""
    found = _IDENTIFIER.match(text)
    if found is None or found[1] not in _SYMBOLOGIES:
        return "", text
    return found[0], text[3:]


def symbology(identifier: str) -> str | None:
    """Our name of the symbology, None for an empty identifier."""
    if identifier == "]E4":
        return "EAN-8"
    return _SYMBOLOGIES.get(identifier[1:2])
