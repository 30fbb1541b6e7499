"""The label kinds: what each one is told. Nothing here knows how it will look."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from printing.codes import Code, Symbology, gs1, gs1_date, gtin_bars
from printing.problems import LabelError


class LabelKind(StrEnum):
    """Every kind of label, by the name that templates use."""

    ITEM = "item"
    PACKAGING = "packaging"
    LOT = "lot"
    LOCATION = "location"
    LOGISTIC_UNIT = "logistic_unit"
    BADGE = "badge"
    COMMAND = "command"
    DOCUMENT = "document"


class Arrow(StrEnum):
    """Where the location lies as seen from its label."""

    NONE = "none"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class ItemLabel:
    """An item. Without `code`, the GTIN's own bars are printed."""

    name: str
    item_code: str
    spec: str = ""
    packing: str = ""
    gtin: str = ""
    code: Code | None = None

    @property
    def printed_code(self) -> Code:
        """The symbol; LabelError if there is neither a code nor a GTIN."""
        if self.code:
            return self.code
        if not self.gtin:
            raise LabelError("no_code")
        return gtin_bars(self.gtin)


@dataclass(frozen=True)
class PackagingLabel(ItemLabel):
    """A case or bag of an item: what it holds (`packing`, like 1箱 = 4袋) stands large."""


@dataclass(frozen=True)
class LotLabel:
    """One lot (or serial) of an item.

    Without `code`, a GS1 QR of GTIN (01), dates (17, 15, 11), lot (10) and serial (21) is printed.
    `quantity` is in `unit` and only for people: the QR stays right when part of it is taken.
    """

    name: str
    item_code: str
    lot: str = ""
    gtin: str = ""
    spec: str = ""
    expires_on: date | None = None
    best_before_on: date | None = None
    produced_on: date | None = None
    quantity: Decimal | None = None
    unit: str = ""
    serial: str = ""
    code: Code | None = None

    @property
    def printed_code(self) -> Code:
        """The symbol; LabelError if there is neither a code nor a GTIN."""
        if self.code:
            return self.code
        if not self.gtin:
            raise LabelError("no_code")
        return gs1(self._elements())

    def _elements(self) -> list[tuple[str, str]]:
        dates = (("17", self.expires_on), ("15", self.best_before_on), ("11", self.produced_on))
        elements = [("01", self.gtin.zfill(14))]
        elements += [(ai, gs1_date(day)) for ai, day in dates if day]
        elements += [(ai, text) for ai, text in (("10", self.lot), ("21", self.serial)) if text]
        return elements


@dataclass(frozen=True)
class LocationLabel:
    """A shelf, bin or dock. `check` is the letter that a picker reads back."""

    name: str
    code: Code
    place: str = ""
    arrow: Arrow = Arrow.NONE
    check: str = ""


@dataclass(frozen=True)
class LogisticUnitLabel:
    """A carton or pallet with its SSCC (18 digits), after the GS1 Logistic Label Guideline.

    `count` is how many trade items `gtin` it holds (AI 02 and 37); without both, only the SSCC
    is encoded, with lot and dates left to the text.
    """

    sscc: str
    sender: str = ""
    receiver: str = ""
    item_name: str = ""
    gtin: str = ""
    count: int | None = None
    lot: str = ""
    expires_on: date | None = None
    best_before_on: date | None = None
    gross_weight_kg: Decimal | None = None
    order_number: str = ""

    def sscc_code(self, symbology: Symbology = Symbology.GS1_128) -> Code:
        """The SSCC alone."""
        return gs1([("00", self.sscc)], symbology)

    def content_elements(self) -> list[tuple[str, str]]:
        """What is inside, fixed lengths first; empty unless GTIN and count are known."""
        if not (self.gtin and self.count):
            return []
        dates = (("17", self.expires_on), ("15", self.best_before_on))
        elements = [("02", self.gtin.zfill(14))]
        elements += [(ai, gs1_date(day)) for ai, day in dates if day]
        return [*elements, ("37", str(self.count))]

    def everything_code(self) -> Code:
        """A GS1 QR of SSCC, content and lot, for one scan."""
        content = self.content_elements()
        lot = [("10", self.lot)] if self.lot and content else []
        return gs1([("00", self.sscc), *content, *lot], caption="")


@dataclass(frozen=True)
class BadgeLabel:
    """A person's badge."""

    name: str
    code: Code
    number: str = ""
    role: str = ""
    store: str = ""


@dataclass(frozen=True)
class CommandLabel:
    """One command to scan: OK, UNDO, PRINT, +10."""

    title: str
    code: Code
    hint: str = ""


@dataclass(frozen=True)
class DocumentLabel:
    """A paper document, a basket or a trolley of goods that belongs to one."""

    title: str
    number: str
    code: Code
    partner: str = ""
    day: date | None = None
    store: str = ""
    note: str = ""


Label = (
    ItemLabel
    | PackagingLabel
    | LotLabel
    | LocationLabel
    | LogisticUnitLabel
    | BadgeLabel
    | CommandLabel
    | DocumentLabel
)

_KINDS: dict[type, LabelKind] = {
    ItemLabel: LabelKind.ITEM,
    PackagingLabel: LabelKind.PACKAGING,
    LotLabel: LabelKind.LOT,
    LocationLabel: LabelKind.LOCATION,
    LogisticUnitLabel: LabelKind.LOGISTIC_UNIT,
    BadgeLabel: LabelKind.BADGE,
    CommandLabel: LabelKind.COMMAND,
    DocumentLabel: LabelKind.DOCUMENT,
}


def kind_of(label: Label) -> LabelKind:
    """The kind whose templates suit the label."""
    return _KINDS[type(label)]
