"""How a received quantity shares out over order lines, and what each share is worth.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kit.money import ZERO, rounded
from app.receiving.state import ExpectedLine


@dataclass(frozen=True)
class Share:
    """Part of an entry: ``amount`` is its value, None where no order line gives a price."""

    quantity: Decimal
    order_line_id: int | None = None
    amount: Decimal | None = None


def shares(quantity: Decimal, lines: Sequence[ExpectedLine], decimals: int) -> list[Share]:
    """Fill the lines in their order up to what is ordered, then up to what may come in.

    Args:
        quantity: base units, checked before against the lines' limits.
        lines: the order's lines of one item; none for goods without an order.
        decimals: of the company's currency.
    """
    if not lines:
        return [Share(quantity)]
    ordered = [line.remaining for line in lines]
    over = [max(line.limit - max(line.received, line.quantity), ZERO) for line in lines]
    taken = _filled(quantity, ordered)
    more = _filled(quantity - sum(taken), over)
    taken = [one + other for one, other in zip(taken, more, strict=True)]
    # What is still left, if anything, is refused by the database's own check.
    taken[-1] += quantity - sum(taken)
    return [
        Share(part, line.id, amount(line, part, decimals))
        for line, part in zip(lines, taken, strict=True)
        if part
    ]


def _filled(quantity: Decimal, room: Sequence[Decimal]) -> list[Decimal]:
    """The quantity poured into the rooms, one after another."""
    parts: list[Decimal] = []
    for space in room:
        parts.append(min(quantity, space))
        quantity -= parts[-1]
    return parts


def amount(line: ExpectedLine, quantity: Decimal, decimals: int) -> Decimal:
    """The value of the next ``quantity`` of a line: its cumulative share less what went before.

    So the parts of a line always sum to its net amount; more than ordered goes on at the same
    unit value.
    """
    through = rounded(line.net_amount * (line.received + quantity) / line.quantity, decimals)
    return max(through - line.received_value, ZERO)
