"""The state of one pick's scan flow, the facts that it is stepped with, and what comes out.

Pure data.  ``State`` is kept as JSON in ``pick.step``; the screen is its picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from app.kit.money import ZERO
from app.kit.problems import Problem
from app.scanning.meanings import Candidate, ItemFacts, Meaning
from app.scanning.messages import Message, Tone

Step = Literal[
    "scan_location",
    "confirm_location",
    "scan_item",
    "scan_lot",
    "confirm_swap",
    "scan_cart",
    "answer_empty",
    "scan_staging",
    "done",
]
STEPS: tuple[Step, ...] = (
    "scan_location",
    "confirm_location",
    "scan_item",
    "scan_lot",
    "confirm_swap",
    "scan_cart",
    "answer_empty",
    "scan_staging",
    "done",
)


@dataclass(frozen=True)
class NoInput:
    """The OK button or label, or nothing at all within the time."""


@dataclass(frozen=True)
class TypedQuantity:
    """From the keypad, in base units: how many of the goods at hand are taken in all."""

    quantity: Decimal


@dataclass(frozen=True)
class TypedShort:
    """There is too little: ``task_id`` is one of the stop that the screen showed."""

    task_id: int
    reason: str


Event: TypeAlias = Meaning | NoInput | TypedQuantity | TypedShort


@dataclass(frozen=True)
class Share:
    """What one order's line wants of a stop.  ``promised`` is its allocation there now."""

    task_id: int
    order_line_id: int
    quantity: Decimal
    picked: Decimal
    promised: Decimal
    is_open: bool = True

    @property
    def open(self) -> Decimal:
        return self.quantity - self.picked if self.is_open else ZERO


@dataclass(frozen=True)
class Stop:
    """Goods to take from one balance; in a cluster those for one position of the cart.

    ``on_hand`` is the balance's, ``here`` everything that lies in the location.  ``obstacle`` says
    why the goods must not be taken now: ``cancelled`` (the order), ``frozen``, ``inspection``,
    ``damaged``, ``returned``, ``counted`` or ``expired``.
    """

    balance_id: int
    location_id: int
    location: str
    item: ItemFacts
    shares: tuple[Share, ...]
    on_hand: Decimal
    here: Decimal
    order: str = ""
    lot_id: int | None = None
    lot: str | None = None
    logistic_unit_id: int | None = None
    sscc: str | None = None
    cart_location_id: int | None = None
    cart: str | None = None
    obstacle: str | None = None

    @property
    def open(self) -> Decimal:
        return sum((share.open for share in self.shares), ZERO)

    @property
    def picked(self) -> Decimal:
        return sum((share.picked for share in self.shares), ZERO)

    @property
    def quantity(self) -> Decimal:
        return sum((share.quantity for share in self.shares), ZERO)

    @property
    def promised(self) -> Decimal:
        return sum((share.promised for share in self.shares if share.is_open), ZERO)

    @property
    def title(self) -> str:
        return f"{self.item.title} {self.lot or ''}".strip()


@dataclass(frozen=True)
class Other:
    """Goods like those of a stop in a balance that is not promised to it.

    ``free`` is what nobody was promised, ``here`` everything that lies in the location;
    ``obstacle`` is named as the rules of what can ship do.
    """

    balance_id: int
    location_id: int
    location: str
    item_id: int
    free: Decimal
    here: Decimal
    lot_id: int | None = None
    lot: str | None = None
    logistic_unit_id: int | None = None
    sscc: str | None = None
    obstacle: str | None = None


@dataclass(frozen=True)
class Hand:
    """Goods of a stop in hand that are not booked yet; ``quantity`` in base units."""

    balance_id: int
    item_id: int
    quantity: Decimal
    cart_location_id: int | None = None


@dataclass(frozen=True)
class Swap:
    """Goods that a second scan of ``key`` would take instead of those that were promised."""

    balance_id: int
    cart_location_id: int | None
    instead: int
    quantity: Decimal
    key: str


@dataclass(frozen=True)
class State:
    """``location_id`` is where the person stands; ``confirmed`` the balance scanned last there."""

    step: Step = "scan_location"
    location_id: int | None = None
    location: str | None = None
    confirmed: int | None = None
    item_id: int | None = None
    hand: Hand | None = None
    swap: Swap | None = None


@dataclass(frozen=True)
class Gone:
    """Goods that were a stop of this pick until their promise was taken away."""

    item_id: int
    lot: str | None
    location: str
    order: str
    order_line_id: int
    is_cancelled: bool


@dataclass(frozen=True)
class LastTake:
    """The newest entry that was not taken back."""

    location_id: int
    location: str


@dataclass(frozen=True)
class Policy:
    """What a picker may decide alone."""

    lot_swap: bool = True


@dataclass(frozen=True)
class Facts:
    """What ``step`` may know besides state and scan.

    ``stops`` are the next ones of the way, those where the person stands and those of the scanned
    goods, in the order of the way: none only where none is left.
    """

    pick_id: int = 0
    kind: str = "order"
    closed: bool = False
    staging_id: int = 0
    staging: str = ""
    stops: tuple[Stop, ...] = ()
    others: tuple[Other, ...] = ()
    gone: tuple[Gone, ...] = ()
    last: LastTake | None = None
    policy: Policy = Policy()


@dataclass(frozen=True)
class SwapStop:
    """So much of the stop is taken from the other balance: the promise moves there."""

    stop: Stop
    other: Other
    quantity: Decimal


@dataclass(frozen=True)
class Take:
    """Carry ``quantity`` of the stop to the location; ``is_swapped``: as ``SwapStop`` left it."""

    stop: Stop
    quantity: Decimal
    to_location_id: int
    is_swapped: bool = False


@dataclass(frozen=True)
class Short:
    """What is still open of the stop is not there."""

    stop: Stop
    reason: str


@dataclass(frozen=True)
class Skip:
    """The stop comes last."""

    stop: Stop


@dataclass(frozen=True)
class NotEmpty:
    """The location should be empty by the books and is not."""

    location_id: int
    item_id: int


@dataclass(frozen=True)
class Undo:
    """Take back the last entry."""


@dataclass(frozen=True)
class Pause:
    pass


@dataclass(frozen=True)
class AskShort:
    """Show the reasons for taking less."""


@dataclass(frozen=True)
class AskToClose:
    """Show what is left and ask whether to close."""


@dataclass(frozen=True)
class Close:
    """Everything is brought together: the pick ends."""


Intent: TypeAlias = (
    Take | SwapStop | Short | Skip | NotEmpty | Undo | Pause | AskShort | AskToClose | Close
)


@dataclass(frozen=True)
class Outcome:
    """What a scan leads to.  With a ``problem`` nothing changes at all."""

    state: State
    message: Message
    tone: Tone = "accepted"
    intents: tuple[Intent, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    also: Message | None = None
    problem: Problem | None = None
