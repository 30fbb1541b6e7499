"""Typed reading of pools, layers and value rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from app.costing.problems import NoSuchItem, NoSuchMove
from app.kit import sql
from app.kit.money import ZERO, rounded
from app.kit.web import BadCursor, Cursor, Listing

QUERIES = sql.Queries.beside(__file__)
MOST = 200
UNIT_COST_DECIMALS = 4


def unit_cost(amount: Decimal, quantity: Decimal) -> Decimal | None:
    """For people; None of nothing."""
    return rounded(amount / quantity, UNIT_COST_DECIMALS) if quantity else None


@dataclass(frozen=True)
class ItemHead:
    """``fallback_unit_cost`` is what one is taken to cost where nothing was ever bought."""

    id: int
    code: str
    name: str
    unit: str
    method: str
    fallback_unit_cost: Decimal | None
    currency: str
    decimals: int
    cost_scope: str


@dataclass(frozen=True)
class Pool:
    """``recost_since``: late movements from then on are still being valued."""

    id: int
    store: str | None
    lot: str | None
    quantity: Decimal
    value: Decimal
    last_unit_cost: Decimal
    recost_since: datetime | None

    @property
    def unit_cost(self) -> Decimal:
        found = unit_cost(self.value, self.quantity)
        return self.last_unit_cost if found is None else found


@dataclass(frozen=True)
class Layer:
    """What is left of one receipt; below zero what was issued and not there."""

    id: int
    move_id: int
    occurred_at: datetime
    quantity: Decimal
    remaining: Decimal
    value: Decimal
    store: str | None
    document: str | None

    @property
    def unit_cost(self) -> Decimal | None:
        return unit_cost(self.value, self.remaining)


@dataclass(frozen=True)
class Entry:
    """One value row; the document, voucher or earlier row that brought it about."""

    id: int
    kind: str
    quantity: Decimal
    amount: Decimal
    occurred_at: datetime
    recorded_at: datetime
    move_id: int | None
    in_stock: bool
    lot: str | None
    store: str | None
    cause_move_id: int | None
    cause_kind: str | None
    person: str | None
    receipt: str | None
    receipt_id: int | None
    voucher: str | None
    voucher_id: int | None
    invoice: str | None
    invoice_id: int | None

    @property
    def unit_cost(self) -> Decimal | None:
        return unit_cost(self.amount, self.quantity)

    @property
    def document(self) -> str:
        return self.voucher or self.invoice or self.receipt or ""

    @property
    def link(self) -> str:
        """The document's page; empty where there is none."""
        if self.voucher_id:
            return f"/landing/{self.voucher_id}"
        if self.invoice_id:
            return f"/invoices/{self.invoice_id}"
        return f"/receiving/{self.receipt_id}" if self.receipt_id else ""


@dataclass(frozen=True)
class MoveHead:
    """``leaves`` and ``enters``: across the edge of stock; neither for a move within it."""

    id: int
    item_id: int
    item_code: str
    item_name: str
    unit: str
    method: str
    quantity: Decimal
    occurred_at: datetime
    enters: bool
    leaves: bool
    from_kind: str
    to_kind: str
    store: str
    store_id: int
    reverses_id: int | None
    amends_id: int | None
    currency: str
    decimals: int


@dataclass(frozen=True)
class Taken:
    """What a move did to a pool (and its layer) when it was posted."""

    id: int
    pool_id: int
    quantity: Decimal
    amount: Decimal
    kind: str
    layer_move_id: int | None
    cause_move_id: int | None


@dataclass(frozen=True)
class Held:
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Inflow:
    move_id: int
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True)
class FlowEnd:
    """What went into a production or transfer: a move and its cost, or an overhead."""

    move_id: int | None
    side: str
    amount: Decimal
    cost: Decimal

    @property
    def worth(self) -> Decimal:
        return self.cost if self.side == "in" else self.amount


@dataclass(frozen=True)
class ItemCosts:
    head: ItemHead
    pools: list[Pool]
    layers: list[Layer]
    entries: Listing[Entry]

    @property
    def quantity(self) -> Decimal:
        return sum((pool.quantity for pool in self.pools), ZERO)

    @property
    def value(self) -> Decimal:
        return sum((pool.value for pool in self.pools), ZERO)

    @property
    def unit_cost(self) -> Decimal | None:
        return unit_cost(self.value, self.quantity)


def item_costs(session: Session, item_id: int, cursor: Cursor) -> ItemCosts:
    """Raises NoSuchItem, BadCursor."""
    asked = {"item_id": item_id, "most": MOST}
    head = sql.one(session, ItemHead, QUERIES["item"], asked)
    if head is None:
        raise NoSuchItem
    after, after_id = _after(cursor)
    page = {"item_id": item_id, "move_id": None, "limit": cursor.limit + 1}
    page |= {"after": after, "after_id": after_id}
    entries = sql.rows(session, Entry, QUERIES["entries"], page)
    return ItemCosts(
        head,
        sql.rows(session, Pool, QUERIES["pools"], asked),
        sql.rows(session, Layer, QUERIES["layers"], asked) if head.method == "fifo" else [],
        cursor.cut(entries, "occurred_at", "id"),
    )


def _after(cursor: Cursor) -> tuple[datetime | None, int | None]:
    match cursor.after:
        case None:
            return None, None
        case (str() as moment, int() as row_id):
            try:
                return datetime.fromisoformat(moment), row_id
            except ValueError:
                raise BadCursor from None
        case _:
            raise BadCursor


def known_move(session: Session, move_id: int) -> MoveHead | None:
    """None where it lies in a store that the caller does not see."""
    return sql.one(session, MoveHead, QUERIES["move"], {"move_id": move_id})


def move_head(session: Session, move_id: int) -> MoveHead:
    """Raises NoSuchMove."""
    found = known_move(session, move_id)
    if found is None:
        raise NoSuchMove
    return found


def entries_of(session: Session, move_id: int) -> list[Entry]:
    """Every value row of a move, the first one first."""
    asked = {"item_id": None, "move_id": move_id, "limit": MOST, "after": None, "after_id": None}
    return sorted(sql.rows(session, Entry, QUERIES["entries"], asked), key=lambda one: one.id)


def taken(session: Session, move_id: int) -> list[Taken]:
    return sql.rows(session, Taken, QUERIES["taken"], {"move_id": move_id})


def pool_before(session: Session, entry: Taken) -> Held:
    found = sql.one(
        session, Held, QUERIES["pool_before"], {"pool_id": entry.pool_id, "entry_id": entry.id}
    )
    assert found is not None, "a sum without its row"
    return found


def inflows(session: Session, entry: Taken, most: int) -> list[Inflow]:
    asked = {"pool_id": entry.pool_id, "entry_id": entry.id, "most": most}
    return sql.rows(session, Inflow, QUERIES["inflows"], asked)


def flow_into(session: Session, move_id: int) -> list[FlowEnd]:
    return sql.rows(session, FlowEnd, QUERIES["flow"], {"move_id": move_id})
