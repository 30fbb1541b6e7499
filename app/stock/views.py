"""What the stock screens and the API show: rows of the queries, and words for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.kit.i18n import mark
from app.ledger.commands import stands_alone

STATUS_NAMES = {
    "available": mark("Available"),
    "inspection": mark("Inspection"),
    "frozen": mark("Frozen"),
    "damaged": mark("Damaged"),
    "returned": mark("Returned"),
}
STATUS_TONES = {
    "available": "good",
    "inspection": "warn",
    "frozen": "accent",
    "damaged": "bad",
    "returned": "warn",
}
PLACE_NAMES = {
    "supplier": mark("Supplier"),
    "customer": mark("Customer"),
    "production": mark("Production"),
    "adjustment": mark("Adjustment"),
    "in_transit": mark("In transit"),
}
STEP_NAMES = {
    "receiving": mark("Receiving"),
    "put_away": mark("Put-away"),
    "damaged": mark("Damaged on receipt"),
    "opening_stock": mark("Opening stock"),
    "picking": mark("Picking"),
    "unpicking": mark("Put back from picking"),
    "shipping": mark("Shipping"),
    "inspecting": mark("Inspection"),
    "holding": mark("Kept back"),
    "returning": mark("Customer return"),
    "returning_to_supplier": mark("Supplier return"),
    "moving": mark("Moved to another place"),
    "issuing": mark("Brought to production"),
    "producing": mark("Production"),
    "disassembling": mark("Disassembly"),
}
ENTRY_NAMES = {
    "receipt": mark("Receipt"),
    "issue": mark("Issue"),
    "return_in": mark("Return from a customer"),
    "return_out": mark("Return to a supplier"),
    "landed": mark("Landed cost"),
    "landed_to_cogs": mark("Landed cost of what is sold"),
    "revaluation": mark("Revaluation"),
    "correction": mark("Correction"),
    "production_in": mark("Production output"),
    "production_out": mark("Production input"),
    "transfer": mark("Transfer"),
    "adjustment": mark("Adjustment"),
}


@dataclass(frozen=True)
class ItemOnHand:
    """An item with its stock, in base units.  ``expires_on`` is the nearest date of its lots."""

    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    decimals: int
    safety_stock: Decimal
    on_hand: Decimal
    allocated: Decimal
    available: Decimal
    inspection: Decimal
    frozen: Decimal
    damaged: Decimal
    returned: Decimal
    expires_on: date | None
    is_short: bool

    @property
    def held(self) -> list[tuple[str, Decimal]]:
        """What is on hand but not of status available: (status, quantity), only what there is."""
        each = (
            ("inspection", self.inspection),
            ("frozen", self.frozen),
            ("damaged", self.damaged),
            ("returned", self.returned),
        )
        return [(status, quantity) for status, quantity in each if quantity]


@dataclass(frozen=True)
class BalanceRow:
    """What lies in one place of one item, lot, status and logistic unit, in base units."""

    id: int
    store_id: int
    store_code: str
    store_name: str
    location_id: int
    location_code: str
    zone_name: str | None
    is_pickable: bool
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    lot_id: int | None
    lot_code: str | None
    produced_on: date | None
    expires_on: date | None
    is_expired: bool
    status: str
    sscc: str | None
    on_hand: Decimal
    allocated: Decimal
    changed_at: datetime


@dataclass(frozen=True)
class MoveRow:
    """One movement with who, when, on which device, for which document and why."""

    id: int
    store_id: int
    store_name: str
    item_id: int
    item_code: str
    item_name: str
    base_unit: str
    decimals: int
    lot_id: int | None
    lot_code: str | None
    quantity: Decimal
    from_location_id: int
    from_code: str
    from_kind: str
    from_status: str | None
    to_location_id: int
    to_code: str
    to_kind: str
    to_status: str | None
    biz_step: str
    line_kind: str | None
    receipt_id: int | None
    receipt_number: str | None
    partner_name: str
    reason: str | None
    reverses_id: int | None
    reversed_by_id: int | None
    command_id: UUID
    user_id: int | None
    user_name: str | None
    device_name: str | None
    occurred_at: datetime
    recorded_at: datetime

    @property
    def sign(self) -> str:
        """A plus for what came into stock, a minus for what left, nothing for a move within."""
        if self.from_status is None:
            return "+"
        return "\N{MINUS SIGN}" if self.to_status is None else ""

    @property
    def can_be_reversed(self) -> bool:
        """Stands by itself, and was neither taken back nor takes another one back."""
        untouched = self.reverses_id is None and self.reversed_by_id is None
        return untouched and stands_alone(self.line_kind)


@dataclass(frozen=True)
class CostEntryRow:
    """One value row of a move; ``in_stock`` is false for a cost beside the pools."""

    id: int
    kind: str
    quantity: Decimal
    amount: Decimal
    in_stock: bool
    occurred_at: datetime


@dataclass(frozen=True)
class CostPoolRow:
    """What stock of an item is worth; ``store_id`` None is the whole company's pool."""

    id: int
    store_id: int | None
    store_name: str | None
    lot_code: str | None
    cost_method: str
    quantity: Decimal
    value: Decimal
    currency: str
    currency_decimals: int
    unit_cost: Decimal
    changed_at: datetime


@dataclass(frozen=True)
class ItemHead:
    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    decimals: int
    tracking: str
    expiry_rule: str
    safety_stock: Decimal
    is_active: bool
    category_name: str


@dataclass(frozen=True)
class LocationHead:
    id: int
    code: str
    name: str
    kind: str
    check_letter: str
    is_active: bool
    store_name: str
    warehouse_name: str
    zone_name: str
    is_pickable: bool


@dataclass(frozen=True)
class LotHead:
    id: int
    code: str
    item_id: int
    item_code: str
    item_name: str
    specification: str
    base_unit: str
    decimals: int
    tracking: str
    produced_on: date | None
    best_before_on: date | None
    expires_on: date | None
    is_expired: bool


@dataclass(frozen=True)
class Choice:
    """One entry of a select box."""

    id: int
    name: str


@dataclass(frozen=True)
class CategoryChoice:
    """A category with its depth below the top of the tree."""

    id: int
    name: str
    depth: int


@dataclass(frozen=True)
class Facts:
    """How many rows a proof goes through."""

    moves: int
    balances: int
    pools: int
    entries: int


@dataclass(frozen=True)
class Total:
    """An item's stock in the visible stores, in base units."""

    on_hand: Decimal
    allocated: Decimal
    available: Decimal


@dataclass(frozen=True)
class StockCount:
    items: int
    expiring: int
