"""The kinds of event that the flow of a scan screen is stepped by: scanned, typed or pressed."""

from __future__ import annotations

from collections.abc import Mapping

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

_SCANNED: dict[type[object], str] = {
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
}


class Kinds:
    """The kinds that every step of one workflow has an answer for.

    A command that the workflow does not know is ``command``, one that adds (+N) is ``more``.

    Args:
        own: the workflow's own events.
        commands: what its buttons and command labels mean, by their names.
    """

    def __init__(self, own: Mapping[type[object], str], commands: Mapping[str, str]) -> None:
        self.by_class = _SCANNED | dict(own)
        self.commands = commands
        named = (*self.by_class.values(), *commands.values(), "more", "command")
        self.all = tuple(dict.fromkeys(named))

    def of(self, event: object) -> str:
        """The kind of an event."""
        if isinstance(event, CommandMeaning):
            return "more" if event.step is not None else self.commands.get(event.name, "command")
        return self.by_class[type(event)]
