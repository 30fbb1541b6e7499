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
    "gtin": ("GTIN", "GTIN"),
    "labels": ("标签", "Labels"),
}

# What an editor of templates calls kinds and fields.
EDITOR_WORDS: dict[str, tuple[str, str]] = {
    "kind_item": ("商品标签", "Item label"),
    "kind_packaging": ("包装标签", "Packaging label"),
    "kind_lot": ("批次标签", "Lot label"),
    "kind_location": ("库位标签", "Location label"),
    "kind_logistic_unit": ("物流单元标签", "Logistic unit label"),
    "kind_badge": ("工牌", "Badge"),
    "kind_command": ("命令码", "Command"),
    "kind_document": ("单据标签", "Document label"),
    "field_name": ("名称", "Name"),
    "field_title": ("标题", "Title"),
    "field_item_name": ("商品名称", "Item name"),
    "field_item_code": ("商品编码", "Item code"),
    "field_spec": ("规格", "Specification"),
    "field_packing": ("包装", "Packing"),
    "field_gtin": ("GTIN 条码号", "GTIN"),
    "field_lot": ("批次", "Lot"),
    "field_serial": ("序列号", "Serial number"),
    "field_expires_on": ("有效期至", "Expiry date"),
    "field_best_before_on": ("保质期至", "Best before date"),
    "field_produced_on": ("生产日期", "Production date"),
    "field_quantity": ("数量", "Quantity"),
    "field_place": ("仓库和库区", "Warehouse and zone"),
    "field_arrow": ("箭头", "Arrow"),
    "field_check": ("校验字母", "Check letter"),
    "field_sender": ("发货方", "Sender"),
    "field_receiver": ("收货方", "Receiver"),
    "field_count": ("件数", "Count"),
    "field_gross_weight": ("毛重", "Gross weight"),
    "field_order_number": ("订单号", "Order number"),
    "field_number": ("编号", "Number"),
    "field_role": ("岗位", "Role"),
    "field_store": ("门店", "Store"),
    "field_hint": ("说明", "Hint"),
    "field_partner": ("往来单位", "Partner"),
    "field_day": ("日期", "Date"),
    "field_note": ("备注", "Note"),
    "field_text": ("固定文字", "Own words"),
    "field_rule": ("线条", "Line"),
    "field_code": ("条码", "Code"),
    "field_code_text": ("条码下的文字", "Text of the code"),
    "field_sscc": ("SSCC 条码", "SSCC code"),
    "field_sscc_text": ("SSCC 文字", "Text of the SSCC"),
    "field_content": ("内容条码", "Content code"),
    "field_content_text": ("内容条码的文字", "Text of the content code"),
    "field_everything": ("汇总二维码", "Code of everything"),
    "field_everything_text": ("汇总二维码的文字", "Text of the code of everything"),
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
    "pick_list": ("拣货单", "Pick list"),
    "sales_orders": ("销售单", "Sales orders"),
    "picker": ("拣货人", "Picker"),
    "due": ("要求时间", "Due"),
    "bring_to": ("送至", "Bring to"),
    "location_column": ("库位", "Location"),
    "cart_column": ("车位", "Cart"),
    "to_pick": ("应拣", "To pick"),
    "picked": ("已拣", "Picked"),
    "sign_picker": ("拣货人", "Picked by"),
    "count_sheet": ("盘点表", "Count sheet"),
    "sheet_code": ("表号", "Sheet"),
    "count_number": ("盘点单号", "Count"),
    "with_books": ("明盘", "With book quantity"),
    "blind": ("盲盘", "Blind"),
    "book_column": ("账面数", "Book"),
    "counted_column": ("实盘数", "Counted"),
    "note_column": ("备注", "Note"),
    "page_place": ("第 {page} 页 共 {pages} 页", "Page {page} of {pages}"),
    "sign_counter": ("盘点人", "Counted by"),
    "sign_checker": ("复核人", "Checked by"),
    "spare_lines": ("表外商品写在空行", "What is not listed goes into the empty lines"),
    "packing_list": ("装箱单", "Packing list"),
    "customer": ("客户", "Customer"),
    "sales_order": ("销售单号", "Sales order"),
    "address": ("收货地址", "Address"),
    "contact": ("联系人", "Contact"),
    "shipped_on": ("发货时间", "Shipped on"),
    "not_shipped": ("尚未发货", "not shipped yet"),
    "carrier": ("承运商", "Carrier"),
    "tracking_number": ("运单号", "Tracking number"),
    "carton_of": ("第 {place} 箱 / 共 {count} 箱　{sscc}", "Carton {place} of {count}　{sscc}"),
    "carton_place": ("第 {place} 箱 / 共 {count} 箱", "Carton {place} of {count}"),
    "loose": ("散件", "Not in a carton"),
    "packed": ("数量", "Quantity"),
    "checked_by_customer": ("客户核对", "Checked"),
    "nothing_packed": ("还没有装箱", "Nothing is packed yet"),
    "follows_later": ("未随本单发出", "Not in this shipment"),
    "sign_packer": ("装箱人", "Packed by"),
    "sign_carrier": ("承运人", "Carrier"),
    "sign_customer": ("客户签收", "Received by"),
    "return_note": ("退货单（退供应商）", "Return note"),
    "came_with": ("原收货单", "Received with"),
    "begun_at": ("退货时间", "Begun"),
    "goes_back": ("退货数量", "Goes back"),
    "checked_by_supplier": ("核对", "Checked"),
    "nothing_goes_back": ("还没有退货明细", "Nothing goes back yet"),
    "sign_sender": ("退货人", "Handed over by"),
    "sign_supplier": ("供应商签收", "Received by"),
    "shipping_label": ("发货标签", "Shipping label"),
    "label_from": ("寄件", "From"),
    "label_to": ("收件", "To"),
    "shipment": ("出库单号", "Shipment"),
}

