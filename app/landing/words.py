"""The words of landed cost: charges, bases, states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.kit.i18n import gettext, mark
from app.kit.money import plain

CHARGE_NAMES = {
    "freight": mark("Freight"),
    "duty": mark("Customs duty"),
    "insurance": mark("Insurance"),
    "handling": mark("Handling"),
    "commission": mark("Commission"),
    "other": mark("Other charge"),
}
BASIS_NAMES = {
    "by_value": mark("By value"),
    "by_weight": mark("By weight"),
    "by_volume": mark("By volume"),
    "by_quantity": mark("By quantity"),
    "equal": mark("Equally"),
    "manual": mark("By hand"),
}
VOUCHER_STATES = {
    "draft": mark("Draft"),
    "posting": mark("Being posted"),
    "posted": mark("Posted"),
    "reversing": mark("Being reversed"),
    "reversed": mark("Reversed"),
    "cancelled": mark("Cancelled"),
}
STATE_TONES = {
    "draft": "",
    "posting": "warn",
    "posted": "good",
    "reversing": "warn",
    "reversed": "bad",
    "cancelled": "bad",
}

ESTIMATE_BASES = {name: words for name, words in BASIS_NAMES.items() if name != "manual"}


def options_of(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Options of a choice, in the current language."""
    return [(value, gettext(words)) for value, words in names.items()]


def charge_columns(charges: Sequence[Any]) -> list[dict[str, Any]]:
    """A column of the table of shares for each charge."""
    return [
        {"key": f"charge{one.id}", "label": gettext(CHARGE_NAMES[one.kind]), "number": True}
        for one in charges
    ]


WORDS: dict[str, Any] = {
    "charge_names": CHARGE_NAMES,
    "basis_names": BASIS_NAMES,
    "voucher_states": VOUCHER_STATES,
    "state_tones": STATE_TONES,
    "estimate_bases": ESTIMATE_BASES,
    "options_of": options_of,
    "charge_columns": charge_columns,
    "plain": plain,
}
"""What every template of landing may name."""
