"""Picking as work that a device can carry along; the browser's half is js/offline/picking."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.actor import Actor
from app.kit import sql
from app.picking import queries, refusals
from app.picking.loading import stops_of
from app.picking.queries import PickView
from app.scanning.packages import Carrying, Document, OpenWork, WorkPackage, goods_of

QUERIES = sql.Queries(Path(__file__).with_name("package.sql"))
NAME = "picking"


@dataclass(frozen=True)
class _Pick:
    """``tasks``, ``gone`` and ``last`` as a scan's facts hold them; ``lies`` is where goods lie."""

    store_id: int
    staging_location_id: int
    store: str
    time_zone: str
    lot_swap_allowed: bool
    tasks: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    last: dict[str, Any] | None
    lies: list[dict[str, Any]]


@dataclass(frozen=True)
class _ItemId:
    item_id: int


def open_work(session: Session, actor: Actor) -> list[OpenWork]:
    """The picks that this person has begun."""
    if not actor.can("pick") or actor.store_id is None:
        return []
    return [
        _work(row.id, row.number, row.orders)
        for row in queries.own_picks(session, actor.store_id, actor.user_id)
        if row.held_by in (None, actor.user_id) and row.state == "in_progress"
    ]


def _work(pick_id: int, number: str, orders: str | None) -> OpenWork:
    return OpenWork(NAME, pick_id, f"/picking/{pick_id}", orders or number, number)


def pack(session: Session, actor: Actor, pick_id: int) -> WorkPackage:
    """The pick with all that its flow is stepped with.

    Raises:
        NoSuchPick: or it is another store's, somebody else's, or not being picked.
    """
    actor.require("pick")
    view = queries.pick(session, pick_id, rows=0)
    head = view.head
    found = sql.one(session, _Pick, QUERIES["pick"], {"pick_id": pick_id})
    mine = head.held_by in (None, actor.user_id)
    if found is None or not mine or head.state not in ("in_progress", "done"):
        raise refusals.NoSuchPick
    return WorkPackage(
        open=_work(head.id, head.number, head.order_number if head.orders == 1 else None),
        user_id=actor.user_id,
        user=actor.name,
        store=found.store,
        time_zone=found.time_zone,
        documents=[Document("pick", head.id, head.number)],
        goods=goods_of(session, _item_ids(session, pick_id), found.store_id),
        work=_carried(view, found),
    )


def _item_ids(session: Session, pick_id: int) -> list[int]:
    return [
        row.item_id for row in sql.rows(session, _ItemId, QUERIES["items"], {"pick_id": pick_id})
    ]


def _carried(view: PickView, found: _Pick) -> dict[str, Any]:
    head = view.head
    return {
        "state": msgspec.to_builtins(view.kept),
        "done": head.done,
        "total": head.stops,
        "lies": found.lies,
        "facts": {
            "pick_id": head.id,
            "kind": head.kind,
            "closed": head.state == "done",
            "staging_id": found.staging_location_id,
            "staging": head.staging,
            "stops": msgspec.to_builtins(stops_of(found.tasks)),
            "gone": found.gone,
            "last": found.last,
            "policy": {"lot_swap": found.lot_swap_allowed},
        },
    }


picking_packages = Carrying(NAME, open_work, pack)
"""The contract of ``app.scanning.packages``, implemented by picks."""
