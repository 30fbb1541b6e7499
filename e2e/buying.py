"""What the screens of landed cost and invoices need: bought goods, vouchers, invoices, a return."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app.catalog.currencies import SetRate, set_rate
from app.invoicing.posting import PostInvoice, post_invoice
from app.invoicing.returning import OpenReturn, SendBack, open_return, send_back
from app.invoicing.writing import CreateInvoice, InvoiceLine, create_invoice
from app.landing.estimates import EstimateCharges, ExpectedCharge, estimate_charges
from app.landing.posting import PostVoucher, post_voucher
from app.landing.writing import CreateVoucher, VoucherCharge, create_voucher
from app.receiving import commands as receiving
from e2e.product import Product, line
from e2e.test_receiving import BREAD, FLOUR

MANAGER = "manager_a"
Do = Callable[..., Any]


def buying_of(saoku: Product, do: Do) -> dict[str, int]:
    """A posted voucher and a draft, a posted invoice, one that bills too much, a return."""
    store = saoku.company.a.store_id
    order = saoku.order(line(BREAD, "12", "3.1"), line(FLOUR, "25", "4"))
    freight = ExpectedCharge("freight", Decimal(20))
    do(saoku, estimate_charges, EstimateCharges(order.order_id, [freight]), MANAGER)
    opened = do(saoku, receiving.open_receipt, receiving.OpenReceipt(order.order_id))
    for code, quantity in ((BREAD, "12"), (FLOUR, "25")):
        do(saoku, receiving.scan, receiving.scan_of(opened.receipt_id, code, source="wedge"))
        do(saoku, receiving.set_quantity, receiving.SetQuantity(opened.receipt_id, quantity))
    do(saoku, receiving.close_receipt, receiving.CloseReceipt(opened.receipt_id))
    do(saoku, set_rate, SetRate("USD", date(2026, 1, 1), Decimal("7.1234")), MANAGER)
    charges = [
        VoucherCharge("freight", Decimal(30)),
        VoucherCharge("handling", Decimal(6), "by_quantity"),
    ]
    fields = {"store_id": store, "receipts": [opened.number], "charges": charges, "supplier": "S1"}
    posted, draft = (
        do(saoku, create_voucher, CreateVoucher(**fields), MANAGER).voucher_id for _ in "12"
    )
    do(saoku, post_voucher, PostVoucher(posted), MANAGER)
    invoice = _invoice(saoku, do, opened.number, "10", "F2026-001")
    do(saoku, post_invoice, PostInvoice(invoice), MANAGER)
    held = _invoice(saoku, do, opened.number, "9", "F2026-002")
    back = do(saoku, open_return, OpenReturn(opened.receipt_id)).return_id
    [(balance,)] = saoku.rows(
        "select max(id) from balance where item_id = %s and on_hand > 1",
        saoku.company.items["flour"],
    )
    do(saoku, send_back, SendBack(back, balance, Decimal(1), "quality"))
    return {
        "charged": order.order_id, "billed": opened.receipt_id, "voucher": posted,
        "voucher_draft": draft, "invoice": invoice, "invoice_held": held, "send_back": back,
        "send_balance": balance,
    }  # fmt: skip


def _invoice(saoku: Product, do: Do, receipt: str, quantity: str, number: str) -> int:
    command = CreateInvoice(
        store_id=saoku.company.a.store_id,
        supplier="S1",
        supplier_number=number,
        prices_include_tax=False,
        lines=[InvoiceLine(receipt, "BREAD", Decimal(quantity), Decimal("3.2"))],
    )
    return do(saoku, create_invoice, command, MANAGER).invoice_id
