"""Writing what was checked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlmodel import Session

from app.kit import sql
from app.kit.transactions import Envelope
from app.shipping.loading import QUERIES, LockedShipment
from app.shipping.state import Goods


def check(
    session: Session,
    shipment: LockedShipment,
    parts: Iterable[tuple[Goods, Decimal]],
    carton_id: int | None,
    envelope: Envelope,
) -> None:
    """Note so much of the goods as checked, in the carton where one is in use."""
    for goods, quantity in parts:
        row = {
            "shipment_id": shipment.id,
            "store_id": shipment.store_id,
            "order_line_id": goods.order_line_id,
            "balance_id": goods.balance_id,
            "item_id": goods.item.id,
            "lot_id": goods.lot_id,
            "logistic_unit_id": carton_id,
            "quantity": quantity,
            "command_id": envelope.command_id,
            "user_id": envelope.caller.user_id,
        }
        sql.execute(session, QUERIES["insert_check"], row)
