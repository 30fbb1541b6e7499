"""The few words on paper, and how numbers and dates are written, in Chinese and English."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Language = Literal["zh", "en"]

LABEL_WORDS: dict[str, tuple[str, str]] = {
    "item_code": ("编码", "Item"),
    "spec": ("规格", "Spec"),
    "packing": ("包装", "Pack"),
    "lot": ("批次", "Lot"),
    "serial": ("序列号", "Serial"),
    "expires_on": ("有效期至", "Exp."),
    "best_before_on": ("保质期至", "Best before"),
    "produced_on": ("生产日期", "Made"),
    "quantity": ("数量", "Qty"),
    "count": ("件数", "Count"),
    "gross_weight": ("毛重", "Gross"),
    "content": ("内装", "Content"),
    "order_number": ("订单号", "Order"),
    "from": ("发货方", "From"),
    "to": ("收货方", "To"),
    "sscc": ("物流单元 SSCC", "Logistic unit SSCC"),
    "store": ("门店", "Store"),
    "role": ("岗位", "Role"),
    "number": ("工号", "No."),
    "check": ("校验", "check"),
}

DOCUMENT_WORDS: dict[str, tuple[str, str]] = {
    "goods_received_note": ("收货单", "Goods received note"),
    "page_before": ("第 ", "Page "),
    "page_of": (" 页 共 ", " of "),
    "page_after": (" 页", ""),
    "note_number": ("单号", "Number"),
    "received_on": ("收货日期", "Received on"),
    "received_by": ("收货人", "Received by"),
    "supplier": ("供应商", "Supplier"),
    "delivery_number": ("送货单号", "Delivery note"),
    "purchase_order": ("采购单号", "Purchase order"),
    "line": ("序", "#"),
    "item": ("商品", "Item"),
    "lot_expiry": ("批次 / 有效期至", "Lot / expires"),
    "unit": ("单位", "Unit"),
    "ordered": ("订购", "Ordered"),
    "received": ("实收", "Received"),
    "damaged": ("残次", "Damaged"),
    "short": ("短缺", "Short"),
    "reason": ("原因：{text}", "Reason: {text}"),
    "unit_cost": ("单价", "Unit cost"),
    "amount": ("金额", "Amount"),
    "total_amount": ("合计金额", "Total amount"),
    "total_of_unit": ("合计（{unit}）", "Total ({unit})"),
    "remarks": ("备注", "Remarks"),
    "sign_driver": ("送货人", "Delivered by"),
    "sign_receiver": ("收货人", "Received by"),
    "sign_quality": ("质检", "Quality check"),
    "sign_supervisor": ("主管", "Supervisor"),
    "sign_date": ("日期", "Date"),
    "printed": ("打印：{at} {by}", "Printed {at} {by}"),
    "scan_to_open": ("扫码打开单据", "Scan to open"),
    "no_lines": ("没有收货行", "No lines"),
}

ERRORS: dict[str, tuple[str, str]] = {
    "nothing_to_print": (
        "没有要打印的标签。请至少选择一个。",
        "There is nothing to print. Choose at least one label.",
    ),
    "copies": (
        "份数必须是 1 或更多，现在是 {copies}。",
        "The number of copies must be 1 or more, not {copies}.",
    ),
    "start": (
        "起始位置 {start} 不在纸上：请输入 1 到 {cells}。",
        "Start position {start} is not on the sheet: give 1 to {cells}.",
    ),
    "start_on_roll": (
        "卷装标签没有起始位置：请用 1。",
        "A label roll has no start position: use 1.",
    ),
    "code_empty": (
        "条码内容是空的。请给出要编码的内容。",
        "The code is empty. Give the text that it should carry.",
    ),
    "code_character": (
        "“{value}”里的字符“{character}”不能放进 {symbology}。请去掉它。",
        "{symbology} can't hold the character “{character}” of “{value}”. Leave it out.",
    ),
    "code_too_long": (
        "“{value}”太长，放不进 {symbology}。请缩短内容。",
        "“{value}” is too long for {symbology}. Shorten it.",
    ),
    "code_too_large": (
        "“{value}”的条码至少要 {needed} mm，这里只有 {room} mm。请换大标签、短编码或二维码。",
        "“{value}” needs {needed} mm, there are {room} mm. Use a larger label or a shorter code.",
    ),
    "check_digit": (
        "“{value}”的校验位应为 {expected}。请核对号码。",
        "The check digit of “{value}” should be {expected}. Check the number.",
    ),
    "digits": (
        "“{value}”应为 {length} 位数字。请核对号码。",
        "“{value}” should be {length} digits. Check the number.",
    ),
    "gs1_element": (
        "GS1 标识 ({ai}) 的值“{value}”不符合规定。请核对。",
        "The value “{value}” does not suit the GS1 identifier ({ai}). Check it.",
    ),
    "no_code": (
        "标签没有可打印的条码：请给出 GTIN 或条码。",
        "The label has no code to print: give a GTIN or a code.",
    ),
    "text_too_large": (
        "条码下的文字“{value}”在标签上放不下。请用更大的标签。",
        "The text “{value}” under the code does not fit on the label. Use a larger label.",
    ),
    "dpi": (
        "不支持 {dpi} dpi 打印：请用 150 到 1200。",
        "{dpi} dpi is not supported: give 150 to 1200.",
    ),
}

_WORDS = LABEL_WORDS | DOCUMENT_WORDS | {f"error_{key}": text for key, text in ERRORS.items()}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def phrase(key: str, language: Language, **data: object) -> str:
    """The words of `key`; `data` fills its braces. An unknown key is our bug: KeyError."""
    chinese, english = _WORDS[key]
    return (chinese if language == "zh" else english).format(**data)


def date_text(day: date | None, language: Language) -> str:
    """2026-12-31 in Chinese, 31 Dec 2026 in English: neither can be read the other way round."""
    if day is None:
        return ""
    if language == "zh":
        return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year:04d}"


def moment_text(moment: datetime | None, language: Language) -> str:
    """Date and minute, in the time zone that the moment arrives in."""
    if moment is None:
        return ""
    return f"{date_text(moment, language)} {moment:%H:%M}"


def quantity_text(quantity: Decimal | None) -> str:
    """1,234.5: exact, grouped, without the zeros that only storage added."""
    if quantity is None:
        return ""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(amount: Decimal | None) -> str:
    """1,234.50: exactly as it arrives; its decimals are the currency's and are kept."""
    return "" if amount is None else f"{amount:,f}"


def unit_cost_text(cost: Decimal | None) -> str:
    """98.50 or 98.512345: exact, at least two decimals, without further zeros."""
    if cost is None:
        return ""
    whole, _, decimals = f"{cost:,f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"
