"""What may need approval, and what a policy's condition can name of it.

The one that asks (a workflow slice) gives the facts under these names: numbers as Decimal or int,
words as str, yes or no as bool.  A fact that is missing makes the condition fail, which means that
approval is needed; facts beside these must stay the same too, but no condition can name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.kit.i18n import mark

Sort = Literal["number", "text", "yes"]


@dataclass(frozen=True)
class Fact:
    """One name that a condition can use; ``words`` is what people call it."""

    words: str
    sort: Sort


@dataclass(frozen=True)
class Kind:
    """A kind of delicate command, by what people call it, with its facts.

    ``never`` says why nobody can approve it, where that is so: then it has no policies.
    """

    words: str
    facts: Mapping[str, Fact]
    never: str = ""


def _number(words: str) -> Fact:
    return Fact(words, "number")


def _text(words: str) -> Fact:
    return Fact(words, "text")


# Known to every kind: given by ``asking`` itself, and not compared at execution.
COMMON: Mapping[str, Fact] = {
    "store": _text(mark("Store (code)")),
    "role": _text(mark("Role of the one who asks")),
}

KINDS: Mapping[str, Kind] = {
    "status_release": Kind(
        mark("Release of stock"),
        {
            "item": _text(mark("Item (code)")),
            "category": _text(mark("Category of the item")),
            "lot": _text(mark("Lot")),
            "location": _text(mark("Location")),
            "from_status": _text(mark("Status before")),
            "to_status": _text(mark("Status after")),
            "quantity": _number(mark("Quantity in base units")),
            "on_hand": _number(mark("Quantity on hand")),
            "held": Fact(mark("Held by a recall"), "yes"),
        },
    ),
    "adjustment": Kind(
        mark("Correction of stock"),
        {
            "item": _text(mark("Item (code)")),
            "quantity": _number(mark("Quantity in base units")),
            "amount": _number(mark("Value in the company's currency")),
            "step": _text(mark("Step that is corrected")),
        },
    ),
    "over_receipt": Kind(
        mark("More received than ordered"),
        {
            "item": _text(mark("Item (code)")),
            "order": _text(mark("Purchase order")),
            "supplier": _text(mark("Supplier (code)")),
            "ordered": _number(mark("Quantity ordered")),
            "total": _number(mark("Quantity in all")),
            "excess": _number(mark("Quantity beyond the order")),
        },
    ),
    "negative_stock": Kind(
        mark("More issued than on hand"),
        {},
        never=mark("Stock never becomes negative: what is not there is refused, and counted."),
    ),
    "price_change": Kind(
        mark("Change of a price"),
        {
            "item": _text(mark("Item (code)")),
            "old_price": _number(mark("Price before")),
            "new_price": _number(mark("Price after")),
            "change_rate": _number(mark("Change as a fraction (0.1 is a tenth more)")),
        },
    ),
    "landed_cost": Kind(
        mark("Charges on received goods"),
        {
            "voucher": _text(mark("Voucher")),
            "supplier": _text(mark("Supplier (code)")),
            "amount": _number(mark("Value in the company's currency")),
            "goods": _number(mark("Value of the goods")),
            "share": _number(mark("Charges as a fraction of the goods (0.2 is 20 %)")),
        },
    ),
    "order_release": Kind(
        mark("Release of a sales order"),
        {
            "order": _text(mark("Sales order")),
            "customer": _text(mark("Customer (code)")),
            "amount": _number(mark("Total amount with tax")),
            "discount_rate": _number(mark("Largest discount as a fraction (0.2 is 20 %)")),
            "currency": _text(mark("Currency")),
            "region": _text(mark("Region")),
            "line_count": _number(mark("Number of lines")),
        },
    ),
    "period_reopening": Kind(
        mark("Reopening of a closed month"), {"month": _text(mark("Month (2026-11)"))}
    ),
}

# The names of what a company begins with; the migration has written them.
DEFAULT_NAMES = (
    mark("Stock is released by two people"),
    mark("Corrections above 1000"),
    mark("More received than ordered"),
    mark("Prices changed by more than a tenth"),
    mark("Orders above 50000"),
    mark("Discounts above 20 %"),
    mark("Closed months are reopened by two people"),
)


def facts_of(kind: str) -> Mapping[str, Fact]:
    """What a condition of this kind can name.  KeyError: an unknown kind is our bug."""
    return {**KINDS[kind].facts, **COMMON}
