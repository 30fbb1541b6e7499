"""What the screens of sales orders show: typed views of ``views.sql``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.web import Cursor, Listing
from app.orders.problems import NoSuchSalesLine, NoSuchSalesOrder

VIEWS = sql.Queries(Path(__file__).with_name("views.sql"))


@dataclass(frozen=True)
class OrderRow:
    """``total_amount`` in the company's currency; ``done`` lines are shipped or closed short."""

    id: int
    number: str
    state: str
    customer: str
    store: str
    priority: int
    requested_on: date | None
    due_at: datetime | None
    created_at: datetime
    total_amount: Decimal
    external_number: str | None
    lines: int
    done: int
    readiness: str


def orders(session: Session, query: Mapping[str, str], cursor: Cursor) -> Listing[OrderRow]:
    """Newest first.

    Args:
        query: may hold ``state`` (or ``open``), ``readiness`` (ready, partly, blocked), ``text``
            (number or customer), ``from`` and ``to`` (requested days, ISO).
    """
    whole = every_order(query)
    page = {"after": _after(cursor), "limit": cursor.limit + 1}
    return cursor.cut(sql.rows(session, OrderRow, whole.text, {**whole.parameters, **page}), "id")


def every_order(query: Mapping[str, str]) -> sql.Select[OrderRow]:
    """All of that list."""
    text = query.get("text", "").strip()[:100]
    given = {
        "state": query.get("state", ""),
        "readiness": query.get("readiness", ""),
        "text": text,
        "inside": f"%{text}%",
        "from_day": _day(query.get("from", "")),
        "to_day": _day(query.get("to", "")),
    }
    return sql.Select(OrderRow, VIEWS["orders"], {**given, "after": None, "limit": None})


