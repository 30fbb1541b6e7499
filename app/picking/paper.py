"""The pick list: what the paper is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.kit import clock, sql
from app.picking import queries, refusals
from app.picking.queries import VIEWS
from printing.pick_list import PickList, PickListLine

MOST_STOPS = 2_000


@dataclass(frozen=True)
class _Head:
    number: str
    kind: str
    company: str
    store: str
    time_zone: str
    due_at: datetime | None
    staging: str
    zone: str | None
    holder: str | None
    orders: str | None


def pick_list(session: Session, pick_id: int, *, address: str, printed_by: str) -> PickList:
    """Raises NoSuchPick."""
    head = sql.one(session, _Head, VIEWS["list_head"], {"pick_id": pick_id})
    if head is None:
        raise refusals.NoSuchPick
    zone = ZoneInfo(head.time_zone)
    rows = queries.pick(session, pick_id, rows=MOST_STOPS).rows
    return PickList(
        number=head.number,
        company=head.company,
        store=head.store,
        orders=head.orders or "",
        staging=head.staging,
        lines=tuple(_line(row) for row in rows),
        picker=head.holder or "",
        zone=head.zone or "",
        due_at=head.due_at.astimezone(zone) if head.due_at else None,
        address=address,
        printed_at=clock.now().astimezone(zone),
        printed_by=printed_by,
    )


def _line(row: queries.Row) -> PickListLine:
    return PickListLine(
        location=row.location,
        item_code=row.code,
        item_name=row.name,
        unit=row.unit,
        quantity=row.quantity,
        picked=row.picked,
        spec=row.specification,
        lot=row.lot or "",
        last_day=row.expires_on,
        cart=row.cart or "",
        order_number=row.order_number if row.cart else "",
    )
