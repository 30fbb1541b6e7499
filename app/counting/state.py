"""The state of counting one place, the facts around it, and what comes out.  Pure data.

``State`` is kept as JSON in ``count_task.step``; the screen is its picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from app.kit.problems import Problem
from app.scanning.meanings import Candidate, Dates, ItemFacts, LotFacts, Meaning, PackagingFacts
from app.scanning.messages import Message, Tone

Step = Literal["scan_location", "scan_goods", "scan_lot", "new_lot", "done"]
STEPS: tuple[Step, ...] = ("scan_location", "scan_goods", "scan_lot", "new_lot", "done")


@dataclass(frozen=True)
class TypedQuantity:
    """From the keypad, in base units: how many there are in all of what was counted last."""

    quantity: Decimal


@dataclass(frozen=True)
class TypedLot:
    """The lot of the goods in hand; ``known`` is that lot of the item where it exists."""

    code: str
    known: LotFacts | None = None
    dates: Dates = Dates()


Event: TypeAlias = Meaning | TypedQuantity | TypedLot


@dataclass(frozen=True)
class Pending:
    """Goods in hand whose lot is still to be said, or to be accepted as a new one."""

    item: ItemFacts
    quantity: Decimal
    packaging: PackagingFacts | None = None
    lot: str | None = None
    dates: Dates = Dates()


@dataclass(frozen=True)
class State:
    step: Step = "scan_location"
    pending: Pending | None = None


@dataclass(frozen=True)
class Place:
    """What is to be counted: a location, all of it or one item of it."""

    location_id: int
    location: str
    item_id: int | None = None
    item: str | None = None


@dataclass(frozen=True)
class Seen:
    """One thing as it was counted here so far; ``quantity`` in base units, in all."""

    item: ItemFacts
    quantity: Decimal
    lot_id: int | None = None
    lot: str | None = None
    unit_id: int | None = None
    sscc: str | None = None


@dataclass(frozen=True)
class Content:
    """What the books say is inside a logistic unit."""

    item: ItemFacts
    quantity: Decimal
    lot_id: int | None = None
    lot: str | None = None


@dataclass(frozen=True)
class Facts:
    """What ``step`` may know besides state and scan.

    ``on_books`` are the (item, lot) pairs that the books have in this place: they mark what was not
    expected, and are never shown.  ``elsewhere`` is where the scanned serial number was counted
    already, ``unit`` what the scanned logistic unit holds, ``unit_seen`` whether it was counted.
    ``lines`` were counted here and not taken back, by so many ``entries`` (scans, typed values).
    """

    place: Place
    closed: bool = False
    last: Seen | None = None
    lines: int = 0
    entries: int = 0
    on_books: frozenset[tuple[int, int | None]] = field(
        default_factory=frozenset[tuple[int, int | None]]
    )
    elsewhere: str | None = None
    unit: tuple[Content, ...] = ()
    unit_seen: bool = False


def goods_key(state: State, last: Seen | None) -> str:
    """What a typed value or an undo is about: the goods in hand, else those counted last."""
    if state.pending is not None:
        return f"{state.pending.item.code}|{state.pending.lot or ''}|"
    return f"{last.item.code}|{last.lot or ''}|{last.sscc or ''}" if last else ""


@dataclass(frozen=True)
class Add:
    """So much (more, or less) was seen.  ``lot`` is a new lot where ``lot_id`` is None."""

    item: ItemFacts
    quantity: Decimal
    lot_id: int | None = None
    lot: str | None = None
    dates: Dates = Dates()
    packaging: PackagingFacts | None = None
    unit_id: int | None = None
    is_unexpected: bool = False
    is_typed: bool = False


@dataclass(frozen=True)
class Undo:
    """Take the newest scan back."""


@dataclass(frozen=True)
class Finish:
    """The place is counted; ``is_empty``: nothing is there."""

    is_empty: bool = False


Intent: TypeAlias = Add | Undo | Finish


@dataclass(frozen=True)
class Outcome:
    """What a scan leads to.  With a ``problem`` nothing changes at all."""

    state: State
    message: Message
    tone: Tone = "accepted"
    intents: tuple[Intent, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    problem: Problem | None = None
