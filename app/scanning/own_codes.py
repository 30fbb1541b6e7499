"""Codes of labels that we print ourselves: ``SK:``, one letter for the kind, then the key."""

from __future__ import annotations

import re

PREFIX = "SK:"

LOCATION = "L"
LOGISTIC_UNIT = "U"
DOCUMENT = "D"
COUNT_SHEET = "C"
BADGE = "B"
COMMAND = "X"
ITEM = "I"
LOT = "T"

KINDS = (LOCATION, LOGISTIC_UNIT, DOCUMENT, COUNT_SHEET, BADGE, COMMAND, ITEM, LOT)

# What a command label can say; a quantity is a sign and digits: +10.
COMMANDS = ("OK", "UNDO", "PRINT", "SKIP", "CANCEL")

MAXIMUM_KEY_LENGTH = 200

_OWN = re.compile(rf"[Ss][Kk]:([{''.join(KINDS)}])(\S(?:.*\S)?)")


def own_code(kind: str, key: str) -> str:
    """The text of our own label: ``own_code("L", "A-01-02")`` is ``SK:LA-01-02``.

    Raises ValueError for a kind that is none of KINDS and for a key that would not come back the
    same: empty, with blanks at its ends, with control characters, or over 200 characters.
    """
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is none of {', '.join(KINDS)}")
    if not key.isprintable() or key != key.strip() or not 0 < len(key) <= MAXIMUM_KEY_LENGTH:
        raise ValueError(f"key {key!r} is empty, too long or holds characters that do not print")
    return PREFIX + kind + key


def read_own(text: str) -> tuple[str, str] | None:
    """(kind, key) of our own label, None when the text is none."""
    found = _OWN.fullmatch(text)
    if found is None or not text.isprintable() or len(found[2]) > MAXIMUM_KEY_LENGTH:
        return None
    return found[1], found[2]


def lot_key(item_code: str, lot: str) -> str:
    """The key of a lot label: both parts, a bar between them, bars inside escaped."""
    return f"{_escape(item_code)}|{_escape(lot)}"


def split_lot_key(key: str) -> tuple[str, str] | None:
    """(item code, lot) of a lot label's key, None when it has not two parts."""
    parts = key.split("|")
    if len(parts) != 2 or not all(parts):
        return None
    return _unescape(parts[0]), _unescape(parts[1])


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("|", "%7C")


def _unescape(text: str) -> str:
    return text.replace("%7C", "|").replace("%25", "%")
