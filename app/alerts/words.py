"""What each kind of alert is called, what it says, and what its threshold counts."""

from __future__ import annotations

from app.kit.i18n import mark

KIND_NAMES = {
    "below_safety_stock": mark("Below safety stock"),
    "no_movement": mark("No movement"),
    "near_expiry": mark("Near expiry"),
    "negative_attempt": mark("Taken below zero"),
    "stale_allocation": mark("Stale promise"),
    "unsynchronised_device": mark("Device with unsent scans"),
}
SENTENCES = {
    "below_safety_stock": mark(
        "{item} ({code}): {quantity} {unit} left, {wanted} wanted at least."
    ),
    "no_movement": mark("{item} ({code}): {quantity} {unit} untouched for {days} days."),
    "near_expiry": mark("{item} ({code}), lot {lot}: {quantity} {unit} end on {expires}."),
    "negative_attempt": mark(
        "{user} wanted {wanted} {unit} of {item} ({code}) at {location}, which holds {quantity}."
    ),
    "stale_allocation": mark(
        "{quantity} {unit} of {item} ({code}) are still kept for order {order}."
    ),
    "unsynchronised_device": mark("{count} scans of {device} {user} have not arrived."),
}
# Where a warehouse may go below zero, nobody was refused.
BELOW_ZERO = mark("{location} holds {quantity} {unit} of {item} ({code}): less than nothing.")
SEVERAL = {
    "below_safety_stock": mark("{count} items are below their safety stock."),
    "no_movement": mark("{count} items have not moved for a long time."),
    "near_expiry": mark("{count} lots expire soon, or have."),
    "negative_attempt": mark("{count} items were wanted where the books have too few."),
    "stale_allocation": mark("{count} promises to orders are stale."),
    "unsynchronised_device": mark("{count} devices have scans that have not arrived."),
}
UNITS = {
    "below_safety_stock": mark("percent above the safety stock"),
    "no_movement": mark("days"),
    "near_expiry": mark("days"),
    "negative_attempt": mark("hours after the last attempt"),
    "stale_allocation": mark("hours"),
    "unsynchronised_device": mark("minutes"),
}
TELLS = {"unsynchronised_device": "device_silent"}
"""The kind of event by which an alert is told; ``stock_alert`` for all others."""


def sentence(kind: str, facts: dict[str, object]) -> str:
    """The marked sentence of an alert; its braces are the facts' names."""
    below = kind == "negative_attempt" and "user" not in facts
    return BELOW_ZERO if below else SENTENCES[kind]
