"""Words of the reports."""

from __future__ import annotations

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
STEADINESS = {"X": mark("Steady"), "Y": mark("Changing"), "Z": mark("By fits and starts")}
