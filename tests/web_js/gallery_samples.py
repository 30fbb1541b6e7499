"""What the gallery shows, in both languages: realistic lengths, a long name, a long refusal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any


def _problem(message: str, next_step: str) -> SimpleNamespace:
    return SimpleNamespace(message=message, next_step=next_step)


def _columns(*labels: str) -> list[dict[str, Any]]:
    keys = ("code", "name", "location", "expires_on", "status", "on_hand", "available")
    return [
        {"key": key, "label": label, "sortable": key != "status", "number": at > 4}
        for at, (key, label) in enumerate(zip(keys, labels, strict=True))
    ]


EN: dict[str, dict[str, Any]] = {
    "step": {
        "heading": "Receive PO-2026-0117",
        "progress": "Received",
        "prompt": "Scan the next item",
        "item": "Strong white bread flour T55, 5 kg bag, stone ground",
        "lot": "Lot L2611-07",
        "expiry": "Use by 2027-05-31",
        "unit": "bags",
        "lines": "Lines to receive",
        "rows": [
            ("Strong white bread flour T55, 5 kg", "FLOUR-T55 · use by 2027-05-31", "12", "24"),
            ("Fresh yeast 500 g", "YEAST-500 · lot and expiry", "6", "6"),
            ("Unsalted butter block 82 %, 10 kg carton", "BUTTER-82 · catch weight", "0", "18"),
        ],
        "undo": "Undo",
        "close": "Close receipt",
    },
    "parts": {
        "heading": "Receive PO-2026-0117",
        "problem": _problem(
            "Unsalted butter expires on 2026-11-25: less than the 30 days that this item needs.",
            "Put it aside for return, or ask a supervisor to accept it.",
        ),
        "again": _problem(
            "This is 2 bags more than ordered.", "Scan the same code again to accept them."
        ),
        "approve": "Ask a supervisor",
        "skip": "Put aside",
        "ok": "Receive this quantity",
        "lot_label": "Lot",
        "lot_error": "This lot has 21 characters; a lot has at most 20.",
        "lot_hint": "As printed on the label, after (10).",
        "weight_label": "Net weight, kg",
        "reason_label": "Reason",
        "reasons": [("short", "Not delivered"), ("damaged", "Damaged")],
        "tags": ["Draft", "Available", "Inspection", "Damaged", "In progress"],
    },
    "table": {
        "heading": "Stock on hand",
        "figures": [
            ("Items in stock", "4,812"),
            ("Expire within 7 days", "23"),
            ("Receipts open", "6"),
            ("Can't ship", "2"),
        ],
        "columns": _columns(
            "Item", "Name", "Location", "Use by", "Status", "On hand", "Available"
        ),
        "stock": [
            ("FLOUR-T55", "Strong white bread flour T55, 5 kg", "A-01-02", "2027-05-31",
             "Available", "good", "1,248", "1,200"),
            ("BUTTER-82", "Unsalted butter block 82 %", "C-03-01", "2026-11-29",
             "Inspection", "warn", "182.450", "0"),
            ("YEAST-500", "Fresh yeast 500 g", "C-01-04", "2026-12-06",
             "Damaged", "bad", "6", "0"),
        ],
        "empty": "No receipt is open",
        "empty_advice": "Scan the code of a purchase order to begin.",
    },
}  # fmt: skip

ZH: dict[str, dict[str, Any]] = {
    "step": {
        "heading": "收货 PO-2026-0117",
        "progress": "已收",
        "prompt": "请扫描下一件商品",
        "item": "石磨高筋面粉 T55 5 千克袋装",
        "lot": "批次 L2611-07",
        "expiry": "有效期至 2027-05-31",
        "unit": "袋",
        "lines": "待收明细",
        "rows": [
            ("石磨高筋面粉 T55 5 千克", "FLOUR-T55 · 有效期至 2027-05-31", "12", "24"),
            ("鲜酵母 500 克", "YEAST-500 · 管批次和效期", "6", "6"),
            ("无盐黄油 82% 10 千克箱", "BUTTER-82 · 称重商品", "0", "18"),
        ],
        "undo": "撤销",
        "close": "完成收货",
    },
    "parts": {
        "heading": "收货 PO-2026-0117",
        "problem": _problem(
            "无盐黄油有效期至 2026-11-25，不足该商品要求的 30 天。",
            "请单独放置准备退货，或请主管确认接收。",
        ),
        "again": _problem("比订单多 2 袋。", "再扫一次同一条码即可接收。"),
        "approve": "请主管确认",
        "skip": "单独放置",
        "ok": "按此数量收货",
        "lot_label": "批次",
        "lot_error": "批次有 21 个字符，最多 20 个。",
        "lot_hint": "标签上 (10) 后面的内容。",
        "weight_label": "净重（千克）",
        "reason_label": "原因",
        "reasons": [("short", "未送到"), ("damaged", "破损")],
        "tags": ["草稿", "可用", "待检", "残次", "进行中"],
    },
    "table": {
        "heading": "在库",
        "figures": [
            ("有货商品", "4,812"),
            ("7 天内到期", "23"),
            ("未完成收货", "6"),
            ("发不出", "2"),
        ],
        "columns": _columns("商品", "名称", "库位", "有效期至", "状态", "在库", "可用量"),
        "stock": [
            ("FLOUR-T55", "石磨高筋面粉 T55 5 千克", "A-01-02", "2027-05-31",
             "可用", "good", "1,248", "1,200"),
            ("BUTTER-82", "无盐黄油 82%", "C-03-01", "2026-11-29",
             "待检", "warn", "182.450", "0"),
            ("YEAST-500", "鲜酵母 500 克", "C-01-04", "2026-12-06", "残次", "bad", "6", "0"),
        ],
        "empty": "没有未完成的收货",
        "empty_advice": "扫描采购单条码即可开始。",
    },
}  # fmt: skip

SAMPLES = {"en": EN, "zh_CN": ZH}
