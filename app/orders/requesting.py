"""Asking another store or warehouse for stock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.ledger.problems import QuantityNotPositive
from app.orders import problems
from app.orders.answers import Requested
from app.orders.permitting import permit

QUERIES = sql.Queries(Path(__file__).with_name("requesting.sql"))
LONGEST_NOTE = 200


@dataclass(frozen=True)
class RequestTransfer:
    """``quantity`` base units of an item for ``store_id``, for an order's line or for stock.

    ``from_store_id`` may be the same store where another warehouse of it (``from_warehouse_id``)
    is asked.
    """

    store_id: int
    from_store_id: int
    item_id: int
    quantity: Decimal
    from_warehouse_id: int | None = None
    order_line_id: int | None = None
    note: str = ""


def request_transfer(session: Session, command: RequestTransfer, envelope: Envelope) -> Requested:
    """Write the request down; the store that is asked sees it too.

    Raises:
        NoSuchSalesOrder (not your store), CapabilityMissing, QuantityNotPositive.
        TransferToItself.
        NoSuchSalesLine: the line is of another item or store.
    """
    permit(session, envelope, command.store_id, "transfer_request")
    if command.quantity <= 0:
        raise QuantityNotPositive
    if command.from_store_id == command.store_id and command.from_warehouse_id is None:
        raise problems.TransferToItself
    if command.order_line_id is not None and not _is_of_line(session, command):
        raise problems.NoSuchSalesLine
    values = {
        "store_id": command.store_id,
        "from_store_id": command.from_store_id,
        "from_warehouse_id": command.from_warehouse_id,
        "item_id": command.item_id,
        "quantity": command.quantity,
        "order_line_id": command.order_line_id,
        "note": " ".join(command.note.split())[:LONGEST_NOTE],
        "user_id": envelope.caller.user_id,
    }
    return Requested(int(sql.value(session, QUERIES["insert_request"], values)))


def _is_of_line(session: Session, command: RequestTransfer) -> bool:
    asked = {
        "line_id": command.order_line_id,
        "store_id": command.store_id,
        "item_id": command.item_id,
    }
    return sql.value(session, QUERIES["line_of_item"], asked) is not None
