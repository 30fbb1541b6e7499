"""What the demo company has behind it: goods sold and shipped, papers that came late, bread baked.

So that margins, goods received that nobody billed yet, and the chain of a cost have something in
them on the first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from typing import Any

from app.demo.company import KITCHEN, STAGING, Company
from app.demo.goods import Good, goods
from app.demo.maker import Maker, in_chinese
from app.demo.opening import usual_places
from app.invoicing.posting import PostInvoice, post_invoice
from app.invoicing.writing import CreateInvoice, InvoiceLine, create_invoice
from app.kit import sql
from app.kit.i18n import mark
from app.kit.money import plain
from app.landing.posting import PostVoucher, post_voucher
from app.landing.writing import CreateVoucher, VoucherCharge, create_voucher
from app.orders import commands as orders
from app.picking import commands as picking
from app.producing import completing, planning
from app.quality import returning
from app.reporting.following import catch_up
from app.shipping import commands as shipping

QUERIES = sql.Queries.beside(__file__)
PICKER, LEAD = "zhang", "lead"


@dataclass(frozen=True)
class Sold:
    """So many base units at a price with tax; ``back`` of them were brought back."""

    code: str
    quantity: str
    price: str
    discount: str = "0"
    back: str = ""

    @property
    def good(self) -> Good:
        return goods()[self.code]


@dataclass(frozen=True)
class Trade:
    """A sales order that was picked and shipped ``day`` (from today) at ``hour``."""

    number: str
    customer: str
    region: str
    day: int
    lines: tuple[Sold, ...]
    hour: int = 11


TRADES = (
    Trade("DEMO-T1", "K01", "浦西", -6,
          (Sold("3005", "14", "4.50", back="2"), Sold("3006", "16", "2.90", "0.05"))),
    Trade("DEMO-T2", "K03", "滨江", -5, (Sold("1001", "50", "7.80"), Sold("1104", "6", "39.00"))),
    Trade("DEMO-T3", "K02", "浦东", -4, (Sold("3004", "12", "9.00"), Sold("3005", "10", "4.20"))),
    Trade("DEMO-T4", "K01", "浦西", -2, (Sold("4003", "24", "9.90"), Sold("3006", "12", "2.90"))),
    Trade("DEMO-T5", "K03", "滨江", -1, (Sold("4003", "12", "9.50"), Sold("1001", "25", "7.60")),
          hour=8),
)  # fmt: skip
# Flour and cream came on these orders: freight came later, one bill came, the other did not.
FREIGHT_OF, BILLED = "DEMO-H01", "DEMO-H01"
BILL = (("1001", "100", "5.35"), ("1002", "50", None))
BAKED, BAKED_CODE = "24", "3003"
# What came dearer than ordered, with freight on top: its cost has a story.
DEARER = "1001"
TOO_MANY = mark("Ordered too many")


@dataclass(frozen=True)
class _Stop:
    location: str
    item: str
    lot: str | None
    quantity: Decimal


def make_trading(maker: Maker, made: Company) -> None:
    """In the order in which it happened, as far as goods are concerned."""
    for trade in TRADES[:3]:
        _Trading(maker, made, trade).go()
    _bill(maker, made)
    _bake(maker, made)
    for trade in TRADES[3:]:
        _Trading(maker, made, trade).go()
    _freight(maker, made)
    catch_up(maker.database)


class _Trading:
    """One order from the draft to the lorry, each scan as a person with a handheld does it."""

    def __init__(self, maker: Maker, made: Company, trade: Trade) -> None:
        self.maker, self.made, self.trade = maker, made, trade
        self.steps = count(1)

    def go(self) -> None:
        order_id = self._ordered()
        pick_id = self._do(picking.create_picks, picking.CreatePicks([order_id])).picks[0].pick_id
        self._do(picking.start_pick, picking.StartPick(pick_id), PICKER)
        for stop in self._rows(_Stop, "stops", {"pick_id": pick_id}):
            self._scan(pick_id, f"SK:L{stop.location}")
            self._scan(pick_id, _code(stop))
            quantity = picking.SetQuantity(pick_id, plain(stop.quantity))
            self._do(picking.set_quantity, quantity, PICKER)
        self._scan(pick_id, f"SK:L{STAGING[0]}")
        opened = self._do(shipping.start_shipment, shipping.OpenShipment(order_id))
        self._do(shipping.ship, shipping.Ship(opened.shipment_id, unchecked=True))
        self._bring_back(order_id)

    def _ordered(self) -> int:
        trade = self.trade
        lines = [
            orders.SalesLine(
                sold.good.gtin, Decimal(sold.quantity), unit_price=Decimal(sold.price),
                discount_rate=Decimal(sold.discount),
            )
            for sold in trade.lines
        ]  # fmt: skip
        command = orders.CreateOrder(
            store_id=self.made.stores[KITCHEN], customer=trade.customer, number=trade.number,
            requested_on=self.maker.day(trade.day), salesperson=LEAD, region=trade.region,
            lines=lines,
        )  # fmt: skip
        order_id = self._do(orders.create_order, command).order_id
        self._do(orders.release_order, orders.ReleaseOrder(order_id))
        return order_id

    def _bring_back(self, order_id: int) -> None:
        back = [sold for sold in self.trade.lines if sold.back]
        if not back:
            return
        opened = self._do(returning.open_return, returning.OpenReturn(order_id))
        for sold in back:
            asked = {"order_id": order_id, "item_id": self.made.items[sold.code]}
            [line] = self._rows(_Shipped, "shipped", asked)
            command = returning.ReturnGoods(
                opened.return_id, line.order_line_id, sold.back, "returned",
                in_chinese(TOO_MANY), lot_id=line.lot_id,
            )  # fmt: skip
            self._do(returning.return_goods, command)
        self._do(returning.close_return, returning.CloseReturn(opened.return_id))

    def _scan(self, pick_id: int, code: str) -> None:
        self._do(picking.scan, picking.scan_of(pick_id, code, source="wedge"), PICKER)

    def _do(self, handler: Callable[..., Any], command: object, by: str = LEAD) -> Any:
        step, trade = next(self.steps), self.trade
        at = self.maker.moment(trade.day, trade.hour, step)
        return self.maker.do(f"trade {trade.number} {step}", handler, command, by, at)

    def _rows(self, row: type[Any], name: str, asked: dict[str, Any]) -> list[Any]:
        return list(_rows(self.maker, row, name, asked))


@dataclass(frozen=True)
class _Shipped:
    order_line_id: int
    lot_id: int | None


@dataclass(frozen=True)
class _Receipt:
    number: str


def _rows(maker: Maker, row: type[Any], name: str, asked: dict[str, Any]) -> Iterator[Any]:
    with maker.database.reading(maker.callers["system"]) as session:
        yield from sql.rows(session, row, QUERIES[name], asked)


def _code(stop: _Stop) -> str:
    """What is on the goods: the piece's number, with the lot where there is one."""
    number = goods()[stop.item].gtin
    return f"01{number.zfill(14)}10{stop.lot}" if stop.lot else number


