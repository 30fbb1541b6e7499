"""What a scan means once it was looked up: the words in which workflows are written.

Pure data.  Workflows keep some of it in their own state, so every class survives JSON.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

_STEP = re.compile(r"\+([1-9][0-9]{0,6})", re.ASCII)


@dataclass(frozen=True)
class ItemFacts:
    """What workflows need to know of an item.  ``decimals`` are those of its base unit."""

    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    decimals: int
    tracking: str
    expiry_rule: str
    shelf_life_days: int | None
    minimum_days_on_receipt: int
    catch_weight: bool
    inspect_on_receipt: bool

    @property
    def has_lots(self) -> bool:
        """Whether each piece belongs to a lot or has a serial number."""
        return self.tracking != "none"

    @property
    def has_serials(self) -> bool:
        return self.tracking == "serial"

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class PackagingFacts:
    """A pack of ``quantity`` base units."""

    id: int
    name: str
    quantity: Decimal


@dataclass(frozen=True)
class Dates:
    """What a label or a lot says; None is what it does not say."""

    produced_on: date | None = None
    best_before_on: date | None = None
    expires_on: date | None = None

    def __str__(self) -> str:
        known = (self.produced_on, self.best_before_on, self.expires_on)
        return ", ".join(day.isoformat() for day in known if day)

    def contradicts(self, other: Dates) -> bool:
        """Whether both say a date, and not the same."""
        pairs = (
            (self.produced_on, other.produced_on),
            (self.best_before_on, other.best_before_on),
            (self.expires_on, other.expires_on),
        )
        return any(mine and theirs and mine != theirs for mine, theirs in pairs)

    def filled_from(self, other: Dates) -> Dates:
        return Dates(
            self.produced_on or other.produced_on,
            self.best_before_on or other.best_before_on,
            self.expires_on or other.expires_on,
        )


@dataclass(frozen=True)
class LotFacts:
    """A lot (or serial number) that is known already."""

    id: int
    code: str
    produced_on: date | None = None
    best_before_on: date | None = None
    expires_on: date | None = None

    @property
    def dates(self) -> Dates:
        return Dates(self.produced_on, self.best_before_on, self.expires_on)


@dataclass(frozen=True)
class ItemMeaning:
    """An item or a pack of it, with whatever else the code says.

    ``quantity`` is in base units (None: the code says nothing, so it is one piece or pack);
    ``lot`` is the lot or, for items with serial numbers, the serial; ``known`` is that lot where
    it exists.  ``key`` is equal for two scans that mean the same.
    """

    item: ItemFacts
    key: str
    packaging: PackagingFacts | None = None
    quantity: Decimal | None = None
    net_weight_kg: Decimal | None = None
    lot: str | None = None
    dates: Dates = Dates()
    known: LotFacts | None = None
    sscc: str | None = None


@dataclass(frozen=True)
class LotMeaning:
    """A bare lot or serial number that is known, and the item that it belongs to."""

    item: ItemFacts
    lot: LotFacts


@dataclass(frozen=True)
class LocationMeaning:
    id: int
    code: str
    kind: str
    store_id: int
    is_active: bool


@dataclass(frozen=True)
class LogisticUnitMeaning:
    """A carton or pallet; ``id`` is None where it was never seen before."""

    sscc: str
    id: int | None = None


@dataclass(frozen=True)
class DocumentMeaning:
    """A document: ``kind`` is its table, such as ``purchase_order``, ``receipt`` or ``pick``."""

    kind: str
    id: int
    number: str
    state: str


@dataclass(frozen=True)
class PartnerMeaning:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class CommandMeaning:
    """A command label or button: ``OK``, ``UNDO``, ``PRINT``, ``CANCEL``, ``+10`` and so on."""

    name: str

    @property
    def step(self) -> Decimal | None:
        """How many ``+10`` adds, None for other commands."""
        found = _STEP.fullmatch(self.name)
        return Decimal(found[1]) if found else None


@dataclass(frozen=True)
class InvoiceMeaning:
    """A Chinese e-invoice.  ``amount`` is in yuan, as printed."""

    number: str
    amount: Decimal
    issued_on: date | None = None


@dataclass(frozen=True)
class BadgeMeaning:
    """A person's badge; who it is stays with the login."""


@dataclass(frozen=True)
class Candidate:
    """One item that a searched text may mean."""

    id: int
    code: str
    name: str
    specification: str


@dataclass(frozen=True)
class SearchMeaning:
    """Several things could be meant: a person chooses."""

    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class UnreadableMeaning:
    """A code that is wrong in itself; ``reason`` is a sentence in the current language."""

    text: str
    reason: str


@dataclass(frozen=True)
class UnknownMeaning:
    """A readable code that means nothing here.

    ``barcode`` is what could be linked to an item, None where the code is no barcode of goods.
    ``is_gtin`` tells a product's number from other text.
    """

    text: str
    barcode: str | None = None
    is_gtin: bool = False


Meaning: TypeAlias = (
    ItemMeaning
    | LotMeaning
    | LocationMeaning
    | LogisticUnitMeaning
    | DocumentMeaning
    | PartnerMeaning
    | CommandMeaning
    | InvoiceMeaning
    | BadgeMeaning
    | SearchMeaning
    | UnreadableMeaning
    | UnknownMeaning
)
