"""The waterfall as the chart draws it: the whole, then each part where the one before it ends."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from app.kit.formats import quantity
from app.kit.i18n import gettext, mark
from app.troubleshooting.answer import Diagnosis

TOTAL = mark("On hand")
_COLOURS = {"soft": "ink-soft"}
Row = tuple[str, Decimal, str, str, Decimal]


def chart_of(found: Diagnosis) -> str:
    """Rows of name, length, colour, words and beginning, as JSON.

    The lengths are only drawn; the words are exact.
    """
    rows: list[Row] = [(gettext(TOTAL), found.total, "ink-soft", quantity(found.total), Decimal(0))]
    left = found.total
    for bucket in found.buckets:
        left -= bucket.quantity
        colour = _COLOURS.get(bucket.tone, bucket.tone)
        rows.append((bucket.label, bucket.quantity, colour, quantity(bucket.quantity), left))
    return msgspec.json.Encoder(decimal_format="number").encode(rows).decode()
