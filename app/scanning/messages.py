"""What a scan screen says to the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.kit.i18n import gettext

Tone = Literal["accepted", "attention", "refused"]


@dataclass(frozen=True)
class Message:
    """A sentence for the operator, translated when shown; ``values`` fill the text's braces."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict[str, str])


def said(message: Message | None) -> str:
    """The sentence in the current language."""
    return gettext(message.text).format(**message.values) if message else ""
