"""Words and figures for the templates of the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.access.audit_pages import kind_words
from app.kit.i18n import gettext, mark

EVENT_WORDS = {
    "handed_over": mark("handed over"),
    "discarded": mark("put aside"),
    "taken": mark("taken"),
    "resolved": mark("settled"),
}
SOURCE_WORDS = {
    "wedge": mark("Scanner"),
    "camera": mark("Camera"),
    "photo": mark("Photo"),
    "typed": mark("Typed"),
    "rfid": mark("Radio tag"),
}
FIELD_WORDS = {
    "code": mark("Scanned code"),
    "quantity": mark("Quantity"),
    "lot": mark("Lot"),
    "expires_on": mark("Expires on"),
    "produced_on": mark("Produced on"),
    "button": mark("Button"),
}
SECONDS_OFF = 5


def span(length: timedelta) -> str:
    """A length of time for people: 3 s, 12 min, 5 h, 2 days."""
    seconds = abs(int(length.total_seconds()))
    for size, words in (
        (86_400, mark("{n} days")), (3600, mark("{n} h")), (60, mark("{n} min")),
    ):  # fmt: skip
        if seconds >= 2 * size:
            return gettext(words).format(n=seconds // size)
    return gettext(mark("{n} s")).format(n=seconds)


def clock_words(offset: timedelta | None) -> str:
    """How far a device's clock is off; empty where it is right or unknown."""
    if offset is None or abs(offset.total_seconds()) <= SECONDS_OFF:
        return ""
    slow = offset > timedelta()
    words = mark("{span} slow") if slow else mark("{span} fast")
    return gettext(words).format(span=span(offset))


def missing_words(missing: list[list[int]]) -> str:
    """[[3, 3], [7, 9]] -> 3, 7–9."""
    return ", ".join(f"{first}–{last}" if last > first else str(first) for first, last in missing)


def shown_code(code: str) -> str:
    """Control characters made visible."""
    return code.replace("\x1d", "␝").replace("\0", "␀")


def said(fields: dict[str, str]) -> list[tuple[str, str]]:
    """What was scanned or typed, as (word, value); the code first."""
    return [
        (gettext(words), shown_code(fields[name]))
        for name, words in FIELD_WORDS.items()
        if fields.get(name)
    ]


WORDS: dict[str, Any] = {
    "kind_words": kind_words,
    "event_words": EVENT_WORDS,
    "source_words": SOURCE_WORDS,
    "span": span,
    "clock_words": clock_words,
    "missing_words": missing_words,
    "shown_code": shown_code,
    "said": said,
}
