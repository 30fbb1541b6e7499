"""What the demo company ordered: received in the last days, due today, overdue, half done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.demo.company import KITCHEN, Company
from app.demo.goods import Good, goods
from app.demo.maker import LAST, Maker, in_chinese
from app.kit.i18n import mark
from app.receiving import commands as receiving

FNC1 = "\x1d"
TOLERANCE = Decimal("0.05")
WEIGHT_TOLERANCE = Decimal("0.10")


@dataclass(frozen=True)
class Line:
    """``quantity`` of packs (base units where the good has none); ``received`` of them came."""

    code: str
    quantity: str
    received: int = 0

    @property
    def good(self) -> Good:
        return goods()[self.code]

    @property
    def ordered_as(self) -> str:
        return self.good.pack_gtin if self.good.pack else self.good.gtin


@dataclass(frozen=True)
class Order:
    """One purchase order.  ``day`` counts from today, when it is due; ``words`` say what it is."""

    number: str
    supplier: str
    day: int
    words: str
    lines: tuple[Line, ...]
    store: str = KITCHEN
    hour: int = 9
    by: str = "zhang"
    confirmed: bool = True


HISTORY = (
    Order("DEMO-H01", "V01", -13, mark("Flour"), (Line("1001", "4", 4), Line("1002", "2", 2))),
    Order(
        "DEMO-H02", "V02", -11, mark("Dairy"), (Line("1202", "3", 3), Line("1203", "2", 2)), by="li"
    ),
    Order(
        "DEMO-H03", "V03", -9, mark("Eggs and bacon"), (Line("1301", "4", 4), Line("1502", "1", 1))
    ),
    Order(
        "DEMO-H04",
        "V04",
        -7,
        mark("Packaging"),
        (Line("2001", "2", 2), Line("2005", "2", 2)),
        by="li",
    ),
    Order("DEMO-H05", "V02", -6, mark("Cream cheese"), (Line("1204", "2", 2),), hour=14),
    Order(
        "DEMO-H06", "V01", -4, mark("Sugar and yeast"), (Line("1101", "3", 3), Line("1401", "2", 2))
    ),
    Order(
        "DEMO-H07", "V03", -3, mark("Drinks"), (Line("4002", "3", 3), Line("4003", "2", 2)), by="li"
    ),
    Order(
        "DEMO-H08",
        "V02",
        -2,
        mark("Fresh milk"),
        (Line("1201", "4", 4), Line("1206", "2", 2)),
        hour=7,
    ),
    Order(
        "DEMO-H09", "V05", -1, mark("Proofing cabinet"), (Line("5003", "1", 1),), hour=15, by="li"
    ),
)
SIMPLE = Order(
    "DEMO-01", "V04", 0, mark("the simplest one"), (Line("2001", "2"), Line("4001", "2"))
)
DATED = Order(
    "DEMO-02",
    "V02",
    0,
    mark("lots and expiry dates"),
    (Line("1201", "6"), Line("1203", "2"), Line("1206", "2")),
)
WEIGHED = Order(
    "DEMO-03", "V03", 0, mark("goods by weight"), (Line("1501", "12"), Line("1205", "10"))
)
PARTIAL = Order(
    "DEMO-04", "V01", -1, mark("partly received"), (Line("1001", "10", 3), Line("1101", "4"))
)
OVERDUE = Order("DEMO-05", "V03", -3, mark("overdue"), (Line("1301", "6"), Line("1302", "2")))
PAUSED = Order(
    "DEMO-06",
    "V02",
    0,
    mark("paused by somebody else: take it over"),
    (Line("1202", "4", 1), Line("1204", "2")),
    by="li",
)
IN_SHOP = Order(
    "DEMO-07", "V03", 0, mark("drinks for Renmin Road"), (Line("4001", "3"), Line("4004", "2")),
    store="S1", by="wang",
)  # fmt: skip
DRAFT = Order("DEMO-08", "V01", 2, mark("a draft"), (Line("1002", "6"),), confirmed=False)
OPEN = (SIMPLE, DATED, WEIGHED, PARTIAL, OVERDUE, PAUSED, IN_SHOP)


def make_orders(maker: Maker, made: Company) -> None:
    """Every order with what was received of it; history in the order in which it happened."""
    for order in HISTORY:
        receipt = _Receiving(maker, made, order).receive()
        receipt.put_away()
        receipt.close()
    for order in (SIMPLE, DATED, WEIGHED, OVERDUE, IN_SHOP, DRAFT):
        place(maker, made, order)
    _Receiving(maker, made, PARTIAL).receive().close()


def finish(maker: Maker, made: Company) -> None:
    """What makes the company whole: a receipt that somebody left."""
    _Receiving(maker, made, PAUSED).receive().pause()


def place(maker: Maker, made: Company, order: Order) -> int:
    """Order it; the order's id."""
    command = receiving.CreatePurchaseOrder(
        store_id=made.stores[order.store],
        supplier=order.supplier,
        lines=[_ordered(line) for line in order.lines],
        number=order.number,
        expected_on=maker.day(order.day),
        prices_include_tax=False,
        note=in_chinese(order.words),
        confirm=order.confirmed,
    )
    at = maker.moment(order.day - 2, 10)
    by = "hq" if order.store != KITCHEN else "lead"
    key = f"order {order.number}"
    return maker.do(key, receiving.create_purchase_order, command, by, at).order_id


