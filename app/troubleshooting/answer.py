"""What a diagnosis says: the same for the screen, the API and the command line.

Quantities are in the item's base unit and exact; texts are in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.troubleshooting.views import (
    Bought,
    Counting,
    Gap,
    ItemHead,
    Latest,
    LineHead,
    Picking,
    Request,
    StoreSum,
    Unseen,
)


@dataclass(frozen=True)
class Action:
    """A button: a form with ``fields`` for ``url`` (``method`` post), or a page to go to (get).

    ``promises`` is how much becomes available to orders when it is done (None: nothing at once);
    ``allowed`` whether the reader may do it, ``who_may`` the roles that may.  ``after_approval``:
    others may have to agree first.
    """

    kind: str
    label: str
    url: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    method: str = "post"
    promises: Decimal | None = None
    allowed: bool = True
    who_may: str = ""
    needs_reason: bool = False
    asks_quantity: bool = False
    after_approval: bool = False


@dataclass(frozen=True)
class Part:
    """What of one balance is in a bucket; ``why`` says who holds or locks it, and for what."""

    balance_id: int
    quantity: Decimal
    store: str
    warehouse: str
    zone: str
    location_id: int
    location: str
    lot_id: int | None
    lot: str
    last_day: date | None
    status: str
    sscc: str
    since: datetime
    why: str
    actions: list[Action] = field(default_factory=list[Action])


@dataclass(frozen=True)
class Document:
    """A document line that stock is promised to, with whose it is and how old the promise."""

    line_kind: str
    line_id: int
    order_id: int | None
    number: str
    customer: str
    owner: str
    quantity: Decimal
    staged: Decimal
    promised_at: datetime
    expires_at: datetime | None
    is_stale: bool
    actions: list[Action] = field(default_factory=list[Action])


@dataclass(frozen=True)
class BucketView:
    """One part of the total.

    ``parts`` are the largest balances of ``count``, ``documents`` the most urgent lines of
    ``document_count``; ``stale`` is how much of the quantity is promised for too long.
    """

    name: str
    label: str
    phrase: str
    advice: str
    tone: str
    check: int
    quantity: Decimal
    count: int
    parts: list[Part]
    documents: list[Document]
    document_count: int
    stale: Decimal
    unseen: list[Unseen]
    actions: list[Action]


@dataclass(frozen=True)
class Check:
    """One of the five checks.

    ``state`` is ``clear`` (nothing here keeps stock), ``holds`` (it does, ``quantity`` of it) or
    ``look`` (nothing is kept, but something is under way).
    """

    number: int
    name: str
    title: str
    state: str
    quantity: Decimal
    answer: str
    evidence: list[str]
    buckets: list[str]


@dataclass(frozen=True)
class Beside:
    """What is no stock yet, or is being worked on."""

    in_transit: Decimal
    on_order: Decimal
    bought: list[Bought]
    picks: list[Picking]
    counts: list[Counting]
    requests: list[Request]
    gaps: list[Gap]

    @property
    def being_picked(self) -> Decimal:
        return sum((pick.quantity for pick in self.picks), Decimal(0))


@dataclass(frozen=True)
class Sight:
    """Through whose eyes: the stores that a person sees, beside what the asking one sees."""

    user_id: int
    name: str
    sees: list[StoreSum]
    misses: list[StoreSum]


@dataclass(frozen=True)
class Shown:
    """What a screen showed before, to compare with."""

    at: datetime
    total: Decimal
    can_ship: Decimal


@dataclass(frozen=True)
class Diagnosis:
    """Where every unit of the item is.  The buckets add up to ``total`` exactly.

    ``available`` is what the allocator could promise to this demand now; ``can_ship`` that and what
    it holds already, at most what the order still wants.
    """

    headline: str
    notices: list[str]
    item: ItemHead
    store_id: int
    store: str
    line: LineHead | None
    lot: str
    total: Decimal
    available: Decimal
    can_ship: Decimal
    wanted: Decimal | None
    read_at: datetime
    latest: Latest | None
    buckets: list[BucketView]
    checks: list[Check]
    beside: Beside
    sight: Sight | None = None
    shown: Shown | None = None
