"""The state of scanning at one production order, the facts around it, and what comes out.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from app.kit.money import ZERO
from app.kit.problems import Problem
from app.scanning.meanings import ItemFacts, Meaning
from app.scanning.messages import Message, Tone

Step = Literal["scan_goods", "scan_place", "scan_lot", "confirm_more", "confirm_output", "done"]
STEPS: tuple[Step, ...] = (
    "scan_goods",
    "scan_place",
    "scan_lot",
    "confirm_more",
    "confirm_output",
    "done",
)


@dataclass(frozen=True)
class NoInput:
    """The OK button or label."""


@dataclass(frozen=True)
class TypedQuantity:
    """From the keypad, in base units: of what was made, or of the component in hand."""

    quantity: Decimal


@dataclass(frozen=True)
class TypedLot:
    """The lot of what was made, with its last day where it was typed."""

    lot: str
    last_on: date | None = None


Event: TypeAlias = Meaning | NoInput | TypedQuantity | TypedLot


@dataclass(frozen=True)
class Component:
    """A line of the order; ``brought`` lies at the work."""

    line_id: int
    item: ItemFacts
    quantity: Decimal
    issued: Decimal
    consumed: Decimal
    issue: str

    @property
    def open(self) -> Decimal:
        return max(self.quantity - self.issued, ZERO)


@dataclass(frozen=True)
class Here:
    """A balance of a component that is free."""

    balance_id: int
    location_id: int
    location: str
    lot: str | None
    free: Decimal


@dataclass(frozen=True)
class Made:
    """What was made and is not reported yet.  An empty lot is the order's own."""

    quantity: Decimal
    lot: str = ""
    produced_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class State:
    """``item_id``, ``quantity`` and ``lot`` are of the component in hand; ``location_id`` is where
    the person stands; ``asked`` the component of which more than needed was confirmed.
    """

    step: Step = "scan_goods"
    item_id: int | None = None
    quantity: Decimal | None = None
    lot: str | None = None
    location_id: int | None = None
    location: str | None = None
    asked: int | None = None
    made: Made | None = None


@dataclass(frozen=True)
class Facts:
    """``stock`` is of the component that was scanned or is in hand; ``own_lot`` what a lot of this
    order is called where nobody says otherwise.
    """

    number: str
    store_id: int
    item: ItemFacts
    most: Decimal
    own_lot: str
    components: tuple[Component, ...]
    stock: tuple[Here, ...] = ()


@dataclass(frozen=True)
class Bring:
    """Carry these parts to the work."""

    component: Component
    parts: tuple[tuple[Here, Decimal], ...]


@dataclass(frozen=True)
class Report:
    """So much was made.  ``rest`` as in ``completing.Complete``."""

    made: Made
    rest: str = "refuse"


@dataclass(frozen=True)
class Undo:
    """Take back what was brought last."""


Intent: TypeAlias = Bring | Report | Undo


@dataclass(frozen=True)
class Outcome:
    """What an event leads to.  With a ``problem`` nothing changes at all."""

    state: State
    message: Message
    tone: Tone = "accepted"
    intents: tuple[Intent, ...] = ()
    problem: Problem | None = None
