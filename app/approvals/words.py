"""Requests in words: titles, facts and states for people."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.access.roles import ROLE_NAMES
from app.approvals.conditions import number_in
from app.approvals.deciding import STATE_NAMES
from app.approvals.kinds import KINDS, facts_of
from app.kit import formats
from app.kit.i18n import gettext, mark

STATE_TONES = {
    "waiting": "warn",
    "approved": "good",
    "rejected": "bad",
    "withdrawn": "",
    "expired": "",
    "failed": "bad",
}
VOTE_NAMES = {"approve": mark("Approved"), "reject": mark("Rejected")}
VOTE_TONES = {"approve": "good", "reject": "bad"}
# Values that facts hold as the program writes them.
_VALUES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
    "receiving": mark("Receiving"),
    "put_away": mark("Put-away"),
    "opening_stock": mark("Opening stock"),
}


def kind_name(kind: str) -> str:
    return gettext(KINDS[kind].words) if kind in KINDS else kind


def value_words(value: str) -> str:
    """A word of the program as people say it; any other text as it is."""
    return gettext(_VALUES.get(value, value))


def title_words(title: Mapping[str, Any]) -> str:
    """The sentence in the current language, with its values."""
    values = {name: value_words(str(value)) for name, value in title["values"].items()}
    return gettext(str(title["text"])).format(**values)


def fact_name(kind: str, name: str) -> str:
    """What people call a fact; facts that no policy names keep their own name."""
    found = facts_of(kind).get(name) if kind in KINDS else None
    return gettext(found.words) if found else name


def fact_order(kind: str, name: str) -> int:
    """Facts are shown in the order of their kind, others behind them."""
    known = list(facts_of(kind)) if kind in KINDS else []
    return known.index(name) if name in known else len(known)


def fact_words(value: object) -> str:
    """A stored fact as people read it."""
    number = number_in(value)
    if number is not None:
        return formats.quantity(Decimal(number))
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return "" if value is None else value_words(str(value))


def role_words(roles: list[str]) -> str:
    return "、".join(gettext(ROLE_NAMES.get(role, role)) for role in roles)


WORDS: dict[str, Any] = {
    "state_names": STATE_NAMES,
    "state_tones": STATE_TONES,
    "vote_names": VOTE_NAMES,
    "vote_tones": VOTE_TONES,
    "kind_name": kind_name,
    "role_words": role_words,
}
