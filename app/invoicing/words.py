"""The words of invoices: kinds, states, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain

INVOICE_NAMES = {"invoice": mark("Invoice"), "credit_note": mark("Credit note")}
INVOICE_STATES = {
    "draft": mark("Draft"),
    "posted": mark("Posted"),
    "reversed": mark("Reversed"),
    "cancelled": mark("Cancelled"),
}
LINE_NAMES = {
    "received": mark("Goods received"),
    "allowance": mark("Lower price"),
    "returned": mark("Goods sent back"),
}
RETURN_STATES = {
    "in_progress": mark("Being sent back"),
    "done": mark("Closed"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {
    "draft": "",
    "in_progress": "warn",
    "posted": "good",
    "done": "good",
    "reversed": "bad",
    "cancelled": "bad",
}
STATUS_NAMES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
}
REASONS = {
    "quality": mark("Bad quality"),
    "damaged": mark("Arrived damaged"),
    "wrong_goods": mark("Not what was ordered"),
    "too_much": mark("More than ordered"),
    "expired": mark("Too short a shelf life"),
    "recalled": mark("Recalled by the supplier"),
}
GROUPS = {
    "line": mark("By item"),
    "receipt": mark("By receipt"),
    "supplier": mark("By supplier"),
    "period": mark("By month"),
}


def options_of(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Options of a choice, in the current language."""
    return [(value, gettext(words)) for value, words in names.items()]


def reason_words(reason: str) -> str:
    """A chosen reason in the current language, a written one as it is."""
    return gettext(REASONS[reason]) if reason in REASONS else reason


WORDS: dict[str, Any] = {
    "invoice_names": INVOICE_NAMES,
    "invoice_states": INVOICE_STATES,
    "line_names": LINE_NAMES,
    "return_states": RETURN_STATES,
    "state_tones": STATE_TONES,
    "status_names": STATUS_NAMES,
    "reasons": REASONS,
    "groups": GROUPS,
    "options_of": options_of,
    "reason_words": reason_words,
    "plain": plain,
}
"""What every template of invoicing may name."""
