"""Why there is too little at a stop."""

from __future__ import annotations

from app.kit.i18n import mark
from app.picking import refusals

REASONS = {
    "not_found": mark("Not found"),
    "too_few": mark("Fewer than shown"),
    "broken": mark("Broken"),
    "unreachable": mark("Cannot be reached"),
    "other": mark("Other reason"),
}
"""What a person can choose; any other text is kept as it was written."""
LONGEST_REASON = 200


def reason_of(text: str) -> str:
    """The reason, tidied.

    Raises:
        ReasonWanted: it is empty or too long.
    """
    reason = " ".join(text.split())
    if not 1 <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise refusals.ReasonWanted
    return reason
