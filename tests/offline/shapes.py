"""The server's meanings and facts as the browser's modules take them."""

from __future__ import annotations

from typing import Any

import msgspec

from app.counting import kinds as count_kinds
from app.picking import kinds as pick_kinds
from app.receiving import kinds
from app.receiving.state import Facts, State
from app.scanning.meanings import DocumentMeaning, LocationMeaning


def event_json(event: Any) -> dict[str, Any]:
    """The meaning, button or typed value of any workflow."""
    fields = msgspec.to_builtins(event)
    if isinstance(event, LocationMeaning):
        fields["place"] = fields["kind"]
    if isinstance(event, DocumentMeaning):
        fields["document"] = fields["kind"]
    classes = {**kinds.EVENTS.by_class, **pick_kinds.EVENTS.by_class, **count_kinds.EVENTS.by_class}
    kind = classes.get(type(event), "command")
    return {**fields, "kind": kind}


def facts_json(facts: Facts) -> dict[str, Any]:
    return msgspec.to_builtins(facts)


def state_of(given: dict[str, Any]) -> State:
    return msgspec.convert(given, State, strict=False)
