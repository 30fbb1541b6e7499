"""Charges, invoices, credits, returns and their reversals in any order: everything adds up."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from app.invoicing.posting import ReverseInvoice, reverse_invoice
from app.invoicing.returning import OpenReturn, TakeBack, open_return, take_back
from app.kit.problems import Problem
from app.landing.posting import PostVoucher, ReverseVoucher, post_voucher, reverse_voucher
from app.ledger.verify import verify
from tests.buying import Buyer, Received
from tests.invoicing.test_invoices import back, line, posted, written
from tests.landing.test_vouchers import freight
from tests.landing.test_vouchers import written as charged

PRICES = {"bread": "6", "flour": "8"}


class Story:
    """What one run of the test does; each step may be refused, and then changed nothing."""

    def __init__(self, buyer: Buyer, seed: int) -> None:
        self.buyer, self.chance = buyer, random.Random(seed)
        self.receipts: list[Received] = []
        self.invoices: list[int] = []
        self.vouchers: list[int] = []
        self.entries: list[tuple[int, int]] = []
        self.refused: list[str] = []

    def step(self) -> None:
        steps = [self.buy, self.sell, self.bill, self.bill, self.charge, self.credit, self.send,
                 self.unbill, self.uncharge, self.unsend]  # fmt: skip
        try:
            (self.chance.choice(steps) if self.receipts else self.buy)()
        except Problem as problem:
            self.refused.append(problem.code)

    def some(self, most: int = 8) -> str:
        return str(self.chance.randint(1, most))

    def item(self) -> str:
        return self.chance.choice(list(PRICES))

    def buy(self) -> None:
        lines = [(item, self.some(), price) for item, price in PRICES.items()]
        self.receipts.append(self.buyer.buy(*lines))

    def sell(self) -> None:
        self.buyer.sell(self.item(), self.some(4))

    def bill(self, kind: str = "received", note: str = "invoice") -> None:
        item = self.item()
        price = Decimal(PRICES[item]) * (1 if kind == "received" else Decimal("0.05"))
        price += Decimal(self.chance.randint(-5, 5)) / 100
        billed = line(
            self.chance.choice(self.receipts), item, self.some(4), str(max(price, 0)), kind=kind
        )
        invoice = written(self.buyer, billed, kind=note)
        if posted(self.buyer, invoice).state == "posted":
            self.invoices.append(invoice)

    def credit(self) -> None:
        self.bill(self.chance.choice(["allowance", "returned"]), "credit_note")

    def charge(self) -> None:
        named = self.chance.sample(self.receipts, min(2, len(self.receipts)))
        amount = str(Decimal(self.chance.randint(-100, 900)) / 100 or 1)
        basis = self.chance.choice(["by_value", "by_quantity", "equal"])
        charges = [freight(amount, basis)]
        voucher = charged(self.buyer, *(one.number for one in named), charges=charges)
        self.buyer.manage(post_voucher, PostVoucher(voucher))
        self.vouchers.append(voucher)

    def send(self) -> None:
        receipt = self.chance.choice(self.receipts)
        opened = self.buyer.do(open_return, OpenReturn(receipt.receipt_id)).return_id
        done = back(self.buyer, opened, self.item(), self.some(3))
        self.entries += [(opened, entry) for entry in done.line_ids]

    def unbill(self) -> None:
        if self.invoices:
            invoice = self.chance.choice(self.invoices)
            self.buyer.manage(reverse_invoice, ReverseInvoice(invoice, "test"))
            self.invoices.remove(invoice)

    def uncharge(self) -> None:
        if self.vouchers:
            voucher = self.vouchers.pop(self.chance.randrange(len(self.vouchers)))
            self.buyer.manage(reverse_voucher, ReverseVoucher(voucher, "test"))

    def unsend(self) -> None:
        if self.entries:
            opened, entry = self.chance.choice(self.entries)
            self.buyer.do(take_back, TakeBack(opened, entry, "test"))
            self.entries.remove((opened, entry))


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_adds_up(buyer: Buyer, seed: int) -> None:
    buyer.set_item("flour", cost_method="fifo")
    story = Story(buyer, seed)
    for _ in range(45):
        story.step()
    assert verify(buyer.database) == []
    assert len(story.receipts) > 1
    settled = "select coalesce(sum(open_amount), 0), min(open_quantity) from receipt_line_open"
    [(amount, least)] = buyer.rows(settled)
    assert amount >= 0
    assert least >= 0
