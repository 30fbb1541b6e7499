"""The words of the screens of recipes and production."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import mark
from app.kit.money import plain
from app.scanning.messages import said

PROMPTS = {
    "scan_goods": mark("Scan a component, or what was made"),
    "scan_place": mark("Scan the place where you take it"),
    "scan_lot": mark("Scan the lot"),
    "confirm_more": mark("Scan it again if it is really used"),
    "confirm_output": mark("Check the quantity, then OK"),
    "done": mark("This order is done"),
}
ORDER_STATES = {
    "planned": mark("Planned"),
    "in_progress": mark("In production"),
    "done": mark("Produced"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {"planned": "accent", "in_progress": "warn", "done": "good", "cancelled": "bad"}
KINDS = {"assembly": mark("Production"), "disassembly": mark("Disassembly")}
ISSUES = {"backflush": mark("Backflush"), "scan": mark("By scan")}
SOURCES = {
    "recipe": mark("from its recipe"),
    "stock": mark("from stock"),
    "none": mark("no cost known"),
}
REPORTS = {"output": mark("Output"), "scrap": mark("Waste")}

WORDS: dict[str, Any] = {
    "prompts": PROMPTS,
    "order_states": ORDER_STATES,
    "state_tones": STATE_TONES,
    "order_kinds": KINDS,
    "issues": ISSUES,
    "sources": SOURCES,
    "reports": REPORTS,
    "said": said,
    "plain": plain,
}
"""What every template of production may name."""
