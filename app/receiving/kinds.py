"""The kinds of event that every step of the flow has an answer for."""

from __future__ import annotations

from app.receiving.typed import NoInput, Turn, TypedDates, TypedLot, TypedQuantity
from app.scanning.kinds import Kinds

_OWN: dict[type[object], str] = {
    TypedQuantity: "quantity",
    TypedLot: "typed_lot",
    TypedDates: "typed_dates",
    Turn: "turn",
    NoInput: "none",
}
_COMMANDS = {
    "OK": "none",
    "UNDO": "undo",
    "CANCEL": "cancel",
    "PRINT": "print",
    "PAUSE": "pause",
    "DONE": "close",
    "PUTAWAY": "turn",
}
EVENTS = Kinds(_OWN, _COMMANDS)
KINDS = EVENTS.all
"""Every kind; ``none`` is the OK button, the OK label, or no input in time."""
kind_of = EVENTS.of
