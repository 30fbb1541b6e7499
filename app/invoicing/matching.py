"""What a line of an invoice means for the receipt lines behind it.  Pure.

The goods entered stock at an estimate (the order's price).  As they are billed, so much of the
estimate is reversed and the billed value takes its place; only the difference is posted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kit.money import ZERO, rounded, split


@dataclass(frozen=True)
class Open:
    """A receipt line, or of credits a line of a return, with what of it is open.

    ``quantity`` in base units, ``amount`` in the company's currency; ``invoiced`` is the quantity
    that is billed already.
    """

    receipt_line_id: int
    move_id: int
    quantity: Decimal
    amount: Decimal
    invoiced: Decimal = ZERO
    return_line_id: int | None = None


@dataclass(frozen=True)
class Match:
    """So much of one receipt line: ``estimate`` goes out, ``value`` comes in."""

    receipt_line_id: int
    move_id: int
    quantity: Decimal
    estimate: Decimal
    value: Decimal
    return_line_id: int | None = None

    @property
    def change(self) -> Decimal:
        return self.value - self.estimate


def open_quantity(rows: Sequence[Open]) -> Decimal:
    return sum((row.quantity for row in rows), ZERO)


def billed(rows: Sequence[Open], quantity: Decimal, value: Decimal, decimals: int) -> list[Match]:
    """Bill ``quantity`` of the open lines, the oldest first; it must be there.

    The value is shared as the estimates are, so that goods of two prices keep their relation.
    """
    parts = _taken(rows, quantity)
    estimates = [_part(row.amount, take, row.quantity, decimals) for row, take in parts]
    weights = estimates if all(one > 0 for one in estimates) else [take for _, take in parts]
    values = split(value, weights, decimals)
    return [
        Match(row.receipt_line_id, row.move_id, take, estimate, part)
        for (row, take), estimate, part in zip(parts, estimates, values, strict=True)
    ]


def lowered(rows: Sequence[Open], quantity: Decimal, value: Decimal, decimals: int) -> list[Match]:
    """A lower price for ``quantity`` that is billed already; ``value`` is what is taken off."""
    parts = _taken([_billed_row(row) for row in rows], quantity)
    values = split(-value, [take for _, take in parts], decimals)
    return [
        Match(row.receipt_line_id, row.move_id, ZERO, ZERO, part)
        for (row, _), part in zip(parts, values, strict=True)
    ]


def credited(rows: Sequence[Open], quantity: Decimal, value: Decimal, decimals: int) -> list[Match]:
    """Credit for goods that were sent back: ``amount`` of the rows was expected for them."""
    return [
        Match(
            one.receipt_line_id, one.move_id, one.quantity, -one.estimate, -one.value,
            row.return_line_id,
        )
        for one, (row, _) in zip(
            billed(rows, quantity, value, decimals), _taken(rows, quantity), strict=True
        )
    ]  # fmt: skip


def _billed_row(row: Open) -> Open:
    return Open(row.receipt_line_id, row.move_id, row.invoiced, row.amount)


def _taken(rows: Sequence[Open], quantity: Decimal) -> list[tuple[Open, Decimal]]:
    left, parts = quantity, list[tuple[Open, Decimal]]()
    for row in rows:
        take = min(left, row.quantity)
        if take > 0:
            parts.append((row, take))
            left -= take
    assert left == 0, "more than what is open: the caller refuses that"
    return parts


def _part(amount: Decimal, take: Decimal, quantity: Decimal, decimals: int) -> Decimal:
    """The last piece takes all that is left."""
    return amount if take == quantity else rounded(amount * take / quantity, decimals)
