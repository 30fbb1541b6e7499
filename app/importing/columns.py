"""What can be imported: the kinds, their columns, and the headings by which people call them."""

from __future__ import annotations

from decimal import Decimal

from app.importing.problems import UnknownKind
from app.kit.i18n import mark
from app.spreadsheets import cells
from app.spreadsheets.columns import Column, Kind

_TRACKING = {
    "无": "none", "不管理": "none", "none": "none", "批次": "lot", "lot": "lot", "batch": "lot",
    "序列号": "serial", "serial": "serial",
}  # fmt: skip
_EXPIRY = {
    "无": "none", "不管理": "none", "none": "none", "有效期": "expires_on",
    "有效期至": "expires_on", "expiry": "expires_on", "expires on": "expires_on",
    "expires_on": "expires_on", "保质期": "best_before_on", "保质期至": "best_before_on",
    "best before": "best_before_on", "best_before_on": "best_before_on",
}  # fmt: skip
_PARTNER = {
    "供应商": "supplier", "supplier": "supplier", "vendor": "supplier", "客户": "customer",
    "customer": "customer", "两者": "both", "供应商和客户": "both", "both": "both",
}  # fmt: skip
_PLACE = {
    "货位": "storage", "库位": "storage", "存储": "storage", "storage": "storage",
    "收货区": "dock", "月台": "dock", "dock": "dock",
    "暂存区": "staging", "出库暂存": "staging", "staging": "staging",
    "拣货车": "cart", "拣货车位": "cart", "cart": "cart",
}  # fmt: skip
_STATUS = {
    "可用": "available", "合格": "available", "available": "available", "待检": "inspection",
    "inspection": "inspection", "冻结": "frozen", "frozen": "frozen", "残次": "damaged",
    "damaged": "damaged", "退货": "returned", "returned": "returned",
}  # fmt: skip

_ITEM = (
    "商品编码",
    "Item code",
    "编码",
    "货号",
    "编号",
    "商品代码",
    "商品编号",
    "物料编码",
    "code",
    "sku",
    "goodsCode",
    "itemNo",
    "id",
)
_BARCODE = ("条码", "Barcode", "条形码", "商品条码", "国际条码", "ean", "upc", "gtin", "ean13")

ITEMS = Kind(
    "items",
    mark("Items"),
    (
        Column("code", cells.code(), _ITEM, "B1001", required=True),
        Column(
            "name",
            cells.text(200),
            (
                "商品名称",
                "Item name",
                "名称",
                "品名",
                "商品名",
                "name",
                "goodsName",
                "productName",
                "title",
            ),
            "全麦吐司",
            required=True,
        ),
        Column(
            "base_unit",
            cells.text(20),
            ("基本单位", "Unit", "单位", "计量单位", "baseUnit", "uom"),
            "个",
            required=True,
        ),
        Column(
            "specification",
            cells.text(200),
            ("规格", "Specification", "规格型号", "型号", "norms", "spec"),
            "450 g",
        ),
        Column(
            "category", cells.text(200), ("分类", "Category", "类别", "商品分类", "品类"), "面包"
        ),
        Column("barcode", cells.barcode, _BARCODE, "6901234567892"),
        Column(
            "pack_name", cells.text(200), ("包装名称", "Pack name", "包装", "箱规名称"), "箱/12"
        ),
        Column(
            "pack_quantity",
            cells.number(above_zero=True, below=Decimal(10**9)),
            ("包装数量", "Pack quantity", "箱规", "装箱数", "包装含量"),
            "12",
        ),
        Column(
            "pack_barcode",
            cells.barcode,
            ("包装条码", "Pack barcode", "箱码", "外箱条码"),
            "16901234567899",
        ),
        Column("decimals", cells.whole(6), ("小数位", "Decimals", "小数位数", "数量小数位"), "0"),
        Column(
            "tracking",
            cells.choice(_TRACKING),
            ("批次管理", "Tracking", "跟踪方式", "管理方式"),
            "批次",
        ),
        Column(
            "expiry_rule", cells.choice(_EXPIRY), ("效期管理", "Expiry rule", "效期规则"), "有效期"
        ),
        Column(
            "shelf_life_days",
            cells.whole(36500),
            ("保质期天数", "Shelf life days", "保质期", "保质天数"),
            "7",
        ),
        Column(
            "minimum_days_on_receipt",
            cells.whole(36500),
            ("收货最少剩余天数", "Minimum days on receipt", "允收天数", "允收期"),
            "3",
        ),
        Column("catch_weight", cells.yes_no, ("称重", "Catch weight", "称重商品"), "否"),
        Column(
            "inspect_on_receipt",
            cells.yes_no,
            ("收货质检", "Inspect on receipt", "质检", "是否质检"),
            "否",
        ),
        Column("safety_stock", cells.number(), ("安全库存", "Safety stock", "最低库存"), "20"),
        Column(
            "price",
            cells.number(),
            ("售价", "Price", "价格", "单价", "零售价", "goodsPrice", "s_price", "sale price"),
            "12.50",
        ),
        Column("tax_rate", cells.tax_rate, ("税率", "Tax rate", "增值税率", "tax"), "13%"),
        Column(
            "weight_kg",
            cells.number(),
            ("重量(kg)", "Weight (kg)", "重量", "单位重量", "毛重", "weight"),
            "0.45",
        ),
        Column(
            "volume_litre",
            cells.number(),
            ("体积(升)", "Volume (litres)", "体积", "单位体积", "volume"),
            "2.4",
        ),
    ),
)

