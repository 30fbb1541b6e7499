"""What was counted: an absolute observation of one place at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session

from app.kit.transactions import Envelope


@dataclass(frozen=True)
class Counted:
    """``quantity`` of one balance at ``envelope.occurred_at``.

    ``unit_cost`` is what a gain is worth each (the average where None); with ``sets_value`` what all
    that was counted is worth each.
    """

    store_id: int
    item_id: int
    location_id: int
    quantity: Decimal
    adjustment_location_id: int
    lot_id: int | None = None
    status: str = "available"
    logistic_unit_id: int | None = None
    unit_cost: Decimal | None = None
    sets_value: bool = False
    reason: str | None = None
    line_kind: str | None = None
    line_id: int | None = None


@dataclass(frozen=True)
class Observed:
    """``difference`` to what the records had at that moment; ``amount`` of value that it made.

    ``move_id`` is None where the records agreed.
    """

    observation_id: int
    move_id: int | None
    difference: Decimal
    amount: Decimal


def observe(session: Session, envelope: Envelope, counted: Counted) -> Observed:
    """Make the balance agree with what was counted at that moment.

    A move entered later that happened before changes the adjustment (a move with ``amends_id`` the
    adjusting one), so that the balance at the moment of the count stays what was counted.
    """
    raise NotImplementedError
