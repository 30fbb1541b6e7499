"""The kinds of event that every step of the flow has an answer for."""

from __future__ import annotations

from app.counting.state import Event, TypedLot, TypedQuantity
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
    TypedLot: "typed_lot",
}
_COMMANDS = {"OK": "ok", "UNDO": "undo", "CANCEL": "undo", "EMPTY": "empty", "DONE": "finish"}
KINDS = (*_BY_CLASS.values(), "ok", "undo", "empty", "finish", "more", "command")


def kind_of(event: Event) -> str:
    if isinstance(event, CommandMeaning):
        return "more" if event.step is not None else _COMMANDS.get(event.name, "command")
    return _BY_CLASS[type(event)]
