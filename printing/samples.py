"""One label of each kind with usual content, to look at a template with."""

from datetime import date
from decimal import Decimal

from printing.codes import qr
from printing.kinds import (
    Arrow,
    BadgeLabel,
    CommandLabel,
    DocumentLabel,
    ItemLabel,
    Label,
    LabelKind,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
)
from printing.texts import Language

_GTIN = "06901234567892"
_CASE_GTIN = "16901234567899"
_SSCC = "006141411234567890"


def sample_label(kind: LabelKind, language: Language = "zh") -> Label:
    """A label with every field filled."""
    return (_chinese if language == "zh" else _english)()[kind]


def _chinese() -> dict[LabelKind, Label]:
    name, spec = "金像牌高筋面粉（面包专用）", "25kg/袋"
    return {
        LabelKind.ITEM: ItemLabel(name, "FL-0001", spec, "1箱 = 4袋", _GTIN),
        LabelKind.PACKAGING: PackagingLabel(name, "FL-0001", spec, "1箱 = 4袋", _CASE_GTIN),
        LabelKind.LOT: _lot(name, spec, "袋"),
        LabelKind.LOCATION: _location("中央厨房 冷藏区"),
        LabelKind.LOGISTIC_UNIT: _logistic_unit("中央厨房", "静安寺店", name),
        LabelKind.BADGE: BadgeLabel("王小明", qr("SK:B8f3a"), "E-0042", "仓管员", "静安寺店"),
        LabelKind.COMMAND: CommandLabel("撤销", qr("SK:XUNDO"), "撤回上一步"),
        LabelKind.DOCUMENT: _document("收货单", "某某食品贸易有限公司", "静安寺店", "放入冷藏区"),
    }


def _english() -> dict[LabelKind, Label]:
    name, spec = "Strong bread flour, type 550", "25 kg bag"
    return {
        LabelKind.ITEM: ItemLabel(name, "FL-0001", spec, "1 case = 4 bags", _GTIN),
        LabelKind.PACKAGING: PackagingLabel(name, "FL-0001", spec, "1 case = 4 bags", _CASE_GTIN),
        LabelKind.LOT: _lot(name, spec, "bag"),
        LabelKind.LOCATION: _location("Central kitchen, cold room"),
        LabelKind.LOGISTIC_UNIT: _logistic_unit("Central kitchen", "Jing'an Temple store", name),
        LabelKind.BADGE: BadgeLabel("Ming Wang", qr("SK:B8f3a"), "E-0042", "Operator", "Jing'an"),
        LabelKind.COMMAND: CommandLabel("UNDO", qr("SK:XUNDO"), "Takes the last step back"),
        LabelKind.DOCUMENT: _document("Goods received", "Some Foods Ltd", "Jing'an", "Cold room"),
    }


def _lot(name: str, spec: str, unit: str) -> LotLabel:
    return LotLabel(
        name=name,
        item_code="FL-0001",
        lot="L20260118-A",
        gtin=_GTIN,
        spec=spec,
        expires_on=date(2026, 12, 31),
        best_before_on=date(2026, 11, 30),
        produced_on=date(2026, 1, 18),
        quantity=Decimal(120),
        unit=unit,
    )


def _location(place: str) -> LocationLabel:
    return LocationLabel("A-01-02-3", qr("SK:LA-01-02-3", caption=""), place, Arrow.UP, "K")


def _logistic_unit(sender: str, receiver: str, item_name: str) -> LogisticUnitLabel:
    return LogisticUnitLabel(
        sscc=_SSCC,
        sender=sender,
        receiver=receiver,
        item_name=item_name,
        gtin=_GTIN,
        count=40,
        lot="L20260118-A",
        expires_on=date(2026, 12, 31),
        best_before_on=date(2026, 11, 30),
        gross_weight_kg=Decimal("1012.5"),
        order_number="TR-2026-000123",
    )


def _document(title: str, partner: str, store: str, note: str) -> DocumentLabel:
    code = qr("SK:DGRN-2026-000123", caption="")
    return DocumentLabel(title, "GRN-2026-000123", code, partner, date(2026, 1, 18), store, note)