ERRORS: dict[str, tuple[str, str]] = {
    "nothing_to_print": (
        "没有要打印的标签。请至少选择一个。",
        "There is nothing to print. Choose at least one label.",
    ),
    "copies": (
        "份数必须是 1 到 10000，现在是 {copies}。",
        "The number of copies must be 1 to 10000, not {copies}.",
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
    "size": (
        "没有“{size}”这个规格。请选择：{sizes}，或按毫米给出“宽x高”，如 70x50。",
        "There is no size “{size}”. Choose one of {sizes}, or give the roll in mm, like 70x50.",
    ),
    "template_kind": (
        "这个模板用于{kind}，不能打印这种标签。请换一个模板。",
        "This template is for another kind of label ({kind}). Choose another template.",
    ),
    "template_size": (
        "模板的规格是 {size}，不是 {roll}。请选择同一规格的模板。",
        "The template is for {size}, not for {roll}. Choose templates of one size.",
    ),
    "sheet_on_roll_printer": (
        "标签打印机不能打印 A4 标签纸（{size}）。请选择卷装规格，或打印 PDF。",
        "A label printer can't print A4 sheets ({size}). Choose a roll size, or print the PDF.",
    ),
    "printer": (
        "打印机设置“{setting}”不能是 {value}。可用：{allowed}。",
        "The printer setting “{setting}” can't be {value}. Allowed: {allowed}.",
    ),
    "no_font": (
        "没有找到中文字体。请在服务器上安装 Noto Sans CJK（fonts-noto-cjk）。",
        "There is no font for Chinese. Install Noto Sans CJK (fonts-noto-cjk) on the server.",
    ),
}

TEMPLATE_ERRORS: dict[str, tuple[str, str]] = {
    "json": (
        "第 {line} 行第 {column} 个字符不符合 JSON 格式。请核对逗号、引号和括号。",
        "Line {line}, column {column} is no JSON. Check commas, quotes and brackets.",
    ),
    "object": ("这里应为一个 JSON 对象 {{...}}。", "This must be a JSON object {{...}}."),
    "list": (
        "这里应为最多 {most} 项的列表 [...]。",
        "This must be a list [...] of at most {most} entries.",
    ),
    "unknown": (
        "不认识“{key}”。可用：{known}。",
        "“{key}” is unknown. Known are: {known}.",
    ),
    "missing": ("这里还没有填。可用：{choices}。", "This is missing. Choose one of: {choices}."),
    "choice": (
        "“{value}”不可用。可用：{choices}。",
        "“{value}” is not possible. Choose one of: {choices}.",
    ),
    "size": (
        "没有“{size}”这个规格。可用：{sizes}，或按毫米给出“宽x高”，如 70x50。",
        "There is no size “{size}”. Choose one of {sizes}, or give the roll in mm, like 70x50.",
    ),
    "text": (
        "这里应为最多 {most} 个字符的文字。",
        "This must be a text of at most {most} characters.",
    ),
    "own_text": ("请填写要印的文字。", "Give the words that are to be printed."),
    "number": (
        "这里应为 {least} 到 {most} 的数字。",
        "This must be a number from {least} to {most}.",
    ),
    "box": (
        "位置应为四个毫米数：[左, 上, 宽, 高]。",
        "A position is four numbers in mm: [left, top, width, height].",
    ),
    "no_box": (
        "固定版式里每一项都要有位置 [左, 上, 宽, 高]。",
        "In the fixed layout everything needs its position [left, top, width, height].",
    ),
    "box_in_flow": (
        "自动版式里不能给位置。请去掉位置，或改用固定版式。",
        "The flow layout takes no positions. Leave it out, or choose the fixed layout.",
    ),
    "outside": (
        "超出了 {width} x {height} 毫米的标签，或者太小。请移动或缩放。",
        "This leaves the label of {width} x {height} mm, or is too small. Move or resize it.",
    ),
    "overlap": ("与 {other} 重叠。请移开。", "This overlaps {other}. Move it."),
    "twice": ("“{name}”出现了两次。请去掉一个。", "“{name}” is there twice. Remove one."),
    "titles": (
        "自动版式只能有一个标题。请把其他的改为加粗或普通。",
        "The flow layout has one title. Make the others strong or plain.",
    ),
    "only_fixed": (
        "“{name}”只能用在固定版式里。",
        "“{name}” has a place in the fixed layout only.",
    ),
    "no_symbol": (
        "缺少条码“{source}”：没有它，标签不能扫描。",
        "The code “{source}” is missing: without it the label can't be scanned.",
    ),
    "one_symbol": (
        "这个规格的自动版式只放得下一个条码。请去掉其他的，或改用固定版式。",
        "The flow layout of this size has room for one code. Remove the others, or place them.",
    ),
}

_WORDS = (
    LABEL_WORDS
    | DOCUMENT_WORDS
    | EDITOR_WORDS
    | {f"error_{key}": text for key, text in ERRORS.items()}
    | {f"fault_{key}": text for key, text in TEMPLATE_ERRORS.items()}
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def phrase(key: str, language: Language, /, **data: object) -> str:
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
