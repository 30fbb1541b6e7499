"""Refused commands that can be run again: the composition root names their handlers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_type_hints

import msgspec

from app.kit.transactions import kind_of
from app.outbox.problems import NotRepeatable, WasNotRefused
from app.outbox.queries import ScanView

Handler = Callable[[Any, Any, Any], Any]
Repeatable = Mapping[str, Handler]


def repeatable(handlers: Iterable[Handler]) -> Repeatable:
    """The handlers by the kind that the audit knows their commands by."""
    return {kind_of(handler): handler for handler in handlers}


def handler_for(known: Repeatable, found: ScanView) -> Handler:
    """Raises WasNotRefused or NotRepeatable."""
    if found.outcome != "refused":
        raise WasNotRefused
    if found.kind not in known:
        raise NotRepeatable
    return known[found.kind]


def command_again(handler: Handler, payload: dict[str, Any]) -> Any:
    """The command as it was given."""
    return msgspec.convert(payload, get_type_hints(handler)["command"], strict=False)
