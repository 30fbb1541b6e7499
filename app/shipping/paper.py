"""The packing list and the shipping labels: what the paper is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.kit import clock
from app.shipping import queries
from printing.shipping import PackingLine, PackingList, ShippingLabel


def packing_list(session: Session, shipment_id: int, address: str, printed_by: str) -> PackingList:
    """Raises NoSuchShipment."""
    head = queries.head_of(session, shipment_id)
    missing = queries.missing(session, head)
    return PackingList(
        number=head.number,
        company=head.company,
        store=head.store,
        customer=head.customer,
        order_number=head.order_number,
        address=head.address,
        contact=_contact(head),
        carrier=head.carrier,
        tracking_number=head.tracking_number,
        shipped_at=_local(head.shipped_at, head.time_zone),
        packed_by=head.packer or "",
        opens=address,
        remarks=head.note,
        lines=tuple(_line(one) for one in queries.contents(session, shipment_id)),
        missing=tuple(_missing(one) for one in missing),
        printed_at=clock.now().astimezone(ZoneInfo(head.time_zone)),
        printed_by=printed_by,
    )


def _line(content: queries.Content) -> PackingLine:
    return PackingLine(
        item_code=content.code,
        item_name=content.name,
        spec=content.specification,
        unit=content.unit,
        quantity=content.quantity,
        lot=content.lot or "",
        last_day=content.last_day,
        carton=content.sscc or "",
    )


def _missing(one: queries.Missing) -> PackingLine:
    return PackingLine(one.code, one.name, one.unit, one.quantity)


def shipping_labels(session: Session, shipment_id: int) -> list[ShippingLabel]:
    """One for each carton, in the order of packing; one without SSCC where nothing is in cartons.

    Raises NoSuchShipment.
    """
    view = queries.shipment(session, shipment_id)
    head, ssccs = view.head, [carton.sscc for carton in view.cartons] or [""]
    return [
        ShippingLabel(
            number=head.number,
            order_number=head.order_number,
            sender=f"{head.company} {head.store}",
            customer=head.customer,
            address=head.address,
            contact=_contact(head),
            carrier=head.carrier,
            tracking_number=head.tracking_number,
            sscc=sscc,
            place=place,
            count=len(ssccs),
        )
        for place, sscc in enumerate(ssccs, 1)
    ]


def _contact(head: queries.Head) -> str:
    return f"{head.contact} {head.phone}".strip()


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return moment.astimezone(ZoneInfo(zone)) if moment else None