def _receipt(maker: Maker, order: str) -> str:
    [found] = _rows(maker, _Receipt, "receipt_of", {"number": order})
    return found.number


def _bill(maker: Maker, made: Company) -> None:
    """The miller's invoice: the strong flour was dearer than ordered."""
    receipt = _receipt(maker, BILLED)
    lines = [
        InvoiceLine(receipt, code, Decimal(quantity), Decimal(price or goods()[code].cost))
        for code, quantity, price in BILL
    ]
    bill = CreateInvoice(
        made.stores[KITCHEN], "V01", "JS-20881", lines, invoice_on=maker.day(-4),
        prices_include_tax=False,
    )  # fmt: skip
    at = maker.moment(-4, 15)
    invoice_id = maker.do("bill", create_invoice, bill, "hq", at).invoice_id
    maker.do("bill posted", post_invoice, PostInvoice(invoice_id), "hq", at)


def _freight(maker: Maker, made: Company) -> None:
    """Half of the flour had been sold when the haulier's bill came."""
    voucher = CreateVoucher(
        made.stores[KITCHEN], [_receipt(maker, FREIGHT_OF)],
        [VoucherCharge("freight", Decimal("186.00")), VoucherCharge("handling", Decimal("42.00"))],
        supplier_number="YS-3307", voucher_on=maker.day(-1),
    )  # fmt: skip
    at = maker.moment(-1, 16)
    voucher_id = maker.do("freight", create_voucher, voucher, "hq", at).voucher_id
    maker.do("freight posted", post_voucher, PostVoucher(voucher_id), "hq", at)


def _bake(maker: Maker, made: Company) -> None:
    """Toast of the early morning, taken from the shelves by the books."""
    plan = planning.PlanOrder(
        made.stores[KITCHEN], BAKED_CODE, Decimal(BAKED), planned_on=maker.day(-1),
        output=usual_places(KITCHEN)[BAKED_CODE],
    )  # fmt: skip
    at = maker.moment(-1, 5)
    order_id = maker.do("baked", planning.plan_order, plan, LEAD, at).order_id
    complete = completing.Complete(order_id, Decimal(BAKED), is_last=True)
    maker.do("baked complete", completing.complete, complete, LEAD, at)
