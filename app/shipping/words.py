"""The words of the packing screens."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import mark
from app.kit.money import plain
from app.scanning.messages import said

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


WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "shipment_states": SHIPMENT_STATES,
    "state_tones": STATE_TONES,
    "said": said,
    "plain": plain,
}
"""What every template of shipping may name."""
