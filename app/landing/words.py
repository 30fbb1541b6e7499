"""The words of landed cost: charges, bases, states."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import mark
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

WORDS: dict[str, Any] = {
    "charge_names": CHARGE_NAMES,
    "basis_names": BASIS_NAMES,
    "voucher_states": VOUCHER_STATES,
    "state_tones": STATE_TONES,
    "plain": plain,
}
"""What every template of landing may name."""
