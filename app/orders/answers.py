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


@dataclass(frozen=True)
class OrderChanged:
    """An order after a command on it.

    ``approval_id`` is the request that waits for votes: then nothing has changed yet.
    ``allocated`` is what the order was promised with it; ``served`` the other orders that got what
    it gave back.
    """

    order_id: int
    number: str
    state: str
    approval_id: int | None = None
    allocated: Allocated | None = None
    served: list[Allocated] = field(default_factory=list[Allocated])


@dataclass(frozen=True)
class LineReleased:
    """What a line gave back (base units), and who got it."""

    order_id: int
    line_id: int
    quantity: Decimal
    served: list[Allocated] = field(default_factory=list[Allocated])


@dataclass(frozen=True)
class Requested:
    """A request that was written down."""

    request_id: int
