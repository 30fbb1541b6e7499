"""Kinds of value rows and methods, as people call them."""

from __future__ import annotations

from typing import Any

from app.kit.i18n import mark

ENTRY_NAMES = {
    "receipt": mark("Receipt"),
    "issue": mark("Issue"),
    "return_in": mark("Return from a customer"),
    "return_out": mark("Return to a supplier"),
    "landed": mark("Landed cost"),
    "landed_to_cogs": mark("Landed cost of what is sold"),
    "revaluation": mark("Revaluation"),
    "correction": mark("Correction"),
    "production_in": mark("Production output"),
    "production_out": mark("Production input"),
    "transfer": mark("Transfer"),
    "adjustment": mark("Adjustment"),
}
METHOD_NAMES = {
    "moving_average": mark("Moving average"),
    "fifo": mark("First in, first out"),
    "specific": mark("By lot or serial number"),
}
WORDS: dict[str, Any] = {"entry_names": ENTRY_NAMES, "method_names": METHOD_NAMES}
