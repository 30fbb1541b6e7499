"""The words of the screens: prompts, states, reasons."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.receiving.deviations import REASONS
from app.receiving.order_problems import ORDER_STATES
from app.scanning.messages import said

PROMPTS = {
    "scan_item": mark("Scan the goods"),
    "scan_lot": mark("Scan the lot"),
    "scan_serial": mark("Scan the serial number"),
    "enter_expiry": mark("Enter the date"),
    "enter_quantity": mark("Enter the weight"),
    "confirm_deviation": mark("Scan again to accept"),
    "scan_put_away_item": mark("Put away: scan the goods"),
    "scan_put_away_location": mark("Scan the location"),
    "confirm_location": mark("Scan the location again"),
    "done": mark("This receipt is closed"),
}
RECEIPT_STATES = {
    "in_progress": mark("Being received"),
    "paused": mark("Paused"),
    "done": mark("Closed"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {
    "draft": "",
    "confirmed": "accent",
    "in_progress": "warn",
    "paused": "warn",
    "done": "good",
    "cancelled": "bad",
}
STATUS_NAMES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
}


def reason(text: str | None) -> str:
    """A chosen reason in the current language, a written one as it is."""
    if not text:
        return ""
    known = REASONS.get(text)
    return gettext(known) if known else text


WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "order_states": ORDER_STATES,
    "receipt_states": RECEIPT_STATES,
    "state_tones": STATE_TONES,
    "status_names": STATUS_NAMES,
    "reasons": REASONS,
    "said": said,
    "reason_words": reason,
    "plain": plain,
}
"""What every template of receiving may name."""
