"""The columns of files of order lines and of whole orders, by all the names that people use."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from app.kit.i18n import mark
from app.kit.money import plain
from app.spreadsheets import cells
from app.spreadsheets.cells import CellFault
from app.spreadsheets.columns import Column, Kind


def discount(cell: str) -> str:
    """A fraction of the price that is let off: ``10%``, ``10`` and ``0.1`` are the same.

    ``折扣`` is no heading of it: 9 折 means that nine tenths are paid, and nobody can tell which of
    the two a column of numbers means.
    """
    plain_text = unicodedata.normalize("NFKC", cell).strip()
    percent = plain_text.endswith("%")
    value = Decimal(cells.number()(plain_text.rstrip("%")))
    share = value / 100 if percent or value >= 1 else value
    if share > 1:
        raise CellFault(mark("A discount is at most 100%."), mark("Enter it as 10% or 0.1."))
    return plain(share)


LINE_COLUMNS = (
    Column(
        "item",
        cells.code(),
        ("商品编码", "Item code", "编码", "货号", "商品代码", "商品编号", "item", "code", "sku"),
        "B1001",
    ),
    Column(
        "barcode",
        cells.code(),
        ("条码", "Barcode", "商品条码", "条形码", "国际条码", "箱码", "ean", "gtin"),
        "6901234567892",
    ),
    Column(
        "quantity",
        cells.number(above_zero=True),
        ("数量", "Quantity", "销售数量", "订货数量", "订购数量", "订货量", "qty"),
        "24",
        required=True,
    ),
    Column("unit", cells.text(200), ("单位", "Unit", "计量单位", "包装", "uom"), "个"),
    Column(
        "unit_price",
        cells.number(),
        ("单价", "Unit price", "价格", "售价", "销售单价", "销售价", "price"),
        "8.00",
    ),
    Column(
        "discount_rate",
        discount,
        ("优惠比例", "Discount", "优惠率", "折让率", "折让比例", "discount rate"),
        "10%",
    ),
    Column("tax_rate", cells.tax_rate, ("税率", "Tax rate", "增值税率", "tax"), "13%"),
    Column(
        "minimum_days",
        cells.whole(3650),
        ("最短剩余效期天数", "Days left at least", "剩余效期", "效期要求", "minimum days"),
        "30",
    ),
    Column("whole_packs", cells.yes_no, ("整包装", "Whole packs", "整箱", "不拆零"), "否"),
)  # fmt: skip
LINES = Kind("sales_order_lines", mark("Sales order lines"), LINE_COLUMNS)

HEAD_COLUMNS = (
    Column(
        "order",
        cells.text(100),
        ("订单号", "Order number", "销售单号", "外部单号", "平台单号", "单号", "order", "order no"),
        "T20261122-1",
        required=True,
    ),
    Column(
        "customer",
        cells.text(200),
        ("客户", "Customer", "客户编码", "客户名称", "购货单位", "customer code"),
        "C001",
    ),
    Column(
        "requested_on",
        cells.day,
        ("要求日期", "Requested on", "交货日期", "要货日期", "发货日期", "日期", "date"),
        "2026-12-01",
    ),
    Column("priority", cells.whole(9), ("优先级", "Priority"), "5"),
    Column("warehouse", cells.text(200), ("仓库", "Warehouse", "发货仓库"), ""),
    Column(
        "salesperson",
        cells.text(200),
        ("业务员", "Salesperson", "业务员账号", "销售员", "经办人"),
        "",
    ),
    Column("region", cells.text(200), ("销售地区", "Region", "地区", "大区"), "华东"),
    Column(
        "address",
        cells.text(200),
        ("收货地址", "Address", "地址", "送货地址"),
        "上海市杨浦区国权路 1 号",
    ),
    Column("contact", cells.text(200), ("联系人", "Contact", "收货人"), "王敏"),
    Column("phone", cells.text(200), ("电话", "Phone", "手机", "联系电话"), "13800000000"),
    Column("note", cells.text(200), ("备注", "Note", "说明", "remark"), ""),
)  # fmt: skip
HEAD_FIELDS = tuple(column.field for column in HEAD_COLUMNS if column.field != "order")
ORDERS = Kind("sales_orders", mark("Sales orders"), (*HEAD_COLUMNS, *LINE_COLUMNS))
