"""The report as the chart draws it: revenue and margin side by side."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from app.kit.formats import amount
from app.reporting.pivot import Pivot

MOST_BARS, MOST_PERIODS = 12, 62
Bar = tuple[str, Decimal, Decimal, str]


def chart_of(found: Pivot) -> str:
    """Rows of name, revenue, margin and words, as JSON; the newest periods, the first rows.

    The lengths are only drawn; the words are exact.
    """
    shown = [row for row in found.rows if row.head.key is not None]
    is_period = found.question.rows.is_period
    shown = shown[-MOST_PERIODS:] if is_period else shown[:MOST_BARS]
    bars: list[Bar] = [
        (row.head.words, row.total.revenue, row.total.margin, words(row.total.rate))
        for row in shown
    ]
    return msgspec.json.Encoder(decimal_format="number").encode(bars).decode()


def words(rate: Decimal | None) -> str:
    """``12.3 %``; a dash without revenue."""
    return "–" if rate is None else f"{amount(rate * 100, 1)} %"
