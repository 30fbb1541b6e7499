"""The files of the screens of quality."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import mark
from app.quality.queries import LotShipped
from app.quality.stock import QUERIES


def _shipped(asked: Asked) -> sql.Select[LotShipped]:
    return sql.Select(LotShipped, QUERIES["lot_shipped"], {"lot_id": asked.ids["lot_id"]})


SHIPPED = Export(
    "/quality/lots/{lot_id:int}/shipments",
    mark("Whom a lot went to"),
    "stock_read",
    _shipped,
    [
        Column(mark("Customer"), "customer"),
        Column(mark("Contact"), "contact"),
        Column(mark("Phone"), lambda row: row.order_phone or row.phone),
        Column(mark("Address"), "address"),
        Column(mark("Sales order"), "order_number"),
        Column(mark("Shipment"), "shipment_number"),
        Column(mark("Shipped at"), "shipped_at"),
        Column(mark("Store"), "store_name"),
        Column(mark("Quantity"), "quantity"),
        Column(mark("Came back"), "returned"),
    ],
)
EXPORTS = (SHIPPED,)
