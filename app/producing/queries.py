"""What the screens and the API of production show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.kit import clock, sql
from app.kit.database import together
from app.kit.money import ZERO
from app.kit.trips import Trip
from app.kit.web import Cursor, Listing
from app.producing import problems
from app.producing.state import State
from app.scanning.meanings import DocumentMeaning, ItemMeaning, LotMeaning, Meaning

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))
LIMIT = 100
UNIT_COST = Decimal("0.000001")


@dataclass(frozen=True)
class OrderRow:
    """``external_number`` is another system's."""

    id: int
    number: str
    kind: str
    state: str
    store: str
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    quantity: Decimal
    completed: Decimal
    scrapped: Decimal
    planned_on: date | None
    created_at: datetime
    external_number: str | None
    worker: str | None

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()


@dataclass(frozen=True)
class OrderHead:
    """``tolerance`` is a fraction; ``supply`` and ``output`` are codes of places."""

    id: int
    number: str
    kind: str
    state: str
    store_id: int
    store: str
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    decimals: int
    tracking: str
    shelf_life_days: int | None
    expiry_rule: str
    quantity: Decimal
    completed: Decimal
    scrapped: Decimal
    tolerance: Decimal
    planned_on: date | None
    lot_code: str
    note: str
    source: str
    external_number: str | None
    step: dict[str, Any]
    version: int
    created_at: datetime
    started_at: datetime | None
    closed_at: datetime | None
    recipe_version_id: int | None
    recipe_id: int | None
    recipe_version: int | None
    supply: str | None
    output: str
    time_zone: str
    worker: str | None
    currency: str

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()

    @property
    def is_open(self) -> bool:
        return self.state in ("planned", "in_progress")

    @property
    def left(self) -> Decimal:
        return max(self.quantity - self.completed - self.scrapped, ZERO)


@dataclass(frozen=True)
class LineView:
    """A component or what comes besides; ``amount`` is what was used or made of it, in money."""

    id: int
    kind: str
    position: int
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    decimals: int
    quantity: Decimal
    issued: Decimal
    consumed: Decimal
    issue: str
    scrap_rate: Decimal
    share: Decimal | None
    unit_value: Decimal | None
    amount: Decimal
    newest: int

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()

    @property
    def is_done(self) -> bool:
        return self.issued >= self.quantity


@dataclass(frozen=True)
class CompletionView:
    """What was reported at once; amounts in the company's currency."""

    id: int
    kind: str
    quantity: Decimal
    is_abnormal: bool
    material: Decimal
    labour: Decimal
    overhead: Decimal
    elements: Decimal
    parts: dict[str, str]
    amount: Decimal
    reason: str
    source: str
    external_key: str | None
    occurred_at: datetime
    undone_at: datetime | None
    undo_reason: str
    lot_id: int | None
    lot: str | None
    last_day: date | None
    place: str | None
    who: str | None


@dataclass(frozen=True)
class Newest:
    """What was brought last."""

    item_id: int
    name: str
    specification: str
    unit: str
    quantity: Decimal
    lot: str | None
    place: str


@dataclass(frozen=True)
class OrderView:
    head: OrderHead
    components: list[LineView]
    sides: list[LineView]
    completions: list[CompletionView]
    newest: Newest | None

    @property
    def state(self) -> State:
        return msgspec.convert(self.head.step, State, strict=False)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.components)

    @property
    def amount(self) -> Decimal:
        """What the goods that stand are worth."""
        return sum((one.amount for one in self._standing("output")), ZERO)

    @property
    def wasted(self) -> Decimal:
        return sum((one.amount for one in self._standing("scrap")), ZERO)

    @property
    def unit_cost(self) -> Decimal:
        made = self.head.completed
        return (self.amount / made).quantize(UNIT_COST) if made else ZERO

    def _standing(self, kind: str) -> list[CompletionView]:
        return [one for one in self.completions if one.kind == kind and one.undone_at is None]


