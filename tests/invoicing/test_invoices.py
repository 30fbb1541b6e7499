"""Invoices, credit notes and returns on real receipts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from app.approvals.voting import CastVote, executable, vote
from app.catalog.problems import InvalidInput
from app.invoicing import problems, queries
from app.invoicing.posting import PostInvoice, ReverseInvoice, post_invoice, reverse_invoice
from app.invoicing.returning import (
    CloseReturn,
    OpenReturn,
    SendBack,
    TakeBack,
    close_return,
    open_return,
    send_back,
    take_back,
)
from app.invoicing.writing import CancelInvoice, CreateInvoice, InvoiceLine, cancel_invoice
from app.invoicing.writing import create_invoice as write
from app.kit.database import SYSTEM
from app.kit.ids import new_id
from app.kit.transactions import Envelope
from tests.buying import Buyer, Received

NUMBERS = iter(range(1, 10_000))


def line(receipt: Received, item: str, quantity: str, price: str, **more: Any) -> InvoiceLine:
    return InvoiceLine(receipt.number, item.upper(), Decimal(quantity), Decimal(price), **more)


def written(buyer: Buyer, *lines: InvoiceLine, **more: Any) -> int:
    fields = {
        "store_id": buyer.company.a.store_id,
        "supplier": "S1",
        "supplier_number": f"F{next(NUMBERS)}",
        "prices_include_tax": False,
        **more,
    }
    return buyer.manage(write, CreateInvoice(lines=list(lines), **fields)).invoice_id


def posted(buyer: Buyer, invoice_id: int) -> Any:
    return buyer.manage(post_invoice, PostInvoice(invoice_id))


def open_(buyer: Buyer, receipt: Received) -> list[tuple[Decimal, Decimal]]:
    """What is received and not invoiced, by item: quantity and amount."""
    return buyer.rows(
        "select sum(open_quantity), sum(open_amount) from receipt_line_open where receipt_id = %s"
        " group by item_id order by item_id",
        receipt.receipt_id,
    )


@pytest.fixture
def bought(buyer: Buyer) -> Received:
    """10 bread at 6 and 5 kg of flour at 8: 60 and 40."""
    return buyer.buy(("bread", "10", "6"), ("flour", "5", "8"))


def test_the_estimate_goes_out_and_the_price_comes_in(buyer: Buyer, bought: Received) -> None:
    assert open_(buyer, bought) == [(10, 60), (5, 40)]
    buyer.sell("bread", "5")
    invoice = written(buyer, line(bought, "bread", "10", "6.3"), line(bought, "flour", "2", "8"))
    assert posted(buyer, invoice).state == "posted"
    assert open_(buyer, bought) == [(0, 0), (3, 24)]
    assert buyer.value("bread") == Decimal("31.50"), "half of 3.00 went to what is sold"
    found = buyer.rows(
        "select estimate, value, to_stock, to_cogs from supplier_invoice_match order by id"
    )
    assert found == [(60, 63, Decimal("1.50"), Decimal("1.50")), (16, 16, 0, 0)]
    rest = written(buyer, line(bought, "flour", "3.001", "8"))
    with pytest.raises(problems.MoreThanReceived):
        posted(buyer, rest)
    assert buyer.manage(cancel_invoice, CancelInvoice(rest)).state == "cancelled"


def test_another_rate_and_another_price_are_told_apart(buyer: Buyer) -> None:
    receipt = buyer.buy(("bread", "10", "6"), currency="EUR", exchange_rate=Decimal("7.5"))
    assert buyer.value("bread") == 450
    billed = line(receipt, "bread", "10", "6.3")
    invoice = written(buyer, billed, currency="EUR", exchange_rate=Decimal("7.8"))
    for when in ("before", "after"):
        with buyer.database.reading(SYSTEM) as session:
            [shown] = queries.invoice(session, invoice).lines
        # 63 EUR: 18.90 by the rate, 3 EUR at the order's rate by the price.
        assert (shown.by_rate, shown.by_price) == (Decimal("18.90"), Decimal("22.50")), when
        if when == "before":
            posted(buyer, invoice)
    assert buyer.value("bread") == Decimal("491.40")


def test_a_reversal_brings_the_estimate_back(buyer: Buyer, bought: Received) -> None:
    invoice = written(buyer, line(bought, "bread", "10", "6.5"))
    posted(buyer, invoice)
    assert buyer.value("bread") == 65
    buyer.manage(reverse_invoice, ReverseInvoice(invoice, "wrong supplier"))
    assert buyer.value("bread") == 60
    assert open_(buyer, bought) == [(10, 60), (5, 40)]
    with pytest.raises(problems.InvoiceFixed):
        buyer.manage(reverse_invoice, ReverseInvoice(invoice, "again"))


def test_a_price_that_changed_much_is_voted_on(buyer: Buyer, bought: Received) -> None:
    invoice = written(buyer, line(bought, "bread", "10", "7"))
    done = posted(buyer, invoice)
    assert done.state == "draft"
    assert done.request_id is not None
    assert buyer.value("bread") == 60
    envelope = Envelope(new_id(), buyer.company.callers["headquarters"])
    ballot = CastVote(done.request_id, "approve")
    vote(buyer.database, executable([post_invoice]), ballot, envelope)
    assert buyer.value("bread") == 70


def test_the_same_paper_is_entered_once(buyer: Buyer, bought: Received) -> None:
    written(buyer, line(bought, "bread", "1", "6"), supplier_number="X1")
    with pytest.raises(problems.PaperEntered):
        written(buyer, line(bought, "bread", "1", "6"), supplier_number="X1")


def test_lines_that_are_wrong(buyer: Buyer, bought: Received) -> None:
    with pytest.raises(InvalidInput) as caught:
        written(
            buyer,
            line(bought, "bread", "0.5", "6"),
            InvoiceLine("GR-1", "BREAD", Decimal(1), Decimal(1)),
            line(bought, "tea", "1", "6"),
            line(bought, "flour", "1", "6", kind="allowance"),
            line(bought, "oven", "1", "6"),
            line(bought, "oven", "2", "6"),
            supplier="S9",
        )
    assert set(caught.value.marks) == {
        "supplier", "lines.1.quantity", "lines.2.receipt", "lines.3.item", "lines.4.kind",
        "lines.6.item",
    }  # fmt: skip


def test_a_credit_note_lowers_the_price(buyer: Buyer, bought: Received) -> None:
    invoice = written(buyer, line(bought, "bread", "10", "6"))
    posted(buyer, invoice)
    note = written(
        buyer, line(bought, "bread", "10", "0.5", kind="allowance"), kind="credit_note",
        corrects_id=invoice,
    )  # fmt: skip
    posted(buyer, note)
    assert buyer.value("bread") == 55
    with pytest.raises(problems.CreditedAlready):
        buyer.manage(reverse_invoice, ReverseInvoice(invoice, "too late"))
    buyer.manage(reverse_invoice, ReverseInvoice(note, "first the note"))
    buyer.manage(reverse_invoice, ReverseInvoice(invoice, "then the invoice"))
    assert buyer.value("bread") == 60
    flour = written(buyer, line(bought, "flour", "1", "1", kind="allowance"), kind="credit_note")
    with pytest.raises(problems.MoreThanInvoiced):
        posted(buyer, flour)


def back(buyer: Buyer, return_id: int, item: str, quantity: str, **more: Any) -> Any:
    balance = buyer.one(
        "select id from balance where item_id = %s and on_hand > 0", buyer.company.items[item]
    )
    command = SendBack(return_id, balance, Decimal(quantity), "quality", **more)
    return buyer.do(send_back, command)


def test_goods_go_back_and_are_credited(buyer: Buyer, bought: Received) -> None:
    posted(buyer, written(buyer, line(bought, "bread", "6", "6.2")))
    opened = buyer.do(open_return, OpenReturn(bought.receipt_id))
    assert buyer.do(open_return, OpenReturn(bought.receipt_id)).return_id == opened.return_id
    done = back(buyer, opened.return_id, "bread", "5")
    # 4 of the 5 are not billed yet: 24 of the estimate; the fifth was billed at 6.20.
    assert done.credit == Decimal("30.20")
    assert open_(buyer, bought)[0] == (0, 0)
    with pytest.raises(problems.MoreThanCame):
        back(buyer, opened.return_id, "bread", "6")
    note = written(buyer, line(bought, "bread", "1", "6", kind="returned"), kind="credit_note")
    posted(buyer, note)
    found = buyer.rows(
        "select estimate, value from supplier_invoice_match where return_line_id is not null"
    )
    assert found == [(Decimal("-6.20"), -6)]
    with pytest.raises(problems.CreditedReturn):
        buyer.do(take_back, TakeBack(opened.return_id, done.line_ids[0], "wrong"))
    again = written(buyer, line(bought, "bread", "1", "6", kind="returned"), kind="credit_note")
    with pytest.raises(problems.MoreThanReturned):
        posted(buyer, again)


def test_an_entry_is_taken_back(buyer: Buyer, bought: Received) -> None:
    opened = buyer.do(open_return, OpenReturn(bought.receipt_id))
    done = back(buyer, opened.return_id, "flour", "1.5")
    assert open_(buyer, bought)[1] == (Decimal("3.5"), 28)
    assert buyer.value("flour") == 28
    buyer.do(take_back, TakeBack(opened.return_id, done.line_ids[0], "not these"))
    assert (open_(buyer, bought)[1], buyer.value("flour")) == ((5, 40), 40)
    assert buyer.do(close_return, CloseReturn(opened.return_id)).state == "cancelled"
    with pytest.raises(problems.ReturnClosed):
        back(buyer, opened.return_id, "flour", "1")


def test_two_invoices_at_once_bill_it_once(buyer: Buyer, bought: Received) -> None:
    drafts = [written(buyer, line(bought, "bread", "6", "6.1")) for _ in "12"]

    def post(invoice_id: int) -> str:
        try:
            return posted(buyer, invoice_id).state
        except problems.MoreThanReceived:
            return "refused"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(post, drafts)) == ["posted", "refused"]
    assert open_(buyer, bought)[0] == (4, 24)
    assert buyer.value("bread") == Decimal("60.60")


def test_odd_numbers_are_refused(buyer: Buyer, bought: Received) -> None:
    absurd = line(bought, "bread", "999999999999", "999999999999")
    with pytest.raises(InvalidInput) as caught:
        written(buyer, absurd)
    assert list(caught.value.marks) == ["lines.1.unit_price"]
    with pytest.raises(InvalidInput) as caught:
        written(
            buyer, line(bought, "bread", "1", "1", kind="allowance"), kind="credit_note",
            corrects_id=99,
        )  # fmt: skip
    assert list(caught.value.marks) == ["corrects_id"]
