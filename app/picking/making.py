"""Making picks: from chosen orders, or the next task for whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from psycopg.types.json import Jsonb
from sqlmodel import Session

from app.access.problems import CapabilityMissing
from app.access.roles import may
from app.catalog.numbers import next_number
from app.kit import clock, sql
from app.kit.transactions import Envelope
from app.picking import refusals
from app.picking.loading import QUERIES
from app.picking.state import State
from app.picking.tables import PICK_KINDS

MAKING = sql.Queries(Path(__file__).with_name("making.sql"))
FIRST_STEP = msgspec.to_builtins(State())
MOST_ORDERS = 100
TRIES = 5
NUMBERS = "PK"
_PICKABLE = ("confirmed", "in_progress")


@dataclass(frozen=True)
class CreatePicks:
    """Picks of these orders: ``order`` makes one each, the other kinds one of them all.

    ``zone_id`` keeps what lies in that zone (kind ``zone``); ``user_id`` is who is to do it.
    """

    order_ids: list[int]
    kind: str = "order"
    zone_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class GetWork:
    """The next task in the store; of ``zone_id`` if the person works in one."""

    store_id: int
    zone_id: int | None = None


@dataclass(frozen=True)
class MadePick:
    pick_id: int
    number: str
    stops: int


@dataclass(frozen=True)
class PicksMade:
    """``without`` are the numbers of orders that nothing is promised to."""

    picks: list[MadePick]
    without: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class GotWork:
    """``is_new`` tells work that was handed out now from what the person was at."""

    pick_id: int
    is_new: bool


@dataclass(frozen=True)
class _Order:
    id: int
    number: str
    state: str
    store_id: int
    warehouse_id: int | None
    priority: int
    due_at: datetime | None


@dataclass(frozen=True)
class _Site:
    role: str | None
    time_zone: str


@dataclass(frozen=True)
class _Found:
    id: int
    held_by: int | None
    state: str


# By a supervisor ----------------------------------------------------------------------------------


def create_picks(session: Session, command: CreatePicks, envelope: Envelope) -> PicksMade:
    """Make picks of released orders that goods are promised to.

    Raises:
        NoOrdersChosen, UnknownPickKind, OrderNotPickable, OrdersOfTwoStores, ZoneWanted,
        NoStaging, TooFewPositions, NobodyThere, CapabilityMissing.
        NothingPromised: to none of them.
    """
    orders = _locked(session, command)
    site = _site(session, orders[0].store_id, envelope, "pick_assign")
    if command.kind == "zone" and not _is_zone(session, command.zone_id, orders[0].store_id):
        raise refusals.ZoneWanted
    if command.user_id is not None and not may_in_store(
        session, command.user_id, orders[0].store_id
    ):
        raise refusals.NobodyThere
    groups = [[order] for order in orders] if command.kind == "order" else [orders]
    made = [_make(session, site, group, command, envelope) for group in groups]
    picks = [pick for pick, _ in made if pick is not None]
    without = [number for _, numbers in made for number in numbers]
    if not picks:
        raise refusals.NothingPromised(number=", ".join(without[:5]), why=_why(orders[0]))
    return PicksMade(picks, without)


def _why(order: _Order) -> str:
    return f"order_id={order.id}"


def _locked(session: Session, command: CreatePicks) -> list[_Order]:
    if not 1 <= len(set(command.order_ids)) <= MOST_ORDERS:
        raise refusals.NoOrdersChosen(most=MOST_ORDERS)
    if command.kind not in PICK_KINDS:
        raise refusals.UnknownPickKind(kind=command.kind[:20], kinds=", ".join(PICK_KINDS))
    asked = {"order_ids": sorted(set(command.order_ids))}
    orders = sql.rows(session, _Order, MAKING["lock_orders"], asked)
    if len(orders) < len(asked["order_ids"]):
        raise refusals.NoOrdersChosen(most=MOST_ORDERS)
    for order in orders:
        if order.state not in _PICKABLE:
            raise refusals.OrderNotPickable(number=order.number, order_id=order.id)
    if len({order.store_id for order in orders}) > 1:
        raise refusals.OrdersOfTwoStores
    return sorted(orders, key=lambda order: (order.priority, order.due_at is None, order.id))


def _site(session: Session, store_id: int, envelope: Envelope, capability: str) -> _Site:
    asked = {"store_id": store_id, "user_id": envelope.caller.user_id}
    site = sql.one(session, _Site, MAKING["site"], asked)
    if site is None or site.role is None:
        raise refusals.NobodyPicks
    if not may(site.role, capability):
        raise CapabilityMissing(capability=capability)
    return site


def _is_zone(session: Session, zone_id: int | None, store_id: int) -> bool:
    asked = {"zone_id": zone_id, "store_id": store_id}
    return bool(sql.value(session, MAKING["is_zone"], asked))


def may_in_store(session: Session, user_id: int, store_id: int) -> bool:
    asked = {"user_id": user_id, "store_id": store_id}
    return bool(sql.value(session, MAKING["works_there"], asked))


def _make(
    session: Session,
    site: _Site,
    orders: Sequence[_Order],
    command: CreatePicks,
    envelope: Envelope,
) -> tuple[MadePick | None, list[str]]:
    """One pick, and the numbers of the orders that it has nothing of; none where it has nothing."""
    first = orders[0]
    values: dict[str, Any] = {
        "store_id": first.store_id,
        "kind": command.kind,
        "zone_id": command.zone_id if command.kind == "zone" else None,
        "priority": min(order.priority for order in orders),
        "due_at": min((order.due_at for order in orders if order.due_at), default=None),
        "staging_id": _staging(session, first),
        "held_by": command.user_id,
        "step": Jsonb(FIRST_STEP),
        "user_id": envelope.caller.user_id,
        "number": f"new {envelope.command_id} {first.id}",
    }
    pick_id = int(sql.value(session, MAKING["insert_pick"], values))
    stops = _fill(session, pick_id, orders, command)
    without = _without_stops(session, pick_id)
    if not stops:
        sql.execute(session, MAKING["delete_pick"], {"pick_id": pick_id})
        return None, without
    # The number comes last: its series is locked until the commit.
    number = next_number(session, NUMBERS, clock.today(site.time_zone))
    sql.execute(session, MAKING["set_number"], {"pick_id": pick_id, "number": number})
    sql.execute(session, MAKING["drop_empty"], {"pick_id": pick_id})
    return MadePick(pick_id, number, stops), without


def _fill(session: Session, pick_id: int, orders: Sequence[_Order], command: CreatePicks) -> int:
    order_ids = [order.id for order in orders]
    carts: list[int | None] = [None] * len(orders)
    if command.kind == "cluster":
        carts = list(_free_carts(session, orders))
    given = {"pick_id": pick_id, "order_ids": order_ids}
    cart_values = {"cart_ids": carts, "store_id": orders[0].store_id}
    sql.execute(session, MAKING["insert_orders"], given | cart_values)
    zone = command.zone_id if command.kind == "zone" else None
    sql.execute(session, QUERIES["add_tasks"], given | {"zone_id": zone})
    return int(sql.value(session, MAKING["stops"], {"pick_id": pick_id}))


@dataclass(frozen=True)
class _Id:
    id: int


def _free_carts(session: Session, orders: Sequence[_Order]) -> list[int]:
    asked = {"store_id": orders[0].store_id, "count": len(orders)}
    found = sql.rows(session, _Id, MAKING["free_carts"], asked)
    if len(found) < len(orders):
        raise refusals.TooFewPositions(wanted=len(orders), free=len(found))
    return [cart.id for cart in found]


@dataclass(frozen=True)
class _Number:
    number: str


def _without_stops(session: Session, pick_id: int) -> list[str]:
    found = sql.rows(session, _Number, MAKING["orders_without_tasks"], {"pick_id": pick_id})
    return [row.number for row in found]


def _staging(session: Session, order: _Order) -> int:
    asked = {"store_id": order.store_id, "warehouse_id": order.warehouse_id}
    found = sql.value(session, MAKING["staging"], asked)
    if found is None:
        raise refusals.NoStaging
    return int(found)


# The next task ------------------------------------------------------------------------------------


def get_work(session: Session, command: GetWork, envelope: Envelope) -> GotWork:
    """What to do next: one's own pick, else the most urgent one, else the most urgent order.

    What it names is begun: two people who ask at the same moment never get the same.

    Raises:
        NothingToPick, NobodyPicks, CapabilityMissing, NoStaging.
    """
    site = _site(session, command.store_id, envelope, "pick")
    user_id = envelope.caller.user_id
    asked = {"store_id": command.store_id, "zone_id": command.zone_id, "user_id": user_id}
    own = sql.one(session, _Found, MAKING["my_pick"], asked)
    found = own or sql.one(session, _Found, MAKING["next_pick"], asked)
    pick_id = found.id if found else _of_next_order(session, site, command, envelope)
    if pick_id is None:
        raise refusals.NothingToPick
    if found is None or found.state == "confirmed":
        begun = {"pick_id": pick_id, "user_id": user_id, "state": "in_progress"}
        sql.execute(session, QUERIES["hold"], begun)
    return GotWork(pick_id, is_new=own is None)


def _of_next_order(
    session: Session, site: _Site, command: GetWork, envelope: Envelope
) -> int | None:
    """A pick of the most urgent order.  Where somebody made one of it since, the one after it."""
    asked = {"store_id": command.store_id, "zone_id": command.zone_id}
    for _ in range(TRIES):
        order_id = sql.value(session, MAKING["next_order"], asked)
        if order_id is None:
            return None
        orders = sql.rows(session, _Order, MAKING["lock_orders"], {"order_ids": [order_id]})
        kind = "zone" if command.zone_id is not None else "order"
        wanted = CreatePicks([order_id], kind, command.zone_id)
        made, _without = _make(session, site, orders, wanted, envelope)
        if made is not None:
            return made.pick_id
    return None
