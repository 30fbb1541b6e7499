"""Receiving as work that a device can carry along; the browser's half is js/offline/receiving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from sqlmodel import Session

from app.access.actor import Actor
from app.kit import sql
from app.kit.i18n import gettext, mark
from app.receiving import problems, queries
from app.receiving.loading import QUERIES as SCANNING
from app.receiving.queries import Entry, ReceiptView
from app.receiving.state import ExpectedLine
from app.scanning.packages import Carrying, Document, Goods, OpenWork, WorkPackage, goods_of

QUERIES = sql.Queries(Path(__file__).with_name("package.sql"))
NAME = "receiving"
WITHOUT_ORDER = mark("Without an order")
MOST_SUGGESTIONS = 20


@dataclass(frozen=True)
class _Receipt:
    id: int
    store_id: int
    dock_location_id: int
    store: str
    time_zone: str
    receive_without_order: bool


@dataclass(frozen=True)
class _Waiting:
    item_id: int
    lot_id: int | None
    lot: str | None
    status: str
    quantity: Decimal


@dataclass(frozen=True)
class _Place:
    id: int
    code: str


def open_work(session: Session, actor: Actor) -> list[OpenWork]:
    """The receipts that this person holds, or that nobody does."""
    if not actor.can("receive") or actor.store_id is None:
        return []
    found = queries.open_work(session, actor.store_id, actor.user_id)
    return [
        _work(row.id, row.number, row.order_number, row.supplier)
        for row in found.receipts
        if row.held_by in (None, actor.user_id) and row.state == "in_progress"
    ]


def _work(receipt_id: int, number: str, order: str | None, supplier: str | None) -> OpenWork:
    return OpenWork(
        NAME, receipt_id, f"/receiving/{receipt_id}", order or number,
        supplier or gettext(WITHOUT_ORDER),
    )  # fmt: skip


def pack(session: Session, actor: Actor, receipt_id: int) -> WorkPackage:
    """The receipt with all that its flow is stepped with.

    Raises:
        NoSuchReceipt: or it is another store's, somebody else's, paused or at its end.
    """
    actor.require("receive")
    given = {"receipt_id": receipt_id}
    view = queries.receipt(session, receipt_id, rows=2_000)
    receipt = sql.one(session, _Receipt, QUERIES["receipt"], given)
    head = view.head
    mine = head.held_by in (None, actor.user_id)
    if receipt is None or not mine or head.state not in ("in_progress", "done"):
        raise problems.NoSuchReceipt
    item_ids = _item_ids(session, receipt)
    goods = goods_of(session, item_ids, receipt.store_id)
    return WorkPackage(
        open=_work(head.id, head.number, head.order_number, head.supplier),
        user_id=actor.user_id,
        user=actor.name,
        store=receipt.store,
        time_zone=receipt.time_zone,
        documents=_documents(view),
        goods=goods,
        work={
            "state": msgspec.to_builtins(view.state),
            "order_is_cancelled": head.order_state == "cancelled",
            "facts": _facts(session, actor, receipt, view, goods),
            "beside": _beside(view),
            "short": {
                str(row.order_line_id): row.short_reason
                for row in view.rows
                if row.order_line_id is not None and row.short_reason
            },
        },
    )


def _item_ids(session: Session, receipt: _Receipt) -> list[int]:
    given = {"receipt_id": receipt.id, "store_id": receipt.store_id}
    return [row.item_id for row in sql.rows(session, _ItemId, QUERIES["items"], given)]


@dataclass(frozen=True)
class _ItemId:
    item_id: int


def _documents(view: ReceiptView) -> list[Document]:
    head = view.head
    order = [Document("purchase_order", head.order_id, head.order_number)] if (
        head.order_id is not None and head.order_number is not None
    ) else []  # fmt: skip
    return [Document("receipt", head.id, head.number), *order]


def _facts(
    session: Session, actor: Actor, receipt: _Receipt, view: ReceiptView, goods: Goods
) -> dict[str, Any]:
    """What ``Facts`` holds, less the day: the device knows that."""
    lines = sql.rows(session, ExpectedLine, QUERIES["lines"], {"receipt_id": receipt.id})
    return {
        "receipt_id": receipt.id,
        "order_id": view.head.order_id,
        "closed": view.head.state == "done",
        "lines": lines,
        "last": _last(view.last, goods),
        "holdings": _holdings(session, receipt, goods),
        "policy": {
            "unexpected_item": receipt.receive_without_order and actor.can("receive_without_order"),
            "short_shelf_life": actor.can("short_shelf_life"),
            "link_barcode": actor.can("catalog_write"),
        },
    }


def _last(entry: Entry | None, goods: Goods) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "id": entry.id,
        "kind": entry.kind,
        "item": _by_id(goods.items, entry.item_id),
        "quantity": entry.quantity,
        "put_away": entry.put_away,
        # Only goods of the order have an expected quantity; which line it was matters to nobody.
        "order_line_id": None if entry.expected is None else 0,
        "packaging": None,
        "lot_id": entry.lot_id,
        "lot": _by_id(goods.lots, entry.lot_id),
    }


def _by_id(rows: Sequence[dict[str, Any]], wanted: int | None) -> dict[str, Any] | None:
    return next((row for row in rows if row["id"] == wanted), None)


def _holdings(session: Session, receipt: _Receipt, goods: Goods) -> list[dict[str, Any]]:
    waiting = sql.rows(session, _Waiting, QUERIES["waiting"], {"receipt_id": receipt.id})
    places = [_suggested(session, receipt, row) for row in waiting[:MOST_SUGGESTIONS]]
    places += [None] * (len(waiting) - len(places))
    return [
        {
            "item": _by_id(goods.items, row.item_id),
            "lot_id": row.lot_id,
            "lot": row.lot,
            "status": row.status,
            "quantity": row.quantity,
            "location_id": place.id if place else None,
            "location": place.code if place else None,
        }
        for row, place in zip(waiting, places, strict=True)
    ]


def _suggested(session: Session, receipt: _Receipt, row: _Waiting) -> _Place | None:
    given = {
        "store_id": receipt.store_id,
        "dock_id": receipt.dock_location_id,
        "item_id": row.item_id,
        "lot_id": row.lot_id,
        "status": row.status,
    }
    return sql.one(session, _Place, SCANNING["suggested_location"], given)


def _beside(view: ReceiptView) -> list[dict[str, Any]]:
    """What came beside the order."""
    return [
        {"item_id": row.item_id, "received": row.received}
        for row in view.rows
        if row.order_line_id is None
    ]


receiving_packages = Carrying(NAME, open_work, pack)
"""The contract of ``app.scanning.packages``, implemented by receipts."""
