"""The pick list on A4: where to go, what to take, room to tick it off."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from printing.codes import qr
from printing.documents import scaled
from printing.engine import page_pdf, rendered
from printing.symbols import symbol_of
from printing.texts import Language

_QR_MM = 22.0


@dataclass(frozen=True)
class PickListLine:
    """One stop, in the order of the way; quantities in `unit`.

    `cart` is the position on the cart that the goods go to, empty where there is no cart.
    """

    location: str
    item_code: str
    item_name: str
    unit: str
    quantity: Decimal
    picked: Decimal
    spec: str = ""
    lot: str = ""
    last_day: date | None = None
    cart: str = ""
    order_number: str = ""


@dataclass(frozen=True)
class PickList:
    """A pick on paper (拣货单). `address` is what its QR opens; no QR if it is empty.

    Moments are shown in the time zone that they arrive in.
    """

    number: str
    company: str
    store: str
    orders: str
    staging: str
    lines: tuple[PickListLine, ...]
    picker: str = ""
    zone: str = ""
    due_at: datetime | None = None
    address: str = ""
    printed_at: datetime | None = None
    printed_by: str = ""

    @property
    def has_carts(self) -> bool:
        """Whether the list has a column for positions on the cart."""
        return any(line.cart for line in self.lines)


def pick_list_pdf(paper: PickList, language: Language = "zh") -> bytes:
    """The list on A4 portrait, head and column titles on each page."""
    symbol = symbol_of(qr(paper.address)) if paper.address else None
    html = rendered(
        "pick_list.html",
        paper=paper,
        symbol=scaled(symbol, _QR_MM) if symbol else None,
        language=language,
    )
    return page_pdf(html, "document.css")
