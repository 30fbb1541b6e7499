"""Paper that goes with goods back to their supplier (退货单)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from printing.codes import qr
from printing.documents import scaled
from printing.engine import page_pdf, rendered
from printing.symbols import symbol_of
from printing.texts import Language

_QR_MM = 22.0


@dataclass(frozen=True)
class ReturnNoteLine:
    """What goes back, in `unit`, and why.  No amounts: the driver reads it, too."""

    item_code: str
    item_name: str
    unit: str
    quantity: Decimal
    spec: str = ""
    lot: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ReturnNote:
    """A return to a supplier of goods of one receipt; `opens` is what its QR opens."""

    number: str
    company: str
    store: str
    supplier: str
    receipt: str
    lines: tuple[ReturnNoteLine, ...]
    begun_at: datetime
    by: str = ""
    opens: str = ""
    remarks: str = ""
    printed_at: datetime | None = None
    printed_by: str = ""


def return_note_pdf(note: ReturnNote, language: Language = "zh") -> bytes:
    """The note on A4 portrait, head and column titles on each page."""
    symbol = scaled(symbol_of(qr(note.opens)), _QR_MM) if note.opens else None
    html = rendered("return_note.html", note=note, symbol=symbol, language=language)
    return page_pdf(html, "document.css")
