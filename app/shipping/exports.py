"""The files of the shipping screens."""

from __future__ import annotations

from app.access.exports import Asked, Export
from app.kit import sql
from app.kit.exports import Column
from app.kit.i18n import gettext, mark
from app.shipping import queries
from app.shipping.words import SHIPMENT_STATES


def _shipments(asked: Asked) -> sql.Select[queries.ShipmentRow]:
    return queries.every_shipment(asked.query)


SHIPMENTS = Export(
    "/shipments",
    mark("Shipments"),
    "pack",
    _shipments,
    [
        Column(mark("Number"), "number"),
        Column(mark("State"), lambda row: gettext(SHIPMENT_STATES[row.state])),
        Column(mark("Store"), "store"),
        Column(mark("Sales order"), "order_number"),
        Column(mark("Customer"), "customer"),
        Column(mark("Carrier"), "carrier"),
        Column(mark("Tracking number"), "tracking_number"),
        Column(mark("Begun"), "created_at"),
        Column(mark("Left"), "shipped_at"),
    ],
)
EXPORTS = (SHIPMENTS,)
