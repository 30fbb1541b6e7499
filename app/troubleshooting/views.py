"""Rows of the queries, as the diagnosis is put together from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from app.kit.money import ZERO


@dataclass(frozen=True)
class LineHead:
    """An order line, in base units."""

    id: int
    order_id: int
    number: str
    state: str
    position: int
    store_id: int
    warehouse_id: int | None
    item_id: int
    quantity: Decimal
    allocated: Decimal
    picked: Decimal
    shipped: Decimal
    factor: Decimal
    whole_packs: bool
    minimum_days: int
    partial_policy: str
    priority: int
    due_at: datetime | None
    customer: str
    owner: str
    short_reason: str | None
    has_lapsed: bool

    @property
    def is_released(self) -> bool:
        return self.state in {"confirmed", "in_progress"}

    @property
    def open_quantity(self) -> Decimal:
        """Wanted, and promised to it by nobody yet."""
        return max(self.quantity - self.allocated - self.shipped, ZERO)

    @property
    def unshipped(self) -> Decimal:
        return max(self.quantity - self.shipped, ZERO)


@dataclass(frozen=True)
class ItemHead:
    id: int
    code: str
    name: str
    specification: str
    base_unit: str
    decimals: int


@dataclass(frozen=True)
class LotHead:
    id: int
    code: str
    item_id: int


@dataclass(frozen=True)
class StoreHead:
    id: int
    name: str
    time_zone: str


@dataclass(frozen=True)
class Viewer:
    """A person with the stores that they see: ``'*'`` or ids with commas."""

    id: int
    name: str
    role: str
    stores: str


class Promise(NamedTuple):
    """So much of a balance is promised to a document line.  ``is_stale``: its time is up."""

    balance_id: int
    line_kind: str
    line_id: int
    quantity: Decimal
    created_at: datetime
    expires_at: datetime | None
    is_stale: bool
    order_id: int | None
    number: str
    state: str
    due_at: datetime | None
    customer: str
    owner: str


@dataclass(frozen=True)
class Unit:
    id: int
    sscc: str


@dataclass(frozen=True)
class Unseen:
    """Stock of a store that the viewer does not see: a number and whom to ask, nothing more."""

    store_id: int
    store_name: str
    on_hand: Decimal
    ask: str


@dataclass(frozen=True)
class StoreSum:
    store_id: int
    store_name: str
    on_hand: Decimal


@dataclass(frozen=True)
class Bought:
    id: int
    number: str
    supplier: str
    quantity: Decimal
    expected_on: date | None


@dataclass(frozen=True)
class Quantity:
    quantity: Decimal


@dataclass(frozen=True)
class Picking:
    id: int
    number: str
    holder: str
    quantity: Decimal


@dataclass(frozen=True)
class Counting:
    id: int
    location_code: str
    cause: str
    state: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class Request:
    id: int
    quantity: Decimal
    from_store: str
    from_warehouse: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True)
class Gap:
    """A browser whose newer scans are here, but ``missing`` older ones are not."""

    missing: int
    seen_at: datetime
    user_name: str
    device_name: str


@dataclass(frozen=True)
class Latest:
    id: int
    recorded_at: datetime
    user_name: str
    biz_step: str


@dataclass(frozen=True)
class Waiting:
    """An order line that lacks something."""

    line_id: int
    order_id: int
    number: str
    customer: str
    item_name: str
    item_code: str
    base_unit: str
    lacking: Decimal
    due_at: datetime | None
    priority: int


@dataclass(frozen=True)
class ItemHere:
    item_id: int
    code: str
    name: str
    base_unit: str
    on_hand: Decimal


@dataclass(frozen=True)
class PastMove:
    """One movement with who, on which device and from which address."""

    id: int
    occurred_at: datetime
    recorded_at: datetime
    quantity: Decimal
    from_code: str
    from_kind: str
    from_status: str | None
    to_code: str
    to_kind: str
    to_status: str | None
    lot_code: str | None
    biz_step: str
    number: str
    reason: str | None
    user_name: str
    device_name: str
    ip: str | None
    command_id: UUID


@dataclass(frozen=True)
class PastCommand:
    """One command about the order or its allocations."""

    id: UUID
    kind: str
    outcome: str
    recorded_at: datetime
    user_name: str
    device_name: str
    ip: str | None


@dataclass(frozen=True)
class PastBalance:
    """What lay in a place at a moment, recomputed from the moves."""

    location_id: int
    location_code: str
    store_name: str
    lot_code: str | None
    status: str
    quantity: Decimal
