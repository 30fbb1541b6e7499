"""Reading what a scan of a pick needs, locked, in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.roles import may
from app.kit import clock, sql
from app.kit.database import together
from app.picking import refusals
from app.picking.state import (
    Event,
    Facts,
    Gone,
    LastTake,
    NoInput,
    Other,
    Policy,
    Share,
    State,
    Stop,
    TypedShort,
)
from app.scanning.meanings import (
    ItemFacts,
    ItemMeaning,
    LocationMeaning,
    LogisticUnitMeaning,
    LotMeaning,
)
from app.scanning.queries import LookupKey, LookupRow, send_lookup

QUERIES = sql.Queries.beside(__file__)


@dataclass(frozen=True)
class LockedPick:
    """The pick as ``lock_pick`` found it; its row is ours until the commit."""

    id: int
    number: str
    store_id: int
    kind: str
    state: str
    zone_id: int | None
    staging_location_id: int
    held_by: int | None
    step: dict[str, Any]
    version: int
    holder: str | None
    role: str | None
    time_zone: str
    staging: str
    lot_swap_allowed: bool

    @property
    def flow_state(self) -> State:
        return msgspec.convert(self.step, State, strict=False)

    def can(self, capability: str) -> bool:
        """Whether the person who asks has the capability."""
        return self.role is not None and may(self.role, capability)


@dataclass(frozen=True)
class FactsRow:
    """``move_id`` is a number for the move of this scan."""

    move_id: int
    tasks: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    last: dict[str, Any] | None


@dataclass(frozen=True)
class Loaded:
    pick: LockedPick
    row: FactsRow
    found: Sequence[LookupRow]


@dataclass(frozen=True)
class _Task:
    """One stop of one order's line, as ``facts`` gives it."""

    task_id: int
    order_line_id: int
    quantity: Decimal
    picked: Decimal
    promised: Decimal
    is_open: bool
    order: str
    balance_id: int
    location_id: int
    location: str
    lot_id: int | None
    lot: str | None
    logistic_unit_id: int | None
    sscc: str | None
    cart_location_id: int | None
    cart: str | None
    on_hand: Decimal
    here: Decimal
    obstacle: str | None
    item: ItemFacts

    @property
    def share(self) -> Share:
        return Share(
            self.task_id,
            self.order_line_id,
            self.quantity,
            self.picked,
            self.promised,
            self.is_open,
        )


def load(
    session: Session,
    pick_id: int,
    user_id: int | None,
    key: LookupKey | None = None,
    *,
    task_id: int | None = None,
) -> Loaded:
    """The pick, what its flow must know, and what the scanned code means: one round trip.

    Args:
        key: what to look up; None for buttons and typed values.
        task_id: a stop that must be among the facts.

    Raises:
        NoSuchPick: or it is another store's.
    """
    given = {
        "pick_id": pick_id,
        "codes": list(key.codes) if key else [],
        "text": (key.text or key.lot) if key else "",
        "task_id": task_id,
    }
    who = {"pick_id": pick_id, "user_id": user_id}
    with together(session) as trip:
        locked = trip.ask(LockedPick, QUERIES["lock_pick"], who)
        facts = trip.ask(FactsRow, QUERIES["facts"], given)
        found = send_lookup(trip, key) if key else None
    pick, row = locked.first(), facts.first()
    if pick is None or row is None:
        raise refusals.NoSuchPick
    return Loaded(pick, row, found.all() if found else ())


def facts_of(session: Session, loaded: Loaded, event: Event) -> Facts:
    """The facts for ``flow.step``; other goods are looked for only where no stop is meant."""
    pick, last = loaded.pick, loaded.row.last
    stops = stops_of(loaded.row.tasks)
    return Facts(
        pick_id=pick.id,
        kind=pick.kind,
        closed=pick.state in ("done", "cancelled"),
        staging_id=pick.staging_location_id,
        staging=pick.staging,
        stops=stops,
        others=_others(session, pick, event, stops),
        gone=msgspec.convert(loaded.row.gone, tuple[Gone, ...], strict=False),
        last=LastTake(int(last["location_id"]), str(last["location"])) if last else None,
        policy=Policy(lot_swap=pick.lot_swap_allowed),
    )


def stops_of(rows: list[dict[str, Any]]) -> tuple[Stop, ...]:
    """Stops in the order of the way: several orders' parts of one balance are one stop, but each
    position of a cart its own.
    """
    tasks = msgspec.convert(rows, list[_Task], strict=False)
    places: dict[tuple[int, int], int] = {}
    for place, task in enumerate(tasks):
        places.setdefault(_key(task), place)
    tasks.sort(key=lambda task: places[_key(task)])
    return tuple(
        stop
        for _, together_ in groupby(tasks, key=_key)
        if (stop := _stop(list(together_))).open > 0
    )


def _key(task: _Task) -> tuple[int, int]:
    return task.balance_id, task.cart_location_id or 0


def _stop(tasks: list[_Task]) -> Stop:
    """A cancelled order's part keeps only itself from being taken."""
    fine = [task for task in tasks if task.is_open and task.obstacle is None]
    shown = fine or [task for task in tasks if task.is_open] or tasks
    first = shown[0]
    shares = tuple(task.share for task in tasks if task in shown or not task.is_open)
    return Stop(
        balance_id=first.balance_id,
        location_id=first.location_id,
        location=first.location,
        item=first.item,
        shares=shares,
        on_hand=first.on_hand,
        here=first.here,
        order=first.order,
        lot_id=first.lot_id,
        lot=first.lot,
        logistic_unit_id=first.logistic_unit_id,
        sscc=first.sscc,
        cart_location_id=first.cart_location_id,
        cart=first.cart,
        obstacle=first.obstacle,
    )


def _others(
    session: Session, pick: LockedPick, event: Event, stops: Sequence[Stop]
) -> tuple[Other, ...]:
    place = _place_of_others(pick.flow_state, event, stops)
    if place is None:
        return ()
    given = {"pick_id": pick.id, "places": [place], "today": clock.today(pick.time_zone)}
    return tuple(sql.rows(session, Other, QUERIES["others"], given))


def _place_of_others(state: State, event: Event, stops: Sequence[Stop]) -> int | None:
    """Where goods may be meant that are no stop; None where a stop is meant, or nothing."""
    if state.step in ("scan_cart", "answer_empty", "scan_staging", "done"):
        return None
    if isinstance(event, LocationMeaning):
        known = any(stop.location_id == event.id for stop in stops)
        return None if known or event.kind != "storage" else event.id
    if state.step == "confirm_swap" and isinstance(event, NoInput):
        return state.location_id
    if not isinstance(event, ItemMeaning | LotMeaning | LogisticUnitMeaning):
        return None
    here = [stop for stop in stops if stop.location_id == state.location_id]
    return None if any(_means(event, stop) for stop in here) else state.location_id


def _means(event: ItemMeaning | LotMeaning | LogisticUnitMeaning, stop: Stop) -> bool:
    if isinstance(event, LogisticUnitMeaning):
        return stop.sscc == event.sscc
    if isinstance(event, LotMeaning):
        return stop.lot_id == event.lot.id
    return stop.item.id == event.item.id and event.lot in (None, stop.lot)


def task_of(event: Event | None) -> int | None:
    """The stop that the event names."""
    return event.task_id if isinstance(event, TypedShort) else None
