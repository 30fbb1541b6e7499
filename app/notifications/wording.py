"""The words of a message, in the channel's language, put together when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.kit.formats import in_zone, moment
from app.kit.i18n import gettext, mark, speaking

KINDS = {
    "approval_requested": mark("Approval wanted"),
    "approval_decided": mark("Decision on a request"),
    "order_blocked": mark("Order cannot ship"),
    "order_unblocked": mark("Order can be picked again"),
    "order_released": mark("Order released"),
    "order_cancelled": mark("Order cancelled"),
    "pick_short": mark("Picked less than promised"),
    "allocation_expired": mark("Promise of stock has lapsed"),
    "lot_held": mark("Lot held back"),
    "lot_freed": mark("Lot free again"),
    "status_changed": mark("Stock status changed"),
    "customer_return": mark("Return from a customer"),
    "transfer_requested": mark("Stock asked for"),
    "recount_requested": mark("Place to be counted"),
    "stock_alert": mark("Stock alert"),
    "device_silent": mark("Device does not send"),
    "test": mark("Test message"),
}
"""Kinds of event with what they are called; the list is open: others are told in plain words."""

EVERY_KIND = "*"
FACT_NAMES = {
    "store": mark("Store"),
    "number": mark("Number"),
    "order": mark("Order"),
    "customer": mark("Customer"),
    "pick": mark("Pick"),
    "item": mark("Item"),
    "lot": mark("Lot"),
    "location": mark("Location"),
    "quantity": mark("Quantity"),
    "amount": mark("Amount"),
    "from_status": mark("From status"),
    "to_status": mark("To status"),
    "requester": mark("Asked by"),
    "decided_by": mark("Decided by"),
    "decision": mark("Decision"),
    "reason": mark("Reason"),
    "note": mark("Note"),
    "due": mark("Due"),
    "expires": mark("Expires"),
    "device": mark("Device"),
    "user": mark("Person"),
    "count": mark("How many"),
}
"""Facts that a message lists below its sentence, in the order of this table."""

LINES = "lines"
"""A fact of this name is a list of further lines: sentences as [text, {facts}], or plain text."""


@dataclass(frozen=True)
class Told:
    """An event as it is to be told."""

    kind: str
    title: str
    facts: Mapping[str, Any]
    link: str
    store_name: str
    time_zone: str
    happened_at: datetime
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Message:
    """``subject`` is one line; ``text`` says everything, with the link as its last line."""

    subject: str
    text: str
    sentence: str
    link: str


def message(told: Told, language: str, public_url: str) -> Message:
    """Args: ``public_url`` is where phones reach Saoku, without a slash at its end."""
    with speaking(language), in_zone(told.time_zone):
        heading = gettext(KINDS.get(told.kind, told.kind))
        sentence = filled(told.title, told.facts)
        link = public_url + told.link
        lines = [
            f"【Saoku】{heading}",
            sentence,
            *_facts(told),
            *_more(told.facts),
            _closing(told),
            link,
        ]
    return Message(f"{heading}: {sentence}", "\n".join(one for one in lines if one), sentence, link)


def filled(sentence: str, facts: Mapping[str, Any]) -> str:
    """Translated, its braces filled; as it stands where a fact is missing: better than silence."""
    text = gettext(sentence)
    words = {name: _word(value) for name, value in facts.items()}
    try:
        return text.format(**words)
    except (KeyError, IndexError, ValueError):
        return text


def _word(value: object) -> str:
    return gettext(value) if isinstance(value, str) and value else str(value)


def _facts(told: Told) -> list[str]:
    known = {"store": told.store_name, **told.facts}
    return [
        f"{gettext(words)}: {_word(known[name])}"
        for name, words in FACT_NAMES.items()
        if known.get(name) not in (None, "")
    ]


def _more(facts: Mapping[str, Any]) -> list[str]:
    lines: list[Any] = facts.get(LINES) or []
    return [filled(one[0], one[1]) if isinstance(one, list) else str(one) for one in lines]  # pyright: ignore[reportUnknownArgumentType]


def _closing(told: Told) -> str:
    names = "、".join(told.names)
    return " · ".join(one for one in (moment(told.happened_at), names) if one)
