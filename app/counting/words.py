"""The words of the count screens."""

from __future__ import annotations

from typing import Any

from app.counting.adjusting import LATE
from app.counting.reasons import REASONS
from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.scanning.messages import said

CAME_LATE = mark("Booked late")
PROMPTS = {
    "scan_location": mark("Scan the location"),
    "scan_goods": mark("Scan everything that is here"),
    "scan_lot": mark("Scan the lot"),
    "new_lot": mark("A new lot: is it right?"),
    "done": mark("This place is counted"),
}
COUNT_KINDS = {
    "full": mark("The whole store"),
    "zone": mark("Zones"),
    "item": mark("Items"),
    "lot": mark("Lots"),
    "expiry": mark("What expires soon"),
    "class": mark("Items of a class"),
    "empty": mark("Empty places"),
    "tasks": mark("Single places"),
    "opening": mark("Opening stock"),
}
COUNT_STATES = {
    "draft": mark("Draft"),
    "confirmed": mark("Waiting"),
    "in_progress": mark("Being counted"),
    "done": mark("Posted"),
    "cancelled": mark("Cancelled"),
}
TASK_STATES = {
    "open": mark("Waiting"),
    "in_progress": mark("Being counted"),
    "done": mark("Counted"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {
    "draft": "",
    "confirmed": "",
    "open": "",
    "in_progress": "warn",
    "done": "good",
    "cancelled": "bad",
}
RESULT_STATES = {
    "open": mark("Open"),
    "recount": mark("Is counted again"),
    "decided": mark("Settled"),
    "posted": mark("Posted"),
}
RESULT_TONES = {"open": "", "recount": "warn", "decided": "good", "posted": "good"}
ROUNDS = {1: mark("First count"), 2: mark("Recount"), 3: mark("Third count")}
CAUSES = {
    "short_pick": mark("Too little was found when picking"),
    "zero_check": mark("It should have been empty"),
    "request": mark("Somebody asked for it"),
    "count": mark("Count"),
    "recount": mark("Recount"),
    "alert": mark("Alert"),
}
ONLY = {
    "differences": mark("Differences"),
    "undecided": mark("Undecided"),
    "without_reason": mark("Without a reason"),
    "": mark("All lines"),
}


def reason(code: str) -> str:
    """Why the books were wrong, in the current language."""
    if code == LATE:
        return gettext(CAME_LATE)
    return gettext(REASONS[code]) if code in REASONS else code


WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "count_kinds": COUNT_KINDS,
    "count_states": COUNT_STATES,
    "task_states": TASK_STATES,
    "state_tones": STATE_TONES,
    "result_states": RESULT_STATES,
    "result_tones": RESULT_TONES,
    "rounds": ROUNDS,
    "causes": CAUSES,
    "reasons": REASONS,
    "only_words": ONLY,
    "reason_words": reason,
    "said": said,
    "plain": plain,
}
"""What every template of counting may name."""
