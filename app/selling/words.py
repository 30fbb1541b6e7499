"""The words of the screens of sales orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain
from app.orders.words import ALLOCATION_RULES, ORDER_STATES, PARTIAL_POLICIES
from app.selling.queries import Choice

STATE_TONES = {
    "draft": "",
    "confirmed": "accent",
    "in_progress": "warn",
    "done": "good",
    "cancelled": "bad",
}
READINESS = {
    "ready": mark("Ready"),
    "partly": mark("Partly ready"),
    "blocked": mark("Blocked"),
}
LINE_STATES = READINESS | {
    "shipped": mark("Shipped"),
    "short": mark("Closed short"),
    "open": "",
}
LINE_TONES = {
    "ready": "good",
    "partly": "warn",
    "blocked": "bad",
    "shipped": "accent",
    "short": "warn",
    "open": "",
}
DOCUMENT_KINDS = {
    "pick": mark("Pick"),
    "shipment": mark("Shipment"),
    "approval": mark("Approval"),
}
DOCUMENT_STATES = {
    "confirmed": mark("Waiting"),
    "in_progress": mark("In progress"),
    "paused": mark("Paused"),
    "done": mark("Done"),
    "cancelled": mark("Cancelled"),
    "waiting": mark("Waits for votes"),
    "approved": mark("Approved"),
    "rejected": mark("Rejected"),
    "withdrawn": mark("Withdrawn"),
    "expired": mark("Expired"),
    "failed": mark("Failed"),
}
DOCUMENT_LINKS = {"pick": "/picking/", "shipment": "/shipping/", "approval": "/approvals/"}
HAPPENED = {
    "created": mark("Order created"),
    "released": mark("Released"),
    "closed": mark("Closed"),
    "cancelled": mark("Cancelled"),
    "approval_requested": mark("Approval asked for"),
    "picked": mark("Picked"),
    "shipped": mark("Shipped"),
}


def word_of(words: Mapping[str, str], name: str) -> str:
    """The word in the current language, empty where there is none."""
    found = words.get(name, "")
    return gettext(found) if found else ""


def choices_of(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """As the options of a select box."""
    return [(one.code, one.name) for one in choices]


WORDS: dict[str, Any] = {
    "order_states": ORDER_STATES,
    "state_tones": STATE_TONES,
    "readiness_words": READINESS,
    "line_states": LINE_STATES,
    "line_tones": LINE_TONES,
    "partial_policies": PARTIAL_POLICIES,
    "allocation_rules": ALLOCATION_RULES,
    "document_kinds": DOCUMENT_KINDS,
    "document_states": DOCUMENT_STATES,
    "document_links": DOCUMENT_LINKS,
    "happened": HAPPENED,
    "plain": plain,
    "word_of": word_of,
    "choices_of": choices_of,
}
"""What every template of selling may name."""