def _day(text: str) -> date | None:
    """A day of the filter; what is none filters nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _after(cursor: Cursor) -> int | None:
    key = cursor.after
    return key[0] if key and isinstance(key[0], int) else None


@dataclass(frozen=True)
class OrderHead:
    """``warehouse`` and ``salesperson`` are a code and a login, empty where none is set."""

    id: int
    number: str
    state: str
    store_id: int
    store: str
    time_zone: str
    customer_id: int
    customer: str
    customer_code: str
    warehouse: str
    warehouse_name: str
    requested_on: date | None
    due_at: datetime | None
    priority: int
    minimum_days: int
    partial_policy: str
    allocation_rule: str
    salesperson: str
    salesperson_name: str
    region: str
    currency: str
    exchange_rate: Decimal
    prices_include_tax: bool
    net_amount: Decimal
    total_amount: Decimal
    address: str
    contact: str
    phone: str
    note: str
    source: str
    external_number: str | None
    created_at: datetime
    released_at: datetime | None
    closed_at: datetime | None
    currency_decimals: int
    company_currency: str

    @property
    def is_released(self) -> bool:
        return self.state in ("confirmed", "in_progress")


@dataclass(frozen=True)
class OrderLineView:
    """``entered_quantity`` and ``unit_price`` in the ordered unit (``packaging``, else ``unit``),
    the other quantities in ``unit``: ``missing`` is what a released order wants and nobody has
    promised yet, ``open`` what still has to leave the house.  ``state`` is one of
    ``words.LINE_STATES``.
    """

    id: int
    position: int
    item_id: int
    code: str
    name: str
    specification: str
    unit: str
    packaging: str | None
    entered_quantity: Decimal
    factor: Decimal
    quantity: Decimal
    whole_packs: bool
    unit_price: Decimal
    discount_rate: Decimal
    tax_rate: Decimal
    net_amount: Decimal
    minimum_days: int | None
    allocated: Decimal
    picked: Decimal
    shipped: Decimal
    short_reason: str | None
    lapsed_at: datetime | None
    missing: Decimal
    open: Decimal
    state: str

    @property
    def shelved(self) -> Decimal:
        """What is promised and still lies on its shelf."""
        return self.allocated + self.shipped - self.picked


@dataclass(frozen=True)
class PromiseView:
    """Goods that a line has been promised, and where they are."""

    line_id: int
    location: str
    location_id: int
    picked: bool
    lot: str | None
    lot_id: int | None
    quantity: Decimal
    expires_at: datetime | None


@dataclass(frozen=True)
class Document:
    kind: str
    id: int
    number: str
    state: str
    created_at: datetime


@dataclass(frozen=True)
class Happening:
    at: datetime
    what: str
    detail: str
    person: str | None


@dataclass(frozen=True)
class OrderView:
    """An order with its lines, where its goods are, and what was made for it."""

    head: OrderHead
    lines: list[OrderLineView]
    promises: list[PromiseView]
    documents: list[Document]
    history: list[Happening]

    @property
    def promises_of(self) -> Mapping[int, list[PromiseView]]:
        """By line."""
        found: dict[int, list[PromiseView]] = defaultdict(list)
        for promise in self.promises:
            found[promise.line_id].append(promise)
        return found

    @property
    def waiting_approval(self) -> Document | None:
        return next(
            (one for one in self.documents if one.kind == "approval" and one.state == "waiting"),
            None,
        )

    @property
    def readiness(self) -> str:
        """ready, partly or blocked; empty for an order that is not released."""
        if not self.head.is_released:
            return ""
        if not any(line.missing for line in self.lines):
            return "ready"
        return "partly" if any(line.allocated for line in self.lines) else "blocked"


def order(session: Session, order_id: int) -> OrderView:
    """Raises NoSuchSalesOrder."""
    given = {"order_id": order_id}
    return OrderView(
        order_head(session, order_id),
        sql.rows(session, OrderLineView, VIEWS["order_lines"], given),
        sql.rows(session, PromiseView, VIEWS["promises"], given),
        sql.rows(session, Document, VIEWS["documents"], given),
        sql.rows(session, Happening, VIEWS["history"], given),
    )


def order_head(session: Session, order_id: int) -> OrderHead:
    """Raises NoSuchSalesOrder."""
    head = sql.one(session, OrderHead, VIEWS["order"], {"order_id": order_id})
    if head is None:
        raise NoSuchSalesOrder
    return head


def every_line(order_id: int) -> sql.Select[OrderLineView]:
    """The lines of an order."""
    return sql.Select(OrderLineView, VIEWS["order_lines"], {"order_id": order_id})


def order_of_line(session: Session, line_id: int) -> int:
    """Raises NoSuchSalesLine."""
    found = sql.value(session, VIEWS["order_of_line"], {"line_id": line_id})
    if found is None:
        raise NoSuchSalesLine
    return int(found)


@dataclass(frozen=True)
class Known:
    id: int
    number: str
    state: str


def known_external(session: Session, source: str, external_number: str) -> Known | None:
    """The order that another system's number stands for already."""
    asked = {"source": source, "external_number": external_number}
    return sql.one(session, Known, VIEWS["known_external"], asked)


@dataclass(frozen=True)
class Choice:
    code: str
    name: str


@dataclass(frozen=True)
class Choices:
    """What the boxes of the form offer."""

    customers: list[Choice]
    warehouses: list[Choice]
    salespeople: list[Choice]


def choices(session: Session, store_id: int) -> Choices:
    return Choices(
        sql.rows(session, Choice, VIEWS["customers"]),
        sql.rows(session, Choice, VIEWS["warehouses"], {"store_id": store_id}),
        sql.rows(session, Choice, VIEWS["salespeople"]),
    )


@dataclass(frozen=True)
class Counts:
    drafts: int
    released: int
    blocked: int


def counts(session: Session, store_id: int) -> Counts:
    found = sql.one(session, Counts, VIEWS["counts"], {"store_id": store_id})
    return found or Counts(0, 0, 0)
