"""Paper that goes out with the goods: the packing list on A4, the shipping label of a carton."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from printing.codes import Symbology, gs1, qr
from printing.documents import ScaledSymbol, scaled, whole_dots
from printing.engine import page_pdf, rendered
from printing.problems import LabelError
from printing.symbols import symbol_of
from printing.texts import Language

_QR_MM = 22.0
_LABEL_QR_MM = 26.0
_BARS_MM = (92.0, 25.0)


@dataclass(frozen=True)
class PackingLine:
    """Goods of one lot in one carton (its SSCC; empty: loose); quantity in `unit`."""

    item_code: str
    item_name: str
    unit: str
    quantity: Decimal
    spec: str = ""
    lot: str = ""
    last_day: date | None = None
    carton: str = ""


@dataclass(frozen=True)
class PackingList:
    """What a shipment holds (装箱单). `opens` is what its QR opens; `missing` follows later.

    Moments are shown in the time zone that they arrive in; `shipped_at` None: not left yet.
    """

    number: str
    company: str
    store: str
    customer: str
    order_number: str
    lines: tuple[PackingLine, ...]
    address: str = ""
    contact: str = ""
    carrier: str = ""
    tracking_number: str = ""
    shipped_at: datetime | None = None
    packed_by: str = ""
    opens: str = ""
    remarks: str = ""
    missing: tuple[PackingLine, ...] = ()
    printed_at: datetime | None = None
    printed_by: str = ""

    @property
    def cartons(self) -> list[tuple[str, list[PackingLine]]]:
        """The lines by carton, in the order in which they come."""
        return [
            (carton, list(lines)) for carton, lines in groupby(self.lines, lambda one: one.carton)
        ]


@dataclass(frozen=True)
class ShippingLabel:
    """One carton's label: `place` of `count`; without `sscc` it has the order's QR only."""

    number: str
    order_number: str
    sender: str
    customer: str
    address: str = ""
    contact: str = ""
    carrier: str = ""
    tracking_number: str = ""
    sscc: str = ""
    place: int = 1
    count: int = 1


def packing_list_pdf(content: PackingList, language: Language = "zh") -> bytes:
    """The list on A4 portrait, head and column titles on each page."""
    symbol = scaled(symbol_of(qr(content.opens)), _QR_MM) if content.opens else None
    html = rendered("packing_list.html", list=content, symbol=symbol, language=language)
    return page_pdf(html, "document.css")


def shipping_labels_pdf(labels: Sequence[ShippingLabel], language: Language = "zh") -> bytes:
    """One label of 100 x 150 mm a page.  LabelError where there is none."""
    if not labels:
        raise LabelError("nothing_to_print")
    pages = [
        (one, scaled(symbol_of(qr(one.number)), _LABEL_QR_MM), _bars(one.sscc)) for one in labels
    ]
    html = rendered("shipping_label.html", pages=pages, language=language)
    return page_pdf(html, "shipping_label.css")


def _bars(sscc: str) -> tuple[ScaledSymbol, str] | None:
    """The SSCC as GS1-128, of whole printer dots, and its text."""
    if not sscc:
        return None
    code = gs1([("00", sscc)], Symbology.GS1_128)
    symbol = symbol_of(code)
    modules = symbol.width + 2 * symbol.quiet
    width = modules * whole_dots(_BARS_MM[0] / modules)
    box = f"{-symbol.quiet} 0 {modules} 1"
    return ScaledSymbol(symbol, width, _BARS_MM[1], box), code.human_readable
