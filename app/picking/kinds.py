"""The kinds of event that every step of the flow has an answer for."""

from __future__ import annotations

from app.picking.state import Event, NoInput, TypedQuantity, TypedShort
from app.scanning.meanings import (
    BadgeMeaning,
    CommandMeaning,
    DocumentMeaning,
    InvoiceMeaning,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
    PartnerMeaning,
    SearchMeaning,
    UnknownMeaning,
    UnreadableMeaning,
)

_BY_CLASS: dict[type[object], str] = {
    ItemMeaning: "item",
    LotMeaning: "lot",
    LocationMeaning: "location",
    LogisticUnitMeaning: "logistic_unit",
    DocumentMeaning: "document",
    PartnerMeaning: "partner",
    BadgeMeaning: "badge",
    InvoiceMeaning: "invoice",
    SearchMeaning: "search",
    UnreadableMeaning: "unreadable",
    UnknownMeaning: "unknown",
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
KINDS = (
    *_BY_CLASS.values(), "undo", "cancel", "skip", "short", "pause", "close", "more", "command",
)  # fmt: skip
"""Every kind; ``none`` is the OK button, the OK label, or no input in time."""


def kind_of(event: Event) -> str:
    if isinstance(event, CommandMeaning):
        return "more" if event.step is not None else _COMMANDS.get(event.name, "command")
    return _BY_CLASS[type(event)]
