"""Reading an order that a command works on, locked until the commit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.kit import sql
from app.kit.money import ZERO
from app.kit.transactions import Envelope
from app.producing import problems
from app.scanning.meanings import ItemFacts

ORDERS = sql.Queries(Path(__file__).with_name("orders.sql"))
LINE_KIND = "production_line"
OPEN = ("planned", "in_progress")


@dataclass(frozen=True)
class LockedOrder:
    """``decimals`` are those of the currency; ``work_id`` is where components are brought."""

    id: int
    store_id: int
    number: str
    kind: str
    item_id: int
    recipe_version_id: int | None
    quantity: Decimal
    completed: Decimal
    scrapped: Decimal
    tolerance: Decimal
    state: str
    lot_code: str
    supply_location_id: int | None
    output_location_id: int
    step: dict[str, Any]
    time_zone: str
    role: str | None
    decimals: int
    production_id: int
    item: dict[str, Any]

    @property
    def facts(self) -> ItemFacts:
        return msgspec.convert(self.item, ItemFacts)

    @property
    def work_id(self) -> int:
        return self.supply_location_id or self.output_location_id

    @property
    def most(self) -> Decimal:
        """How much more may be reported, with the tolerance."""
        most = self.quantity * (1 + self.tolerance) - self.completed
        return max(most.quantize(Decimal(1).scaleb(-self.facts.decimals), "ROUND_FLOOR"), ZERO)

    def require(self, capability: str) -> None:
        """Raises CapabilityMissing.  The system itself and a machine's token have no role."""
        if self.role is not None and not may(self.role, capability):
            raise CapabilityMissing(capability=capability)


@dataclass(frozen=True)
class Line:
    """A line of an order; ``brought`` lies at the work, promised to it."""

    id: int
    position: int
    kind: str
    item_id: int
    quantity: Decimal
    issued: Decimal
    consumed: Decimal
    issue: str
    share: Decimal | None
    unit_value: Decimal | None
    item: dict[str, Any]

    @property
    def facts(self) -> ItemFacts:
        return msgspec.convert(self.item, ItemFacts)

    @property
    def brought(self) -> Decimal:
        return self.issued - self.consumed

    @property
    def open(self) -> Decimal:
        return max(self.quantity - self.issued, ZERO)


def any_order(session: Session, order_id: int, envelope: Envelope) -> LockedOrder:
    """Raises NoSuchProductionOrder, CapabilityMissing."""
    asked = {"order_id": order_id, "user_id": envelope.caller.user_id}
    found = sql.one(session, LockedOrder, ORDERS["lock_order"], asked)
    if found is None:
        raise problems.NoSuchProductionOrder
    found.require("produce")
    return found


def open_order(session: Session, order_id: int, envelope: Envelope) -> LockedOrder:
    """As ``any_order``; raises ProductionOrderClosed too."""
    found = any_order(session, order_id, envelope)
    if found.state not in OPEN:
        raise problems.ProductionOrderClosed(number=found.number)
    return found


def lines_of(session: Session, order_id: int) -> list[Line]:
    return sql.rows(session, Line, ORDERS["lines"], {"order_id": order_id})


def components_of(session: Session, order_id: int) -> list[Line]:
    return [line for line in lines_of(session, order_id) if line.kind == "component"]
