"""What becomes known later: charges and prices of earlier receipts, quantities, values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlmodel import Session

from app.kit.transactions import Envelope
from app.ledger.movements import Posted


@dataclass(frozen=True)
class Correction:
    """``amount`` more (or, negative, less) that the goods of the receipt ``move_id`` cost.

    ``kind``: ``landed`` for charges, ``correction`` for prices.
    """

    move_id: int
    amount: Decimal
    kind: Literal["landed", "correction"] = "landed"
    reason: str = ""


@dataclass(frozen=True)
class Corrected:
    """Where a correction went: to goods still in stock (any pool), and to those that are gone."""

    move_id: int
    to_stock: Decimal
    to_cogs: Decimal


@dataclass(frozen=True)
class Revaluation:
    """A new value of what is in stock: ``amount`` more or less, or all of it at ``unit_cost``."""

    store_id: int
    item_id: int
    lot_id: int | None = None
    amount: Decimal | None = None
    unit_cost: Decimal | None = None
    reason: str = ""


def preview(session: Session, corrections: Sequence[Correction]) -> list[Corrected]:
    """What ``correct`` would answer now.  Writes nothing."""
    raise NotImplementedError


def correct(
    session: Session, envelope: Envelope, corrections: Sequence[Correction]
) -> list[Corrected]:
    """Add to what earlier receipts cost: the share still in stock revalues it, the rest follows
    the goods to the issues that took them.
    """
    raise NotImplementedError


def amend(
    session: Session, envelope: Envelope, move_id: int, quantity: Decimal, reason: str
) -> list[Posted]:
    """Correct the quantity of an earlier receipt or issue, as if it had been right at its moment.

    The difference is posted as a move of its own that names the corrected one (``amends_id``).
    """
    raise NotImplementedError


def revalue(session: Session, envelope: Envelope, revaluation: Revaluation) -> Decimal:
    """Change the value of a pool; the amount that was added (negative: taken off)."""
    raise NotImplementedError
