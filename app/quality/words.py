"""The words of the screens of quality."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import mark
from app.kit.money import plain
from app.quality.reasons import REASONS, RETURN_REASONS, reason_words

STATUS_NAMES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
    "held": mark("Lot held"),
    "expired": mark("Expired"),
}
"""Statuses, and what else keeps stock of good status from shipping."""
STATUS_TONES = {
    "available": "good",
    "inspection": "warn",
    "frozen": "accent",
    "damaged": "bad",
    "returned": "warn",
    "held": "bad",
    "expired": "bad",
}
RETURN_STATES = {
    "in_progress": mark("Being received"),
    "done": mark("Closed"),
    "cancelled": mark("Cancelled"),
}

WORDS: dict[str, Any] = {
    "status_names": STATUS_NAMES,
    "status_tones": STATUS_TONES,
    "return_states": RETURN_STATES,
    "reasons": REASONS,
    "return_reasons": RETURN_REASONS,
    "reason_words": reason_words,
    "plain": plain,
}
"""What every template of quality may name."""
