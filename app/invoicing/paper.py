"""The note that goes with goods back to their supplier: what the paper is told."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.invoicing import return_queries
from app.invoicing.return_queries import ReturnLine
from app.invoicing.words import reason_words
from app.kit import clock, sql
from app.kit.i18n import current_language
from printing.return_note import ReturnNote, ReturnNoteLine, return_note_pdf
from printing.texts import Language

COMPANY = "select name from company"


def return_note(session: Session, return_id: int, address: str, by: str, zone: str) -> ReturnNote:
    """What goes back, without amounts; what was taken back again is left out.

    Raises:
        ReturnUnknown.
    """
    view = return_queries.a_return(session, return_id)
    head = view.head
    return ReturnNote(
        number=head.number,
        company=str(sql.value(session, COMPANY)),
        store=head.store,
        supplier=head.supplier,
        receipt=head.receipt,
        lines=tuple(_line(one) for one in reversed(view.lines) if not one.is_undone),
        begun_at=_local(head.created_at, zone),
        by=head.user_name or "",
        opens=address,
        remarks=head.note,
        printed_at=_local(clock.now(), zone),
        printed_by=by,
    )


def _line(line: ReturnLine) -> ReturnNoteLine:
    return ReturnNoteLine(
        line.item_code, line.item_name, line.base_unit, line.quantity,
        spec=line.specification, lot=line.lot_code or "", reason=reason_words(line.reason),
    )  # fmt: skip


def _local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def printed(note: ReturnNote) -> bytes:
    """The PDF in the reader's language."""
    language: Language = "en" if current_language() == "en" else "zh"
    return return_note_pdf(note, language)
