"""The goods-received note: what the paper is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.kit import clock, sql
from app.receiving import problems
from app.receiving.queries import VIEWS
from app.receiving.words import reason
from printing.documents import GoodsReceivedLine, GoodsReceivedNote


@dataclass(frozen=True)
class _Head:
    number: str
    company: str
    store: str
    time_zone: str
    supplier: str | None
    order_number: str | None
    delivery_note: str
    received_at: datetime
    currency: str
    received_by: str | None


@dataclass(frozen=True)
class _Line:
    item_code: str
    item_name: str
    spec: str
    unit: str
    received: Decimal
    damaged: Decimal | None
    amount: Decimal | None
    ordered: Decimal | None
    short: Decimal | None
    reason: str
    lot: str
    expires_on: date | None
    is_first: bool


def goods_received_note(
    session: Session, receipt_id: int, *, address: str, with_costs: bool, printed_by: str
) -> GoodsReceivedNote:
    """Raises NoSuchReceipt."""
    given = {"receipt_id": receipt_id}
    head = sql.one(session, _Head, VIEWS["note_head"], given)
    if head is None:
        raise problems.NoSuchReceipt
    zone = ZoneInfo(head.time_zone)
    lines = sql.rows(session, _Line, VIEWS["note_lines"], given)
    return GoodsReceivedNote(
        number=head.number,
        company=head.company,
        store=head.store,
        supplier=head.supplier or "",
        received_at=head.received_at.astimezone(zone),
        lines=tuple(_line(line, with_costs=with_costs) for line in lines),
        received_by=head.received_by or "",
        order_number=head.order_number or "",
        delivery_number=head.delivery_note,
        address=address,
        currency=head.currency,
        printed_at=clock.now().astimezone(zone),
        printed_by=printed_by,
    )


def _line(line: _Line, *, with_costs: bool) -> GoodsReceivedLine:
    """An order's line that came in several lots says what was ordered and is missing once."""
    return GoodsReceivedLine(
        item_code=line.item_code,
        item_name=line.item_name,
        unit=line.unit,
        received=line.received,
        ordered=line.ordered if line.is_first else None,
        damaged=line.damaged,
        short=line.short if line.is_first else None,
        reason=", ".join(reason(part.strip()) for part in line.reason.split(",") if part.strip()),
        spec=line.spec,
        lot=line.lot,
        expires_on=line.expires_on,
        amount=line.amount if with_costs else None,
    )
