"""Labels as the queue stores them, so that what was asked for is printed, whatever changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from printing.kinds import kind_of
from printing.labels import (
    BadgeLabel,
    CommandLabel,
    DocumentLabel,
    ItemLabel,
    Label,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
)

CLASSES: dict[str, type[Label]] = {
    "item": ItemLabel,
    "packaging": PackagingLabel,
    "lot": LotLabel,
    "location": LocationLabel,
    "logistic_unit": LogisticUnitLabel,
    "badge": BadgeLabel,
    "command": CommandLabel,
    "document": DocumentLabel,
}
"""By the names of ``printing.kinds.LabelKind``."""


@dataclass(frozen=True)
class Found:
    """A label, the row that it belongs to (None for a command), and how many are wanted of it."""

    thing_id: int | None
    label: Label
    copies: int = 1

    @property
    def kind(self) -> str:
        return kind_of(self.label).value

    @property
    def title(self) -> str:
        """How people know it in a list."""
        return title_of(self.label)


def packed(label: Label) -> dict[str, Any]:
    """As JSON-ready data; ``unpacked`` reads it again."""
    return msgspec.to_builtins(label)


def unpacked(kind: str, content: Any) -> Label:
    return msgspec.convert(content, CLASSES[kind], strict=False)


def title_of(label: Label) -> str:
    match label:
        case LotLabel():
            return f"{label.name} {label.lot or label.serial}"
        case LogisticUnitLabel():
            return " ".join(part for part in (label.sscc, label.item_name) if part)
        case DocumentLabel():
            return f"{label.title} {label.number}"
        case CommandLabel():
            return label.title
        case BadgeLabel() | LocationLabel():
            return label.name
        case ItemLabel():
            return f"{label.name} {label.item_code}"
