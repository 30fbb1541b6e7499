"""The kinds of event that every step of the flow has an answer for."""

from __future__ import annotations

from app.counting.state import TypedLot, TypedQuantity
from app.scanning.kinds import Kinds

_OWN: dict[type[object], str] = {
    TypedQuantity: "quantity",
    TypedLot: "typed_lot",
}
_COMMANDS = {"OK": "ok", "UNDO": "undo", "CANCEL": "undo", "EMPTY": "empty", "DONE": "finish"}
EVENTS = Kinds(_OWN, _COMMANDS)
KINDS = EVENTS.all
kind_of = EVENTS.of
