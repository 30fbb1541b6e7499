"""What a line of an invoice is worth: net, tax, and its value for stock.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.kit.money import rounded

CENTS = 2
"""Decimals of amounts on an invoice, whatever its currency."""


@dataclass(frozen=True)
class Terms:
    """How the amounts of a document are to be read.

    ``rate`` is company currency per unit of the document's; ``decimals`` the company's;
    ``recovers``: the company gets input tax back, so that stock is worth the net amount.
    """

    rate: Decimal
    decimals: int
    includes_tax: bool
    recovers: bool


@dataclass(frozen=True)
class LineAmounts:
    """``net`` and ``tax`` in the document's currency, ``value`` for stock in the company's."""

    net: Decimal
    tax: Decimal
    value: Decimal


def line_amounts(
    quantity: Decimal, unit_price: Decimal, tax_rate: Decimal, terms: Terms
) -> LineAmounts:
    """Net and tax always make the gross amount of the paper (CAS 1, art. 6)."""
    amount = rounded(quantity * unit_price, CENTS)
    if terms.includes_tax:
        net = rounded(amount / (1 + tax_rate), CENTS)
        tax = amount - net
    else:
        net, tax = amount, rounded(amount * tax_rate, CENTS)
    counted = net if terms.recovers else net + tax
    return LineAmounts(net, tax, rounded(counted * terms.rate, terms.decimals))
