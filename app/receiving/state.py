"""The state of one receipt's scan flow, the facts that it is stepped with, and what comes out.

Pure data.  ``State`` is kept as JSON in ``receipt.step``; the screen is its picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from app.kit.money import ZERO
from app.kit.problems import Problem
from app.scanning.meanings import (
    Candidate,
    Dates,
    ItemFacts,
    LocationMeaning,
    LotFacts,
    PackagingFacts,
)
from app.scanning.messages import Message, Tone

Step = Literal[
    "scan_item",
    "scan_lot",
    "enter_expiry",
    "enter_quantity",
    "confirm_deviation",
    "scan_put_away_item",
    "scan_put_away_location",
    "confirm_location",
    "done",
]
STEPS: tuple[Step, ...] = (
    "scan_item",
    "scan_lot",
    "enter_expiry",
    "enter_quantity",
    "confirm_deviation",
    "scan_put_away_item",
    "scan_put_away_location",
    "confirm_location",
    "done",
)


@dataclass(frozen=True)
class Pending:
    """Goods in hand that are not booked yet.

    ``entered`` is in packs (or base units without ``packaging``), ``quantity`` in base units.
    ``replaces`` is the receipt line whose quantity this corrects.  ``deviations`` wait for the
    same code a second time.
    """

    item: ItemFacts
    key: str
    packaging: PackagingFacts | None = None
    quantity: Decimal | None = None
    lot: str | None = None
    dates: Dates = Dates()
    known: LotFacts | None = None
    replaces: int | None = None
    deviations: tuple[Message, ...] = ()
    accepted: bool = False


@dataclass(frozen=True)
class Holding:
    """Goods of this receipt on the dock, in base units, and where they could go."""

    item: ItemFacts
    lot_id: int | None
    lot: str | None
    status: str
    quantity: Decimal
    location_id: int | None = None
    location: str | None = None


@dataclass(frozen=True)
class PutAway:
    """One holding on its way; ``quantity`` of it, to ``chosen`` if it is scanned again."""

    holding: Holding
    quantity: Decimal
    chosen: LocationMeaning | None = None


@dataclass(frozen=True)
class State:
    step: Step = "scan_item"
    pending: Pending | None = None
    put_away: PutAway | None = None


@dataclass(frozen=True)
class ExpectedLine:
    """An order's line of the item in hand, quantities in base units."""

    id: int
    item_id: int
    quantity: Decimal
    received: Decimal
    received_value: Decimal
    net_amount: Decimal
    tolerance: Decimal
    is_short: bool = False

    @property
    def remaining(self) -> Decimal:
        return max(self.quantity - self.received, ZERO)

    @property
    def limit(self) -> Decimal:
        """What may come in all, over-receipt tolerance included."""
        return self.quantity * (1 + self.tolerance)


@dataclass(frozen=True)
class LastLine:
    """The newest line of the receipt that was not taken back."""

    id: int
    kind: str
    item: ItemFacts
    quantity: Decimal
    put_away: Decimal
    order_line_id: int | None = None
    packaging: PackagingFacts | None = None
    lot_id: int | None = None
    lot: LotFacts | None = None


@dataclass(frozen=True)
class Policy:
    """What this person may decide alone."""

    unexpected_item: bool = True
    short_shelf_life: bool = True
    link_barcode: bool = False


@dataclass(frozen=True)
class Facts:
    """What ``step`` may know besides state and scan."""

    today: date
    receipt_id: int = 0
    order_id: int | None = None
    closed: bool = False
    lines: tuple[ExpectedLine, ...] = ()
    last: LastLine | None = None
    holdings: tuple[Holding, ...] = ()
    policy: Policy = Policy()

    def lines_of(self, item_id: int) -> tuple[ExpectedLine, ...]:
        return tuple(line for line in self.lines if line.item_id == item_id)


@dataclass(frozen=True)
class Receive:
    """Book the pending goods."""

    pending: Pending


@dataclass(frozen=True)
class Replace:
    """Take the line back and book the pending goods instead."""

    line_id: int
    pending: Pending


@dataclass(frozen=True)
class MoveIn:
    """Put ``quantity`` of the holding on the location."""

    holding: Holding
    quantity: Decimal
    location_id: int
    location: str


@dataclass(frozen=True)
class Undo:
    """Take back the last line or put-away."""


@dataclass(frozen=True)
class Print:
    """Offer the label of the last line."""

    item_id: int
    lot_id: int | None


@dataclass(frozen=True)
class Pause:
    pass


@dataclass(frozen=True)
class NoteInvoice:
    """Write the invoice's number on the receipt."""

    number: str
    amount: Decimal


@dataclass(frozen=True)
class AskToClose:
    """Show what is missing and ask whether to close."""


Intent: TypeAlias = Receive | Replace | MoveIn | Undo | Print | Pause | NoteInvoice | AskToClose


@dataclass(frozen=True)
class Outcome:
    """What a scan leads to.  With a ``problem`` nothing changes at all.

    ``also`` is said besides the message: goods that this scan pushed out of hand.
    """

    state: State
    message: Message
    tone: Tone = "accepted"
    intents: tuple[Intent, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    also: Message | None = None
    problem: Problem | None = None
