"""The state of packing one shipment, the facts around it, and what comes out.  Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from app.kit.problems import Problem
from app.scanning.meanings import ItemFacts, Meaning
from app.scanning.messages import Message, Tone

Step = Literal["scan_item", "scan_lot", "done"]
STEPS: tuple[Step, ...] = ("scan_item", "scan_lot", "done")


@dataclass(frozen=True)
class TypedQuantity:
    """From the keypad, in base units: how many of what was checked last."""

    quantity: Decimal


Event: TypeAlias = Meaning | TypedQuantity


@dataclass(frozen=True)
class Goods:
    """Goods of one line in one balance that were picked and wait for the lorry."""

    order_line_id: int
    balance_id: int
    item: ItemFacts
    quantity: Decimal
    checked: Decimal
    lot_id: int | None = None
    lot: str | None = None
    sscc: str | None = None

    @property
    def open(self) -> Decimal:
        return self.quantity - self.checked


@dataclass(frozen=True)
class LastCheck:
    """What the newest scan checked."""

    item: ItemFacts
    quantity: Decimal
    lot_id: int | None


@dataclass(frozen=True)
class State:
    """``item_id`` and ``quantity`` are in hand at ``scan_lot``; ``cartons`` those made so far."""

    step: Step = "scan_item"
    item_id: int | None = None
    quantity: Decimal | None = None
    carton_id: int | None = None
    carton: str | None = None


@dataclass(frozen=True)
class Facts:
    order: str
    goods: tuple[Goods, ...]
    last: LastCheck | None = None


@dataclass(frozen=True)
class Check:
    """Put these parts of goods into the carton in use."""

    parts: tuple[tuple[Goods, Decimal], ...]


@dataclass(frozen=True)
class Uncheck:
    """Take the newest scan back."""


@dataclass(frozen=True)
class NewCarton:
    """Go on with a carton that gets a number of its own."""


@dataclass(frozen=True)
class UseCarton:
    unit_id: int
    sscc: str


Intent: TypeAlias = Check | Uncheck | NewCarton | UseCarton


@dataclass(frozen=True)
class Outcome:
    state: State
    message: Message
    tone: Tone = "accepted"
    intents: tuple[Intent, ...] = ()
    problem: Problem | None = None
