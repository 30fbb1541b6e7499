"""GS1 element strings: identifiers and values out of text, and text out of them.

Sources: GS1 General Specifications, sections 7.8 (element strings and FNC1) and 4.14 (pairs).
The library biip reads the common identifiers, but knows neither the content checks nor the rules
between identifiers, and refuses what it does not know with an exception: the table is read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.kit.i18n import mark
from app.scanning.application_identifiers import (
    ApplicationIdentifier,
    at_start_of,
    identifiers,
    lengths,
    matches,
)
from app.scanning.content_checks import CHECKS, fault_in_characters
from app.scanning.parsed import Findings

FNC1 = "\x1d"

ElementStrings = list[tuple[str, str]]

_BRACKETED = re.compile(r"\(([^()]*)\)((?:\\.|[^\\(])*)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# A digital signature is only meaningful over a serialised key; these carry the serial inside.
_SERIAL_INSIDE = ("253", "255", "8003")


def read_elements(text: str, found: Findings) -> ElementStrings:
    """Element strings out of scanned data, FNC1 as 0x1D, without a leading FNC1.

    What is wrong goes to ``found``; reading stops where the text can no longer be divided.
    """
    elements: ElementStrings = []
    position = 0
    while position < len(text):
        entry = at_start_of(text, position)
        if entry is None:
            found.refuse(_unknown_name(text, position), UNKNOWN_IDENTIFIER)
            break
        position += len(entry.ai)
        end = text.find(FNC1, position)
        value = _cut(entry, text[position : end if end >= 0 else len(text)])
        elements.append((entry.ai, value))
        fault = fault_in_value(entry, value)
        position += len(value)
        if fault:
            found.refuse(entry.ai, fault)
            # A broken value of variable length says nothing about what stands behind it.
            position = position if entry.predefined_length else (end if end >= 0 else len(text))
        elif not _ends_well(entry, text, position):
            found.refuse(entry.ai, mark("The value is too long."))
            break
        position += text.startswith(FNC1, position)
    return elements


UNKNOWN_IDENTIFIER = mark("This Application Identifier is not assigned by GS1.")


def _unknown_name(text: str, position: int) -> str:
    return text[position : position + lengths().get(text[position : position + 2], 2)]


def _cut(entry: ApplicationIdentifier, value: str) -> str:
    return value[: entry.maximum]


def _ends_well(entry: ApplicationIdentifier, text: str, position: int) -> bool:
    at_end = position >= len(text) or text[position] == FNC1
    return at_end or entry.predefined_length


def read_bracketed(text: str, found: Findings) -> ElementStrings:
    r"""Element strings out of the printed form ``(01)...(10)...``.

    A bracket that belongs to a value is written ``\(``.  Blanks around values are dropped: people
    type them, and no value can hold one.
    """
    elements: ElementStrings = []
    position = 0
    for piece in _BRACKETED.finditer(text):
        if piece.start() != position:
            break
        position = piece.end()
        ai, value = piece[1].strip(), _ESCAPED.sub(r"\1", piece[2]).strip(" ")
        _check_element(ai, value, found)
        elements.append((ai, value))
    if position != len(text):
        found.refuse("", mark("The brackets do not match: write (01)… with the identifier inside."))
    return elements


def _check_element(ai: str, value: str, found: Findings) -> None:
    entry = identifiers().get(ai)
    fault = fault_in_value(entry, value) if entry else UNKNOWN_IDENTIFIER
    if fault:
        found.refuse(ai, fault)


def fault_in_value(entry: ApplicationIdentifier, value: str) -> str | None:
    """Why the value does not fit its identifier, None when it does."""
    if not value:
        return mark("The value is empty.")
    if len(value) > entry.maximum:
        return mark("The value is too long.")
    position = 0
    for part in entry.components:
        piece = value[position : position + part.maximum]
        if not piece and part.optional:
            continue
        if len(piece) < part.minimum:
            return mark("The value has a wrong length.")
        fault = fault_in_characters(part.charset, piece) or _first_fault(part.checks, piece)
        if fault:
            return fault
        position += len(piece)
    return None


def _first_fault(checks: Sequence[str], piece: str) -> str | None:
    return next((fault for name in checks if (fault := CHECKS[name](piece))), None)


def check_together(elements: ElementStrings, found: Findings) -> None:
    """Rules between element strings: pairs that must not meet, repeats, missing companions.

    A missing companion is a warning: one label of a carton may carry only part of the data.
    """
    present = dict(elements)
    for ai in present:
        entry = identifiers().get(ai)
        if entry is None:
            continue
        for other in _barred(entry, present):
            found.refuse(ai, mark("It must not be together with AI {other}."), other=other)
        for choice in entry.needs:
            if not any(_has_all(group, present, ai) for group in choice):
                wanted = " / ".join("+".join(group) for group in choice)
                found.warn(ai, mark("It belongs together with AI {wanted}."), wanted=wanted)
    _check_repeats(elements, found)
    _check_signature(present, found)


def _barred(entry: ApplicationIdentifier, present: dict[str, str]) -> Iterator[str]:
    for pattern in entry.bars:
        yield from (ai for ai in present if ai != entry.ai and matches(pattern, ai))


def _has_all(group: tuple[str, ...], present: dict[str, str], ai: str) -> bool:
    return all(any(a != ai and matches(pattern, a) for a in present) for pattern in group)


def _check_repeats(elements: ElementStrings, found: Findings) -> None:
    first: dict[str, str] = {}
    for ai, value in elements:
        if first.setdefault(ai, value) != value:
            found.refuse(ai, mark("It appears more than once with different values."))
            return


def _check_signature(present: dict[str, str], found: Findings) -> None:
    if "8030" not in present:
        return
    for ai in _SERIAL_INSIDE:
        if ai in present and len(present[ai]) == identifiers()[ai].minimum:
            found.refuse(ai, mark("A serial component must be present when AI 8030 signs it."))


def element_string(elements: ElementStrings) -> str:
    """The text to encode after the leading FNC1, FNC1 as 0x1D only where it is needed."""
    parts = [ai + value + _separator(ai) for ai, value in elements]
    return "".join(parts).removesuffix(FNC1)


def _separator(ai: str) -> str:
    entry = identifiers().get(ai)
    return "" if entry and entry.predefined_length else FNC1


def bracketed(elements: ElementStrings) -> str:
    """The printed form, with brackets inside values escaped."""
    return "".join(f"({ai})" + value.replace("(", "\\(") for ai, value in elements)
