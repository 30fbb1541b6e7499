"""One of each label, and the awkward ones."""

from datetime import date
from decimal import Decimal

from printing.codes import check_digit, code_128, gs1, qr
from printing.labels import (
    Arrow,
    BadgeLabel,
    CommandLabel,
    DocumentLabel,
    ItemLabel,
    LocationLabel,
    LogisticUnitLabel,
    LotLabel,
    PackagingLabel,
)

GTIN = "06901234567892"
SSCC_BODY = "00614141123456789"
SSCC = SSCC_BODY + str(check_digit(SSCC_BODY))

ITEM = ItemLabel("金像牌高筋面粉（面包专用）", "FL-0001", "25kg/袋", "1箱=4袋", GTIN)
LOT = LotLabel(
    name="高筋面粉",
    item_code="FL-0001",
    lot="L20260118-A",
    gtin=GTIN,
    spec="25kg/袋",
    expires_on=date(2026, 12, 31),
    produced_on=date(2026, 1, 18),
    quantity=Decimal("120.000000"),
    unit="袋",
)
LOCATION = LocationLabel(
    "A-01-02-3", qr("SK:LOC:A-01-02-3", caption=""), "中央厨房 · 冷藏区", Arrow.UP, "K"
)
LOGISTIC_UNIT = LogisticUnitLabel(
    sscc=SSCC,
    sender="中央厨房（上海松江）",
    receiver="静安寺店 上海市静安区南京西路1686号",
    item_name="高筋面粉 25kg",
    gtin=GTIN,
    count=40,
    lot="L20260118-A",
    expires_on=date(2026, 12, 31),
    gross_weight_kg=Decimal("1012.500"),
    order_number="TR-2026-000123",
)
BADGE = BadgeLabel("王小明", qr("SK:BADGE:8f3a"), "E-0042", "仓管员", "静安寺店")
COMMAND = CommandLabel("撤销 UNDO", qr("SK:CMD:UNDO"), "撤回上一步")
PACKAGING = PackagingLabel("黄油片", "BU-0105", "1kg/片", "1箱=10片", "16901234567899")
DOCUMENT = DocumentLabel(
    "收货单",
    "GRN-2026-000123",
    qr("SK:DGRN-2026-000123", caption=""),
    "某某食品贸易有限公司",
    date(2026, 1, 18),
)

ONE_OF_EACH = {
    "item": ITEM,
    "packaging": PACKAGING,
    "item_code_128": ItemLabel("黄油片", "BU-0105", code=code_128("BU-0105")),
    "item_digital_link": ItemLabel(
        "黄油片", "BU-0105", code=qr(f"https://id.example.com/01/{GTIN}", caption="BU-0105")
    ),
    "lot": LOT,
    "location": LOCATION,
    "logistic_unit": LOGISTIC_UNIT,
    "badge": BADGE,
    "command": COMMAND,
    "document": DOCUMENT,
}


def lot_numbered(number: int) -> LotLabel:
    return LotLabel(
        name="高筋面粉",
        item_code="FL-0001",
        code=gs1([("01", GTIN), ("17", "261231"), ("10", f"L{number:04d}")]),
        lot=f"L{number:04d}",
        expires_on=date(2026, 12, 31),
    )
