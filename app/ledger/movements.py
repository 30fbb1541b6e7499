"""What is posted: one quantity from a place to a place, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """A location; ``status`` is None for a virtual one."""

    location_id: int
    status: str | None = None


@dataclass(frozen=True)
class Movement:
    """One quantity from a place to a place, not yet posted.

    ``quantity`` is in the item's base unit.  ``amount`` is the value of what comes in, in the
    company's currency and already rounded; None lets it enter at the current average.  ``kind`` is
    the kind of its cost entry (``receipt``, ``issue``, ``adjustment``, ...).  ``line_kind`` and
    ``line_id`` name the document line that it belongs to.  ``move_id`` is a number taken from the
    moves' sequence beforehand, for who does not want to wait for it (goods that enter).
    ``cause_id`` is the cost entry that this one's goes back to (goods that enter).  ``unit_cost``
    is what goods are worth each that are found (``amount`` None); ``amends_id`` is the move whose
    quantity this one corrects.
    """

    store_id: int
    item_id: int
    quantity: Decimal
    source: Place
    target: Place
    biz_step: str
    kind: str = "adjustment"
    lot_id: int | None = None
    logistic_unit_id: int | None = None
    amount: Decimal | None = None
    line_kind: str | None = None
    line_id: int | None = None
    reason: str | None = None
    reverses_id: int | None = None
    move_id: int | None = None
    cause_id: int | None = None
    unit_cost: Decimal | None = None
    amends_id: int | None = None

    @property
    def enters(self) -> bool:
        return self.source.status is None

    @property
    def leaves(self) -> bool:
        return self.target.status is None


@dataclass(frozen=True)
class Posted:
    """A posted move and the value that crossed with it (positive in, negative out, zero within)."""

    move_id: int
    amount: Decimal
