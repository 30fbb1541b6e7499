"""The words of the screens: prompts, states, kinds, reasons."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.picking.reasons import REASONS
from app.scanning.messages import said

PROMPTS = {
    "scan_location": mark("Go to {place} and scan it"),
    "confirm_location": mark("Scan the location again"),
    "scan_item": mark("Scan the goods"),
    "scan_lot": mark("Scan the lot"),
    "scan_serial": mark("Scan the serial number"),
    "confirm_swap": mark("Scan again to take this instead"),
    "scan_cart": mark("Put it into {cart} and scan it"),
    "answer_empty": mark("Is {place} empty now?"),
    "scan_staging": mark("Bring everything to {staging} and scan it"),
    "done": mark("This pick is finished"),
}
PICK_STATES = {
    "confirmed": mark("Waiting"),
    "in_progress": mark("Being picked"),
    "paused": mark("Paused"),
    "done": mark("Finished"),
    "cancelled": mark("Cancelled"),
}
PICK_KINDS = {
    "order": mark("One order"),
    "batch": mark("Several orders, summed up"),
    "cluster": mark("Cart, a position each"),
    "zone": mark("One zone"),
}
STATE_TONES = {
    "confirmed": "accent",
    "in_progress": "warn",
    "paused": "warn",
    "done": "good",
    "cancelled": "bad",
}


def reason(text: str | None) -> str:
    """A chosen reason in the current language, a written one as it is."""
    if not text:
        return ""
    known = REASONS.get(text)
    return gettext(known) if known else text


WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "pick_states": PICK_STATES,
    "pick_kinds": PICK_KINDS,
    "state_tones": STATE_TONES,
    "short_reasons": REASONS,
    "said": said,
    "reason_words": reason,
    "plain": plain,
}
"""What every template of picking may name."""