@dataclass(frozen=True)
class ConsumptionRow:
    """A component in a period, in its base unit; ``missing`` is what counts found lost."""

    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    theoretical: Decimal
    used: Decimal
    missing: Decimal
    actual: Decimal
    unit_cost: Decimal

    @property
    def title(self) -> str:
        return f"{self.name} {self.specification}".strip()

    @property
    def difference(self) -> Decimal:
        return (self.actual - self.theoretical).quantize(UNIT_COST)

    @property
    def difference_amount(self) -> Decimal:
        return (self.difference * self.unit_cost).quantize(Decimal("0.01"))

    @property
    def difference_rate(self) -> Decimal | None:
        """Of the theoretical quantity."""
        if not self.theoretical:
            return None
        return (self.difference / self.theoretical).quantize(Decimal("0.0001"))


def inside(search: str) -> str:
    """A pattern that finds the text anywhere."""
    return "%" + search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def _order_parameters(query: Mapping[str, str]) -> dict[str, Any]:
    search = query.get("search", "").strip()[:100]
    return {"state": query.get("state", ""), "search": search, "inside": inside(search)}


def orders(session: Session, query: Mapping[str, str], cursor: Cursor) -> Listing[OrderRow]:
    """Newest first."""
    after = cursor.after[0] if cursor.after else None
    asked = _order_parameters(query) | {"after": after, "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, OrderRow, VIEWS["orders"], asked), "id")


def every_order(query: Mapping[str, str]) -> sql.Select[OrderRow]:
    return sql.Select(
        OrderRow, VIEWS["orders"], _order_parameters(query) | {"after": None, "limit": None}
    )


def waiting(session: Session, store_id: int) -> list[OrderRow]:
    return sql.rows(session, OrderRow, VIEWS["waiting"], {"store_id": store_id, "limit": LIMIT})


def count_waiting(session: Session, store_id: int) -> int:
    return int(sql.value(session, VIEWS["count_waiting"], {"store_id": store_id}))


def order_of(session: Session, text: str, meaning: Meaning, store_id: int) -> int | None:
    """The order that a scan means: its number, or what it makes."""
    given = meaning.number if isinstance(meaning, DocumentMeaning) else text.strip()
    found = sql.value(session, VIEWS["order_of_text"], {"text": given})
    if found is None and isinstance(meaning, (ItemMeaning, LotMeaning)):
        asked = {"item_id": meaning.item.id, "store_id": store_id}
        found = sql.value(session, VIEWS["order_of_item"], asked)
    return int(found) if found is not None else None


def order(session: Session, order_id: int) -> OrderView:
    """Raises NoSuchProductionOrder."""
    with together(session) as trip:
        read = send_order(trip, order_id)
    return read()


def send_order(trip: Trip, order_id: int) -> Callable[[], OrderView]:
    """Ask for the screen of an order on a trip; the answers are read by what it returns."""
    asked = {"order_id": order_id}
    head = trip.ask(OrderHead, VIEWS["order"], asked)
    lines = trip.ask(LineView, VIEWS["order_lines"], asked)
    completions = trip.ask(CompletionView, VIEWS["completions"], asked)
    newest = trip.ask(Newest, VIEWS["brought_newest"], asked)

    def read() -> OrderView:
        found = head.first()
        if found is None:
            raise problems.NoSuchProductionOrder
        return OrderView(
            found,
            [line for line in lines.all() if line.kind == "component"],
            [line for line in lines.all() if line.kind == "side_output"],
            completions.all(),
            newest.first(),
        )

    return read


@dataclass(frozen=True)
class Period:
    """Days in the store's time, both included; without a store all that one sees."""

    first: date
    last: date
    store_id: int | None = None
    zone: str = "Asia/Shanghai"

    @property
    def parameters(self) -> dict[str, Any]:
        until = date.fromordinal(self.last.toordinal() + 1)
        return {
            "first": clock.midnight(self.first, self.zone),
            "until": clock.midnight(until, self.zone),
            "store_id": self.store_id,
        }


def every_consumption(period: Period) -> sql.Select[ConsumptionRow]:
    return sql.Select(ConsumptionRow, VIEWS["consumption"], period.parameters)


def consumption(session: Session, period: Period) -> list[ConsumptionRow]:
    """What was used against what the recipes say, the dearest difference first."""
    return sql.rows(session, ConsumptionRow, VIEWS["consumption"], period.parameters)
