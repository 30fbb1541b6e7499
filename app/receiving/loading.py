"""Reading what a scan of a receipt needs, locked, in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.roles import may
from app.kit import clock, sql
from app.kit.database import together
from app.receiving import problems
from app.receiving.state import ExpectedLine, Facts, Holding, LastLine, Policy, State
from app.scanning.queries import LookupKey, LookupRow, send_lookup

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class LockedReceipt:
    """The receipt as ``lock_receipt`` found it; its row is ours until the commit."""

    id: int
    number: str
    store_id: int
    order_id: int | None
    state: str
    dock_location_id: int
    held_by: int | None
    step: dict[str, Any]
    version: int
    holder: str | None
    role: str | None
    time_zone: str
    supplier_location_id: int
    decimals: int
    receive_without_order: bool

    @property
    def flow_state(self) -> State:
        return msgspec.convert(self.step, State, strict=False)

    def can(self, capability: str) -> bool:
        """Whether the person who asks has the capability."""
        return self.role is not None and may(self.role, capability)


@dataclass(frozen=True)
class FactsRow:
    order_state: str | None
    order_number: str | None
    line_id: int
    move_id: int | None
    lines: list[dict[str, Any]]
    last: dict[str, Any] | None
    holdings: list[dict[str, Any]] | None


@dataclass(frozen=True)
class Loaded:
    receipt: LockedReceipt
    row: FactsRow
    found: Sequence[LookupRow]


def load(
    session: Session,
    receipt_id: int,
    user_id: int | None,
    key: LookupKey | None = None,
    *,
    turning: bool = False,
) -> Loaded:
    """The receipt, what its flow must know, and what the scanned code means: one round trip.

    Args:
        key: what to look up; None for buttons and typed values.
        turning: the person turns to put-away, which needs all that waits on the dock.

    Raises:
        NoSuchReceipt: or it is another store's.
    """
    who = {"receipt_id": receipt_id, "user_id": user_id}
    given = {
        "receipt_id": receipt_id,
        "codes": list(key.codes) if key else [],
        "text": (key.text or key.lot) if key else "",
        "turning": turning,
    }
    with together(session) as trip:
        locked = trip.ask(LockedReceipt, QUERIES["lock_receipt"], who)
        facts = trip.ask(FactsRow, QUERIES["facts"], given)
        found = send_lookup(trip, key) if key else None
    receipt, row = locked.first(), facts.first()
    if receipt is None or row is None:
        raise problems.NoSuchReceipt
    return Loaded(receipt, row, found.all() if found else ())


def facts_of(session: Session, loaded: Loaded) -> Facts:
    """The facts for ``flow.step``; where the goods could go is asked only when they are moved."""
    receipt, row = loaded.receipt, loaded.row
    holdings = msgspec.convert(row.holdings or [], tuple[Holding, ...], strict=False)
    return Facts(
        today=clock.today(receipt.time_zone),
        receipt_id=receipt.id,
        order_id=receipt.order_id,
        closed=receipt.state == "done",
        lines=msgspec.convert(row.lines, tuple[ExpectedLine, ...], strict=False),
        last=msgspec.convert(row.last, LastLine, strict=False) if row.last else None,
        holdings=_with_places(session, receipt, holdings),
        policy=_policy(receipt),
    )


@dataclass(frozen=True)
class _Place:
    id: int
    code: str


def _with_places(
    session: Session, receipt: LockedReceipt, holdings: tuple[Holding, ...]
) -> tuple[Holding, ...]:
    """Only a scan of goods leads to a place; turning to put-away just asks whether any wait."""
    if receipt.flow_state.step != "scan_put_away_item":
        return holdings
    return tuple(_with_place(session, receipt, held) for held in holdings)


def _with_place(session: Session, receipt: LockedReceipt, held: Holding) -> Holding:
    given = {
        "store_id": receipt.store_id,
        "dock_id": receipt.dock_location_id,
        "item_id": held.item.id,
        "lot_id": held.lot_id,
        "status": held.status,
    }
    place = sql.one(session, _Place, QUERIES["suggested_location"], given)
    return replace(held, location_id=place.id, location=place.code) if place else held


def _policy(receipt: LockedReceipt) -> Policy:
    return Policy(
        unexpected_item=receipt.receive_without_order and receipt.can("receive_without_order"),
        short_shelf_life=receipt.can("short_shelf_life"),
        link_barcode=receipt.can("catalog_write"),
    )
