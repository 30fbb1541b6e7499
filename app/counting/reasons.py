"""Why the books were wrong: what a reviewer chooses from."""

from __future__ import annotations

from app.kit.i18n import mark

REASONS: dict[str, str] = {
    "unknown": mark("Cause not found"),
    "miscounted": mark("Counted wrongly before"),
    "misplaced": mark("Put in the wrong place"),
    "picking": mark("Picked wrongly"),
    "receiving": mark("Received wrongly"),
    "unit": mark("Wrong unit or packaging"),
    "damaged": mark("Damaged and thrown away"),
    "expired": mark("Expired and thrown away"),
    "own_use": mark("Used in the house"),
    "theft": mark("Lost or stolen"),
    "weight": mark("Loss of weight"),
    "system": mark("Not booked"),
    "opening": mark("Opening stock"),
}
