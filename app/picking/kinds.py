"""The kinds of event that every step of the flow has an answer for."""

from __future__ import annotations

from app.picking.state import NoInput, TypedQuantity, TypedShort
from app.scanning.kinds import Kinds

_OWN: dict[type[object], str] = {
    TypedQuantity: "quantity",
    TypedShort: "typed_short",
    NoInput: "none",
}
_COMMANDS = {
    "OK": "none",
    "UNDO": "undo",
    "CANCEL": "cancel",
    "SKIP": "skip",
    "SHORT": "short",
    "PAUSE": "pause",
    "DONE": "close",
}
EVENTS = Kinds(_OWN, _COMMANDS)
KINDS = EVENTS.all
"""Every kind; ``none`` is the OK button, the OK label, or no input in time."""
kind_of = EVENTS.of
