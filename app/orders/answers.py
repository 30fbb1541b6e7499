"""What the commands on orders answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class LineAllocated:
    """``quantity`` was promised just now; ``short`` is what the line still misses (base units)."""

    line_id: int
    item_id: int
    item: str
    quantity: Decimal
    short: Decimal


@dataclass(frozen=True)
class Allocated:
    """What an order was promised just now, line by line; only lines that wanted something."""

    order_id: int
    number: str
    lines: list[LineAllocated] = field(default_factory=list[LineAllocated])

    @property
    def is_complete(self) -> bool:
        return all(not line.short for line in self.lines)

    @property
    def is_anything(self) -> bool:
        return any(line.quantity for line in self.lines)
