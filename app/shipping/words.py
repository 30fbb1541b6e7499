"""The words of the packing screens."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.shipping.state import Message

PROMPTS = {
    "scan_item": mark("Check: scan the goods"),
    "scan_lot": mark("Scan the lot"),
    "done": mark("This shipment has left"),
}
SHIPMENT_STATES = {
    "in_progress": mark("Being packed"),
    "done": mark("Shipped"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {"in_progress": "warn", "done": "good", "cancelled": "bad"}


def said(message: Message | None) -> str:
    """The sentence in the current language."""
    return gettext(message.text).format(**message.values) if message else ""


WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "shipment_states": SHIPMENT_STATES,
    "state_tones": STATE_TONES,
    "said": said,
    "plain": plain,
}
"""What every template of shipping may name."""
