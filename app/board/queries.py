"""The supervisors' board as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from app.board.causes import READY, Blocked, Standing, by_cause, cause_of
from app.kit import clock, sql
from app.kit.database import SYSTEM, Database
from app.kit.i18n import mark

QUERIES = sql.Queries.beside(__file__)
MOST_LINES = 500
STAGES = {
    "draft": mark("Draft"),
    "waiting": mark("Waiting for stock"),
    "ready": mark("Ready to pick"),
    "picking": mark("Being picked"),
    "packing": mark("Ready to pack"),
    "shipped": mark("Shipped today"),
}


@dataclass(frozen=True)
class View:
    """Which board: the stores that its reader sees and the one chosen, and their language.

    Everybody with the same view is shown the same board.
    """

    stores: str
    store_id: int | None
    language: str
    zone: str


@dataclass(frozen=True)
class Stage:
    stage: str
    orders: int
    late: int


@dataclass(frozen=True)
class ShortLine:
    """A line that lacks ``missing`` base units; ``pack`` 0 where any quantity will do."""

    line_id: int
    order_id: int
    number: str
    customer: str
    item_id: int
    item_code: str
    item_name: str
    unit: str
    store_id: int
    warehouse_id: int | None
    minimum_days: int
    pack: Decimal
    missing: Decimal
    allocated: Decimal
    due_at: datetime | None

    @property
    def demand(self) -> tuple[int, int, int | None, int, Decimal]:
        """What stock it asks for: lines with the same demand find the same."""
        return self.item_id, self.store_id, self.warehouse_id, self.minimum_days, self.pack


@dataclass(frozen=True)
class PickRow:
    id: int
    number: str
    state: str
    kind: str
    person: str
    store: str
    late: bool | None
    done: int
    total: int
    last_at: datetime | None


@dataclass(frozen=True)
class ApprovalRow:
    id: int
    kind: str
    title: dict[str, Any]
    person: str
    requested_at: datetime
    wanted: int
    votes: int
    waiting: int


@dataclass(frozen=True)
class Gap:
    """A device that has scans which never arrived: ``missing`` of them at least."""

    store_id: int | None
    name: str
    person: str
    last_at: datetime
    missing: int


@dataclass(frozen=True)
class CountTasks:
    cause: str
    tasks: int
    done: int
    oldest: datetime


@dataclass(frozen=True)
class Alerts:
    kind: str
    alerts: int
    oldest: datetime


@dataclass(frozen=True)
class _Standing:
    demand: int
    obstacle: str | None
    on_hand: Decimal
    allocated: Decimal
    takeable: Decimal


@dataclass(frozen=True)
class Board:
    """Everything on it."""

    stages: list[Stage]
    blocked: list[Blocked]
    picks: list[PickRow]
    approvals: list[ApprovalRow]
    counts: list[CountTasks]
    alerts: list[Alerts]
    gaps: list[Gap] = field(default_factory=list[Gap])

    @property
    def late(self) -> int:
        return sum(one.late for one in self.stages)

    @property
    def waiting_approvals(self) -> int:
        return self.approvals[0].waiting if self.approvals else 0

    @property
    def blocked_orders(self) -> int:
        stuck = (one.orders for one in self.blocked if one.cause != READY)
        return len(set[int]().union(*stuck))


def board(session: Session, view: View, gaps: Sequence[Gap]) -> Board:
    """The board of a view, read as its reader; ``gaps`` are the whole company's."""
    store = {"store": view.store_id}
    midnight = clock.midnight(clock.today(view.zone), view.zone)
    shipped = sql.value(session, QUERIES["shipped"], {**store, "since": midnight})
    found = {row.stage: row for row in sql.rows(session, Stage, QUERIES["orders"], store)}
    found["shipped"] = Stage("shipped", shipped, 0)
    return Board(
        stages=[found.get(stage, Stage(stage, 0, 0)) for stage in STAGES],
        blocked=blocked(session, view),
        picks=sql.rows(session, PickRow, QUERIES["picks"], store),
        approvals=sql.rows(session, ApprovalRow, QUERIES["approvals"], store),
        counts=sql.rows(session, CountTasks, QUERIES["counts"], store),
        alerts=sql.rows(session, Alerts, QUERIES["alerts"], store),
        gaps=[gap for gap in gaps if _is_in(view, gap.store_id)],
    )


def _is_in(view: View, store_id: int | None) -> bool:
    if view.store_id is not None:
        return store_id == view.store_id
    return view.stores == "*" or str(store_id) in view.stores.split(",")


def gaps(database: Database) -> list[Gap]:
    """Devices of the whole company with numbers that never arrived."""
    with database.reading(SYSTEM) as session:
        return sql.rows(session, Gap, QUERIES["gaps"])


def blocked(session: Session, view: View) -> list[Blocked]:
    """The most urgent lines that lack stock, by their cause."""
    asked = {"store": view.store_id, "limit": MOST_LINES}
    lines = sql.rows(session, ShortLine, QUERIES["short_lines"], asked)
    standings = _standings(session, lines, view)
    bare = {line.item_id for line in lines if not standings.get(line.demand)}
    elsewhere = _unseen(session, bare) if view.stores != "*" else set[int]()
    causes: dict[str, list[tuple[int, object]]] = {}
    for line in lines:
        cause = cause_of(
            line.missing,
            line.allocated,
            standings.get(line.demand, ()),
            is_elsewhere=line.item_id in elsewhere,
        )
        causes.setdefault(cause, []).append((line.order_id, line))
    return by_cause(causes)


Demand = tuple[int, int, int | None, int, Decimal]


def _standings(
    session: Session, lines: Sequence[ShortLine], view: View
) -> dict[Demand, list[Standing]]:
    demands = list(dict.fromkeys(line.demand for line in lines))
    if not demands:
        return {}
    columns = ("items", "stores", "warehouses", "days", "packs")
    asked: dict[str, Any] = {
        name: list(values) for name, values in zip(columns, zip(*demands, strict=True), strict=True)
    }
    rows = sql.rows(
        session, _Standing, QUERIES["standings"], {**asked, "today": clock.today(view.zone)}
    )
    found: dict[Demand, list[Standing]] = {}
    for row in rows:
        standing = Standing(row.obstacle, row.on_hand, row.allocated, row.takeable)
        found.setdefault(demands[row.demand - 1], []).append(standing)
    return found


def _unseen(session: Session, items: set[int]) -> set[int]:
    if not items:
        return set()
    rows = sql.rows(session, _Item, QUERIES["unseen"], {"items": list(items)})
    return {row.item_id for row in rows}


@dataclass(frozen=True)
class _Item:
    item_id: int


@dataclass(frozen=True)
class StoreName:
    id: int
    name: str


def stores(session: Session, given: str) -> list[StoreName]:
    """The stores that somebody sees, to choose one board of."""
    ids = [int(one) for one in given.split(",") if one.isdigit()]
    return sql.rows(session, StoreName, QUERIES["stores"], {"ids": ids, "all": given == "*"})