def _ordered(line: Line) -> receiving.OrderLine:
    tolerance = WEIGHT_TOLERANCE if line.good.catch_weight else TOLERANCE
    return receiving.OrderLine(
        line.ordered_as, Decimal(line.quantity), over_receipt_tolerance=tolerance
    )


class _Receiving:
    """One order being received by scans, as a person with a handheld does."""

    def __init__(self, maker: Maker, made: Company, order: Order) -> None:
        self.maker, self.order = maker, order
        self.scans = 0
        opened = self._do(
            receiving.open_receipt, receiving.OpenReceipt(order_id=place(maker, made, order))
        )
        self.receipt_id: int = opened.receipt_id

    def receive(self) -> _Receiving:
        for line in self.order.lines:
            for piece in range(line.received):
                self.scan(self.code(line, piece))
        return self

    def code(self, line: Line, piece: int = 0) -> str:
        """What is on the goods of this delivery: the pack's number, with lot and date if any."""
        good = line.good
        number = (good.pack_gtin if good.pack else good.gtin).zfill(14)
        if good.tracking == "serial":
            return f"01{number}21SN{good.code}-{piece + 2:02d}"
        if good.tracking == "none":
            return number
        made_on = self.maker.day(self.order.day - 2)
        (_, _), (date_ai, expiry), (_, lot) = good.elements(made_on)
        return f"01{number}{date_ai}{expiry}10{lot}"

    def put_away(self) -> None:
        self._do(receiving.press_button, receiving.PressButton(self.receipt_id, "PUTAWAY"))
        for line in self.order.lines:
            if line.received:
                told = self.scan(self.code(line)).message.values
                self.scan("SK:L" + (told.get("location") or _usual_place(line.good)))

    def close(self) -> None:
        self._do(receiving.close_receipt, receiving.CloseReceipt(self.receipt_id))

    def pause(self) -> None:
        command = receiving.PauseReceipt(self.receipt_id)
        self.maker.do(LAST, receiving.pause_receipt, command, self.order.by)

    def scan(self, code: str) -> receiving.ScanAnswer:
        return self._do(receiving.scan, receiving.scan_of(self.receipt_id, code, source="wedge"))

    def _do(self, handler: Callable[..., Any], command: object) -> Any:
        self.scans += 1
        order = self.order
        at = self.maker.moment(order.day, order.hour, self.scans)
        key = f"receive {order.number} {self.scans}"
        return self.maker.do(key, handler, command, order.by, at)


def _usual_place(good: Good) -> str:
    """A place of the good's zone in the kitchen."""
    return "CK-A-06-06" if good.zone == "A" else f"CK-{good.zone}-04"