BARCODES = Kind(
    "barcodes",
    mark("Barcodes"),
    (
        Column("code", cells.code(), _ITEM, "B1001", required=True),
        Column("barcode", cells.barcode, _BARCODE, "6901234567892", required=True),
        Column("pack_name", cells.text(200), ("包装名称", "Pack name", "包装"), "箱/12"),
        Column(
            "pack_quantity",
            cells.number(above_zero=True, below=Decimal(10**9)),
            ("包装数量", "Pack quantity", "箱规", "装箱数", "包装含量"),
            "12",
        ),
    ),
)

LOCATIONS = Kind(
    "locations",
    mark("Locations"),
    (
        Column(
            "warehouse",
            cells.code(20),
            ("仓库", "Warehouse", "仓库编码", "仓库代码"),
            "A-W",
            required=True,
        ),
        Column(
            "code",
            cells.code(),
            ("库位", "Location", "库位编码", "货位", "货位编码", "库位号", "location code", "code"),
            "A-01-01",
            required=True,
        ),
        Column("zone", cells.code(20), ("库区", "Zone", "库区编码", "区域"), "Z"),
        Column("name", cells.text(200), ("名称", "Name", "库位名称"), "一号货架"),
        Column("kind", cells.choice(_PLACE), ("类型", "Kind", "库位类型"), "库位"),
        Column("sequence", cells.whole(10**9), ("顺序", "Sequence", "拣货顺序", "路径顺序"), "10"),
    ),
    in_store=True,
)

PARTNERS = Kind(
    "partners",
    mark("Partners"),
    (
        Column(
            "code",
            cells.code(),
            (
                "编码",
                "Code",
                "编号",
                "供应商编码",
                "客户编码",
                "往来单位编码",
                "partner code",
                "id",
            ),
            "S001",
            required=True,
        ),
        Column(
            "name",
            cells.text(200),
            (
                "名称",
                "Name",
                "供应商",
                "客户",
                "供应商名称",
                "客户名称",
                "往来单位名称",
                "partner",
                "partner name",
                "supplier",
            ),
            "城南面粉厂",
            required=True,
        ),
        Column(
            "kind",
            cells.choice(_PARTNER),
            ("类型", "Kind", "往来类型", "性质"),
            "供应商",
            required=True,
        ),
        Column("phone", cells.text(200), ("电话", "Phone", "联系电话", "手机"), "021-5555 0101"),
        Column(
            "tax_number",
            cells.text(200),
            ("税号", "Tax number", "纳税人识别号", "统一社会信用代码"),
            "91310000MA1K3YJ12C",
        ),
    ),
)

OPENING_STOCK = Kind(
    "opening_stock",
    mark("Opening stock"),
    (
        Column(
            "location",
            cells.code(),
            ("库位", "Location", "库位编码", "货位"),
            "A-01-01",
            required=True,
        ),
        Column(
            "item",
            cells.code(),
            (
                "商品编码",
                "Item",
                "条码",
                "商品条码",
                "商品",
                "编码",
                "货号",
                "item code",
                "barcode",
                "sku",
            ),
            "B1001",
            required=True,
        ),
        Column(
            "quantity",
            cells.number(above_zero=True),
            ("数量", "Quantity", "库存数量", "期初数量", "库存", "qty"),
            "48",
            required=True,
        ),
        Column(
            "lot",
            cells.code(50),
            ("批次", "Lot", "批号", "批次号", "序列号", "serial", "batch"),
            "20260101",
        ),
        Column("produced_on", cells.day, ("生产日期", "Produced on"), "2026-01-01"),
        Column("best_before_on", cells.day, ("保质期至", "Best before"), ""),
        Column(
            "expires_on",
            cells.day,
            ("有效期至", "Expires on", "到期日期", "有效期", "失效日期"),
            "2026-01-08",
        ),
        Column("status", cells.choice(_STATUS), ("状态", "Status", "库存状态"), "可用"),
        Column(
            "unit_cost",
            cells.number(),
            ("成本单价", "Unit cost", "单位成本", "成本价", "进价", "cost"),
            "3.20",
        ),
        Column("amount", cells.number(decimals=4), ("金额", "Amount", "库存金额", "成本金额"), ""),
    ),
    in_store=True,
)

KINDS = {kind.name: kind for kind in (ITEMS, BARCODES, LOCATIONS, PARTNERS, OPENING_STOCK)}


def kind_named(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKind(kind=name[:40]) from None
